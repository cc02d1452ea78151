"""Check the whole chain of the audit and its anchors."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.audit.services import AnchorUnreadable, verify_chain


class Command(BaseCommand):
    """Say whether the log is whole; leave with an error and the first bad row when it is not."""

    help = "Kiểm tra chuỗi niêm phong của nhật ký."

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify and print one line."""
        try:
            result = verify_chain(at=timezone.now())
        except AnchorUnreadable as error:
            raise CommandError(str(error)) from error
        if not result.is_ok:
            raise CommandError(
                f"Nhật ký KHÔNG nguyên vẹn ở mắt xích số {result.bad_seq}: {result.reason}."
            )
        self.stdout.write(
            f"Nhật ký nguyên vẹn: {result.checked} dòng đã niêm phong, "
            f"{result.waiting} dòng chờ niêm phong, so với {result.anchors} lần neo."
        )
