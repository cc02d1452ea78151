"""Write on top of the sums: signed adjustments, and the words of the summary report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.numbers import format_number
from apps.core.text import nfc, nfc_lines
from apps.indicators.models import Breakdown, Indicator, Period
from apps.reports.models import Adjustment, ConsolidationText
from apps.reports.queries.drilldown import REVERSAL
from apps.reports.queries.obligations import tree_day
from apps.reports.queries.sums import ADDITIVE, Node, Total, read_node
from apps.reports.services.rollups import mark_changed
from apps.units.models import Unit


class NotAdjustable(DomainError):
    """Only figures that are added over units can carry a signed row."""


class AdjustmentEmpty(DomainError):
    """An adjustment needs an amount and a reason."""


class AdjustmentTooLarge(DomainError):
    """The adjusted sum would fall below zero."""


class AlreadyReversed(DomainError):
    """An adjustment is undone once, by one opposite row."""


class WordsConflict(DomainError):
    """Somebody else changed the words meanwhile; carries what stands there now."""

    def __init__(self, current: ConsolidationText) -> None:
        """Keep the words as they stand on the server."""
        super().__init__(
            "Người khác vừa sửa phần lời văn này. Xem bản của họ bên dưới, ghép lại rồi lưu."
        )
        self.current = current


@dataclass(frozen=True, slots=True)
class NewAdjustment:
    """What is added to the sum of a unit, signed, and why."""

    indicator: Indicator
    breakdown: str
    delta: Decimal
    reason: str
    decision_ref: str = ""


@transaction.atomic
def add_adjustment(
    *, unit: Unit, period: Period, new: NewAdjustment, by: User, at: datetime
) -> Adjustment:
    """Add a signed row at a unit; parent = Σ children + Σ adjustments stays true above it."""
    reason = nfc(new.reason)[:500]
    if not new.delta or not reason:
        raise AdjustmentEmpty("Ghi số điều chỉnh khác 0 và lý do điều chỉnh.")
    on = tree_day(unit.pk, period)
    _refuse_unfit(unit, period, new)
    row = Adjustment.objects.create(
        unit=unit,
        period=period,
        indicator=new.indicator,
        breakdown=new.breakdown,
        delta=new.delta,
        reason=reason,
        decision_ref=nfc(new.decision_ref)[:120],
        made_at=at,
        made_by=by,
    )
    mark_changed(unit_ids=[unit.pk], period=period, tree_on=on, by=by, at=at)
    record_action(
        action="reports.adjusted",
        by=by,
        at=at,
        target=row,
        detail={"delta": str(new.delta), "code": new.indicator.code, "reason": reason},
    )
    return row


def _refuse_unfit(unit: Unit, period: Period, new: NewAdjustment) -> None:
    indicator = new.indicator
    if indicator.kind not in ADDITIVE:
        raise NotAdjustable(
            f"{indicator.code} không cộng dồn theo đơn vị nên không điều chỉnh được. "
            "Sửa ở báo cáo của đơn vị lập số này."
        )
    is_known = Breakdown.objects.filter(indicator=indicator, code=new.breakdown).exists()
    if new.breakdown and not is_known:
        raise NotAdjustable(f"{indicator.code} không có phân tổ này. Tải lại trang.")
    node = Node(unit.pk, period.pk, period.start, tree_day(unit.pk, period))
    known = read_node(node).get((indicator.code, new.breakdown), Total(None, "exact", 0, 0))
    after = (known.value or Decimal(0)) + new.delta
    if after < 0:
        raise AdjustmentTooLarge(
            f"Số hiện tại là {format_number(known.value or 0, indicator.decimals)}; điều chỉnh "
            "này làm tổng âm. Kiểm tra lại số điều chỉnh."
        )


@transaction.atomic
def reverse_adjustment(
    *, adjustment: Adjustment, reason: str, by: User, at: datetime
) -> Adjustment:
    """Undo a signed row by its opposite; both stay in sight."""
    locked = (
        Adjustment.objects.select_for_update().select_related("indicator").get(pk=adjustment.pk)
    )
    mark = f"{REVERSAL}{locked.pk}"
    if Adjustment.objects.filter(period=locked.period_id, decision_ref=mark).exists():
        raise AlreadyReversed("Điều chỉnh này đã được hủy bằng một dòng ngược dấu.")
    if locked.decision_ref.startswith(REVERSAL):
        raise AlreadyReversed("Dòng này là dòng hủy; thêm điều chỉnh mới nếu cần.")
    return add_adjustment(
        unit=locked.unit,
        period=locked.period,
        new=NewAdjustment(locked.indicator, locked.breakdown, -locked.delta, reason, mark),
        by=by,
        at=at,
    )


@dataclass(frozen=True, slots=True)
class Words:
    """A part of the summary written in words, and the version it was written over (0: none)."""

    part: str
    body: str
    base: int


@transaction.atomic
def save_consolidation_text(
    *, root: Unit, period: Period, words: Words, by: User, at: datetime
) -> ConsolidationText:
    """Save a part of the summary; what somebody else wrote meanwhile is never overwritten."""
    body = nfc_lines(words.body)
    text = (
        ConsolidationText.objects.select_for_update()
        .filter(root=root, period=period, part=words.part)
        .first()
    )
    if text is None:
        text = _insert_text(root, period, words.part, body, by, at)
    elif text.body != body:
        if text.lock_version != words.base:
            raise WordsConflict(text)
        text.body, text.updated_at, text.updated_by = body, at, by
        text.lock_version += 1
        text.save()
    record_action(
        action="reports.words_saved", by=by, at=at, target=text, detail={"part": words.part}
    )
    return text


def _insert_text(
    root: Unit, period: Period, part: str, body: str, by: User, at: datetime
) -> ConsolidationText:
    try:
        with transaction.atomic():
            return ConsolidationText.objects.create(
                root=root, period=period, part=part, body=body, updated_at=at, updated_by=by
            )
    except IntegrityError as error:
        current = ConsolidationText.objects.get(root=root, period=period, part=part)
        raise WordsConflict(current) from error
