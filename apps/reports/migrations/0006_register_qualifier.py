"""Keep how exact a register was when a report was sent: "hơn 1.000" stays "hơn 1.000"."""

from django.db import migrations, models

QUALIFIERS = [
    ("exact", "đúng bằng"),
    ("over", "hơn, trên"),
    ("nearly", "gần"),
    ("about", "khoảng"),
]


class Migration(migrations.Migration):
    """Add the column; versions sent before it say "exact", as they did until now."""

    dependencies = [("reports", "0005_joint_records_are_final")]

    operations = [
        migrations.AddField(
            model_name="submissionline",
            name="register_qualifier",
            field=models.CharField(choices=QUALIFIERS, db_default="exact", max_length=6),
        ),
    ]
