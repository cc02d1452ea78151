"""Forces as dated kinds with their stocks and yearly ratings."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the tables."""

    dependencies = [
        ("units", "0002_units_are_never_deleted"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ForceKind",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=200, verbose_name="tên lực lượng")),
                (
                    "team_word",
                    models.CharField(default="tổ", max_length=20, verbose_name="đơn vị đếm"),
                ),
                (
                    "has_teams",
                    models.BooleanField(default=True, verbose_name="đếm số tổ, ban, đội"),
                ),
                ("has_due", models.BooleanField(default=False, verbose_name="có số phải có")),
                (
                    "has_members",
                    models.BooleanField(default=True, verbose_name="đếm số thành viên"),
                ),
                (
                    "is_rated",
                    models.BooleanField(default=False, verbose_name="được xếp loại hằng năm"),
                ),
                (
                    "teams_code",
                    models.CharField(blank=True, max_length=10, verbose_name="chỉ tiêu số tổ"),
                ),
                (
                    "due_code",
                    models.CharField(blank=True, max_length=10, verbose_name="chỉ tiêu số phải có"),
                ),
                (
                    "members_code",
                    models.CharField(
                        blank=True, max_length=10, verbose_name="chỉ tiêu số thành viên"
                    ),
                ),
                (
                    "rating_code",
                    models.CharField(blank=True, max_length=10, verbose_name="chỉ tiêu xếp loại"),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="có từ ngày")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True,
                        help_text="Ngày đầu tiên không còn loại này.",
                        null=True,
                        verbose_name="bãi bỏ từ ngày",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                ("is_verified", models.BooleanField(default=True, verbose_name="đã kiểm chứng")),
                (
                    "mark",
                    models.CharField(
                        blank=True, max_length=250, verbose_name="điều chưa kiểm chứng"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="căn cứ")),
            ],
            options={
                "verbose_name": "loại lực lượng",
                "verbose_name_plural": "loại lực lượng",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_from", None),
                            ("valid_to", None),
                            ("valid_from__lt", models.F("valid_to")),
                            _connector="OR",
                        ),
                        name="forcekind_valid_order",
                        violation_error_message="Ngày bãi bỏ phải sau ngày có.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("is_verified", True),
                            models.Q(("mark", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="forcekind_unverified_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForceRating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="Năm")),
                ("level", models.SlugField(max_length=30, verbose_name="Mức xếp loại")),
                ("teams", models.PositiveIntegerField(verbose_name="Số tổ")),
                ("recorded_at", models.DateTimeField(verbose_name="Ghi lúc")),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="ratings",
                        to="units.forcekind",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="force_ratings",
                        to="units.unit",
                        verbose_name="Đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "xếp loại lực lượng",
                "verbose_name_plural": "xếp loại lực lượng",
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "kind", "year", "level"), name="forcerating_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("year__gte", 1976), ("year__lte", 2200)),
                        name="forcerating_year",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ForceStock",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("as_of", models.DateField(verbose_name="Tính đến ngày")),
                (
                    "teams",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="Số tổ, ban, đội"
                    ),
                ),
                (
                    "teams_due",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="Số phải có"),
                ),
                (
                    "members",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="Số thành viên"
                    ),
                ),
                (
                    "is_unchanged",
                    models.BooleanField(default=False, verbose_name="Khai không thay đổi"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="Ghi chú")),
                ("is_demo", models.BooleanField(default=False, verbose_name="Dữ liệu minh họa")),
                ("recorded_at", models.DateTimeField(verbose_name="Ghi lúc")),
                (
                    "kind",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stocks",
                        to="units.forcekind",
                        verbose_name="Loại lực lượng",
                    ),
                ),
                (
                    "recorded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forces",
                        to="units.unit",
                        verbose_name="Đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "quân số lực lượng",
                "verbose_name_plural": "quân số lực lượng",
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("unit", "kind", "as_of"), name="forcestock_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("teams__isnull", False), ("members__isnull", False), _connector="OR"
                        ),
                        name="forcestock_says_something",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("teams", None),
                            ("teams_due", None),
                            ("teams__lte", models.F("teams_due")),
                            _connector="OR",
                        ),
                        name="forcestock_not_more_than_due",
                        violation_error_message="Số đã có không thể nhiều hơn số phải có.",
                    ),
                ],
            },
        ),
    ]
