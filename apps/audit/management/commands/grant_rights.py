"""Give the app login its rights on every table, after migrations."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.audit.services import grant_table_rights


class Command(BaseCommand):
    """Run as the owner; silent, and may run any number of times."""

    help = "Cấp quyền trên các bảng cho tài khoản cơ sở dữ liệu của ứng dụng."

    def handle(self, *args: Any, **options: Any) -> None:
        """Grant what apps/audit/rules.py says."""
        role = getattr(settings, "DATABASE_APP_ROLE", "") or settings.APP_DATABASE["USER"]
        grant_table_rights(role=role or "antq_app")
