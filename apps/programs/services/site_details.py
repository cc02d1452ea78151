"""Write what a site consists of and brings: things, money, aims, results, what it guards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.numbers import MAX_DIGITS
from apps.core.text import nfc
from apps.programs.models import (
    ModelSite,
    ProtectedObject,
    SiteEquipment,
    SiteFunding,
    SiteObjective,
    SiteResult,
)
from apps.programs.rules import EquipmentKind, FundingSource
from apps.programs.services.news import refresh_news
from apps.programs.services.refusals import Fault
from apps.programs.services.site_checks import (
    MAX_COUNT,
    NewSite,
    SiteRefused,
    refusing_sites,
)
from apps.programs.services.sites import create_site, day_faults

MAX_LINES = 50


@dataclass(frozen=True, slots=True)
class NewEquipment:
    """How many things of which kind a site got, since when."""

    kind: str
    quantity: int
    since: date
    name: str = ""


@dataclass(frozen=True, slots=True)
class NewFunding:
    """Money that a site got on a day."""

    source: str
    amount: Decimal
    received_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """All that the form for a new site asks at once."""

    new: NewSite
    cameras: int = 0
    funding: Decimal = Decimal(0)
    funding_source: str = FundingSource.SOCIAL


@transaction.atomic
def record_site(*, opening: Opening, by: User | None, at: datetime) -> ModelSite:
    """Record a site with its first things and money, all of it or nothing."""
    site = create_site(new=opening.new, by=by, at=at)
    day = site.launched_on or timezone.localdate(at)
    if opening.cameras:
        item = NewEquipment(EquipmentKind.CAMERA, opening.cameras, day)
        add_equipment(site=site, item=item, by=by, at=at)
    if opening.funding:
        money = NewFunding(opening.funding_source, opening.funding, day)
        add_funding(site=site, funding=money, by=by, at=at)
    return site


@transaction.atomic
def add_equipment(
    *, site: ModelSite, item: NewEquipment, by: User | None, at: datetime
) -> SiteEquipment:
    """Note things that a site works with from a day on."""
    if not 0 < item.quantity <= MAX_COUNT:
        _refuse("quantity", "Số lượng phải từ 1 trở lên và không quá 10.000.000.")
    _refuse_day(site, item.since, at, "since")
    row = SiteEquipment.objects.create(
        site=site,
        kind=item.kind,
        quantity=item.quantity,
        name=nfc(item.name)[:150],
        valid=DateRange(item.since, None),
    )
    refresh_news(site_ids=[site.pk])
    detail = {"kind": item.kind, "quantity": item.quantity, "since": item.since}
    record_action(action="programs.equipment_added", by=by, at=at, target=site, detail=detail)
    return row


@transaction.atomic
def end_equipment(*, equipment: SiteEquipment, on: date, by: User | None, at: datetime) -> None:
    """Say that things are in use no longer from a day on; from their first day is a mistake."""
    site = equipment.site
    if on < equipment.valid_from:
        _refuse("on", f"Ngày này trước ngày bắt đầu dùng ({equipment.valid_from:%d/%m/%Y}).")
    if on > timezone.localdate(at):
        _refuse("on", "Ngày này còn ở tương lai.")
    if on == equipment.valid_from:
        equipment.delete()
    else:
        equipment.valid = DateRange(equipment.valid_from, on)
        equipment.save(update_fields=["valid"])
    refresh_news(site_ids=[site.pk])
    detail = {"kind": equipment.kind, "quantity": equipment.quantity, "on": on}
    record_action(action="programs.equipment_ended", by=by, at=at, target=site, detail=detail)


@transaction.atomic
def add_funding(
    *, site: ModelSite, funding: NewFunding, by: User | None, at: datetime
) -> SiteFunding:
    """Note money that a site got."""
    if not 0 < funding.amount < 10**MAX_DIGITS:
        _refuse("amount", "Số tiền phải lớn hơn 0 và không quá 15 chữ số.")
    if funding.received_on > timezone.localdate(at):
        _refuse("received_on", "Ngày này còn ở tương lai.")
    row = SiteFunding.objects.create(
        site=site,
        source=funding.source,
        amount=funding.amount,
        received_on=funding.received_on,
        note=nfc(funding.note)[:200],
    )
    refresh_news(site_ids=[site.pk])
    detail = {
        "source": funding.source,
        "amount": f"{funding.amount}",
        "received_on": funding.received_on,
    }
    record_action(action="programs.funding_added", by=by, at=at, target=site, detail=detail)
    return row


@transaction.atomic
def remove_funding(*, funding: SiteFunding, by: User | None, at: datetime) -> None:
    """Take back money that was noted by mistake."""
    detail = {
        "source": funding.source,
        "amount": f"{funding.amount}",
        "received_on": funding.received_on,
    }
    site = funding.site
    funding.delete()
    refresh_news(site_ids=[site.pk])
    record_action(action="programs.funding_removed", by=by, at=at, target=site, detail=detail)


@transaction.atomic
def add_objective(*, site: ModelSite, text: str, by: User | None, at: datetime) -> SiteObjective:
    """Give a site one more aim."""
    order = _next_order(site.objectives.count())
    row = SiteObjective.objects.create(site=site, text=_said(text, 300), order=order)
    record_action(
        action="programs.objective_added", by=by, at=at, target=site, detail={"text": row.text}
    )
    return row


@transaction.atomic
def remove_objective(*, objective: SiteObjective, by: User | None, at: datetime) -> None:
    """Take an aim away; one with results is history and stays."""
    if objective.results.exists():
        _refuse("text", "Mục tiêu đã có kết quả nên được giữ lại. Ghi nhầm thì bỏ kết quả trước.")
    site, detail = objective.site, {"text": objective.text}
    objective.delete()
    record_action(action="programs.objective_removed", by=by, at=at, target=site, detail=detail)


@transaction.atomic
def set_result(
    *, objective: SiteObjective, year: int, text: str, by: User | None, at: datetime
) -> SiteResult:
    """Say what became of an aim in a year; said again it replaces what stood there."""
    today, site = timezone.localdate(at), objective.site
    if year > today.year:
        _refuse("year", "Năm này chưa tới.")
    first = site.launched_on.year if site.launched_on else 1976
    if year < first:
        _refuse("year", f"Điểm ra mắt năm {first}.")
    with refusing_sites():
        row, _ = SiteResult.objects.update_or_create(
            objective=objective,
            year=year,
            defaults={"text": _said(text, 500), "noted_on": min(today, date(year, 12, 31))},
        )
    refresh_news(site_ids=[site.pk])
    detail = {"objective": objective.pk, "year": year, "text": row.text}
    record_action(action="programs.result_set", by=by, at=at, target=site, detail=detail)
    return row


@transaction.atomic
def remove_result(*, result: SiteResult, by: User | None, at: datetime) -> None:
    """Take back a result that was noted for the wrong year or aim."""
    site = result.objective.site
    detail = {"objective": result.objective_id, "year": result.year, "text": result.text}
    result.delete()
    refresh_news(site_ids=[site.pk])
    record_action(action="programs.result_removed", by=by, at=at, target=site, detail=detail)


@transaction.atomic
def add_protected(
    *, site: ModelSite, kind: str, quantity: int, by: User | None, at: datetime
) -> ProtectedObject:
    """Note what a site guards, by type and number."""
    if not 0 < quantity <= MAX_COUNT:
        _refuse("quantity", "Số lượng phải từ 1 trở lên và không quá 10.000.000.")
    order = _next_order(site.protected.count())
    row = ProtectedObject.objects.create(
        site=site, kind=_said(kind, 150, "kind"), quantity=quantity, order=order
    )
    detail = {"kind": row.kind, "quantity": quantity}
    record_action(action="programs.protected_added", by=by, at=at, target=site, detail=detail)
    return row


@transaction.atomic
def remove_protected(*, protected: ProtectedObject, by: User | None, at: datetime) -> None:
    """Take away what a site guards no longer."""
    site, detail = protected.site, {"kind": protected.kind, "quantity": protected.quantity}
    protected.delete()
    record_action(action="programs.protected_removed", by=by, at=at, target=site, detail=detail)


def _refuse(field: str, message: str) -> None:
    raise SiteRefused(message, [Fault(field, message)])


def _refuse_day(site: ModelSite, on: date, at: datetime, field: str) -> None:
    faults = day_faults(site, on, timezone.localdate(at), field)
    if faults:
        raise SiteRefused(faults[0].message, faults)


def _said(text: str, longest: int, field: str = "text") -> str:
    """Return a text that says something and fits."""
    said = nfc(text)
    if not said:
        _refuse(field, "Chưa nhập nội dung.")
    if len(said) > longest:
        _refuse(field, f"Nội dung dài quá {longest} ký tự.")
    return said


def _next_order(n: int) -> int:
    """Return the place of one more line, while there are not too many."""
    if n >= MAX_LINES:
        message = f"Đã có {MAX_LINES} dòng, không ghi thêm được."
        raise SiteRefused(message)
    return n
