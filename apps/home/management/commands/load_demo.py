"""Load the province to try: Đồng Tháp today with made-up figures, once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from apps.core.codes import new_password
from apps.home.services.demo_people import build_cast, build_people, demo_accounts
from apps.home.services.demo_reports import build_reports
from apps.home.services.demo_templates import build_templates
from apps.home.services.demo_units import SINCE, build_province
from apps.home.services.register_demo import build_register
from apps.papers.models import IssuingBody

PASSWORD_FILE = Path("var") / "demo-password.txt"


def demo_password() -> str:
    """Return the one password of the accounts to try; drawn at the first start, kept in var/."""
    path = settings.BASE_DIR / PASSWORD_FILE
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(new_password() + "\n", encoding="utf-8")
    return path.read_text(encoding="utf-8").strip()


class Command(BaseCommand):
    """Load the province to try; a second run changes nothing."""

    help = "Nạp tỉnh minh họa: Đồng Tháp, 102 xã phường, biểu mẫu, báo cáo ở mọi trạng thái."

    def add_arguments(self, parser: Any) -> None:
        """Let tests load a small province: six communes, two periods."""
        parser.add_argument("--small", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build units, forms, people and reports through the same services as the pages."""
        at = timezone.now()
        is_small = options["small"]
        province = build_province(at=at, n_communes=6 if is_small else None)
        build_templates(root=province.root, at=at)
        first = province.commune_codes[0]
        school = first.replace("XA-", "TH-")
        accounts = demo_accounts(first, school)
        build_people(accounts=accounts, province=province, password=demo_password(), at=at)
        IssuingBody.objects.get_or_create(
            unit=province.root,
            valid=DateRange(SINCE, None),
            defaults={
                "superior_name": "UBND TỈNH ĐỒNG THÁP",
                "name": "Ủy ban nhân dân tỉnh Đồng Tháp",
                "committee_name": "Ban Chỉ đạo 138",
                "place": "Đồng Tháp",
                "symbol": "BC-BCĐ",
                "signer_title": "TM. BAN CHỈ ĐẠO\nTRƯỞNG BAN",
                "signer_name": "(minh họa)",
                "recipients": "Bộ Công an\nThường trực Tỉnh ủy\nChủ tịch UBND tỉnh\n"
                "Thành viên Ban Chỉ đạo",
            },
        )
        cast = build_cast(at=at)
        sites = build_register(province=province, by=cast.clerk, at=at)
        made = build_reports(
            cast=cast, kept_open=frozenset({first, school}), at=at, is_small=is_small
        )
        self.stdout.write(
            f"Tỉnh minh họa: {len(province.units)} đơn vị, thêm {sites} điểm mô hình, "
            f"thêm {made} báo cáo."
        )
