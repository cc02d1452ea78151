"""What a register said when a report was sent, and records that several units share."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the tables."""

    dependencies = [
        ("indicators", "0002_codes_are_final"),
        ("reports", "0003_published_forms_take_no_line_in"),
    ]

    operations = [
        migrations.AddField(
            model_name="submissionline",
            name="register_value",
            field=models.DecimalField(
                decimal_places=2, max_digits=17, null=True, verbose_name="số trong sổ lúc nộp"
            ),
        ),
        migrations.CreateModel(
            name="JointShare",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("breakdown", models.CharField(blank=True, default="", max_length=40)),
                ("register", models.CharField(max_length=40, verbose_name="sổ")),
                ("record_id", models.PositiveBigIntegerField(verbose_name="số bản ghi")),
                ("value", models.DecimalField(decimal_places=2, max_digits=17)),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="indicators.indicator"
                    ),
                ),
                (
                    "submission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="joint",
                        to="reports.submission",
                    ),
                ),
            ],
            options={
                "verbose_name": "bản ghi chung",
                "verbose_name_plural": "bản ghi chung",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("submission", "indicator", "breakdown", "register", "record_id"),
                        name="joint_share_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("value__gt", 0)), name="joint_share_some"
                    ),
                ],
            },
        ),
    ]
