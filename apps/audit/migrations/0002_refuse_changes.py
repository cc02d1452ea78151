"""Refuse UPDATE and DELETE of audit rows, for the owner of the tables too."""

from django.db import migrations

TABLES = ("audit_auditentry", "audit_auditseal")

CREATE_FUNCTION = """
CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $body$
BEGIN
    RAISE EXCEPTION 'audit rows are only ever inserted: % on % refused', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$body$
"""
DROP_FUNCTION = "DROP FUNCTION audit_refuse_change()"


def create_trigger(table: str) -> str:
    """Write the statement that guards one table."""
    return (
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()"
    )


def drop_trigger(table: str) -> str:
    """Write the statement that lifts the guard of one table."""
    return f"DROP TRIGGER {table}_no_change ON {table}"


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(CREATE_FUNCTION, DROP_FUNCTION),
        *[migrations.RunSQL(create_trigger(table), drop_trigger(table)) for table in TABLES],
    ]
