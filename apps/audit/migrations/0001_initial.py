"""Create the tables of the audit."""

import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
import django.db.models.lookups
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="thời điểm")),
                (
                    "actor_id",
                    models.BigIntegerField(blank=True, null=True, verbose_name="mã người làm"),
                ),
                (
                    "actor_name",
                    models.CharField(blank=True, max_length=200, verbose_name="người làm"),
                ),
                ("action", models.CharField(max_length=100, verbose_name="hành động")),
                (
                    "target_type",
                    models.CharField(blank=True, max_length=100, verbose_name="loại đối tượng"),
                ),
                ("target_id", models.TextField(blank=True, verbose_name="mã đối tượng")),
                (
                    "detail",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        encoder=django.core.serializers.json.DjangoJSONEncoder,
                        verbose_name="chi tiết",
                    ),
                ),
                (
                    "txid",
                    models.BigIntegerField(
                        db_default=django.db.models.functions.comparison.Cast(
                            django.db.models.functions.comparison.Cast(
                                models.Func(
                                    function="pg_current_xact_id", output_field=models.TextField()
                                ),
                                models.TextField(),
                            ),
                            models.BigIntegerField(),
                        ),
                        verbose_name="mã giao dịch",
                    ),
                ),
                (
                    "request_id",
                    models.CharField(blank=True, max_length=64, verbose_name="mã yêu cầu"),
                ),
            ],
            options={
                "verbose_name": "dòng nhật ký",
                "verbose_name_plural": "nhật ký",
                "indexes": [
                    models.Index(fields=["at"], name="audit_entry_at"),
                    models.Index(fields=["actor_id", "at"], name="audit_entry_actor"),
                    models.Index(fields=["action", "at"], name="audit_entry_action"),
                    models.Index(fields=["target_type", "target_id"], name="audit_entry_target"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("action__regex", "^[a-z_]+\\.[a-z0-9_]+$")),
                        name="audit_entry_action_form",
                    ),
                    models.CheckConstraint(
                        condition=django.db.models.lookups.LessThanOrEqual(
                            django.db.models.functions.text.Length(
                                django.db.models.functions.comparison.Cast(
                                    "detail", models.TextField()
                                )
                            ),
                            4096,
                        ),
                        name="audit_entry_detail_small",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "seq",
                    models.BigIntegerField(
                        primary_key=True, serialize=False, verbose_name="số thứ tự"
                    ),
                ),
                ("prev_hash", models.CharField(max_length=64, verbose_name="mã băm trước")),
                ("hash", models.CharField(max_length=64, unique=True, verbose_name="mã băm")),
                ("sealed_at", models.DateTimeField(verbose_name="niêm phong lúc")),
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="seal",
                        to="audit.auditentry",
                        verbose_name="dòng nhật ký",
                    ),
                ),
            ],
            options={
                "verbose_name": "niêm phong",
                "verbose_name_plural": "niêm phong",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("seq__gte", 1)), name="audit_seal_seq_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("hash__regex", "^[0-9a-f]{64}$"),
                            ("prev_hash__regex", "^[0-9a-f]{64}$"),
                        ),
                        name="audit_seal_hash_form",
                    ),
                ],
            },
        ),
    ]
