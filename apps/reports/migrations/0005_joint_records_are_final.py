"""Hold by trigger that shared records are only added; let a figure of a register say "khoảng"."""

from django.db import migrations, models

FORWARD = """
CREATE TRIGGER jointshare_added_only BEFORE UPDATE OR DELETE ON reports_jointshare
    FOR EACH ROW EXECUTE FUNCTION reports_refuse_change();
"""
BACKWARD = "DROP TRIGGER jointshare_added_only ON reports_jointshare;"

QUALIFIERS = [
    ("exact", "đúng bằng"),
    ("over", "hơn, trên"),
    ("nearly", "gần"),
    ("about", "khoảng"),
]


class Migration(migrations.Migration):
    """Add the trigger."""

    dependencies = [("reports", "0004_joint_records")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.AlterField(
            model_name="cell",
            name="qualifier",
            field=models.CharField(choices=QUALIFIERS, default="exact", max_length=6),
        ),
        migrations.AlterField(
            model_name="submissionline",
            name="qualifier",
            field=models.CharField(choices=QUALIFIERS, max_length=6),
        ),
    ]
