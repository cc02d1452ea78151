"""Refuse a line or text that is moved out of a draft into a published form."""

from django.db import migrations

FUNCTION = """
CREATE OR REPLACE FUNCTION reports_refuse_published() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version bigint;
BEGIN
    SELECT min(id) INTO version FROM reports_templateversion
     WHERE state = 'published' AND id IN ({sides});
    IF version IS NOT NULL THEN
        RAISE EXCEPTION 'template version % is published and final', version
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
# OLD has no value in an INSERT, NEW has none in a DELETE; both are null rows then.
FORWARD = FUNCTION.format(sides="OLD.version_id, NEW.version_id")
BACKWARD = FUNCTION.format(
    sides="CASE WHEN TG_OP = 'INSERT' THEN NEW.version_id ELSE OLD.version_id END"
)


class Migration(migrations.Migration):
    """Look at both sides of a move."""

    dependencies = [("reports", "0002_frozen_rows")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
