"""Put models before the Ministry: proposals for the country (E12a) and introductions (E12b)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.dates import format_date
from apps.core.text import nfc
from apps.programs.models import MinistryReferral, ModelSite, ModelType
from apps.programs.services.news import refresh_news
from apps.programs.services.refusals import RegisterRefused, refusing_by_name
from apps.units.models import Unit


@dataclass(frozen=True, slots=True)
class NewReferral:
    """What was put before the Ministry: a kind of model, or one site."""

    kind: str
    unit: Unit
    subject: ModelType | ModelSite
    sent_on: date
    document_number: str = ""
    note: str = ""


@transaction.atomic
def record_referral(
    *, new: NewReferral, by: User | None, at: datetime, is_demo: bool = False
) -> MinistryReferral:
    """Note a letter to the Ministry on the day it was sent."""
    if new.sent_on > timezone.localdate(at):
        raise RegisterRefused("Ngày gửi ở tương lai. Chỉ ghi việc đã gửi.", "sent_on")
    site = new.subject if isinstance(new.subject, ModelSite) else None
    if site is not None:
        _check_launched(site, new.sent_on)
    with refusing_by_name():
        made = MinistryReferral.objects.create(
            kind=new.kind,
            unit=new.unit,
            model_type=new.subject if isinstance(new.subject, ModelType) else None,
            site=site,
            sent_on=new.sent_on,
            document_number=nfc(new.document_number),
            note=nfc(new.note),
            is_demo=is_demo,
            created_at=at,
            created_by=by,
        )
    refresh_news(site_ids=[made.site_id])
    detail = {"kind": new.kind, "unit": new.unit.pk, "sent_on": new.sent_on}
    record_action(action="programs.referral_noted", by=by, at=at, target=made, detail=detail)
    return made


def _check_launched(site: ModelSite, on: date) -> None:
    """Refuse to put a site before the Ministry that did not work yet."""
    if site.launched_on is None:
        raise RegisterRefused("Bản nháp chưa ra mắt nên chưa đề nghị được. Ghi ngày ra mắt trước.")
    if on < site.launched_on:
        day = format_date(site.launched_on)
        raise RegisterRefused(f"Ngày gửi trước ngày ra mắt của điểm ({day}).", "sent_on")


@transaction.atomic
def remove_referral(
    *, referral: MinistryReferral, reason: str, by: User | None, at: datetime
) -> None:
    """Take back a referral that was noted by mistake; the log keeps what it said."""
    if not nfc(reason):
        raise RegisterRefused("Chưa nhập lý do bỏ.", "reason")
    detail = {
        "kind": referral.kind,
        "sent_on": referral.sent_on,
        "model_type": referral.model_type_id,
        "site": referral.site_id,
        "reason": nfc(reason),
    }
    record_action(action="programs.referral_removed", by=by, at=at, target=referral, detail=detail)
    referral.delete()
    refresh_news(site_ids=[referral.site_id])
