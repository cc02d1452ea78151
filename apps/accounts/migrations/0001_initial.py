"""Create users and the sign-in counters."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="SignInCounter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.CharField(max_length=64, unique=True, verbose_name="địa chỉ")),
                ("window_started_at", models.DateTimeField(verbose_name="phút bắt đầu lúc")),
                ("tries", models.PositiveIntegerField(verbose_name="số lần thử")),
            ],
            options={
                "verbose_name": "bộ đếm đăng nhập",
                "verbose_name_plural": "bộ đếm đăng nhập",
                "indexes": [
                    models.Index(fields=["window_started_at"], name="accounts_counter_window")
                ],
            },
        ),
        migrations.CreateModel(
            name="SignInDelay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "account_key",
                    models.CharField(max_length=64, unique=True, verbose_name="khóa tài khoản"),
                ),
                ("failures", models.PositiveIntegerField(verbose_name="số lần sai")),
                ("last_failed_at", models.DateTimeField(verbose_name="sai lần cuối lúc")),
                ("blocked_until", models.DateTimeField(verbose_name="chờ đến")),
            ],
            options={
                "verbose_name": "trì hoãn đăng nhập",
                "verbose_name_plural": "trì hoãn đăng nhập",
                "indexes": [
                    models.Index(fields=["last_failed_at"], name="accounts_delay_last_failed")
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("failures__gte", 1)), name="accounts_delay_has_failure"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                (
                    "last_login",
                    models.DateTimeField(blank=True, null=True, verbose_name="last login"),
                ),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(max_length=64, unique=True, verbose_name="tên đăng nhập"),
                ),
                ("full_name", models.CharField(max_length=150, verbose_name="họ và tên")),
                ("title", models.CharField(blank=True, max_length=200, verbose_name="chức vụ")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="điện thoại")),
                (
                    "email",
                    models.EmailField(blank=True, max_length=254, verbose_name="thư điện tử"),
                ),
                (
                    "must_change_password",
                    models.BooleanField(default=False, verbose_name="phải đổi mật khẩu"),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="đang dùng")),
                ("is_staff", models.BooleanField(default=False, verbose_name="vào trang quản trị")),
                (
                    "font_size",
                    models.PositiveSmallIntegerField(
                        choices=[(16, "16 px"), (18, "18 px"), (20, "20 px")],
                        default=16,
                        verbose_name="cỡ chữ",
                    ),
                ),
                ("is_demo", models.BooleanField(default=False, verbose_name="dữ liệu minh họa")),
                ("created_at", models.DateTimeField(verbose_name="tạo lúc")),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
            ],
            options={
                "verbose_name": "người dùng",
                "verbose_name_plural": "người dùng",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("username", django.db.models.functions.text.Lower("username"))
                        ),
                        name="accounts_user_name_lower",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("username__regex", "^[a-z0-9][a-z0-9._-]+$")),
                        name="accounts_user_name_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("font_size__in", (16, 18, 20))),
                        name="accounts_user_font_size",
                    ),
                ],
            },
        ),
    ]
