"""What is issued never changes: a paper keeps number, signer and files; only "replaced" may follow."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION papers_guard_paper() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    rest papers_paper;
BEGIN
    IF OLD.state = 'draft' THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'UPDATE' THEN
        rest := NEW;
        rest.state := OLD.state;
        IF rest IS NOT DISTINCT FROM OLD
           AND (NEW.state = OLD.state OR (OLD.state = 'issued' AND NEW.state = 'replaced')) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'paper % is issued and final', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER paper_issued_is_final BEFORE UPDATE OR DELETE ON papers_paper
    FOR EACH ROW EXECUTE FUNCTION papers_guard_paper();

CREATE FUNCTION papers_guard_file() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paper_state text;
BEGIN
    IF TG_OP = 'INSERT' THEN
        SELECT state INTO paper_state FROM papers_paper WHERE id = NEW.paper_id FOR SHARE;
        -- The signed and scanned copy comes after the issue by its nature.
        IF paper_state = 'draft' OR NEW.format = 'scan' THEN RETURN NEW; END IF;
        RAISE EXCEPTION 'paper % is issued and final', NEW.paper_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN
        SELECT state INTO paper_state FROM papers_paper WHERE id = OLD.paper_id FOR SHARE;
        IF paper_state = 'draft' THEN RETURN OLD; END IF;
    END IF;
    RAISE EXCEPTION 'file % of a paper is final', OLD.id USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER paper_file_is_final BEFORE INSERT OR UPDATE OR DELETE ON papers_paperfile
    FOR EACH ROW EXECUTE FUNCTION papers_guard_file();
"""
BACKWARD = """
DROP TRIGGER paper_file_is_final ON papers_paperfile;
DROP FUNCTION papers_guard_file();
DROP TRIGGER paper_issued_is_final ON papers_paper;
DROP FUNCTION papers_guard_paper();
"""


class Migration(migrations.Migration):
    dependencies = [("papers", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
