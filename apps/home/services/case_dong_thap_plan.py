"""Đồng Tháp after its 2022 report: what it put before the Ministry, and the plan of 2023.

The facts are rows of `reference/seed_facts.csv` (seed 002); numbers and days of the papers are not
in the source and stay empty, or are said to be the portal's own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, date, datetime
from decimal import Decimal

from apps.accounts.models import User
from apps.home.services.case_parts import kinds_named
from apps.indicators.models import Indicator
from apps.programs.models import MinistryReferral, Program
from apps.programs.rules import Level, ProgramKind, ReferralKind, TargetSign
from apps.programs.services.program_checks import NewProgram
from apps.programs.services.programs import NewTarget, add_target, create_program, send_program
from apps.programs.services.referrals import NewReferral, record_referral
from apps.units.models import Unit
from apps.units.rules import LineageKind
from apps.units.services.tree import NewLineage, record_lineage

HEIR = "TINH-82"
SENT_ON = date(2022, 12, 1)
ISSUED_ON = date(2023, 2, 25)  # the day of the article
SENT_AT = datetime(2023, 2, 25, 2, tzinfo=UTC)
NO_DAY = "Nguồn không nêu ngày gửi; ghi tháng 12/2022 để thuộc kỳ báo cáo năm 2022."
REFERRALS = (
    (ReferralKind.PROPOSAL, "Tổ Nhân dân tự quản", ""),
    (
        ReferralKind.INTRODUCTION,
        "Hỗ trợ giáo dục, giúp đỡ người nghiện ma túy tại cộng đồng",
        " Nguồn gọi điển hình này là “Quản lý, giáo dục, giúp đỡ người nghiện…”.",
    ),
    (ReferralKind.INTRODUCTION, "Tháo gỡ, giải quyết mâu thuẫn trong nội bộ Nhân dân", ""),
)
TARGETS = (
    (
        "RC5",
        TargetSign.AT_LEAST,
        100,
        (
            "cán bộ, công chức, viên chức, người lao động, đoàn viên, hội viên, học sinh, "
            "sinh viên, Nhân dân"
        ),
    ),
    (
        "RD1",
        TargetSign.MORE_THAN,
        90,
        "khóm, ấp, xã, phường, thị trấn, cơ quan, doanh nghiệp, cơ sở giáo dục",
    ),
    ("RD7", TargetSign.MORE_THAN, 80, ""),
    ("D10", TargetSign.EXACTLY, 0, ""),
)


def record_heir(*, root: Unit, by: User, at: datetime) -> None:
    """Note that the province passed into the one of today, which then reads its papers, once."""
    heir = Unit.objects.filter(code=HEIR).first()
    if heir is None or root.successors.exists():
        return
    new = NewLineage(
        from_unit=root,
        to_unit=heir,
        kind=LineageKind.MERGE,
        effective_on=date(2025, 7, 1),
        decision_number="202/2025/QH15",
        decision_on=date(2025, 6, 12),
    )
    record_lineage(new=new, by=by, at=at)


def record_referrals(*, root: Unit, by: User, at: datetime) -> None:
    """Note one proposal for the whole country (E12a) and two introductions (E12b), once."""
    if MinistryReferral.objects.filter(unit=root).exists():
        return
    kinds = kinds_named(*(name for _kind, name, _note in REFERRALS))
    for kind, name, note in REFERRALS:
        new = NewReferral(
            kind=kind, unit=root, subject=kinds[name], sent_on=SENT_ON, note=f"{NO_DAY}{note}"
        )
        record_referral(new=new, by=by, at=at)


def record_plan(*, root: Unit, recipients: Collection[Unit], by: User) -> Program:
    """Record the plan of 2023 with its four targets, as on the day of the article, once.

    It is dated back because the units that it was sent to are no more.
    """
    known = Program.objects.filter(unit=root, issued_on=ISSUED_ON).first()
    if known is not None:
        return known
    new = NewProgram(
        kind=ProgramKind.PLAN,
        title="Kế hoạch phát động phong trào Toàn dân bảo vệ an ninh Tổ quốc năm 2023",
        issued_on=ISSUED_ON,
        issuer="Ban Chỉ đạo 138 tỉnh Đồng Tháp",
        level=Level.PROVINCE,
        unit=root,
        valid_from=ISSUED_ON,
        valid_to=date(2024, 1, 1),
        summary="Nguồn không nêu số và ngày của kế hoạch; ngày ghi ở đây là ngày của bài báo.",
    )
    program = create_program(new=new, by=by, at=SENT_AT)
    indicators = {i.code: i for i in Indicator.objects.filter(code__in=[t[0] for t in TARGETS])}
    for code, sign, value, subject in TARGETS:
        target = NewTarget(indicators[code], sign, Decimal(value), subject)
        add_target(program=program, new=target, by=by, at=SENT_AT)
    send_program(program=program, units=recipients, by=by, at=SENT_AT)
    return program
