"""Follow exemplars (điển hình tiên tiến): chosen, built up, recognised or dropped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.dates import format_date
from apps.core.text import nfc
from apps.programs.models import Exemplar, ModelSite
from apps.programs.rules import EXEMPLAR_MOVES, ExemplarState
from apps.programs.services.news import refresh_news
from apps.programs.services.refusals import RegisterRefused, refusing_by_name
from apps.units.models import Unit


@dataclass(frozen=True, slots=True)
class NewExemplar:
    """Which unit or site was chosen, by whom, in what, when."""

    subject: Unit | ModelSite
    chooser: Unit
    field: str
    chosen_on: date


@dataclass(frozen=True, slots=True)
class ExemplarStep:
    """The next step of an exemplar."""

    to_state: str
    on: date
    recogniser: str = ""
    document_number: str = ""
    reason: str = ""


@transaction.atomic
def choose_exemplar(
    *, new: NewExemplar, by: User | None, at: datetime, is_demo: bool = False
) -> Exemplar:
    """Choose a unit or a site as an example; the same one is not chosen twice in one field."""
    if new.chosen_on > timezone.localdate(at):
        raise RegisterRefused("Ngày chọn ở tương lai. Chỉ ghi việc đã xảy ra.", "chosen_on")
    site = new.subject if isinstance(new.subject, ModelSite) else None
    unit = new.subject if isinstance(new.subject, Unit) else None
    if site is not None:
        _check_launched(site, new.chosen_on)
    # Held, so that two people who choose the same at once do not choose it twice.
    type(new.subject)._default_manager.select_for_update(no_key=True).get(pk=new.subject.pk)
    same = Exemplar.objects.filter(unit=unit, site=site, field__iexact=nfc(new.field))
    if same.exclude(state=ExemplarState.DROPPED).exists():
        raise RegisterRefused("Điển hình này đã được chọn ở lĩnh vực này.", "field")
    made = Exemplar.objects.create(
        unit=unit,
        site=site,
        chooser=new.chooser,
        field=nfc(new.field),
        chosen_on=new.chosen_on,
        is_demo=is_demo,
        created_at=at,
        created_by=by,
    )
    refresh_news(site_ids=[made.site_id])
    detail = {"unit": unit and unit.pk, "site": site and site.pk, "on": new.chosen_on}
    record_action(action="programs.exemplar_chosen", by=by, at=at, target=made, detail=detail)
    return made


@transaction.atomic
def move_exemplar(
    *, exemplar: Exemplar, step: ExemplarStep, by: User | None, at: datetime
) -> Exemplar:
    """Take an exemplar one step further: built up, recognised by a named body, or dropped."""
    row = Exemplar.objects.select_for_update().get(pk=exemplar.pk)
    _check_step(row, step, timezone.localdate(at))
    old, row.state = row.state, step.to_state
    if step.to_state == ExemplarState.BUILDING:
        row.building_on = step.on
    else:
        row.closed_on = step.on
    is_recognised = step.to_state == ExemplarState.RECOGNISED
    row.recogniser = nfc(step.recogniser) if is_recognised else ""
    row.document_number = nfc(step.document_number)
    row.reason = nfc(step.reason) if step.to_state == ExemplarState.DROPPED else ""
    with refusing_by_name():
        row.save()
    refresh_news(site_ids=[row.site_id])
    detail = {"from": old, "to": step.to_state, "on": step.on, "document": row.document_number}
    record_action(action="programs.exemplar_moved", by=by, at=at, target=row, detail=detail)
    return row


def _check_launched(site: ModelSite, on: date) -> None:
    """Refuse as an example what did not work yet."""
    if site.launched_on is None:
        raise RegisterRefused("Bản nháp chưa ra mắt nên chưa làm điển hình được.", "site")
    if on < site.launched_on:
        day = format_date(site.launched_on)
        raise RegisterRefused(f"Ngày chọn trước ngày ra mắt của điểm ({day}).", "chosen_on")


def _check_step(row: Exemplar, step: ExemplarStep, today: date) -> None:
    """Refuse a jump, a wrong day and what the step does not say."""
    if step.to_state not in EXEMPLAR_MOVES[row.state]:
        now = ExemplarState(row.state).label
        raise RegisterRefused(
            f"Điển hình đang ở bước “{now}”, không chuyển như vậy. Xem lại các bước đã ghi ở trên.",
            "to_state",
        )
    if step.on > today:
        raise RegisterRefused("Ngày này ở tương lai. Chỉ ghi việc đã xảy ra.", "on")
    before = row.building_on or row.chosen_on
    if step.on < before:
        raise RegisterRefused(f"Ngày này trước bước trước đó ({format_date(before)}).", "on")
    if step.to_state == ExemplarState.RECOGNISED and not nfc(step.recogniser):
        raise RegisterRefused("Chưa nhập cơ quan công nhận.", "recogniser")
    if step.to_state == ExemplarState.DROPPED and not nfc(step.reason):
        raise RegisterRefused("Chưa nhập lý do không tiếp tục.", "reason")
