"""Jobs, notices, answered requests and imports."""

import django.db.models.deletion
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
            name="IdempotencyKey",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, verbose_name="khóa")),
                ("fingerprint", models.CharField(max_length=64, verbose_name="dấu vết nội dung")),
                ("response", models.JSONField(default=dict, verbose_name="câu trả lời")),
                ("created_at", models.DateTimeField(db_index=True, verbose_name="lúc")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người gửi",
                    ),
                ),
            ],
            options={
                "verbose_name": "yêu cầu đã trả lời",
                "verbose_name_plural": "yêu cầu đã trả lời",
                "constraints": [
                    models.UniqueConstraint(fields=("user", "key"), name="idempotency_key_once"),
                    models.CheckConstraint(
                        condition=models.Q(("key", ""), _negated=True), name="idempotency_key_given"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=50, verbose_name="loại")),
                ("file_name", models.CharField(max_length=250, verbose_name="tên tệp")),
                ("sha256", models.CharField(max_length=64, verbose_name="mã băm")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("previewed", "Đã xem trước"),
                            ("applied", "Đã ghi nhận"),
                            ("undone", "Đã hoàn tác"),
                        ],
                        default="previewed",
                        max_length=10,
                        verbose_name="trạng thái",
                    ),
                ),
                ("summary", models.JSONField(blank=True, default=dict, verbose_name="tóm tắt")),
                ("created_at", models.DateTimeField(verbose_name="đọc lúc")),
                (
                    "applied_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="ghi nhận lúc"),
                ),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="hoàn tác lúc"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nhập",
                    ),
                ),
            ],
            options={
                "verbose_name": "đợt nhập từ Excel",
                "verbose_name_plural": "đợt nhập từ Excel",
                "indexes": [models.Index(fields=["owner", "-created_at"], name="import_of_owner")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("applied_at", None), ("state", "previewed"), ("undone_at", None)
                            ),
                            models.Q(
                                ("applied_at__isnull", False),
                                ("state", "applied"),
                                ("undone_at", None),
                            ),
                            models.Q(
                                ("applied_at__isnull", False),
                                ("state", "undone"),
                                ("undone_at__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="import_state_times",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")),
                        name="import_sha256_form",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Job",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=50, verbose_name="loại")),
                ("title", models.CharField(max_length=250, verbose_name="tên")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Đang chờ"),
                            ("running", "Đang chạy"),
                            ("done", "Xong"),
                            ("failed", "Không thành công"),
                        ],
                        default="queued",
                        max_length=8,
                        verbose_name="trạng thái",
                    ),
                ),
                (
                    "progress",
                    models.PositiveSmallIntegerField(default=0, verbose_name="tiến độ (%)"),
                ),
                ("step", models.CharField(blank=True, max_length=200, verbose_name="bước")),
                ("task", models.CharField(max_length=100, verbose_name="hàm chạy")),
                (
                    "queue",
                    models.CharField(
                        choices=[
                            ("interactive", "Tương tác"),
                            ("documents", "Văn bản"),
                            ("bulk", "Hàng loạt"),
                            ("mail", "Thư"),
                        ],
                        max_length=12,
                        verbose_name="hàng đợi",
                    ),
                ),
                ("params", models.JSONField(blank=True, default=dict, verbose_name="tham số")),
                (
                    "attempts",
                    models.PositiveSmallIntegerField(default=0, verbose_name="số lần chạy"),
                ),
                (
                    "dedup_key",
                    models.CharField(
                        blank=True,
                        max_length=200,
                        null=True,
                        unique=True,
                        verbose_name="khóa chống trùng",
                    ),
                ),
                (
                    "rings",
                    models.PositiveSmallIntegerField(default=0, verbose_name="số lần gọi lại"),
                ),
                ("ring_at", models.DateTimeField(verbose_name="gọi lại lúc")),
                (
                    "claimed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="nhận lúc"),
                ),
                (
                    "heartbeat_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="còn chạy lúc"),
                ),
                ("result", models.JSONField(blank=True, default=dict, verbose_name="kết quả")),
                ("error", models.TextField(blank=True, verbose_name="lỗi")),
                ("created_at", models.DateTimeField(verbose_name="giao lúc")),
                (
                    "finished_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="xong lúc"),
                ),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="giữ đến")),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        help_text="Trống khi hệ thống giao theo lịch.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="jobs",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người giao",
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
            ],
            options={
                "verbose_name": "tác vụ",
                "verbose_name_plural": "tác vụ",
                "indexes": [
                    models.Index(fields=["owner", "-created_at"], name="job_of_owner"),
                    models.Index(
                        condition=models.Q(("state__in", ("queued", "running"))),
                        fields=["state", "ring_at"],
                        name="job_open",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("state__in", ["queued", "running", "done", "failed"])),
                        name="job_state_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("queue__in", ["interactive", "documents", "bulk", "mail"])
                        ),
                        name="job_queue_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("progress__lte", 100)), name="job_progress_range"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("attempts__lte", 3)), name="job_attempts_max"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("expires_at__isnull", False),
                                ("finished_at__isnull", False),
                                ("state__in", ("done", "failed")),
                            ),
                            models.Q(
                                ("expires_at", None),
                                ("finished_at", None),
                                ("state__in", ("queued", "running")),
                            ),
                            _connector="OR",
                        ),
                        name="job_finished_pair",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "running"), _negated=True),
                            models.Q(
                                ("claimed_at__isnull", False), ("heartbeat_at__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="job_running_is_claimed",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "failed"), _negated=True),
                            models.Q(("error", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="job_failed_says_why",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="nội dung")),
                ("url", models.CharField(blank=True, max_length=300, verbose_name="trang")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("info", "Thông tin"),
                            ("task", "Việc cần làm"),
                            ("document", "Văn bản"),
                            ("warning", "Lưu ý"),
                            ("done", "Đã xong"),
                        ],
                        default="info",
                        max_length=10,
                        verbose_name="loại",
                    ),
                ),
                ("created_at", models.DateTimeField(verbose_name="gửi lúc")),
                ("read_at", models.DateTimeField(blank=True, null=True, verbose_name="đọc lúc")),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notices",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="người nhận",
                    ),
                ),
            ],
            options={
                "verbose_name": "thông báo",
                "verbose_name_plural": "thông báo",
                "indexes": [
                    models.Index(fields=["user", "-created_at"], name="notice_of_user"),
                    models.Index(
                        condition=models.Q(("read_at", None)), fields=["user"], name="notice_unread"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["info", "task", "document", "warning", "done"])
                        ),
                        name="notice_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("url", ""), ("url__regex", "^/([^/\\\\]|$)"), _connector="OR"
                        ),
                        name="notice_url_is_ours",
                    ),
                ],
            },
        ),
    ]
