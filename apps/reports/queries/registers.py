"""What registers say about the lines of a report; the only place where reports ask them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from apps.indicators.figures import (
    Figure,
    Joint,
    Record,
    RegisterFigure,
    answer_all,
    has_source,
    records,
)
from apps.indicators.models import Indicator
from apps.reports.models import Obligation, Report, SubmissionLine, TemplateLine
from apps.reports.models.entry import OPEN_STATES, ReportState
from apps.reports.rules import CellFigure, Key, register_figure

LIVE_STATES = (*OPEN_STATES, ReportState.AWAITING)


@dataclass(frozen=True, slots=True)
class Said:
    """A register's figure for one line, and the records in it that other units own too."""

    figure: CellFigure
    joint: tuple[Joint, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """One line as a register is asked for it."""

    register: str
    code: str
    breakdown: str
    decimals: int


def follows_registers(report: Report) -> bool:
    """Return whether a report still shows what registers say; a sent one shows what was sent."""
    return report.state in LIVE_STATES


def registers_say(obligation: Obligation, lines: Iterable[Asked]) -> dict[Key, Said]:
    """Return the figures of registers by line: each register's function is asked once."""
    known = {(line.code, line.breakdown): line for line in lines if has_source(line.register)}
    asked: dict[str, set[str]] = {}
    for line in known.values():
        asked.setdefault(line.register, set()).add(line.code)
    if not asked:
        return {}
    answers = answer_all(asked, [obligation.unit_id], window_of(obligation))
    return {
        (code, breakdown): _said(figure, known[(code, breakdown)].decimals)
        for (code, unit_id, breakdown), figure in answers.items()
        if unit_id == obligation.unit_id and (code, breakdown) in known
    }


def window_of(obligation: Obligation) -> tuple[date, date]:
    """Return the days that a report's figures are of: the end is the first day after them."""
    return obligation.period.start, obligation.period.end


def _said(figure: Figure, decimals: int) -> Said:
    joint = figure.joint if isinstance(figure, RegisterFigure) else ()
    return Said(register_figure(figure, decimals), tuple(j for j in joint if j.value > 0))


def register_when_sent(line: SubmissionLine) -> CellFigure | None:
    """Return what the register said when a line (with its indicator) was sent; None: it did not."""
    if line.register_value is None:
        return None
    said = Figure(line.register_value, line.register_qualifier)
    return register_figure(said, line.indicator.decimals)


def lines_say(report: Report, lines: Iterable[TemplateLine]) -> Mapping[int, CellFigure]:
    """Return the register's figure of lines (with their indicators) by line id."""
    wanted = list(lines)
    said = registers_say(report.obligation, (asked_of(line) for line in wanted))
    return {
        line.pk: said[key].figure
        for line in wanted
        if (key := (line.indicator.code, line.breakdown)) in said
    }


def asked_of(line: TemplateLine) -> Asked:
    """Return a line as its register is asked for it."""
    indicator = line.indicator
    return Asked(indicator.source_register, indicator.code, line.breakdown, indicator.decimals)


def records_behind(
    indicator: Indicator, breakdown: str, unit_ids: Iterable[int], window: tuple[date, date]
) -> list[Record]:
    """Return the records behind a figure of some units, each record once, newest first."""
    found: dict[int, Record] = {}
    wanted = list(unit_ids)
    if wanted:
        for row in records(indicator.source_register, indicator.code, breakdown, wanted, window):
            found.setdefault(row.record_id, row)
    return list(found.values())
