"""Registers of the province to try: sites in every state, joint ones, a chain, ratings, silence.

The first commune, with all its units, has nothing: its people record the first site and the first
activity themselves. All of it is drawn from the same fixed seed as the reports' figures.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.home.services.case_parts import kinds_named
from apps.home.services.demo_figures import draw
from apps.home.services.demo_units import COMMUNES_WITH_MEMBERS, ROOT, SINCE, Province
from apps.home.services.register_demo_work import build_work
from apps.programs.models import (
    ModelSite,
    ModelType,
    RatingLevel,
    SiteEquipment,
    SiteFunding,
    SiteMove,
    SiteParty,
    SiteTeam,
)
from apps.programs.rules import (
    Amount,
    EquipmentKind,
    ExemplarState,
    FundingSource,
    HostKind,
    Level,
    ReferralKind,
    SiteState,
)
from apps.programs.services.exemplars import (
    ExemplarStep,
    NewExemplar,
    choose_exemplar,
    move_exemplar,
)
from apps.programs.services.moves import NewMove, move_site
from apps.programs.services.ratings import rate_sites
from apps.programs.services.referrals import NewReferral, record_referral
from apps.programs.services.replication import replicate_site
from apps.programs.services.sites import (
    NewSite,
    create_site,
    launch_rows,
    party_rows,
    site_row,
    team_rows,
)
from apps.units.models import Unit

CAMERA, CHAIN = "Camera an ninh", "Cổng rào an ninh"
FARMERS, ADJOINING = "Nông dân tự quản về ANTT", "Liên kết bảo đảm ANTT khu vực giáp ranh"
CLUSTER = "Cụm cơ quan, doanh nghiệp an toàn về ANTT"
AT_COMMUNES = (
    CAMERA,
    "Tiếng kẻng an ninh",
    "Tổ Nhân dân tự quản",
    "Khu dân cư sáng, sạch, an toàn",
    "Tổ liên gia an toàn phòng cháy, chữa cháy",
    "Hòm thư tố giác tội phạm",
    "Ngọn đèn an ninh",
    "Câu lạc bộ người hoàn lương",
    "Dòng họ tự quản",
    "Tháo gỡ, giải quyết mâu thuẫn trong nội bộ Nhân dân",
)
AT_MEMBERS = {
    "TH": "Tổ xung kích cứu hộ cứu nạn và hướng dẫn giao thông trước cổng trường",
    "DN": "Tổ an ninh công nhân",
    "CQ": "Tổ an ninh nội bộ",
    "YT": "Tự phòng, tự quản, tự bảo vệ tại bệnh viện",
}
OF_PROVINCE = {
    "TR-82-1": "Khu nội trú sinh viên an toàn, văn minh, không có tội phạm và tệ nạn xã hội",
    "BV-82-1": "Tự phòng, tự quản, tự bảo vệ tại bệnh viện",
    "DN-82-1": "Đội công nhân xung kích giữ gìn ANTT",
    "PN-82": "Tổ phụ nữ không có con em vi phạm tệ nạn xã hội",
}
# Of a hundred sites, how many are in which state (up to this number).
STATES = (
    (8, SiteState.DRAFT),
    (18, SiteState.PILOT),
    (80, SiteState.ACTIVE),
    (92, SiteState.CONSOLIDATING),
    (100, SiteState.ENDED),
)
REASONS = {
    SiteState.CONSOLIDATING: "Sinh hoạt chưa đều, cần kiện toàn lại tổ (minh họa).",
    SiteState.ENDED: "Không còn phù hợp với địa bàn (minh họa).",
}
RATED = ((55, "tot"), (85, "trung_binh"), (100, "yeu"))
SHORTEST_LIFE = 60  # days between a launch and the next step


@dataclass(frozen=True, slots=True)
class Stage:
    """The province, and what stands on it when the registers are built."""

    province: Province
    kinds: dict[str, ModelType]
    today: date
    by: User
    at: datetime

    @property
    def communes(self) -> list[Unit]:
        """Return the communes with registers: all but the first."""
        return [self.province.units[code] for code in self.province.commune_codes[1:]]


@transaction.atomic
def build_register(*, province: Province, by: User, at: datetime) -> int:
    """Fill the registers of the province to try, once; return how many sites there are new."""
    if ModelSite.objects.filter(is_demo=True).exists():
        return 0
    names = {*AT_COMMUNES, *AT_MEMBERS.values(), *OF_PROVINCE.values()}
    kinds = kinds_named(*sorted(names | {CHAIN, FARMERS, ADJOINING, CLUSTER}))
    stage = Stage(province, kinds, timezone.localdate(at), by, at)
    sites = _write_sites(stage, list(_sites(stage)))
    _move_on(stage, sites)
    _equip(stage, sites)
    _rate(stage, sites)
    made = len(sites) + _replicate(stage)
    _praise(stage, sites)
    build_work(communes=stage.communes, units=province.units, sites=sites, by=by, at=at)
    record_action(action="home.register_demo_built", by=by, at=at, detail={"sites": made})
    return made


def _sites(stage: Stage) -> Iterator[NewSite]:
    """Yield the sites of communes, of their members, of the province, and joint ones."""
    for number, commune in enumerate(stage.communes, start=1):
        yield from _of_commune(stage, commune)
        if number < COMMUNES_WITH_MEMBERS:
            yield from _of_members(stage, commune)
    for code, name in OF_PROVINCE.items():
        yield _site(stage, name, stage.province.units[code], level=Level.PROVINCE)
    yield from _joint(stage)


def _of_commune(stage: Stage, commune: Unit) -> Iterator[NewSite]:
    first = draw(0, len(AT_COMMUNES) - 1, "kinds", commune.code)
    for step in range(draw(2, 4, "n-kinds", commune.code)):
        name = AT_COMMUNES[(first + 3 * step) % len(AT_COMMUNES)]
        places = draw(1, 2, "places", commune.code, name)
        for place in range(1, places + 1):
            yield _site(stage, name, commune, place=f"Ấp {place}" if places > 1 else "")


def _of_members(stage: Stage, commune: Unit) -> Iterator[NewSite]:
    area = commune.code.removeprefix("XA-")
    for prefix, name in AT_MEMBERS.items():
        yield _site(stage, name, stage.province.units[f"{prefix}-{area}"])


def _joint(stage: Stage) -> Iterator[NewSite]:
    """Yield sites of two or three owners, some with units that only help."""
    units, communes = stage.province.units, stage.communes
    union, front = units["ND-82"], units["MT-82"]
    for commune in communes[:12]:
        shared = _site(stage, FARMERS, commune)
        yield replace(shared, owners=(union, commune), coordinators=(front,))
    for left, right in zip(communes[::6], communes[1::6], strict=False):
        yield replace(_site(stage, ADJOINING, left), owners=(left, right))
    neighbours = (units["CQ-82-2"], units["DN-82-2"], units["BV-82-2"])
    cluster = _site(stage, CLUSTER, neighbours[0], level=Level.PROVINCE)
    yield replace(cluster, owners=neighbours)


def _site(
    stage: Stage,
    name: str,
    unit: Unit,
    *,
    place: str = "",
    level: str = Level.COMMUNE,
) -> NewSite:
    kind = stage.kinds[name]
    key = (name, unit.code, place)
    wanted = _wanted(key)
    n_teams = draw(1, 5, "teams", *key)
    age = draw(SHORTEST_LIFE, max(SHORTEST_LIFE, (stage.today - SINCE).days), "age", *key)
    return NewSite(
        model_type=kind,
        unit=unit,
        level=level,
        host_kind=kind.host_kind,
        place=place,
        launched_on=None if wanted == SiteState.DRAFT else stage.today - timedelta(age),
        is_pilot=wanted == SiteState.PILOT,
        n_teams=n_teams,
        members=n_teams * draw(5, 12, "members", *key),
        qualifier=Amount.OVER if draw(1, 25, "over", *key) == 1 else Amount.EXACT,
        note="Dữ liệu minh họa.",
        is_demo=True,
    )


def _wanted(key: tuple[str, ...]) -> SiteState:
    lot = draw(1, 100, "state", *key)
    return next(state for limit, state in STATES if lot <= limit)


def _key(site: ModelSite) -> tuple[str, str, str]:
    return site.model_type.name, site.unit.code, site.place


def _write_sites(stage: Stage, news: Sequence[NewSite]) -> list[ModelSite]:
    """Write many sites as an import does, in four statements."""
    by, at = stage.by, stage.at
    sites = ModelSite.objects.bulk_create(site_row(new, by, at) for new in news)
    pairs = list(zip(sites, news, strict=True))
    SiteParty.objects.bulk_create(row for site, new in pairs for row in party_rows(site, new))
    SiteTeam.objects.bulk_create(row for site, new in pairs for row in team_rows(site, new, at))
    SiteMove.objects.bulk_create(row for site in sites for row in launch_rows(site, by, at))
    return sites


def _move_on(stage: Stage, sites: Sequence[ModelSite]) -> None:
    """Take some sites further, as people do: to consolidate, back to work, ended."""
    for site in sites:
        wanted = _wanted(_key(site))
        if wanted not in REASONS or site.launched_on is None:
            continue
        later = draw(1, max(1, (stage.today - site.launched_on).days), "moved", *_key(site))
        on = site.launched_on + timedelta(later)
        move = NewMove(wanted, on, REASONS[wanted])
        move_site(site=site, move=move, by=stage.by, at=stage.at)
        if wanted == SiteState.CONSOLIDATING and draw(1, 3, "again", *_key(site)) == 1:
            move = NewMove(SiteState.ACTIVE, stage.today, "Đã củng cố xong (minh họa).")
            move_site(site=site, move=move, by=stage.by, at=stage.at)


def _equip(stage: Stage, sites: Sequence[ModelSite]) -> None:
    """Give the camera sites cameras and money that people gave."""
    for site in sites:
        if site.model_type.name != CAMERA or site.launched_on is None:
            continue
        SiteEquipment.objects.create(
            site=site,
            kind=EquipmentKind.CAMERA,
            quantity=draw(4, 40, "cameras", *_key(site)),
            valid=DateRange(site.launched_on, site.ended_on),
        )
        SiteFunding.objects.create(
            site=site,
            source=FundingSource.SOCIAL,
            amount=Decimal(500_000 * draw(4, 60, "money", *_key(site))),
            received_on=site.launched_on,
            note="Minh họa",
        )


def _rate(stage: Stage, sites: Sequence[ModelSite]) -> None:
    """Rate most sites for last year and some for this one; who is not rated may fall silent."""
    levels = {level.code: level for level in RatingLevel.objects.all()}
    this_year = stage.today.year
    for year, share in ((this_year - 1, 60), (this_year, 25)):
        rated = {
            site: levels[next(code for limit, code in RATED if _lot("level", site, year) <= limit)]
            for site in sites
            if site.launched_on is not None
            and site.launched_on.year <= year
            and site.state in {SiteState.ACTIVE, SiteState.CONSOLIDATING}
            and _lot("rated", site, year) <= share
        }
        rate_sites(year=year, levels=rated, by=stage.by, at=stage.at)


def _lot(what: str, site: ModelSite, year: int) -> int:
    return draw(1, 100, what, year, *_key(site))


def _replicate(stage: Stage) -> int:
    """Spread one site over two steps; some of the drafts have been launched, some wait."""
    source, *others = stage.communes[:9]
    new = NewSite(
        model_type=stage.kinds[CHAIN],
        unit=source,
        level=Level.COMMUNE,
        host_kind=HostKind.RESIDENTIAL,
        launched_on=SINCE + timedelta(30),
        n_teams=2,
        members=18,
        is_demo=True,
    )
    first = create_site(new=new, by=stage.by, at=stage.at)
    near, far = others[: max(1, len(others) // 2)], others[max(1, len(others) // 2) :]
    drafts = replicate_site(site=first, units=near, by=stage.by, at=stage.at)
    for number, draft in enumerate(drafts):
        if number % 3 != 2:
            on = stage.today - timedelta(days=20 + number)
            move_site(site=draft, move=NewMove(SiteState.ACTIVE, on), by=stage.by, at=stage.at)
    if far:
        drafts += replicate_site(site=drafts[0], units=far, by=stage.by, at=stage.at)
    return 1 + len(drafts)


def _praise(stage: Stage, sites: Sequence[ModelSite]) -> None:
    """Choose exemplars on their way, and put one model before the Ministry."""
    root, units = stage.province.units[ROOT], stage.communes
    working = [site for site in sites if site.state == SiteState.ACTIVE]
    chosen_on = stage.today - timedelta(days=90)
    subjects: list[Unit | ModelSite] = [units[0], working[0], units[-1], working[-1]]
    for number, subject in enumerate(subjects):
        new = NewExemplar(subject, root, "Phong trào toàn dân bảo vệ ANTQ", chosen_on)
        exemplar = choose_exemplar(new=new, by=stage.by, at=stage.at, is_demo=True)
        steps = (
            ExemplarStep(ExemplarState.BUILDING, chosen_on + timedelta(20)),
            ExemplarStep(
                ExemplarState.RECOGNISED,
                chosen_on + timedelta(70),
                recogniser="Ban Chỉ đạo 138 tỉnh (minh họa)",
                document_number=f"{number + 1}/QĐ-MH",
            ),
        )
        for step in steps[: min(number, 2)]:
            move_exemplar(exemplar=exemplar, step=step, by=stage.by, at=stage.at)
    proposal = NewReferral(ReferralKind.PROPOSAL, root, stage.kinds[CAMERA], chosen_on)
    record_referral(new=proposal, by=stage.by, at=stage.at, is_demo=True)
