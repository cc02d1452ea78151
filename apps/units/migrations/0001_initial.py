"""Create areas, units in time, blocks, memberships and what goes with them."""

import datetime

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.contrib.postgres.operations import BtreeGistExtension, TrigramExtension
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        BtreeGistExtension(),
        TrigramExtension(),
        migrations.CreateModel(
            name="Area",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="Từ ngày (kể cả) đến ngày (không kể).", verbose_name="Hiệu lực"
                    ),
                ),
                ("code", models.TextField(verbose_name="Mã")),
                ("name", models.TextField(verbose_name="Tên")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("province", "Tỉnh, thành phố"),
                            ("commune", "Xã"),
                            ("ward", "Phường"),
                            ("special_zone", "Đặc khu"),
                        ],
                        verbose_name="Loại",
                    ),
                ),
                ("province_code", models.TextField(verbose_name="Mã tỉnh")),
                ("lat", models.FloatField(blank=True, null=True, verbose_name="Vĩ độ")),
                ("lon", models.FloatField(blank=True, null=True, verbose_name="Kinh độ")),
                (
                    "area_km2",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        max_digits=10,
                        null=True,
                        verbose_name="Diện tích (km²)",
                    ),
                ),
                ("resolution", models.TextField(blank=True, default="", verbose_name="Nghị quyết")),
                (
                    "resolution_on",
                    models.DateField(blank=True, null=True, verbose_name="Ngày nghị quyết"),
                ),
                ("search_key", models.TextField(editable=False)),
                ("sort_key", models.TextField(editable=False)),
            ],
            options={
                "verbose_name": "địa bàn",
                "verbose_name_plural": "địa bàn",
                "indexes": [
                    models.Index(fields=["province_code", "sort_key"], name="area_by_province"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("search_key", name="gin_trgm_ops"),
                        name="area_search_trgm",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid__isempty", False), ("valid__startswith__isnull", False)
                        ),
                        name="area_valid_is_proper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["province", "commune", "ward", "special_zone"])
                        ),
                        name="area_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("code__regex", "^\\d{2}$"), ("kind", "province")),
                            models.Q(
                                ("code__regex", "^\\d{5}$"),
                                models.Q(("kind", "province"), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="area_code_fits_kind",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("code", "="), ("valid", "&&")], name="area_code_once_a_day"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Block",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.TextField(verbose_name="Mã khối")),
                ("name", models.TextField(verbose_name="Tên")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("emulation_block", "Khối thi đua"),
                            ("emulation_cluster", "Cụm thi đua"),
                            ("security_cluster", "Cụm liên kết bảo đảm an ninh, trật tự"),
                        ],
                        verbose_name="Loại",
                    ),
                ),
                ("search_key", models.TextField(editable=False)),
                ("sort_key", models.TextField(editable=False)),
                ("is_demo", models.BooleanField(default=False, verbose_name="Dữ liệu minh họa")),
            ],
            options={
                "verbose_name": "khối, cụm thi đua",
                "verbose_name_plural": "khối, cụm thi đua",
                "default_permissions": ("add", "change", "view"),
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="block_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                ["emulation_block", "emulation_cluster", "security_cluster"],
                            )
                        ),
                        name="block_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="block_name_given"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.TextField(verbose_name="Mã đơn vị")),
                ("created_at", models.DateTimeField(verbose_name="Tạo lúc")),
                ("is_demo", models.BooleanField(default=False, verbose_name="Dữ liệu minh họa")),
            ],
            options={
                "verbose_name": "đơn vị",
                "verbose_name_plural": "đơn vị",
                "default_permissions": ("add", "change", "view"),
                "constraints": [
                    models.UniqueConstraint(fields=("code",), name="unit_code_unique"),
                    models.CheckConstraint(
                        condition=models.Q(("code", ""), _negated=True), name="unit_code_given"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AccountImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("file_name", models.TextField(verbose_name="Tên tệp")),
                ("sha256", models.TextField(verbose_name="Mã băm tệp")),
                ("rows", models.JSONField(verbose_name="Các dòng")),
                ("created_at", models.DateTimeField(verbose_name="Đọc lúc")),
                ("applied_at", models.DateTimeField(blank=True, null=True, verbose_name="Ghi lúc")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Người nhập",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần nhập tài khoản",
                "verbose_name_plural": "các lần nhập tài khoản",
                "default_permissions": ("view",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="accountimport_sha256_is_one",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PoliceInCharge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="Từ ngày (kể cả) đến ngày (không kể).", verbose_name="Hiệu lực"
                    ),
                ),
                (
                    "block",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="police_in_charge",
                        to="units.block",
                        verbose_name="Khối",
                    ),
                ),
                (
                    "police_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="in_charge_of",
                        to="units.unit",
                        verbose_name="Đơn vị Công an phụ trách",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="police_in_charge",
                        to="units.unit",
                        verbose_name="Đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "đơn vị Công an phụ trách",
                "verbose_name_plural": "đơn vị Công an phụ trách",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid__isempty", False), ("valid__startswith__isnull", False)
                        ),
                        name="policeincharge_valid_is_proper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("block__isnull", False), ("unit__isnull", True)),
                            models.Q(("block__isnull", True), ("unit__isnull", False)),
                            _connector="OR",
                        ),
                        name="policeincharge_of_unit_or_block",
                        violation_error_message="Chọn một đơn vị hoặc một khối, không chọn cả hai.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("unit__isnull", True),
                            models.Q(("unit", models.F("police_unit")), _negated=True),
                            _connector="OR",
                        ),
                        name="policeincharge_not_itself",
                        violation_error_message="Đơn vị không thể tự phụ trách chính mình.",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("unit", "="), ("valid", "&&")],
                        name="policeincharge_one_per_unit",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("block", "="), ("valid", "&&")],
                        name="policeincharge_one_per_block",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="Từ ngày (kể cả) đến ngày (không kể).", verbose_name="Hiệu lực"
                    ),
                ),
                ("role", models.TextField(verbose_name="Vai trò")),
                (
                    "user",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="Người dùng",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="memberships",
                        to="units.unit",
                        verbose_name="Đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "phân công",
                "verbose_name_plural": "phân công",
                "indexes": [models.Index(fields=["user", "role"], name="membership_by_user")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid__isempty", False), ("valid__startswith__isnull", False)
                        ),
                        name="membership_valid_is_proper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "role__in",
                                [
                                    "clerk",
                                    "leader",
                                    "block_head",
                                    "reviewer",
                                    "province_leader",
                                    "auditor",
                                    "admin",
                                ],
                            )
                        ),
                        name="membership_role_is_known",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("user", "="), ("unit", "="), ("role", "="), ("valid", "&&")],
                        name="membership_once_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Lineage",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("merge", "Sáp nhập"),
                            ("split", "Chia tách"),
                            ("transfer", "Chuyển giao"),
                            ("rename", "Đổi tên"),
                            ("level_removed", "Bỏ cấp trung gian"),
                        ],
                        verbose_name="Hình thức",
                    ),
                ),
                ("effective_on", models.DateField(verbose_name="Ngày hiệu lực")),
                (
                    "share",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        help_text="Từ 0 đến 1; để trống nếu văn bản không nêu: số liệu khi đó ghi “chưa tách”.",
                        max_digits=7,
                        null=True,
                        verbose_name="Phần chuyển sang",
                    ),
                ),
                (
                    "decision_number",
                    models.TextField(blank=True, default="", verbose_name="Số văn bản"),
                ),
                (
                    "decision_on",
                    models.DateField(blank=True, null=True, verbose_name="Ngày văn bản"),
                ),
                (
                    "from_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="successors",
                        to="units.unit",
                        verbose_name="Từ đơn vị",
                    ),
                ),
                (
                    "to_unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="predecessors",
                        to="units.unit",
                        verbose_name="Sang đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "nguồn gốc đơn vị",
                "verbose_name_plural": "nguồn gốc đơn vị",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("from_unit", "to_unit", "effective_on"), name="lineage_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["merge", "split", "transfer", "rename", "level_removed"])
                        ),
                        name="lineage_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind", "rename"),
                            models.Q(("from_unit", models.F("to_unit")), _negated=True),
                            _connector="OR",
                        ),
                        name="lineage_between_two_units",
                        violation_error_message="Hai đơn vị của nguồn gốc phải khác nhau.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("share__isnull", True),
                            models.Q(("share__gt", 0), ("share__lte", 1)),
                            _connector="OR",
                        ),
                        name="lineage_share_is_a_part",
                        violation_error_message="Phần chuyển sang phải lớn hơn 0 và không quá 1.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("full_name", models.TextField(verbose_name="Họ và tên")),
                ("title", models.TextField(blank=True, default="", verbose_name="Chức vụ")),
                ("phone", models.TextField(verbose_name="Điện thoại")),
                (
                    "email",
                    models.EmailField(
                        blank=True, default="", max_length=254, verbose_name="Thư điện tử"
                    ),
                ),
                ("is_main", models.BooleanField(default=False, verbose_name="Đầu mối chính")),
                ("sort_key", models.TextField(editable=False)),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contacts",
                        to="units.unit",
                        verbose_name="Đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "đầu mối liên hệ",
                "verbose_name_plural": "đầu mối liên hệ",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("full_name", ""), _negated=True),
                        name="contact_name_given",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("phone", ""), _negated=True), name="contact_phone_given"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("is_main", True)),
                        fields=("unit",),
                        name="contact_one_main_per_unit",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="BlockMember",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="Từ ngày (kể cả) đến ngày (không kể).", verbose_name="Hiệu lực"
                    ),
                ),
                (
                    "role",
                    models.TextField(
                        choices=[
                            ("head", "Khối trưởng"),
                            ("deputy", "Khối phó"),
                            ("member", "Thành viên"),
                        ],
                        default="member",
                        verbose_name="Vai trò",
                    ),
                ),
                (
                    "block",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="units.block",
                        verbose_name="Khối",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="blocks",
                        to="units.unit",
                        verbose_name="Đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "thành viên khối",
                "verbose_name_plural": "thành viên khối",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid__isempty", False), ("valid__startswith__isnull", False)
                        ),
                        name="blockmember_valid_is_proper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["head", "deputy", "member"])),
                        name="blockmember_role_is_known",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("block", "="), ("unit", "="), ("valid", "&&")],
                        name="blockmember_one_at_a_time",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        condition=models.Q(("role", "head")),
                        expressions=[("block", "="), ("valid", "&&")],
                        name="blockmember_one_head_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitClosure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("depth", models.PositiveSmallIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(default=datetime.date(9999, 12, 31))),
                (
                    "ancestor",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
                (
                    "descendant",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                    ),
                ),
            ],
            options={
                "verbose_name": "quan hệ trên dưới",
                "verbose_name_plural": "quan hệ trên dưới",
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(
                        fields=["ancestor", "valid_from", "valid_to"],
                        include=("descendant", "depth"),
                        name="unitclosure_down",
                    ),
                    models.Index(
                        fields=["descendant", "valid_from", "valid_to"],
                        include=("ancestor", "depth"),
                        name="unitclosure_up",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("ancestor", "descendant", "valid_from"), name="unitclosure_unique"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ancestor", models.F("descendant")), ("depth", 0)),
                            models.Q(
                                ("depth__gt", 0),
                                models.Q(("ancestor", models.F("descendant")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="unitclosure_no_cycle",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("depth__lte", 15)), name="unitclosure_depth_is_bounded"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_from__lt", models.F("valid_to"))),
                        name="unitclosure_valid_is_proper",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitParent",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="Từ ngày (kể cả) đến ngày (không kể).", verbose_name="Hiệu lực"
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="child_links",
                        to="units.unit",
                        verbose_name="Đơn vị cấp trên",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parents",
                        to="units.unit",
                        verbose_name="Đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "đơn vị cấp trên",
                "verbose_name_plural": "đơn vị cấp trên",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid__isempty", False), ("valid__startswith__isnull", False)
                        ),
                        name="unitparent_valid_is_proper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("unit", models.F("parent")), _negated=True),
                        name="unitparent_not_itself",
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("unit", "="), ("valid", "&&")],
                        name="unitparent_one_at_a_time",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="UnitSpan",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "valid",
                    django.contrib.postgres.fields.ranges.DateRangeField(
                        help_text="Từ ngày (kể cả) đến ngày (không kể).", verbose_name="Hiệu lực"
                    ),
                ),
                ("name", models.TextField(verbose_name="Tên")),
                ("short_name", models.TextField(blank=True, default="", verbose_name="Tên ngắn")),
                (
                    "kind",
                    models.TextField(
                        choices=[
                            ("province", "Tỉnh, thành phố"),
                            ("police_province", "Công an tỉnh"),
                            ("police_department", "Phòng thuộc Công an tỉnh"),
                            ("police_commune", "Công an xã, phường, đặc khu"),
                            ("commune", "Xã, phường, đặc khu"),
                            ("agency", "Cơ quan"),
                            ("enterprise", "Doanh nghiệp"),
                            ("school", "Cơ sở giáo dục"),
                            ("hospital", "Cơ sở y tế"),
                            ("mass_organisation", "Mặt trận, đoàn thể"),
                            ("residential_area", "Khu dân cư"),
                        ],
                        verbose_name="Loại",
                    ),
                ),
                ("search_key", models.TextField(editable=False)),
                ("sort_key", models.TextField(editable=False)),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.area",
                        verbose_name="Địa bàn",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="spans",
                        to="units.unit",
                        verbose_name="Đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "tên gọi theo thời gian",
                "verbose_name_plural": "tên gọi theo thời gian",
                "indexes": [
                    models.Index(fields=["unit", "kind"], name="unitspan_by_unit"),
                    models.Index(fields=["kind", "sort_key"], name="unitspan_by_kind"),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.indexes.OpClass("search_key", name="gin_trgm_ops"),
                        name="unitspan_search_trgm",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid__isempty", False), ("valid__startswith__isnull", False)
                        ),
                        name="unitspan_valid_is_proper",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "kind__in",
                                [
                                    "province",
                                    "police_province",
                                    "police_department",
                                    "police_commune",
                                    "commune",
                                    "agency",
                                    "enterprise",
                                    "school",
                                    "hospital",
                                    "mass_organisation",
                                    "residential_area",
                                ],
                            )
                        ),
                        name="unitspan_kind_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="unitspan_name_given"
                    ),
                    django.contrib.postgres.constraints.ExclusionConstraint(
                        expressions=[("unit", "="), ("valid", "&&")], name="unitspan_one_at_a_time"
                    ),
                ],
            },
        ),
    ]
