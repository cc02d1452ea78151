"""Print the accounts to try, role by role."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from apps.accounts.models import User
from apps.home.management.commands.load_demo import demo_password
from apps.home.services.demo_people import demo_accounts


class Command(BaseCommand):
    """Print one line for each account to try; nothing when the province is not loaded."""

    help = "In các tài khoản minh họa."

    def handle(self, *args: Any, **options: Any) -> None:
        """Print role, user name and the one password."""
        present = set(
            User.objects.filter(is_demo=True, is_active=True).values_list("username", flat=True)
        )
        lines = [a for a in demo_accounts("XA-", "TH-") if a.username in present]
        if not lines:
            return
        width = max(len(a.words) for a in lines)
        self.stdout.write(f"Tài khoản minh họa, mật khẩu chung: {demo_password()}")
        for account in lines:
            self.stdout.write(f"  {account.words:<{width}}  {account.username}")
