"""Papers, their files and the bodies that issue them."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("units", "0002_units_are_never_deleted"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Paper",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("report", "Báo cáo tổng hợp"),
                            ("unit_report", "Báo cáo của đơn vị"),
                            ("covenant", "Giao ước thi đua"),
                            ("certificate", "Giấy chứng nhận"),
                            ("decision", "Quyết định"),
                            ("other", "Văn bản khác"),
                        ],
                        max_length=12,
                        verbose_name="loại",
                    ),
                ),
                ("title", models.CharField(max_length=500, verbose_name="trích yếu")),
                ("symbol", models.CharField(max_length=50, verbose_name="ký hiệu")),
                ("number", models.PositiveIntegerField(blank=True, null=True, verbose_name="số")),
                ("year", models.PositiveSmallIntegerField(verbose_name="năm")),
                (
                    "issued_on",
                    models.DateField(blank=True, null=True, verbose_name="ngày phát hành"),
                ),
                (
                    "place",
                    models.CharField(blank=True, max_length=100, verbose_name="nơi phát hành"),
                ),
                (
                    "signer_name",
                    models.CharField(blank=True, max_length=150, verbose_name="người ký"),
                ),
                (
                    "signer_title",
                    models.TextField(blank=True, verbose_name="chức vụ người ký"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Dự thảo"),
                            ("issued", "Đã phát hành"),
                            ("replaced", "Đã được thay thế"),
                        ],
                        default="draft",
                        max_length=8,
                        verbose_name="trạng thái",
                    ),
                ),
                (
                    "verification_code",
                    models.CharField(max_length=20, unique=True, verbose_name="mã xác minh"),
                ),
                ("is_demo", models.BooleanField(default=False, verbose_name="dữ liệu minh họa")),
                ("created_at", models.DateTimeField(verbose_name="lập lúc")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Trống khi hệ thống lập theo lịch.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người lập",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="papers",
                        to="units.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "văn bản",
                "verbose_name_plural": "văn bản",
            },
        ),
        migrations.CreateModel(
            name="PaperFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "format",
                    models.CharField(
                        choices=[
                            ("pdf", "PDF"),
                            ("docx", "Word"),
                            ("xlsx", "Excel"),
                            ("json", "Số liệu (JSON)"),
                            ("scan", "Bản quét đã ký"),
                        ],
                        max_length=4,
                        verbose_name="định dạng",
                    ),
                ),
                ("sha256", models.CharField(max_length=64, verbose_name="mã băm")),
                ("size", models.PositiveBigIntegerField(verbose_name="cỡ (byte)")),
                ("path", models.CharField(max_length=250, verbose_name="nơi lưu")),
                ("created_at", models.DateTimeField(verbose_name="lưu lúc")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người lưu",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="files",
                        to="papers.paper",
                        verbose_name="văn bản",
                    ),
                ),
            ],
            options={
                "verbose_name": "tệp của văn bản",
                "verbose_name_plural": "tệp của văn bản",
            },
        ),
        migrations.CreateModel(
            name="IssuingBody",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "superior_name",
                    models.CharField(blank=True, max_length=200, verbose_name="cơ quan chủ quản"),
                ),
                ("name", models.CharField(max_length=200, verbose_name="cơ quan ban hành")),
                (
                    "committee_name",
                    models.CharField(blank=True, max_length=200, verbose_name="ban chỉ đạo"),
                ),
                ("place", models.CharField(max_length=100, verbose_name="nơi phát hành")),
                ("symbol", models.CharField(max_length=50, verbose_name="ký hiệu")),
                (
                    "signer_title",
                    models.TextField(
                        help_text="Mỗi dòng in thành một dòng.", verbose_name="chức vụ người ký"
                    ),
                ),
                ("signer_name", models.CharField(max_length=150, verbose_name="người ký")),
                (
                    "recipients",
                    models.TextField(
                        blank=True, help_text="Mỗi dòng một nơi nhận.", verbose_name="nơi nhận"
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="Từ ngày (tính cả) đến trước ngày.",
                        verbose_name="thời gian hiệu lực",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="issuing_bodies",
                        to="units.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "cơ quan ban hành",
                "verbose_name_plural": "cơ quan ban hành",
                "constraints": [
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("unit", "="), ("valid", "&&")],
                        name="issuing_body_no_overlap",
                        violation_error_message="Thời gian hiệu lực trùng với một dòng khác của đơn vị.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid__isempty", False), ("valid__startswith__isnull", False)
                        ),
                        name="issuing_body_valid_span",
                        violation_error_message="Phải có ngày bắt đầu, và trước ngày kết thúc.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="paper",
            index=models.Index(fields=["unit", "-created_at"], name="paper_of_unit"),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number__isnull", False)),
                fields=("unit", "symbol", "year", "number"),
                name="paper_number_once",
                violation_error_message="Số này đã dùng cho văn bản khác cùng ký hiệu trong năm.",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        ["report", "unit_report", "covenant", "certificate", "decision", "other"],
                    )
                ),
                name="paper_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("issued_on", None), ("number", None), ("state", "draft")),
                    models.Q(
                        ("issued_on__isnull", False), ("number__isnull", False), ("state", "issued")
                    ),
                    models.Q(("issued_on", None), ("number", None), ("state", "replaced")),
                    models.Q(
                        ("issued_on__isnull", False),
                        ("number__isnull", False),
                        ("state", "replaced"),
                    ),
                    _connector="OR",
                ),
                name="paper_state_number_pair",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", None), ("number__gte", 1), _connector="OR"),
                name="paper_number_from_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("issued_on", None),
                    ("year", django.db.models.functions.datetime.ExtractYear("issued_on")),
                    _connector="OR",
                ),
                name="paper_year_of_issue",
            ),
        ),
        migrations.AddConstraint(
            model_name="paper",
            constraint=models.CheckConstraint(
                condition=models.Q(("symbol", ""), _negated=True), name="paper_symbol_given"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperfile",
            constraint=models.UniqueConstraint(
                fields=("paper", "format", "sha256"), name="paper_file_bytes_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="paperfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("format__in", ["pdf", "docx", "xlsx", "json", "scan"])),
                name="paper_file_format_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                name="paper_file_sha256_form",
            ),
        ),
        migrations.AddConstraint(
            model_name="paperfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("size__gte", 1)), name="paper_file_not_empty"
            ),
        ),
    ]
