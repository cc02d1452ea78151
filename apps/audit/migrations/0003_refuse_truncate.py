"""Refuse TRUNCATE of the audit tables."""

from django.db import migrations

TABLES = ("audit_auditentry", "audit_auditseal")


def create_trigger(table: str) -> str:
    """Write the statement that guards one table."""
    return (
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change()"
    )


def drop_trigger(table: str) -> str:
    """Write the statement that lifts the guard of one table."""
    return f"DROP TRIGGER IF EXISTS {table}_no_truncate ON {table}"


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_refuse_changes")]

    operations = [migrations.RunSQL(create_trigger(table), drop_trigger(table)) for table in TABLES]
