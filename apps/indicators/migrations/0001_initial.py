"""The catalogue, calendars, periods, holidays and deadlines."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        # GiST over plain columns (btree_gist) comes with units.
        ("units", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Calendar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=200, verbose_name="tên lịch")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="căn cứ")),
                ("is_verified", models.BooleanField(default=True, verbose_name="đã kiểm chứng")),
            ],
            options={
                "verbose_name": "lịch báo cáo",
                "verbose_name_plural": "lịch báo cáo",
            },
        ),
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField(unique=True, verbose_name="ngày")),
                ("name", models.CharField(max_length=100, verbose_name="tên")),
                (
                    "is_working",
                    models.BooleanField(
                        default=False,
                        help_text="Chọn khi thứ bảy, chủ nhật này phải đi làm.",
                        verbose_name="là ngày làm bù",
                    ),
                ),
                ("is_verified", models.BooleanField(default=True, verbose_name="đã kiểm chứng")),
            ],
            options={
                "verbose_name": "ngày nghỉ, ngày làm bù",
                "verbose_name_plural": "ngày nghỉ, ngày làm bù",
            },
        ),
        migrations.CreateModel(
            name="Section",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=5, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=200, verbose_name="tên phần")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
            ],
            options={
                "verbose_name": "phần chỉ tiêu",
                "verbose_name_plural": "phần chỉ tiêu",
            },
        ),
        migrations.CreateModel(
            name="DeadlineCascade",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=200, verbose_name="tên")),
                (
                    "comparison",
                    models.CharField(
                        choices=[("before", "Trước ngày"), ("by", "Chậm nhất ngày")],
                        max_length=6,
                        verbose_name="so với ngày hạn",
                    ),
                ),
                ("meaning", models.CharField(blank=True, max_length=300, verbose_name="cách hiểu")),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="căn cứ")),
                ("is_verified", models.BooleanField(default=True, verbose_name="đã kiểm chứng")),
            ],
            options={
                "verbose_name": "quy tắc hạn nộp",
                "verbose_name_plural": "quy tắc hạn nộp",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("comparison__in", ["before", "by"])),
                        name="cascade_comparison_known",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=10, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=250, verbose_name="tên chỉ tiêu")),
                ("measure_unit", models.CharField(max_length=30, verbose_name="đơn vị tính")),
                (
                    "decimals",
                    models.PositiveSmallIntegerField(default=0, verbose_name="số chữ số thập phân"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("flow", "Phát sinh trong kỳ"),
                            ("stock", "Hiện có đến cuối kỳ"),
                            ("yearly", "Theo năm thi đua"),
                            ("distinct", "Đếm một lần ở mỗi cấp"),
                            ("ratio", "Tỷ lệ (hệ thống tính)"),
                            ("class", "Phân loại"),
                            ("text", "Lời văn"),
                        ],
                        max_length=10,
                        verbose_name="cách cộng",
                    ),
                ),
                ("numerator", models.CharField(blank=True, max_length=100, verbose_name="tử số")),
                (
                    "denominator",
                    models.CharField(blank=True, max_length=100, verbose_name="mẫu số"),
                ),
                ("rule_text", models.TextField(blank=True, verbose_name="quy tắc")),
                (
                    "source_register",
                    models.CharField(default="manual", max_length=40, verbose_name="sổ nguồn"),
                ),
                ("is_default_on", models.BooleanField(default=True, verbose_name="được hỏi")),
                (
                    "total_of_breakdowns",
                    models.BooleanField(
                        default=True,
                        help_text="Bỏ chọn khi các phân tổ trùng nhau hoặc đếm theo cách khác nhau.",
                        verbose_name="được cộng các phân tổ",
                    ),
                ),
                ("evidence", models.TextField(blank=True, verbose_name="nơi đã thấy số liệu")),
                ("is_verified", models.BooleanField(default=True, verbose_name="đã kiểm chứng")),
                (
                    "mark",
                    models.CharField(
                        blank=True, max_length=250, verbose_name="điều chưa kiểm chứng"
                    ),
                ),
                (
                    "valid_from",
                    models.DateField(blank=True, null=True, verbose_name="có hiệu lực từ ngày"),
                ),
                (
                    "valid_to",
                    models.DateField(
                        blank=True,
                        help_text="Ngày đầu tiên không còn dùng.",
                        null=True,
                        verbose_name="hết hiệu lực từ ngày",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                (
                    "section",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="indicators",
                        to="indicators.section",
                        verbose_name="phần",
                    ),
                ),
            ],
            options={
                "verbose_name": "chỉ tiêu",
                "verbose_name_plural": "chỉ tiêu",
            },
        ),
        migrations.CreateModel(
            name="SubsetRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "per_breakdown",
                    models.BooleanField(default=False, verbose_name="so từng phân tổ"),
                ),
                ("message", models.CharField(max_length=300, verbose_name="thông báo khi sai")),
                (
                    "larger",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lower_rules",
                        to="indicators.indicator",
                        verbose_name="chỉ tiêu lớn",
                    ),
                ),
                (
                    "smaller",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="upper_rules",
                        to="indicators.indicator",
                        verbose_name="chỉ tiêu nhỏ",
                    ),
                ),
            ],
            options={
                "verbose_name": "quy tắc không vượt quá",
                "verbose_name_plural": "quy tắc không vượt quá",
            },
        ),
        migrations.CreateModel(
            name="DeadlineStep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "level",
                    models.PositiveSmallIntegerField(
                        help_text="1 là cấp thấp nhất.", verbose_name="cấp"
                    ),
                ),
                (
                    "rule",
                    models.CharField(
                        help_text="“16”: ngày của tháng cuối kỳ; “25/11”: ngày, tháng của năm; “+2wd”: số ngày làm việc sau ngày chốt.",
                        max_length=10,
                        verbose_name="hạn",
                    ),
                ),
                (
                    "cascade",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="indicators.deadlinecascade",
                        verbose_name="quy tắc",
                    ),
                ),
            ],
            options={
                "verbose_name": "hạn của một cấp",
                "verbose_name_plural": "hạn của từng cấp",
                "constraints": [
                    models.UniqueConstraint(fields=("cascade", "level"), name="deadline_step_once"),
                    models.CheckConstraint(
                        condition=models.Q(("level__gte", 1)), name="deadline_step_level"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "rule__regex",
                                "^(0?[1-9]|[12][0-9]|3[01])$|^(0?[1-9]|[12][0-9]|3[01])/(0?[1-9]|1[0-2])$|^\\+([1-9][0-9]?)wd$",
                            )
                        ),
                        name="deadline_step_grammar",
                        violation_error_message="Ghi “16”, “25/11” hoặc “+2wd”.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Breakdown",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=30, verbose_name="mã phân tổ")),
                ("name", models.CharField(max_length=150, verbose_name="tên phân tổ")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                ("is_verified", models.BooleanField(default=True, verbose_name="đã kiểm chứng")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="breakdowns",
                        to="indicators.indicator",
                        verbose_name="chỉ tiêu",
                    ),
                ),
            ],
            options={
                "verbose_name": "phân tổ",
                "verbose_name_plural": "phân tổ",
                "constraints": [
                    models.UniqueConstraint(fields=("indicator", "code"), name="breakdown_once"),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[a-z][a-z0-9_]*$")),
                        name="breakdown_code_form",
                        violation_error_message="Mã phân tổ gồm chữ thường không dấu, số và dấu gạch dưới.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="IndicatorAsk",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "asked_of",
                    models.CharField(
                        choices=[
                            ("commune", "Xã, phường, đặc khu"),
                            ("organisation", "Cơ quan, doanh nghiệp, cơ sở giáo dục"),
                            ("mass_organisation", "Mặt trận, tổ chức chính trị - xã hội"),
                            ("block_head", "Khối trưởng"),
                            ("province", "Cấp tỉnh"),
                        ],
                        max_length=20,
                        verbose_name="hỏi ai",
                    ),
                ),
                (
                    "period_kind",
                    models.CharField(
                        choices=[
                            ("month", "Tháng"),
                            ("quarter", "Quý"),
                            ("half_year", "6 tháng"),
                            ("nine_months", "9 tháng"),
                            ("year", "Năm"),
                            ("week", "Tuần"),
                        ],
                        max_length=12,
                        verbose_name="kỳ",
                    ),
                ),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="asks",
                        to="indicators.indicator",
                        verbose_name="chỉ tiêu",
                    ),
                ),
            ],
            options={
                "verbose_name": "nơi được hỏi",
                "verbose_name_plural": "nơi được hỏi",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("indicator", "asked_of", "period_kind"), name="indicator_ask_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "asked_of__in",
                                [
                                    "commune",
                                    "organisation",
                                    "mass_organisation",
                                    "block_head",
                                    "province",
                                ],
                            )
                        ),
                        name="indicator_ask_of_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "period_kind__in",
                                ["month", "quarter", "half_year", "nine_months", "year", "week"],
                            )
                        ),
                        name="indicator_ask_kind_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Period",
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
                            ("month", "Tháng"),
                            ("quarter", "Quý"),
                            ("half_year", "6 tháng"),
                            ("nine_months", "9 tháng"),
                            ("year", "Năm"),
                            ("week", "Tuần"),
                        ],
                        max_length=12,
                        verbose_name="loại kỳ",
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="năm")),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="kỳ thứ")),
                ("start", models.DateField(verbose_name="từ ngày")),
                (
                    "end",
                    models.DateField(
                        help_text="Ngày liền sau ngày chốt số liệu.", verbose_name="đến trước ngày"
                    ),
                ),
                ("label", models.CharField(max_length=50, verbose_name="tên kỳ")),
                (
                    "calendar",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="periods",
                        to="indicators.calendar",
                        verbose_name="lịch báo cáo",
                    ),
                ),
            ],
            options={
                "verbose_name": "kỳ báo cáo",
                "verbose_name_plural": "kỳ báo cáo",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("calendar", "kind", "year", "number"), name="period_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["month", "quarter", "half_year", "nine_months", "year", "week"],
                            )
                        ),
                        name="period_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("start__lt", models.F("end"))),
                        name="period_start_before_end",
                        violation_error_message="Ngày bắt đầu phải trước ngày kết thúc.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("number__gte", 1),
                            ("number__lte", 53),
                            ("year__gte", 1976),
                            ("year__lte", 2200),
                        ),
                        name="period_number_range",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[
                            ("calendar", "="),
                            ("kind", "="),
                            (
                                models.Func(
                                    "start",
                                    "end",
                                    function="DATERANGE",
                                    output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                                ),
                                "&&",
                            ),
                        ],
                        name="period_no_overlap",
                        violation_error_message="Kỳ này trùng ngày với một kỳ cùng loại của lịch.",
                    ),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[A-Z]{1,3}[0-9]{1,3}[a-z]?$")),
                name="indicator_code_form",
                violation_error_message="Mã gồm chữ hoa, số và có thể một chữ thường cuối.",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind__in", ["flow", "stock", "yearly", "distinct", "ratio", "class", "text"])
                ),
                name="indicator_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(("decimals__lte", 4)), name="indicator_decimals_max"
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "ratio"),
                        models.Q(("numerator", ""), _negated=True),
                        models.Q(("denominator", ""), _negated=True),
                    ),
                    models.Q(
                        models.Q(("kind", "ratio"), _negated=True),
                        ("denominator", ""),
                        ("numerator", ""),
                    ),
                    _connector="OR",
                ),
                name="indicator_ratio_parts",
                violation_error_message="Chỉ chỉ tiêu tỷ lệ có tử số và mẫu số, và phải có cả hai.",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_from", None),
                    ("valid_to", None),
                    ("valid_from__lt", models.F("valid_to")),
                    _connector="OR",
                ),
                name="indicator_valid_order",
                violation_error_message="Ngày hết hiệu lực phải sau ngày có hiệu lực.",
            ),
        ),
        migrations.AddConstraint(
            model_name="indicator",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_verified", True), models.Q(("mark", ""), _negated=True), _connector="OR"
                ),
                name="indicator_unverified_says_why",
                violation_error_message="Ghi rõ điều chưa kiểm chứng.",
            ),
        ),
        migrations.AddConstraint(
            model_name="subsetrule",
            constraint=models.UniqueConstraint(
                fields=("smaller", "larger"), name="subset_rule_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="subsetrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("smaller", models.F("larger")), _negated=True),
                name="subset_rule_two_indicators",
            ),
        ),
    ]
