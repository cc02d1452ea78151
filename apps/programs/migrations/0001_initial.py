"""Programmes, models in three levels, activities, exemplars."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields.ranges
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Make the tables."""

    initial = True

    dependencies = [
        ("desk", "0002_saved_filters"),
        ("indicators", "0002_codes_are_final"),
        ("units", "0003_forces"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ModelField",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=150, verbose_name="tên lĩnh vực")),
                (
                    "is_sensitive",
                    models.BooleanField(
                        default=False,
                        help_text="Tái hòa nhập, ma túy, người chưa thành niên, tôn giáo, dân tộc: chỉ ghi số lượng; không tên, không ảnh, không danh sách.",
                        verbose_name="lĩnh vực nhạy cảm",
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
            ],
            options={
                "verbose_name": "lĩnh vực mô hình",
                "verbose_name_plural": "lĩnh vực mô hình",
            },
        ),
        migrations.CreateModel(
            name="RatingCriterion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=250, verbose_name="tiêu chí")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                ("is_active", models.BooleanField(default=True, verbose_name="đang dùng")),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="nguồn")),
            ],
            options={
                "verbose_name": "tiêu chí xếp loại mô hình",
                "verbose_name_plural": "tiêu chí xếp loại mô hình",
            },
        ),
        migrations.CreateModel(
            name="RatingLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=30, unique=True, verbose_name="mã")),
                ("name", models.CharField(max_length=100, verbose_name="tên mức")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                ("is_verified", models.BooleanField(default=True, verbose_name="đã kiểm chứng")),
                (
                    "mark",
                    models.CharField(
                        blank=True, max_length=250, verbose_name="điều chưa kiểm chứng"
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="nguồn")),
            ],
            options={
                "verbose_name": "mức xếp loại mô hình",
                "verbose_name_plural": "mức xếp loại mô hình",
            },
        ),
        migrations.CreateModel(
            name="ModelType",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="tên mô hình")),
                ("name_key", models.CharField(editable=False, max_length=200)),
                ("sort_key", models.CharField(editable=False, max_length=900)),
                (
                    "host_kind",
                    models.CharField(
                        choices=[
                            ("residential", "Khu dân cư"),
                            ("agency", "Cơ quan"),
                            ("enterprise", "Doanh nghiệp"),
                            ("school", "Cơ sở giáo dục"),
                            ("hospital", "Cơ sở y tế"),
                            ("mass_organisation", "Đoàn thể"),
                            ("religion", "Cơ sở, cộng đồng tôn giáo"),
                            ("ethnic", "Vùng đồng bào dân tộc thiểu số"),
                            ("clan", "Dòng họ, liên gia"),
                            ("border_sea", "Biên giới, biển đảo"),
                            ("cluster", "Cụm liên kết, địa bàn giáp ranh"),
                        ],
                        max_length=20,
                        verbose_name="nơi áp dụng",
                    ),
                ),
                ("description", models.TextField(blank=True, verbose_name="nội dung")),
                ("source", models.CharField(blank=True, max_length=250, verbose_name="nguồn")),
                ("merged_at", models.DateTimeField(blank=True, null=True, verbose_name="gộp lúc")),
                ("created_at", models.DateTimeField(verbose_name="tạo lúc")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "field",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="types",
                        to="programs.modelfield",
                        verbose_name="lĩnh vực",
                    ),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merged",
                        to="programs.modeltype",
                        verbose_name="đã gộp vào",
                    ),
                ),
            ],
            options={
                "verbose_name": "loại mô hình",
                "verbose_name_plural": "loại mô hình",
            },
        ),
        migrations.CreateModel(
            name="ModelSite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=250, verbose_name="tên điểm")),
                ("name_key", models.CharField(editable=False, max_length=250)),
                ("sort_key", models.CharField(editable=False, max_length=1100)),
                (
                    "place",
                    models.CharField(
                        blank=True,
                        help_text="Ấp, khóm, chi hội, cổng trường…",
                        max_length=200,
                        verbose_name="nơi cụ thể",
                    ),
                ),
                (
                    "place_key",
                    models.CharField(blank=True, default="", editable=False, max_length=200),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("ministry", "Bộ, Trung ương"),
                            ("province", "Cấp tỉnh"),
                            ("district", "Cấp huyện (đến 30/6/2025)"),
                            ("commune", "Cấp xã"),
                        ],
                        max_length=10,
                        verbose_name="cấp quản lý",
                    ),
                ),
                (
                    "host_kind",
                    models.CharField(
                        choices=[
                            ("residential", "Khu dân cư"),
                            ("agency", "Cơ quan"),
                            ("enterprise", "Doanh nghiệp"),
                            ("school", "Cơ sở giáo dục"),
                            ("hospital", "Cơ sở y tế"),
                            ("mass_organisation", "Đoàn thể"),
                            ("religion", "Cơ sở, cộng đồng tôn giáo"),
                            ("ethnic", "Vùng đồng bào dân tộc thiểu số"),
                            ("clan", "Dòng họ, liên gia"),
                            ("border_sea", "Biên giới, biển đảo"),
                            ("cluster", "Cụm liên kết, địa bàn giáp ranh"),
                        ],
                        max_length=20,
                        verbose_name="nơi áp dụng",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Bản nháp"),
                            ("pilot", "Thí điểm"),
                            ("active", "Đang hoạt động"),
                            ("consolidating", "Cần củng cố"),
                            ("ended", "Đã dừng"),
                        ],
                        default="draft",
                        max_length=14,
                        verbose_name="trạng thái",
                    ),
                ),
                (
                    "launched_on",
                    models.DateField(blank=True, null=True, verbose_name="ngày ra mắt"),
                ),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="ngày dừng")),
                ("note", models.TextField(blank=True, verbose_name="ghi chú")),
                (
                    "last_news_on",
                    models.DateField(blank=True, null=True, verbose_name="tin mới nhất"),
                ),
                ("lock_version", models.PositiveIntegerField(default=1)),
                ("is_demo", models.BooleanField(default=False, verbose_name="dữ liệu minh họa")),
                ("created_at", models.DateTimeField(verbose_name="ghi lúc")),
                ("updated_at", models.DateTimeField(verbose_name="sửa lúc")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="bỏ lúc")),
                (
                    "removed_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="lý do bỏ"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "import_batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="desk.importbatch",
                    ),
                ),
                (
                    "replicated_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replicas",
                        to="programs.modelsite",
                        verbose_name="nhân rộng từ",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="đơn vị, địa bàn",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "model_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sites",
                        to="programs.modeltype",
                        verbose_name="loại mô hình",
                    ),
                ),
            ],
            options={
                "verbose_name": "điểm mô hình",
                "verbose_name_plural": "điểm mô hình",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="MinistryReferral",
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
                            ("proposal", "Đề nghị Bộ Công an nhân rộng toàn quốc"),
                            ("introduction", "Giới thiệu Bộ Công an là điển hình tiên tiến"),
                        ],
                        max_length=12,
                        verbose_name="hình thức",
                    ),
                ),
                ("sent_on", models.DateField(verbose_name="ngày gửi")),
                (
                    "document_number",
                    models.CharField(blank=True, max_length=60, verbose_name="số văn bản"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="ghi chú")),
                ("is_demo", models.BooleanField(default=False, verbose_name="dữ liệu minh họa")),
                ("created_at", models.DateTimeField(verbose_name="ghi lúc")),
                (
                    "created_by",
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
                        related_name="+",
                        to="units.unit",
                        verbose_name="đơn vị đề nghị",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="programs.modelsite",
                        verbose_name="điểm mô hình",
                    ),
                ),
                (
                    "model_type",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="referrals",
                        to="programs.modeltype",
                        verbose_name="loại mô hình",
                    ),
                ),
            ],
            options={
                "verbose_name": "đề nghị, giới thiệu với Bộ",
                "verbose_name_plural": "đề nghị, giới thiệu với Bộ",
            },
        ),
        migrations.CreateModel(
            name="ModelTypeAlias",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="tên gọi khác")),
                ("name_key", models.CharField(editable=False, max_length=200, unique=True)),
                (
                    "model_type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="aliases",
                        to="programs.modeltype",
                        verbose_name="loại mô hình",
                    ),
                ),
            ],
            options={
                "verbose_name": "tên gọi khác",
                "verbose_name_plural": "tên gọi khác",
            },
        ),
        migrations.CreateModel(
            name="Program",
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
                            ("directive", "Chỉ thị, chỉ đạo"),
                            ("plan", "Kế hoạch"),
                            ("campaign", "Phong trào, cuộc vận động"),
                            ("coordination", "Chương trình, quy chế phối hợp"),
                        ],
                        max_length=12,
                        verbose_name="loại",
                    ),
                ),
                ("title", models.CharField(max_length=300, verbose_name="trích yếu")),
                ("title_key", models.CharField(editable=False, max_length=300)),
                ("number", models.CharField(blank=True, max_length=60, verbose_name="số, ký hiệu")),
                ("issued_on", models.DateField(verbose_name="ngày ban hành")),
                ("issuer", models.CharField(max_length=200, verbose_name="cơ quan ban hành")),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("ministry", "Bộ, Trung ương"),
                            ("province", "Cấp tỉnh"),
                            ("district", "Cấp huyện (đến 30/6/2025)"),
                            ("commune", "Cấp xã"),
                        ],
                        max_length=10,
                        verbose_name="cấp",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="có hiệu lực từ ngày")),
                (
                    "valid_to",
                    models.DateField(
                        blank=True,
                        help_text="Ngày đầu tiên không còn hiệu lực.",
                        null=True,
                        verbose_name="hết hiệu lực từ ngày",
                    ),
                ),
                ("summary", models.TextField(blank=True, verbose_name="nội dung chính")),
                (
                    "plan_due_on",
                    models.DateField(blank=True, null=True, verbose_name="hạn gửi kế hoạch"),
                ),
                (
                    "interim_due_on",
                    models.DateField(blank=True, null=True, verbose_name="hạn báo cáo sơ kết"),
                ),
                (
                    "final_due_on",
                    models.DateField(blank=True, null=True, verbose_name="hạn báo cáo tổng kết"),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Đang soạn"),
                            ("sent", "Đã gửi"),
                            ("closed", "Đã tổng kết"),
                        ],
                        default="draft",
                        max_length=6,
                        verbose_name="trạng thái",
                    ),
                ),
                ("lock_version", models.PositiveIntegerField(default=1)),
                ("is_demo", models.BooleanField(default=False, verbose_name="dữ liệu minh họa")),
                ("created_at", models.DateTimeField(verbose_name="ghi lúc")),
                ("sent_at", models.DateTimeField(blank=True, null=True, verbose_name="gửi lúc")),
                (
                    "created_by",
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
                        related_name="+",
                        to="units.unit",
                        verbose_name="đơn vị theo dõi",
                    ),
                ),
            ],
            options={
                "verbose_name": "chương trình, kế hoạch",
                "verbose_name_plural": "chương trình, kế hoạch",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="Activity",
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
                            ("propaganda", "Tuyên truyền"),
                            ("festival", "Ngày hội toàn dân bảo vệ ANTQ"),
                            ("forum", "Diễn đàn công an lắng nghe ý kiến nhân dân"),
                            ("training", "Tập huấn, bồi dưỡng"),
                            ("contest", "Hội thi, tọa đàm"),
                            ("inspection", "Kiểm tra, hướng dẫn"),
                            ("conference", "Hội nghị"),
                        ],
                        max_length=12,
                        verbose_name="loại hoạt động",
                    ),
                ),
                ("title", models.CharField(max_length=250, verbose_name="nội dung")),
                ("title_key", models.CharField(editable=False, max_length=250)),
                ("held_on", models.DateField(verbose_name="ngày tổ chức")),
                ("until", models.DateField(blank=True, null=True, verbose_name="đến ngày")),
                ("place", models.CharField(blank=True, max_length=200, verbose_name="nơi tổ chức")),
                ("sessions", models.PositiveIntegerField(default=1, verbose_name="số buổi, cuộc")),
                ("points", models.PositiveIntegerField(default=0, verbose_name="số điểm")),
                (
                    "attendances",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="lượt người dự"
                    ),
                ),
                (
                    "qualifier",
                    models.CharField(
                        choices=[("exact", "đúng bằng"), ("over", "hơn, trên"), ("nearly", "gần")],
                        default="exact",
                        max_length=6,
                        verbose_name="mức chính xác",
                    ),
                ),
                (
                    "materials",
                    models.PositiveIntegerField(default=0, verbose_name="tài liệu, tờ rơi"),
                ),
                ("news", models.PositiveIntegerField(default=0, verbose_name="tin, bài đăng phát")),
                (
                    "posts",
                    models.PositiveIntegerField(default=0, verbose_name="bài trên mạng xã hội"),
                ),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=0, default=0, max_digits=15, verbose_name="kinh phí (đồng)"
                    ),
                ),
                ("note", models.TextField(blank=True, verbose_name="ghi chú")),
                ("client_token", models.CharField(blank=True, max_length=64)),
                ("lock_version", models.PositiveIntegerField(default=1)),
                ("is_demo", models.BooleanField(default=False, verbose_name="dữ liệu minh họa")),
                ("created_at", models.DateTimeField(verbose_name="ghi lúc")),
                ("updated_at", models.DateTimeField(verbose_name="sửa lúc")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="bỏ lúc")),
                (
                    "removed_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="lý do bỏ"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "import_batch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="desk.importbatch",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="đơn vị chủ trì",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="programs.modelsite",
                        verbose_name="của điểm mô hình",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="activities",
                        to="programs.program",
                        verbose_name="theo chương trình",
                    ),
                ),
            ],
            options={
                "verbose_name": "hoạt động",
                "verbose_name_plural": "hoạt động",
                "default_permissions": ("view",),
            },
        ),
        migrations.CreateModel(
            name="ProgramFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="nội dung")),
                ("name", models.CharField(max_length=120, verbose_name="tên tệp")),
                ("mime", models.CharField(max_length=80)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("path", models.CharField(max_length=200)),
                ("uploaded_at", models.DateTimeField(verbose_name="tải lên lúc")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="programs.program",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "văn bản kèm theo",
                "verbose_name_plural": "văn bản kèm theo",
            },
        ),
        migrations.CreateModel(
            name="ProgramParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="programs.program",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "đơn vị phối hợp",
                "verbose_name_plural": "đơn vị phối hợp",
            },
        ),
        migrations.CreateModel(
            name="ProgramRecipient",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sent_at", models.DateTimeField(verbose_name="gửi lúc")),
                (
                    "received_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="nhận lúc"),
                ),
                (
                    "plan_number",
                    models.CharField(
                        blank=True, max_length=60, verbose_name="số kế hoạch của đơn vị"
                    ),
                ),
                ("plan_on", models.DateField(blank=True, null=True, verbose_name="ngày kế hoạch")),
                (
                    "launched_on",
                    models.DateField(blank=True, null=True, verbose_name="ngày phát động"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="ghi chú")),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="recipients",
                        to="programs.program",
                    ),
                ),
                (
                    "received_by",
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
                        related_name="+",
                        to="units.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "đơn vị nhận",
                "verbose_name_plural": "đơn vị nhận",
            },
        ),
        migrations.CreateModel(
            name="ProgramTarget",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "sign",
                    models.CharField(
                        choices=[
                            ("at_least", "từ … trở lên"),
                            ("more_than", "trên"),
                            ("at_most", "không quá"),
                            ("exactly", "đúng bằng"),
                        ],
                        max_length=9,
                        verbose_name="so sánh",
                    ),
                ),
                ("value", models.DecimalField(decimal_places=2, max_digits=15, verbose_name="mức")),
                ("subject", models.CharField(blank=True, max_length=300, verbose_name="đối tượng")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                (
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="indicators.indicator",
                        verbose_name="chỉ tiêu",
                    ),
                ),
                (
                    "program",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="targets",
                        to="programs.program",
                    ),
                ),
            ],
            options={
                "verbose_name": "chỉ tiêu của chương trình",
                "verbose_name_plural": "chỉ tiêu của chương trình",
            },
        ),
        migrations.CreateModel(
            name="ProtectedObject",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=150, verbose_name="đối tượng bảo vệ")),
                ("quantity", models.PositiveIntegerField(verbose_name="số lượng")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="protected",
                        to="programs.modelsite",
                    ),
                ),
            ],
            options={
                "verbose_name": "đối tượng bảo vệ",
                "verbose_name_plural": "đối tượng bảo vệ",
            },
        ),
        migrations.CreateModel(
            name="RecipientFile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="nội dung")),
                ("name", models.CharField(max_length=120, verbose_name="tên tệp")),
                ("mime", models.CharField(max_length=80)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("path", models.CharField(max_length=200)),
                ("uploaded_at", models.DateTimeField(verbose_name="tải lên lúc")),
                (
                    "recipient",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="programs.programrecipient",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "kế hoạch của đơn vị",
                "verbose_name_plural": "kế hoạch của đơn vị",
            },
        ),
        migrations.CreateModel(
            name="SiteEquipment",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("camera", "Camera (mắt)"),
                            ("bell", "Kẻng, chuông, trống"),
                            ("loudspeaker", "Loa, thiết bị truyền thanh"),
                            ("radio", "Bộ đàm, thiết bị liên lạc"),
                            ("light", "Đèn chiếu sáng"),
                            ("vehicle", "Phương tiện"),
                            ("fire", "Thiết bị chữa cháy"),
                            ("other", "Thiết bị khác"),
                        ],
                        max_length=12,
                        verbose_name="loại thiết bị",
                    ),
                ),
                ("name", models.CharField(blank=True, max_length=150, verbose_name="tên, ghi chú")),
                ("quantity", models.PositiveIntegerField(verbose_name="số lượng")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="equipment",
                        to="programs.modelsite",
                    ),
                ),
            ],
            options={
                "verbose_name": "thiết bị của mô hình",
                "verbose_name_plural": "thiết bị của mô hình",
            },
        ),
        migrations.CreateModel(
            name="SiteFile",
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
                            ("document", "Văn bản"),
                            ("photo", "Ảnh địa điểm, thiết bị, hoạt động"),
                        ],
                        max_length=8,
                        verbose_name="loại",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="nội dung")),
                ("name", models.CharField(max_length=120, verbose_name="tên tệp")),
                ("mime", models.CharField(max_length=80)),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.PositiveIntegerField()),
                ("path", models.CharField(max_length=200)),
                ("uploaded_at", models.DateTimeField(verbose_name="tải lên lúc")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="programs.modelsite",
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "tệp của mô hình",
                "verbose_name_plural": "tệp của mô hình",
            },
        ),
        migrations.CreateModel(
            name="SiteFunding",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("social", "Xã hội hóa"),
                            ("state", "Ngân sách nhà nước"),
                            ("own", "Kinh phí của đơn vị"),
                            ("other", "Nguồn khác"),
                        ],
                        max_length=8,
                        verbose_name="nguồn",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=0, max_digits=15, verbose_name="số tiền (đồng)"
                    ),
                ),
                ("received_on", models.DateField(verbose_name="ngày")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="ghi chú")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="funding",
                        to="programs.modelsite",
                    ),
                ),
            ],
            options={
                "verbose_name": "kinh phí của mô hình",
                "verbose_name_plural": "kinh phí của mô hình",
            },
        ),
        migrations.CreateModel(
            name="SiteMove",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "from_state",
                    models.CharField(
                        choices=[
                            ("draft", "Bản nháp"),
                            ("pilot", "Thí điểm"),
                            ("active", "Đang hoạt động"),
                            ("consolidating", "Cần củng cố"),
                            ("ended", "Đã dừng"),
                        ],
                        max_length=14,
                    ),
                ),
                (
                    "to_state",
                    models.CharField(
                        choices=[
                            ("draft", "Bản nháp"),
                            ("pilot", "Thí điểm"),
                            ("active", "Đang hoạt động"),
                            ("consolidating", "Cần củng cố"),
                            ("ended", "Đã dừng"),
                        ],
                        max_length=14,
                        verbose_name="trạng thái mới",
                    ),
                ),
                ("on", models.DateField(verbose_name="từ ngày")),
                ("reason", models.CharField(blank=True, max_length=500, verbose_name="lý do")),
                (
                    "document_number",
                    models.CharField(blank=True, max_length=60, verbose_name="số văn bản"),
                ),
                (
                    "document_on",
                    models.DateField(blank=True, null=True, verbose_name="ngày văn bản"),
                ),
                ("at", models.DateTimeField(verbose_name="ghi lúc")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moves",
                        to="programs.modelsite",
                    ),
                ),
            ],
            options={
                "verbose_name": "lần đổi trạng thái",
                "verbose_name_plural": "lần đổi trạng thái",
            },
        ),
        migrations.CreateModel(
            name="SiteObjective",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=300, verbose_name="mục tiêu")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="thứ tự")),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="objectives",
                        to="programs.modelsite",
                    ),
                ),
            ],
            options={
                "verbose_name": "mục tiêu của mô hình",
                "verbose_name_plural": "mục tiêu của mô hình",
            },
        ),
        migrations.CreateModel(
            name="SiteParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("owner", "Chủ trì"), ("coordinator", "Phối hợp")],
                        max_length=12,
                        verbose_name="vai trò",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="programs.modelsite",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "đơn vị cùng tham gia",
                "verbose_name_plural": "đơn vị cùng tham gia",
            },
        ),
        migrations.CreateModel(
            name="SiteRating",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="năm")),
                ("note", models.CharField(blank=True, max_length=500, verbose_name="nhận xét")),
                ("rated_at", models.DateTimeField(verbose_name="xếp loại lúc")),
                (
                    "level",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        to="programs.ratinglevel",
                        verbose_name="mức xếp loại",
                    ),
                ),
                (
                    "rated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ratings",
                        to="programs.modelsite",
                    ),
                ),
            ],
            options={
                "verbose_name": "xếp loại hằng năm",
                "verbose_name_plural": "xếp loại hằng năm",
            },
        ),
        migrations.CreateModel(
            name="SiteRatingMark",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_met", models.BooleanField(verbose_name="đạt")),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="programs.ratingcriterion"
                    ),
                ),
                (
                    "rating",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="programs.siterating",
                    ),
                ),
            ],
            options={
                "verbose_name": "kết quả từng tiêu chí",
                "verbose_name_plural": "kết quả từng tiêu chí",
            },
        ),
        migrations.CreateModel(
            name="SiteResult",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="năm")),
                ("text", models.CharField(max_length=500, verbose_name="kết quả")),
                (
                    "noted_on",
                    models.DateField(
                        help_text="Ghi sau khi năm đã hết thì là ngày cuối cùng của năm.",
                        verbose_name="ghi ngày",
                    ),
                ),
                (
                    "objective",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="results",
                        to="programs.siteobjective",
                    ),
                ),
            ],
            options={
                "verbose_name": "kết quả hằng năm",
                "verbose_name_plural": "kết quả hằng năm",
            },
        ),
        migrations.CreateModel(
            name="SiteTeam",
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
                ("name", models.CharField(blank=True, max_length=150, verbose_name="tên tổ")),
                (
                    "name_key",
                    models.CharField(blank=True, default="", editable=False, max_length=150),
                ),
                ("n_teams", models.PositiveIntegerField(default=1, verbose_name="số tổ")),
                (
                    "members",
                    models.PositiveIntegerField(
                        blank=True, null=True, verbose_name="số thành viên"
                    ),
                ),
                (
                    "qualifier",
                    models.CharField(
                        choices=[("exact", "đúng bằng"), ("over", "hơn, trên"), ("nearly", "gần")],
                        default="exact",
                        max_length=6,
                        verbose_name="mức chính xác",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="teams",
                        to="programs.modelsite",
                    ),
                ),
            ],
            options={
                "verbose_name": "tổ của mô hình",
                "verbose_name_plural": "tổ của mô hình",
            },
        ),
        migrations.CreateModel(
            name="ActivityParty",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[("main", "Chủ trì"), ("co", "Phối hợp tổ chức")],
                        max_length=6,
                        verbose_name="vai trò",
                    ),
                ),
                (
                    "activity",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="parties",
                        to="programs.activity",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="đơn vị",
                    ),
                ),
            ],
            options={
                "verbose_name": "đơn vị tổ chức",
                "verbose_name_plural": "đơn vị tổ chức",
                "indexes": [
                    models.Index(fields=["unit", "activity"], name="activity_party_of_unit")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("activity", "unit"), name="activity_party_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("role", "main")),
                        fields=("activity",),
                        name="activity_one_main_organiser",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("role__in", ["main", "co"])),
                        name="activity_party_role_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Exemplar",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("field", models.CharField(max_length=200, verbose_name="lĩnh vực")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("chosen", "Được chọn"),
                            ("building", "Đang xây dựng"),
                            ("recognised", "Đã công nhận"),
                            ("dropped", "Không tiếp tục"),
                        ],
                        default="chosen",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("chosen_on", models.DateField(verbose_name="ngày chọn")),
                (
                    "building_on",
                    models.DateField(blank=True, null=True, verbose_name="bắt đầu xây dựng"),
                ),
                (
                    "closed_on",
                    models.DateField(
                        blank=True, null=True, verbose_name="ngày công nhận hoặc dừng"
                    ),
                ),
                (
                    "recogniser",
                    models.CharField(blank=True, max_length=200, verbose_name="cơ quan công nhận"),
                ),
                (
                    "document_number",
                    models.CharField(blank=True, max_length=60, verbose_name="số văn bản"),
                ),
                (
                    "reason",
                    models.CharField(
                        blank=True, max_length=500, verbose_name="lý do không tiếp tục"
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, verbose_name="dữ liệu minh họa")),
                ("created_at", models.DateTimeField(verbose_name="ghi lúc")),
                (
                    "chooser",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="đơn vị chọn",
                    ),
                ),
                (
                    "created_by",
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
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="units.unit",
                        verbose_name="đơn vị",
                    ),
                ),
                (
                    "site",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="exemplars",
                        to="programs.modelsite",
                        verbose_name="điểm mô hình",
                    ),
                ),
            ],
            options={
                "verbose_name": "điển hình tiên tiến",
                "verbose_name_plural": "điển hình tiên tiến",
                "default_permissions": ("view",),
                "indexes": [models.Index(fields=["chooser", "state"], name="exemplar_of_chooser")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("site__isnull", False), ("unit", None)),
                            models.Q(("site", None), ("unit__isnull", False)),
                            _connector="OR",
                        ),
                        name="exemplar_unit_or_site",
                        violation_error_message="Chọn một đơn vị hoặc một điểm mô hình.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("building_on", None), ("closed_on", None), ("state", "chosen")
                            ),
                            models.Q(
                                ("building_on__isnull", False),
                                ("closed_on", None),
                                ("state", "building"),
                            ),
                            models.Q(
                                ("building_on__isnull", False),
                                ("closed_on__isnull", False),
                                ("state", "recognised"),
                            ),
                            models.Q(
                                ("closed_on__isnull", False),
                                ("state", "dropped"),
                                models.Q(("reason", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="exemplar_days_fit_state",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("building_on", None),
                                ("building_on__gte", models.F("chosen_on")),
                                _connector="OR",
                            ),
                            models.Q(
                                ("closed_on", None),
                                ("closed_on__gte", models.F("chosen_on")),
                                _connector="OR",
                            ),
                        ),
                        name="exemplar_days_in_order",
                        violation_error_message="Các ngày phải theo thứ tự chọn, xây dựng, công nhận.",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="modeltype",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("name_key", name="gin_trgm_ops"),
                name="model_type_name_trgm",
            ),
        ),
        migrations.AddConstraint(
            model_name="modeltype",
            constraint=models.UniqueConstraint(
                condition=models.Q(("merged_into", None)),
                fields=("name_key",),
                name="model_type_name_once",
                violation_error_message="Đã có loại mô hình tên này (không kể dấu, chữ hoa).",
            ),
        ),
        migrations.AddConstraint(
            model_name="modeltype",
            constraint=models.CheckConstraint(
                condition=models.Q(("name_key", ""), _negated=True), name="model_type_name_given"
            ),
        ),
        migrations.AddConstraint(
            model_name="modeltype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "host_kind__in",
                        [
                            "residential",
                            "agency",
                            "enterprise",
                            "school",
                            "hospital",
                            "mass_organisation",
                            "religion",
                            "ethnic",
                            "clan",
                            "border_sea",
                            "cluster",
                        ],
                    )
                ),
                name="model_type_host_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="modeltype",
            constraint=models.CheckConstraint(
                condition=models.Q(("merged_into", models.F("id")), _negated=True),
                name="model_type_not_into_itself",
            ),
        ),
        migrations.AddConstraint(
            model_name="modeltype",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("merged_at", None), ("merged_into", None)),
                    models.Q(("merged_at__isnull", False), ("merged_into__isnull", False)),
                    _connector="OR",
                ),
                name="model_type_merged_pair",
            ),
        ),
        migrations.AddIndex(
            model_name="modelsite",
            index=models.Index(fields=["unit", "state"], name="site_of_unit"),
        ),
        migrations.AddIndex(
            model_name="modelsite",
            index=models.Index(fields=["sort_key", "id"], name="site_by_name"),
        ),
        migrations.AddIndex(
            model_name="modelsite",
            index=models.Index(fields=["launched_on"], name="site_by_launch"),
        ),
        migrations.AddIndex(
            model_name="modelsite",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("name_key", name="gin_trgm_ops"),
                name="site_name_trgm",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelsite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("launched_on", None), ("state", "draft")),
                    models.Q(
                        models.Q(("state", "draft"), _negated=True), ("launched_on__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="site_launched_unless_draft",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelsite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_on__isnull", False), ("state", "ended")),
                    models.Q(models.Q(("state", "ended"), _negated=True), ("ended_on", None)),
                    _connector="OR",
                ),
                name="site_ended_with_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelsite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ended_on", None), ("ended_on__gt", models.F("launched_on")), _connector="OR"
                ),
                name="site_ends_after_launch",
                violation_error_message="Ngày dừng phải sau ngày ra mắt.",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelsite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "pilot", "active", "consolidating", "ended"])
                ),
                name="site_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelsite",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["ministry", "province", "district", "commune"])),
                name="site_level_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelsite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "host_kind__in",
                        [
                            "residential",
                            "agency",
                            "enterprise",
                            "school",
                            "hospital",
                            "mass_organisation",
                            "religion",
                            "ethnic",
                            "clan",
                            "border_sea",
                            "cluster",
                        ],
                    )
                ),
                name="site_host_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelsite",
            constraint=models.CheckConstraint(
                condition=models.Q(("replicated_from", models.F("id")), _negated=True),
                name="site_not_its_own_replica",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelsite",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("removed_at", None),
                    models.Q(("removed_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="site_removed_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="modelsite",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("launched_on__isnull", False), ("removed_at", None)),
                expressions=[
                    ("model_type", "="),
                    ("unit", "="),
                    ("place_key", "="),
                    (
                        models.Func(
                            "launched_on",
                            "ended_on",
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="site_one_of_a_type_at_a_place",
                violation_error_message="Đơn vị này đã có một điểm cùng loại đang hoạt động. Nếu là chỗ khác, ghi rõ nơi cụ thể (ấp, khóm, chi hội…).",
            ),
        ),
        migrations.AddConstraint(
            model_name="ministryreferral",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("model_type", None), ("site__isnull", False)),
                    models.Q(("model_type__isnull", False), ("site", None)),
                    _connector="OR",
                ),
                name="referral_of_type_or_site",
                violation_error_message="Chọn một loại mô hình hoặc một điểm, không chọn cả hai.",
            ),
        ),
        migrations.AddConstraint(
            model_name="ministryreferral",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["proposal", "introduction"])),
                name="referral_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="ministryreferral",
            constraint=models.UniqueConstraint(
                fields=("kind", "model_type", "site", "sent_on"),
                name="referral_once_a_day",
                nulls_distinct=False,
            ),
        ),
        migrations.AddIndex(
            model_name="modeltypealias",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("name_key", name="gin_trgm_ops"),
                name="model_alias_name_trgm",
            ),
        ),
        migrations.AddConstraint(
            model_name="modeltypealias",
            constraint=models.CheckConstraint(
                condition=models.Q(("name_key", ""), _negated=True), name="model_alias_name_given"
            ),
        ),
        migrations.AddIndex(
            model_name="program",
            index=models.Index(fields=["-issued_on", "-id"], name="program_by_day"),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["directive", "plan", "campaign", "coordination"])),
                name="program_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("level__in", ["ministry", "province", "district", "commune"])),
                name="program_level_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["draft", "sent", "closed"])),
                name="program_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="program_title_given"
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to", None), ("valid_to__gt", models.F("valid_from")), _connector="OR"
                ),
                name="program_valid_order",
                violation_error_message="Ngày hết hiệu lực phải sau ngày có hiệu lực.",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("interim_due_on", None),
                    ("final_due_on", None),
                    ("interim_due_on__lt", models.F("final_due_on")),
                    _connector="OR",
                ),
                name="program_interim_before_final",
                violation_error_message="Hạn sơ kết phải trước hạn tổng kết.",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.CheckConstraint(
                condition=models.Q(("state", "draft"), ("sent_at__isnull", False), _connector="OR"),
                name="program_sent_with_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="program",
            constraint=models.UniqueConstraint(
                condition=models.Q(("number", ""), _negated=True),
                fields=("issuer", "number", "issued_on"),
                name="program_number_once",
                violation_error_message="Văn bản số này của cơ quan này đã được ghi.",
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["-held_on", "-id"], name="activity_by_day"),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["unit", "held_on"], name="activity_of_unit"),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=django.contrib.postgres.indexes.GinIndex(
                django.contrib.postgres.indexes.OpClass("title_key", name="gin_trgm_ops"),
                name="activity_title_trgm",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "propaganda",
                            "festival",
                            "forum",
                            "training",
                            "contest",
                            "inspection",
                            "conference",
                        ],
                    )
                ),
                name="activity_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("title", ""), _negated=True), name="activity_title_given"
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("until", None), ("until__gte", models.F("held_on")), _connector="OR"
                ),
                name="activity_ends_after_start",
                violation_error_message="Ngày kết thúc không thể trước ngày tổ chức.",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("qualifier__in", ["exact", "over", "nearly"])),
                name="activity_amount_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("qualifier", "exact"), ("attendances__gt", 0), _connector="OR"),
                name="activity_amount_needs_people",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(("cost__gte", 0)), name="activity_cost_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("removed_at", None),
                    models.Q(("removed_reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="activity_removed_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="activity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("client_token", ""), _negated=True),
                fields=("created_by", "client_token"),
                name="activity_sent_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="programfile",
            constraint=models.UniqueConstraint(
                fields=("program", "sha256"), name="program_file_once"
            ),
        ),
        migrations.AddIndex(
            model_name="programparty",
            index=models.Index(fields=["unit", "program"], name="program_party_of_unit"),
        ),
        migrations.AddConstraint(
            model_name="programparty",
            constraint=models.UniqueConstraint(
                fields=("program", "unit"), name="program_party_once"
            ),
        ),
        migrations.AddIndex(
            model_name="programrecipient",
            index=models.Index(fields=["unit", "program"], name="program_recipient_of_unit"),
        ),
        migrations.AddConstraint(
            model_name="programrecipient",
            constraint=models.UniqueConstraint(
                fields=("program", "unit"), name="program_recipient_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="programrecipient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("plan_number", ""), ("plan_on", None)),
                    models.Q(
                        models.Q(("plan_number", ""), _negated=True), ("plan_on__isnull", False)
                    ),
                    _connector="OR",
                ),
                name="recipient_plan_number_and_day",
                violation_error_message="Ghi cả số và ngày của kế hoạch.",
            ),
        ),
        migrations.AddConstraint(
            model_name="programrecipient",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("received_at__isnull", False),
                    models.Q(("launched_on", None), ("plan_on", None)),
                    _connector="OR",
                ),
                name="recipient_received_first",
            ),
        ),
        migrations.AddConstraint(
            model_name="programtarget",
            constraint=models.UniqueConstraint(
                fields=("program", "indicator"), name="program_target_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="programtarget",
            constraint=models.CheckConstraint(
                condition=models.Q(("value__gte", 0)), name="program_target_not_negative"
            ),
        ),
        migrations.AddConstraint(
            model_name="programtarget",
            constraint=models.CheckConstraint(
                condition=models.Q(("sign__in", ["at_least", "more_than", "at_most", "exactly"])),
                name="program_target_sign_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="protectedobject",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="protected_object_some"
            ),
        ),
        migrations.AddConstraint(
            model_name="recipientfile",
            constraint=models.UniqueConstraint(
                fields=("recipient", "sha256"), name="recipient_file_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="siteequipment",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__isempty", False), ("valid__startswith__isnull", False)),
                name="site_equipment_valid_is_proper",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteequipment",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="site_equipment_some"
            ),
        ),
        migrations.AddConstraint(
            model_name="siteequipment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "camera",
                            "bell",
                            "loudspeaker",
                            "radio",
                            "light",
                            "vehicle",
                            "fire",
                            "other",
                        ],
                    )
                ),
                name="site_equipment_kind_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitefile",
            constraint=models.UniqueConstraint(fields=("site", "sha256"), name="site_file_once"),
        ),
        migrations.AddConstraint(
            model_name="sitefile",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["document", "photo"])), name="site_file_kind"
            ),
        ),
        migrations.AddConstraint(
            model_name="sitefunding",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__gt", 0)), name="site_funding_some"
            ),
        ),
        migrations.AddConstraint(
            model_name="sitefunding",
            constraint=models.CheckConstraint(
                condition=models.Q(("source__in", ["social", "state", "own", "other"])),
                name="site_funding_source_known",
            ),
        ),
        migrations.AddIndex(
            model_name="sitemove",
            index=models.Index(fields=["site", "on"], name="site_move_of_site"),
        ),
        migrations.AddConstraint(
            model_name="sitemove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("from_state", "draft"), ("to_state__in", ("pilot", "active"))),
                    models.Q(("from_state", "pilot"), ("to_state__in", ("active", "ended"))),
                    models.Q(
                        ("from_state", "active"), ("to_state__in", ("consolidating", "ended"))
                    ),
                    models.Q(
                        ("from_state", "consolidating"), ("to_state__in", ("active", "ended"))
                    ),
                    _connector="OR",
                ),
                name="site_move_lawful",
            ),
        ),
        migrations.AddConstraint(
            model_name="sitemove",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("from_state", "draft"),
                    models.Q(("reason", ""), _negated=True),
                    _connector="OR",
                ),
                name="site_move_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteobjective",
            constraint=models.CheckConstraint(
                condition=models.Q(("text", ""), _negated=True),
                name="site_objective_says_something",
            ),
        ),
        migrations.AddIndex(
            model_name="siteparty",
            index=models.Index(fields=["unit", "role", "site"], name="site_party_of_unit"),
        ),
        migrations.AddConstraint(
            model_name="siteparty",
            constraint=models.UniqueConstraint(fields=("site", "unit"), name="site_party_once"),
        ),
        migrations.AddConstraint(
            model_name="siteparty",
            constraint=models.CheckConstraint(
                condition=models.Q(("role__in", ["owner", "coordinator"])),
                name="site_party_role_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="siterating",
            constraint=models.UniqueConstraint(
                fields=("site", "year"), name="site_rated_once_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="siterating",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__gte", 1976), ("year__lte", 2200)),
                name="site_rating_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteratingmark",
            constraint=models.UniqueConstraint(
                fields=("rating", "criterion"), name="rating_mark_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="siteresult",
            constraint=models.UniqueConstraint(
                fields=("objective", "year"), name="site_result_once_a_year"
            ),
        ),
        migrations.AddConstraint(
            model_name="siteresult",
            constraint=models.CheckConstraint(
                condition=models.Q(("year__gte", 1976), ("year__lte", 2200)),
                name="site_result_year",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteteam",
            constraint=models.CheckConstraint(
                condition=models.Q(("valid__isempty", False), ("valid__startswith__isnull", False)),
                name="site_team_valid_is_proper",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteteam",
            constraint=models.CheckConstraint(
                condition=models.Q(("qualifier__in", ["exact", "over", "nearly"])),
                name="site_team_amount_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteteam",
            constraint=models.CheckConstraint(
                condition=models.Q(("qualifier", "exact"), ("members__gt", 0), _connector="OR"),
                name="site_team_amount_needs_members",
            ),
        ),
        migrations.AddConstraint(
            model_name="siteteam",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[("site", "="), ("name_key", "="), ("valid", "&&")],
                name="site_team_one_at_a_time",
            ),
        ),
    ]
