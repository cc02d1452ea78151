"""Refuse to delete a unit: facts of any year hang on it."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION units_refuse_delete() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a unit is never deleted: close it instead'
        USING ERRCODE = 'restrict_violation', CONSTRAINT = 'unit_never_deleted';
END $$;
CREATE TRIGGER unit_never_deleted BEFORE DELETE ON units_unit
    FOR EACH ROW EXECUTE FUNCTION units_refuse_delete();
"""

ALLOW = """
DROP TRIGGER unit_never_deleted ON units_unit;
DROP FUNCTION units_refuse_delete();
"""


class Migration(migrations.Migration):
    dependencies = [("units", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
