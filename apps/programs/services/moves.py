"""Move a site along its life: launch, pilot, active, to consolidate, ended; and take a move back.

A site that ends on a day works no longer on that day; its teams and things end with it, so that
no stock counts them. A move that was noted by mistake is taken back whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.contrib.postgres.fields import DateRangeField
from django.db import transaction
from django.db.models import DateField, F, Func, Q, Value
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.dates import format_date
from apps.core.text import nfc
from apps.programs.models import ModelSite, SiteEquipment, SiteMove, SiteParty, SiteTeam
from apps.programs.rules import LAWFUL_MOVES, PartyRole, SiteState
from apps.programs.services.news import refresh_news
from apps.programs.services.refusals import RegisterRefused, refusing_by_name
from apps.units.models import Unit
from apps.units.models.dated import DatedQuerySet
from apps.units.queries import names_of


@dataclass(frozen=True, slots=True)
class NewMove:
    """What is to become of a site, since when and why.

    `lock_version` is that of the page on which it was decided; None asks for no comparison.
    """

    to_state: str
    on: date
    reason: str = ""
    document_number: str = ""
    document_on: date | None = None
    lock_version: int | None = None


@transaction.atomic
def move_site(*, site: ModelSite, move: NewMove, by: User | None, at: datetime) -> SiteMove:
    """Take a site into another state, in lawful order only."""
    _lock(site, move.lock_version)
    _check_order(site, move)
    _check_day(site, move, timezone.localdate(at))
    made = SiteMove(
        site=site,
        from_state=site.state,
        to_state=move.to_state,
        on=move.on,
        reason=nfc(move.reason),
        document_number=nfc(move.document_number),
        document_on=move.document_on,
        at=at,
        by=by,
    )
    closed = _end_parts(site, move.on) if move.to_state == SiteState.ENDED else 0
    if site.state == SiteState.DRAFT:
        _shift_teams(site, timezone.localdate(site.created_at), move.on)
    _place(site, move.to_state, move.on)
    with refusing_by_name():
        _store(site, by, at)
        made.save()
    refresh_news(site_ids=[site.pk])
    record_action(
        action="programs.site_moved",
        by=by,
        at=at,
        target=site,
        detail=_told(made) | {"parts_closed": closed},
    )
    return made


@transaction.atomic
def undo_move(
    *, site: ModelSite, reason: str, lock_version: int | None, by: User | None, at: datetime
) -> None:
    """Take back the last move of a site as a mistake; what it ended runs again."""
    _lock(site, lock_version)
    if not nfc(reason):
        raise RegisterRefused("Chưa nhập lý do hoàn tác.", "reason")
    last = site.moves.order_by("-on", "-pk").first()
    if last is None:
        raise RegisterRefused("Điểm này chưa có lần đổi trạng thái nào để hoàn tác.")
    if last.to_state == SiteState.ENDED:
        _reopen_parts(site)
        site.ended_on = None
    if last.from_state == SiteState.DRAFT:
        _check_nothing_followed(site)
        _shift_teams(site, last.on, timezone.localdate(site.created_at))
        site.launched_on = None
    site.state = last.from_state
    detail = _told(last) | {"undo_reason": nfc(reason)}
    with refusing_by_name():
        _store(site, by, at)
        last.delete()
    refresh_news(site_ids=[site.pk])
    record_action(action="programs.site_move_undone", by=by, at=at, target=site, detail=detail)


def _check_nothing_followed(site: ModelSite) -> None:
    """Refuse to make a draft again of a site that was rated, or that others grew from."""
    year = site.ratings.order_by("-year").values_list("year", flat=True).first()
    if year is not None:
        raise RegisterRefused(
            f"Điểm đã được xếp loại năm {year} nên không trở về bản nháp. Hãy bỏ xếp loại đó trước."
        )
    replicas = ModelSite.objects.kept().filter(replicated_from=site).count()
    if replicas:
        raise RegisterRefused(
            f"Điểm đã nhân rộng tới {replicas} nơi nên không trở về bản nháp. Nếu sai ngày ra mắt, "
            "hãy sửa ngày; nếu ghi nhầm cả điểm, hãy bỏ các điểm nhân rộng trước."
        )


def _lock(site: ModelSite, seen: int | None) -> None:
    """Hold the row until the end, bring it up to date, refuse what was decided on an old page."""
    row = ModelSite.objects.select_for_update().only("pk").get(pk=site.pk)
    site.refresh_from_db(fields=["state", "launched_on", "ended_on", "removed_at", "lock_version"])
    if site.removed_at is not None:
        raise RegisterRefused("Điểm mô hình này đã bị bỏ khỏi sổ.")
    if seen is not None and seen != site.lock_version:
        raise RegisterRefused(
            f"Người khác vừa sửa điểm {row.code} trong lúc bạn mở trang. Hãy xem lại trạng thái "
            "hiện tại rồi chọn lại; những gì bạn đã gõ vẫn còn."
        )


def _check_order(site: ModelSite, move: NewMove) -> None:
    """Refuse a jump and a move without a reason."""
    if move.to_state not in LAWFUL_MOVES[site.state]:
        now = SiteState(site.state).label
        allowed = " hoặc ".join(f"“{SiteState(s).label}”" for s in LAWFUL_MOVES[site.state])
        way = f"chỉ chuyển được sang {allowed}" if allowed else "không chuyển được nữa"
        raise RegisterRefused(f"Điểm đang ở trạng thái “{now}”: {way}.", "to_state")
    if site.state != SiteState.DRAFT and not nfc(move.reason):
        raise RegisterRefused("Chưa nhập lý do.", "reason")
    if move.document_on and not nfc(move.document_number):
        raise RegisterRefused("Chưa nhập số của văn bản ký ngày này.", "document_number")


def _check_day(site: ModelSite, move: NewMove, today: date) -> None:
    """Refuse a day in the future, before the last move or launch, or before a unit existed."""
    if move.on > today:
        raise RegisterRefused("Ngày này ở tương lai. Chỉ ghi việc đã xảy ra.", "on")
    moved = site.moves.order_by("-on", "-pk").values_list("on", flat=True).first()
    last = moved or site.launched_on
    if last is not None and move.on < last:
        raise RegisterRefused(
            f"Ngày này trước lần đổi trạng thái gần nhất ({format_date(last)}).", "on"
        )
    if move.to_state == SiteState.ENDED and site.launched_on and move.on <= site.launched_on:
        raise RegisterRefused(
            f"Ngày dừng phải sau ngày ra mắt ({format_date(site.launched_on)}).", "on"
        )
    if site.state == SiteState.DRAFT:
        _check_units(site, move.on, today)


def _check_units(site: ModelSite, on: date, today: date) -> None:
    """Refuse a launch at, or by, a unit that did not exist on that day; it may have taken it over.

    Of a site taken over, the units of today hold what earlier ones launched.
    """
    alive = Unit.objects.alive_on(on)
    if site.taken_over_from:
        alive |= Unit.objects.alive_on(today)
    owners = SiteParty.objects.filter(site=site, role=PartyRole.OWNER).values("unit_id")
    wanted = Unit.objects.filter(Q(pk=site.unit_id) | Q(pk__in=owners))
    missing = list(wanted.exclude(pk__in=alive.values("pk"))[:3])
    if missing:
        names = names_of([unit.pk for unit in missing], on)
        listed = ", ".join(names.get(unit.pk, unit.code) for unit in missing)
        raise RegisterRefused(f"Ngày {format_date(on)} chưa có hoặc không còn: {listed}.", "on")


def _place(site: ModelSite, state: str, on: date) -> None:
    """Set the columns that say where a site is in its life."""
    if site.state == SiteState.DRAFT:
        site.launched_on = on
    if state == SiteState.ENDED:
        site.ended_on = on
    site.state = state


def _store(site: ModelSite, by: User | None, at: datetime) -> None:
    """Save the state of a site and let open pages notice."""
    site.lock_version += 1
    site.updated_at, site.updated_by = at, by
    site.save(
        update_fields=[
            "state",
            "launched_on",
            "ended_on",
            "lock_version",
            "updated_at",
            "updated_by",
        ]
    )


def _end_parts(site: ModelSite, on: date) -> int:
    """End running teams and things on the day their site ends; say how many."""
    later = Q(valid__startswith__gte=on) | Q(valid__endswith__gt=on)
    for rows in _parts(site):
        part = rows.filter(later).first()
        if part is not None:
            since = format_date(max(part.valid_from, part.valid_to or part.valid_from))
            raise RegisterRefused(
                f"Tổ, thành viên hoặc thiết bị của điểm có thay đổi ghi ngày {since}; ngày dừng "
                "phải sau ngày đó, hoặc sửa lại thay đổi đó trước.",
                "on",
            )
    return sum(rows.open_ended().update(valid=_until(on)) for rows in _parts(site))


def _reopen_parts(site: ModelSite) -> None:
    """Let the teams and things that ended on their site's last day run again."""
    for rows in _parts(site):
        rows.filter(valid__endswith=site.ended_on).update(valid=_until(None))


def _shift_teams(site: ModelSite, since: date, start: date) -> None:
    """Let a draft's first teams begin with its launch, and wait again when that is taken back."""
    first = SiteTeam.objects.reaching(start).filter(site=site, valid__startswith=since)
    begin = Value(start, output_field=DateField())
    shifted = Func(begin, F("valid__endswith"), function="DATERANGE", output_field=DateRangeField())
    first.update(valid=shifted)


def _parts(site: ModelSite) -> tuple[DatedQuerySet[SiteTeam], DatedQuerySet[SiteEquipment]]:
    """Return what a site consists of."""
    return SiteTeam.objects.filter(site=site), SiteEquipment.objects.filter(site=site)


def _until(on: date | None) -> Func:
    """Return the range of a row with another end."""
    end = Value(on, output_field=DateField())
    return Func(F("valid__startswith"), end, function="DATERANGE", output_field=DateRangeField())


def _told(move: SiteMove) -> dict[str, object]:
    """Return what the audit keeps of a move."""
    return {
        "from": move.from_state,
        "to": move.to_state,
        "on": move.on,
        "reason": move.reason,
        "document": move.document_number,
    }
