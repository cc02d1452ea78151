"""Hold by trigger what must never change: published forms, submitted lines, events."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION reports_refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version bigint := CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END;
BEGIN
    IF EXISTS (SELECT 1 FROM reports_templateversion WHERE id = version AND state = 'published') THEN
        RAISE EXCEPTION 'template version % is published and final', version
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER templateline_final BEFORE INSERT OR UPDATE OR DELETE ON reports_templateline
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_published();
CREATE TRIGGER narrativepart_final BEFORE INSERT OR UPDATE OR DELETE ON reports_narrativepart
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_published();

CREATE FUNCTION reports_refuse_unpublish() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'published' THEN
        RAISE EXCEPTION 'template version % is published and final', OLD.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER templateversion_final BEFORE UPDATE OR DELETE ON reports_templateversion
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_unpublish();

CREATE FUNCTION reports_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are only ever added', TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;
CREATE TRIGGER submissionline_added_only BEFORE UPDATE OR DELETE ON reports_submissionline
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER event_added_only BEFORE UPDATE OR DELETE ON reports_event
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER adjustment_added_only BEFORE UPDATE OR DELETE ON reports_adjustment
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_change();
CREATE TRIGGER cellchange_added_only BEFORE UPDATE OR DELETE ON reports_cellchange
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_change();
"""

BACKWARD = """
DROP TRIGGER cellchange_added_only ON reports_cellchange;
DROP TRIGGER adjustment_added_only ON reports_adjustment;
DROP TRIGGER event_added_only ON reports_event;
DROP TRIGGER submissionline_added_only ON reports_submissionline;
DROP FUNCTION reports_refuse_change();
DROP TRIGGER templateversion_final ON reports_templateversion;
DROP FUNCTION reports_refuse_unpublish();
DROP TRIGGER narrativepart_final ON reports_narrativepart;
DROP TRIGGER templateline_final ON reports_templateline;
DROP FUNCTION reports_refuse_published();
"""


class Migration(migrations.Migration):
    """Add the triggers."""

    dependencies = [("reports", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
