"""What is true of indicators, periods and deadlines without a database."""

from __future__ import annotations

from apps.indicators.rules.amounts import (
    CODE,
    Figure,
    FormulaUnreadable,
    Qualifier,
    measured_in,
    parse_ratio,
    ratio,
    round_half_up,
    say,
    weakest,
)
from apps.indicators.rules.deadlines import (
    RULE_GRAMMAR,
    Comparison,
    DeadlineRuleUnreadable,
    due_at,
    due_day,
    is_working_day,
    working_day_after,
)
from apps.indicators.rules.kinds import (
    AskedOf,
    IndicatorKind,
    PeriodKind,
)
from apps.indicators.rules.windows import (
    PeriodUnknown,
    kinds_of,
    numbers,
    period_label,
    previous,
    same_last_year,
    window,
)

__all__ = [
    "CODE",
    "RULE_GRAMMAR",
    "AskedOf",
    "Comparison",
    "DeadlineRuleUnreadable",
    "Figure",
    "FormulaUnreadable",
    "IndicatorKind",
    "PeriodKind",
    "PeriodUnknown",
    "Qualifier",
    "due_at",
    "due_day",
    "is_working_day",
    "kinds_of",
    "measured_in",
    "numbers",
    "parse_ratio",
    "period_label",
    "previous",
    "ratio",
    "round_half_up",
    "same_last_year",
    "say",
    "weakest",
    "window",
    "working_day_after",
]
