"""Print the table of roles and rights for signature."""

from typing import Any

from django.core.management.base import BaseCommand

from apps.accounts.rules import rights_table


class Command(BaseCommand):
    """Say on paper what apps/accounts/rules.py says in code."""

    help = "In bảng vai trò và quyền để ký."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the table."""
        self.stdout.write(rights_table())
