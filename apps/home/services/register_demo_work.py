"""What the province to try did: activities of the last year, forces, two programmes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from apps.accounts.models import User
from apps.home.services.demo_figures import draw
from apps.home.services.demo_units import MOVEMENT_OFFICE, POLICE, ROOT, SINCE
from apps.indicators.models import Indicator
from apps.programs.models import Activity, ActivityParty, ModelSite, Program, ProgramRecipient
from apps.programs.rules import ActivityKind, Level, ProgramKind, SiteState, TargetSign
from apps.programs.services.activities import NewActivity, activity_row, organiser_rows
from apps.programs.services.news import refresh_news
from apps.programs.services.program_checks import NewProgram
from apps.programs.services.programs import NewTarget, add_target, create_program, send_program
from apps.programs.services.recipients import UnitPlan, receive_program, record_unit_plan
from apps.units.models import ForceKind, ForceStock, Unit

MONTHS = 12
TITLES = {
    ActivityKind.PROPAGANDA: "Tuyên truyền phòng, chống tội phạm",
    ActivityKind.FESTIVAL: "Ngày hội toàn dân bảo vệ an ninh Tổ quốc",
    ActivityKind.FORUM: "Diễn đàn công an lắng nghe ý kiến nhân dân",
    ActivityKind.TRAINING: "Tập huấn tổ bảo vệ an ninh, trật tự",
    ActivityKind.CONTEST: "Tọa đàm về phong trào",
    ActivityKind.INSPECTION: "Kiểm tra, hướng dẫn phong trào",
    ActivityKind.CONFERENCE: "Hội nghị đánh giá phong trào",
}
SELDOM = (
    ActivityKind.FORUM,
    ActivityKind.TRAINING,
    ActivityKind.CONTEST,
    ActivityKind.INSPECTION,
    ActivityKind.CONFERENCE,
)
# Kind of force → fewest and most teams of a commune, people in a team.
FORCES: Mapping[str, tuple[int, int, int]] = {
    "ban-chi-dao": (1, 1, 19),
    "to-bao-ve-antt": (8, 16, 3),
    "to-tu-quan": (12, 40, 12),
    "bao-ve-co-quan": (3, 12, 5),
    "to-hoa-giai": (5, 14, 7),
    "doi-dan-phong": (4, 12, 10),
}
RECEIVED, PLANNED, LAUNCHED = 70, 50, 35  # of a hundred communes


@dataclass(frozen=True, slots=True)
class Work:
    """Who did it, for whom it is written, and when it is written."""

    communes: Sequence[Unit]
    units: Mapping[str, Unit]
    today: date
    by: User
    at: datetime


def build_work(
    *,
    communes: Sequence[Unit],
    units: Mapping[str, Unit],
    sites: Sequence[ModelSite],
    by: User,
    at: datetime,
) -> None:
    """Write activities and programmes of the province to try; the caller does it once."""
    work = Work(communes, units, timezone.localdate(at), by, at)
    held = [*_of_communes(work), *_of_province(work), *_of_sites(work, sites)]
    _write_activities(work, [new for new in held if new.held_on >= SINCE])
    _count_forces(work)
    _plan(work)
    _coordination(work)


def _write_activities(work: Work, news: Sequence[NewActivity]) -> None:
    """Write many activities as an import does, in two statements."""
    rows = Activity.objects.bulk_create(activity_row(new, work.by, work.at) for new in news)
    ActivityParty.objects.bulk_create(
        party for row, new in zip(rows, news, strict=True) for party in organiser_rows(row, new)
    )
    refresh_news(site_ids=[row.site_id for row in rows])


def _of_communes(work: Work) -> Iterator[NewActivity]:
    """Yield what four of five communes did month by month; the others recorded nothing yet."""
    for number, commune in enumerate(work.communes, start=1):
        if number % 5 == 4:
            continue
        for back in range(MONTHS):
            day = work.today - timedelta(days=30 * back + draw(1, 25, "day", commune.code, back))
            yield _activity(ActivityKind.PROPAGANDA, commune, day)
            if draw(1, 4, "seldom", commune.code, back) == 1:
                kind = SELDOM[draw(0, len(SELDOM) - 1, "kind", commune.code, back)]
                yield _activity(kind, commune, day)
        co = (work.communes[number % len(work.communes)],) if number % 3 == 0 else ()
        august = date(work.today.year - (work.today.month < 9), 8, draw(10, 19, commune.code))
        yield _activity(ActivityKind.FESTIVAL, commune, august, co)


def _of_province(work: Work) -> Iterator[NewActivity]:
    """Yield what the provincial police held together with the Front and the unions."""
    police, office = work.units[POLICE], work.units[MOVEMENT_OFFICE]
    front, union = work.units["MT-82"], work.units["ND-82"]
    for back in range(0, MONTHS, 2):
        day = work.today - timedelta(days=30 * back + 5)
        yield _activity(ActivityKind.PROPAGANDA, police, day, (front,))
        yield _activity(ActivityKind.INSPECTION, office, day)
        yield _activity(ActivityKind.PROPAGANDA, union, day, (work.communes[back % 4],))


def _of_sites(work: Work, sites: Sequence[ModelSite]) -> Iterator[NewActivity]:
    """Yield news of some working sites; nothing is heard of the others."""
    for site in sites:
        if site.state == SiteState.ACTIVE and draw(1, 6, "news", site.name, site.place) == 1:
            day = work.today - timedelta(days=draw(3, 60, "news-day", site.unit.code, site.name))
            if site.launched_on is not None and site.launched_on < day:
                yield _activity(ActivityKind.CONFERENCE, site.unit, day, site=site)


def _activity(
    kind: ActivityKind,
    unit: Unit,
    day: date,
    co_organisers: tuple[Unit, ...] = (),
    *,
    site: ModelSite | None = None,
) -> NewActivity:
    key = (kind.value, unit.code, day)
    sessions = draw(1, 3, "sessions", *key) if kind == ActivityKind.PROPAGANDA else 1
    is_told = kind in {ActivityKind.PROPAGANDA, ActivityKind.FESTIVAL}
    return NewActivity(
        kind=kind,
        title=f"{TITLES[kind]} (minh họa)",
        unit=unit,
        held_on=day,
        place="Nhà văn hóa (minh họa)",
        sessions=sessions,
        points=draw(0, 3, "points", *key) if is_told else 0,
        attendances=sessions * draw(40, 160, "people", *key),
        materials=draw(0, 300, "papers", *key) if is_told else 0,
        news=draw(0, 2, "news", *key),
        posts=draw(0, 4, "posts", *key),
        cost=100_000 * draw(10, 80, "cost", *key) if kind == ActivityKind.FESTIVAL else 0,
        co_organisers=co_organisers,
        site=site,
        is_demo=True,
    )


def _count_forces(work: Work) -> None:
    """Count the forces of two of three communes half a year ago, and again where they changed."""
    kinds = {kind.code: kind for kind in ForceKind.objects.filter(code__in=FORCES)}
    before, since = work.today - timedelta(days=180), work.today - timedelta(days=20)
    days = [day for day in (before, since) if day >= SINCE]
    ForceStock.objects.bulk_create(
        _stock(work, commune, kinds[code], day)
        for number, commune in enumerate(work.communes, start=1)
        for code in FORCES
        for day in days
        if number % 3 and (day == days[0] or draw(1, 3, "changed", commune.code, code) == 1)
    )


def _stock(work: Work, commune: Unit, kind: ForceKind, day: date) -> ForceStock:
    low, high, per_team = FORCES[kind.code]
    teams = draw(low, high, "teams", kind.code, commune.code)
    more = draw(0, 3, "more", kind.code, commune.code) if day > work.today - timedelta(60) else 0
    return ForceStock(
        unit=commune,
        kind=kind,
        as_of=day,
        teams=teams if kind.has_teams else None,
        teams_due=teams if kind.has_due else None,
        members=teams * per_team + more if kind.has_members else None,
        is_demo=True,
        recorded_at=work.at,
        recorded_by=work.by,
    )


def _plan(work: Work) -> None:
    """Send a plan to every commune; some have received it, made theirs, launched it."""
    issued_on = work.today - timedelta(days=100)  # before the third quarter is cut off
    new = NewProgram(
        kind=ProgramKind.PLAN,
        title="Kế hoạch phát động phong trào Toàn dân bảo vệ an ninh Tổ quốc (minh họa)",
        number="138/KH-MH",
        issued_on=issued_on,
        issuer="Ban Chỉ đạo 138 tỉnh (minh họa)",
        level=Level.PROVINCE,
        unit=work.units[ROOT],
        valid_from=issued_on,
        plan_due_on=issued_on + timedelta(days=60),
        is_demo=True,
    )
    program = create_program(new=new, by=work.by, at=work.at)
    for code, sign, value in (("RC4", TargetSign.MORE_THAN, 90), ("RA2", TargetSign.AT_LEAST, 100)):
        target = NewTarget(Indicator.objects.get(code=code), sign, Decimal(value))
        add_target(program=program, new=target, by=work.by, at=work.at)
    communes = [unit for code, unit in work.units.items() if code.startswith("XA-")]
    send_program(program=program, units=communes, by=work.by, at=work.at)
    _answer(work, program, issued_on)


def _answer(work: Work, program: Program, issued_on: date) -> None:
    theirs = {unit.pk: unit for unit in work.communes[:30]}
    for row in ProgramRecipient.objects.filter(program=program, unit__in=theirs).order_by("pk"):
        lot = draw(1, 100, "program", theirs[row.unit_id].code)
        if lot > RECEIVED:
            continue
        if lot > PLANNED:
            receive_program(recipient=row, by=work.by, at=work.at)
            continue
        day = issued_on + timedelta(days=draw(3, 30, "plan", theirs[row.unit_id].code))
        launched_on = day + timedelta(days=5) if lot <= LAUNCHED else None
        plan = UnitPlan(f"{lot + 10}/KH-UBND", day, launched_on)
        record_unit_plan(recipient=row, plan=plan, paper=None, by=work.by, at=work.at)


def _coordination(work: Work) -> None:
    """Record a programme that several organisations carry out together (A13)."""
    issued_on = work.today - timedelta(days=200)
    new = NewProgram(
        kind=ProgramKind.COORDINATION,
        title="Chương trình phối hợp giữa Công an, Mặt trận và Hội Nông dân (minh họa)",
        number="02/CTr-MH",
        issued_on=issued_on,
        issuer="Công an tỉnh, Ủy ban MTTQ tỉnh, Hội Nông dân tỉnh (minh họa)",
        level=Level.PROVINCE,
        unit=work.units[POLICE],
        valid_from=issued_on,
        parties=(work.units["MT-82"], work.units["ND-82"]),
        is_demo=True,
    )
    program = create_program(new=new, by=work.by, at=work.at)
    send_program(program=program, units=new.parties, by=work.by, at=work.at)
