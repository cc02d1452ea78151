"""Note the head of the audit's chain outside the database."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from apps.audit.services import write_anchor


class Command(BaseCommand):
    """Append one line; copy the file to another machine or print it, or it proves little."""

    help = "Ghi mã đầu chuỗi nhật ký ra tệp neo."

    def handle(self, *args: Any, **options: Any) -> None:
        """Write and show the anchor."""
        anchor = write_anchor(at=timezone.now())
        if anchor is None:
            self.stdout.write("Nhật ký chưa có dòng nào được niêm phong.")
        else:
            self.stdout.write(f"{anchor.seq}\t{anchor.hash}\t{anchor.at}")
