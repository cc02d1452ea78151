"""What people add above the units: signed adjustments, and the words of the summary."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.text import nfc
from apps.indicators.models import Indicator, Period
from apps.reports.models import Adjustment, ConsolidationText
from apps.reports.queries.sums import ADDITIVE
from apps.reports.services.rollups import mark_changed
from apps.units.models import Unit


class AdjustmentRefused(DomainError):
    """An adjustment needs a reason, a difference, and an indicator that is added over units."""


@dataclass(frozen=True, slots=True)
class NewAdjustment:
    """A signed row: at which unit, for which figure, how much, why."""

    unit: Unit
    period: Period
    indicator: Indicator
    breakdown: str
    delta: Decimal
    reason: str
    decision_ref: str = ""


@transaction.atomic
def add_adjustment(*, new: NewAdjustment, tree_on: date, by: User, at: datetime) -> Adjustment:
    """Add a signed row at a unit; total = own + children + adjustments holds always."""
    reason = nfc(new.reason).strip()
    if not reason:
        raise AdjustmentRefused("Ghi lý do điều chỉnh; lý do được in kèm số liệu.")
    if new.delta == 0:
        raise AdjustmentRefused("Số điều chỉnh phải khác 0 (ghi số âm để giảm).")
    if new.indicator.kind not in ADDITIVE:
        raise AdjustmentRefused("Chỉ tiêu này không cộng theo đơn vị nên không điều chỉnh được.")
    row = Adjustment.objects.create(
        unit=new.unit,
        period=new.period,
        indicator=new.indicator,
        breakdown=new.breakdown,
        delta=new.delta,
        reason=reason[:500],
        decision_ref=nfc(new.decision_ref).strip()[:120],
        made_at=at,
        made_by=by,
    )
    mark_changed(unit_ids=[new.unit.pk], period=new.period, tree_on=tree_on, by=by, at=at)
    record_action(
        action="reports.adjusted",
        by=by,
        at=at,
        target=row,
        detail={"indicator": new.indicator.code, "delta": str(new.delta), "reason": reason},
    )
    return row


class ConsolidationTextConflict(DomainError):
    """Somebody else changed the text meanwhile; carries what stands there now."""

    def __init__(self, current: ConsolidationText) -> None:
        """Keep the text as it stands on the server."""
        super().__init__("Người khác vừa sửa phần lời văn này. Xem bản của họ rồi lưu lại.")
        self.current = current


@transaction.atomic
def save_consolidation_text(
    *, root: Unit, period: Period, part: str, body: str, base: int, by: User, at: datetime
) -> ConsolidationText:
    """Save a part of the summary written in words; nobody overwrites what he has not seen."""
    body = nfc(body).strip()
    text, is_new = ConsolidationText.objects.select_for_update().get_or_create(
        root=root,
        period=period,
        part=part,
        defaults={"body": body, "updated_at": at, "updated_by": by},
    )
    if not is_new and text.body != body:
        if text.lock_version != base:
            raise ConsolidationTextConflict(text)
        text.body, text.updated_at, text.updated_by = body, at, by
        text.lock_version += 1
        text.save()
    record_action(
        action="reports.summary_text_saved", by=by, at=at, target=text, detail={"part": part}
    )
    return text
