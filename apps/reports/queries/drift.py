"""Where a register says something else today than it said when a report was sent."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, FilteredRelation, Q, QuerySet

from apps.indicators.figures import Figure, Key, answer_all, registers
from apps.indicators.models import Period
from apps.indicators.rules import measured_in
from apps.reports.models import Report, SubmissionLine
from apps.reports.models.review import SubmissionState
from apps.reports.queries.registers import follows_registers, register_when_sent, window_of
from apps.reports.rules import CellFigure, cell_text, register_figure, says_register
from apps.units.models import Unit

STANDING = (SubmissionState.WAITING, SubmissionState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Drift:
    """A line of a sent report whose register has changed since; the report keeps what was sent."""

    unit_id: int
    report_id: int
    line_id: int
    code: str
    breakdown: str
    name: str
    measure_unit: str
    decimals: int
    sent: CellFigure | None
    now: CellFigure | None

    @property
    def text(self) -> str:
        """Say both sides: "lúc nộp 5, nay 6"."""
        return f"lúc nộp {self._said(self.sent)}, nay {self._said(self.now)}"

    def _said(self, figure: CellFigure | None) -> str:
        return cell_text(figure, self.decimals) if figure else "chưa có gì"


def drifts_of(report: Report) -> list[Drift]:
    """Return the changed lines of one sent report; a query, and one of each register."""
    if follows_registers(report):
        return []
    lines = _lines().filter(submission__report=report, submission__state__in=STANDING)
    return _drifts(lines.order_by("line__order", "pk"), window_of(report.obligation))


def drifts_within(
    units: Collection[int] | QuerySet[Unit, int], period: Period, code: str = ""
) -> list[Drift]:
    """Return the changed lines behind a total: of accepted reports of units, all or one code."""
    lines = _lines().filter(
        submission__unit_id__in=units,
        submission__period=period,
        submission__state=SubmissionState.ACCEPTED,
    )
    if code:
        lines = lines.filter(indicator__code=code)
    ordered = lines.order_by("submission__unit_id", "line__order", "pk")
    return _drifts(ordered, (period.start, period.end))


def _lines() -> QuerySet[SubmissionLine]:
    return (
        SubmissionLine.objects.filter(indicator__source_register__in=registers())
        .annotate(
            bd=FilteredRelation(
                "indicator__breakdowns", condition=Q(indicator__breakdowns__code=F("breakdown"))
            ),
            part_name=F("bd__name"),
        )
        .select_related("indicator", "submission")
    )


def _drifts(lines: Iterable[SubmissionLine], window: tuple[date, date]) -> list[Drift]:
    sent = list(lines)
    asked: dict[str, set[str]] = {}
    for line in sent:
        asked.setdefault(line.indicator.source_register, set()).add(line.indicator.code)
    unit_ids = {line.submission.unit_id for line in sent}
    answers = answer_all(asked, unit_ids, window) if asked else {}
    return [drift for line in sent if (drift := _drift(line, answers)) is not None]


def _drift(line: SubmissionLine, answers: dict[Key, Figure]) -> Drift | None:
    indicator, unit_id = line.indicator, line.submission.unit_id
    told = answers.get((indicator.code, unit_id, line.breakdown))
    now = register_figure(told, indicator.decimals) if told is not None else None
    before = register_when_sent(line)
    if _is_same(before, now):
        return None
    part = line.part_name or ""  # type: ignore[attr-defined]  # annotated by _lines
    return Drift(
        unit_id=unit_id,
        report_id=line.submission.report_id,
        line_id=line.line_id,
        code=indicator.code,
        breakdown=line.breakdown,
        name=f"{indicator.name} ({part})" if part else indicator.name,
        measure_unit=measured_in(indicator.measure_unit, part),
        decimals=indicator.decimals,
        sent=before,
        now=now,
    )


def _is_same(before: CellFigure | None, now: CellFigure | None) -> bool:
    """Return whether nothing worth a look happened: no record at all and 0 count alike."""
    if before is None or now is None:
        known = before or now
        return known is None or known.state == "zero"
    return says_register(before, now)
