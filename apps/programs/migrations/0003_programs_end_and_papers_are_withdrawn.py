"""Let a programme be replaced or withdrawn, and its papers taken back with a reason."""

import django.contrib.postgres.constraints
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Widen the states; add who replaces whom, and when and why something was taken back."""

    dependencies = [
        ("programs", "0002_sites_counted_from_an_index"),
        ("units", "0003_forces"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="program",
            name="program_state_known",
        ),
        migrations.AddField(
            model_name="program",
            name="replaces",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="replacements",
                to="programs.program",
                verbose_name="thay thế văn bản",
            ),
        ),
        migrations.AddField(
            model_name="program",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="thu hồi lúc"),
        ),
        migrations.AddField(
            model_name="program",
            name="withdrawn_reason",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=300, verbose_name="lý do thu hồi"
            ),
        ),
        migrations.AddField(
            model_name="programfile",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="rút lúc"),
        ),
        migrations.AddField(
            model_name="programfile",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="programfile",
            name="withdrawn_reason",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=300, verbose_name="lý do rút"
            ),
        ),
        migrations.AddField(
            model_name="recipientfile",
            name="withdrawn_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="rút lúc"),
        ),
        migrations.AddField(
            model_name="recipientfile",
            name="withdrawn_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="recipientfile",
            name="withdrawn_reason",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=300, verbose_name="lý do rút"
            ),
        ),
        migrations.AlterField(
            model_name="program",
            name="state",
            field=models.CharField(
                choices=[
                    ("draft", "Đang soạn"),
                    ("sent", "Đã gửi"),
                    ("closed", "Đã tổng kết"),
                    ("newer", "Đã được thay thế"),
                    ("recall", "Đã thu hồi"),
                ],
                default="draft",
                max_length=6,
                verbose_name="trạng thái",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "sent", "closed", "newer", "recall"])),
                name="program_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_reason", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="program_withdrawn_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "recall"), ("withdrawn_at__isnull", False)),
                    models.Q(models.Q(("state", "recall"), _negated=True), ("withdrawn_at", None)),
                    _connector="OR",
                ),
                name="program_withdrawn_has_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replaces", None),
                    models.Q(("replaces", models.F("pk")), _negated=True),
                    _connector="OR",
                ),
                name="program_replaces_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("state", "draft"), _negated=True),
                expressions=[("replaces", "=")],
                name="program_replaced_once",
                violation_error_message="Văn bản này đã có văn bản khác thay thế.",
            ),
        ),
        migrations.AddConstraint(
            model_name="programfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_reason", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="program_file_withdrawn_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="recipientfile",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("withdrawn_at", None), ("withdrawn_reason", "")),
                    models.Q(
                        ("withdrawn_at__isnull", False),
                        models.Q(("withdrawn_reason", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="recipient_file_withdrawn_says_why",
            ),
        ),
    ]
