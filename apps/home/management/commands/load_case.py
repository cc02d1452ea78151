"""Build a real case through the services that the pages use."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from apps.home.services.cases import CASES, load_case
from apps.home.services.demo_people import case_cast
from apps.reports.tasks import ring_document


class Command(BaseCommand):
    """Build one real case and order the document of its year."""

    help = f"Dựng một trường hợp thật: {', '.join(CASES)}."

    def add_arguments(self, parser: Any) -> None:
        """Name the case."""
        parser.add_argument("case", help=", ".join(CASES))

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, order the document, and ring the worker."""
        if options["case"] not in CASES:
            raise CommandError(f"Không có trường hợp “{options['case']}”. Có: {', '.join(CASES)}.")
        at = timezone.now()
        facts = settings.BASE_DIR / "reference" / "seed_facts.csv"
        job = load_case(name=options["case"], facts_file=facts, cast=case_cast(at=at), at=at)
        ring_document(job)
        self.stdout.write(
            f"Đã nạp số liệu; tác vụ {job.pk} đang lập văn bản PDF. Xem ở Tác vụ, tài khoản "
            f"{job.owner}."
        )
