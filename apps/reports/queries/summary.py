"""Everything an official summary report says in figures, gathered once and then frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import connection

from apps.core.text import sort_key
from apps.indicators.models import Breakdown, Indicator, Period
from apps.indicators.queries import same_period_last_year
from apps.indicators.rules import Figure, measured_in, parse_ratio, ratio, weakest
from apps.reports.models import Obligation, RollupNode, Submission
from apps.reports.queries.obligations import tree_day
from apps.reports.queries.sums import Node, Total, Totals, read_node, read_parts
from apps.units.models import Unit
from apps.units.queries import names_of

NO_TOTAL = Total(None, "exact", 0, 0)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A computed rate with both sides, and how many units its two sides leave out."""

    value: Decimal | None
    qualifier: str
    numerator: Decimal | None
    denominator: Decimal | None
    n_left_out: int


@dataclass(frozen=True, slots=True)
class SummaryLine:
    """One line of the indicator table: now, the same period last year, and who stands behind."""

    code: str
    breakdown: str
    section: str
    name: str
    measure_unit: str
    decimals: int
    kind: str
    now: Total
    last_year: Total
    ratio: Ratio | None = None
    ratio_last_year: Ratio | None = None


@dataclass(frozen=True, slots=True)
class ChildFigures:
    """One unit directly below the province with its figures."""

    unit_id: int
    name: str
    totals: Totals
    n_accepted: int
    n_expected: int


@dataclass(frozen=True, slots=True)
class Summary:
    """All figures of a province in one period."""

    root: Unit
    period: Period
    tree_on: date
    lines: list[SummaryLine]
    children: list[ChildFigures]
    missing: list[str]
    n_accepted: int
    n_expected: int
    submission_ids: list[int]
    is_stale: bool


def gather_summary(root: Unit, period: Period) -> Summary:
    """Return a province's figures for a period; the number of queries does not grow with units."""
    on = tree_day(root.pk, period)
    now = read_node(Node(root.pk, period.pk, period.start, on))
    year_ago = same_period_last_year(period)
    before = _totals_of(root, year_ago) if year_ago else {}
    owed = _owed(root, period)
    names = names_of([row[0] for row in owed], on)
    late = {unit_id for unit_id, ok in owed if not ok}  # by unit: two may bear the same name
    missing = sorted((names[unit_id] for unit_id in late), key=sort_key)
    return Summary(
        root=root,
        period=period,
        tree_on=on,
        lines=_lines(now, before),
        children=_children(root, period, on),
        missing=missing,
        n_accepted=sum(ok for _unit, ok in owed),
        n_expected=len(owed),
        submission_ids=_inputs(root, period),
        is_stale=RollupNode.objects.filter(period=period, is_dirty=True).exists(),
    )


def _totals_of(root: Unit, period: Period) -> Totals:
    """Return a province's sums in another period; nothing when it did not exist then."""
    if not root.spans.filter(valid__overlap=(period.start, period.end)).exists():
        return {}
    return read_node(Node(root.pk, period.pk, period.start, tree_day(root.pk, period)))


def _owed(root: Unit, period: Period) -> list[tuple[int, bool]]:
    """Return (unit, accepted) for every report expected of a province in a period."""
    rows = (
        Obligation.objects.expected()
        .filter(root=root, period=period)
        .order_by("pk")
        .values_list("unit_id", "report__state")
    )
    return [(unit_id, state == "accepted") for unit_id, state in rows]


def _inputs(root: Unit, period: Period) -> list[int]:
    return list(
        Submission.objects.filter(report__obligation__root=root, period=period, state="accepted")
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def _lines(now: Totals, before: Totals) -> list[SummaryLine]:
    """Return the lines in catalogue order: typed indicators that anybody was asked, then rates."""
    parts = Breakdown.objects.order_by("order", "pk")
    names = {row[:2]: row[2] for row in parts.values_list("indicator__code", "code", "name")}
    places = {key: place for place, key in enumerate(names)}
    lines = []
    for indicator in Indicator.objects.select_related("section").order_by(
        "section__order", "order", "pk"
    ):
        keys = [key for key in now if key[0] == indicator.code]
        lines += [
            _line(indicator, key[1], names.get(key, ""), now[key], before.get(key, NO_TOTAL))
            for key in sorted(keys, key=lambda key: (places.get(key, -1), key[1]))
        ]
        if indicator.kind == "ratio":
            lines += _ratio_lines(indicator, names, now, before)
    return lines


def _line(
    indicator: Indicator, breakdown: str, part: str, now: Total, before: Total
) -> SummaryLine:
    return SummaryLine(
        code=indicator.code,
        breakdown=breakdown,
        section=indicator.section.code,
        name=f"{indicator.name} ({part})" if part else indicator.name,
        measure_unit=measured_in(indicator.measure_unit, part),
        decimals=indicator.decimals,
        kind=indicator.kind,
        now=now,
        last_year=before,
    )


def _ratio_lines(
    indicator: Indicator, names: Mapping[tuple[str, str], str], now: Totals, before: Totals
) -> list[SummaryLine]:
    """Return a rate, once for each part that its numerator is asked by: parts may overlap."""
    codes = parse_ratio(indicator.numerator)
    asked = [key for key in names if key in now and key[0] in codes]
    found = []
    for part in dict.fromkeys(["", *[key[1] for key in asked]]):
        current = rate(indicator, now, part)
        if current is None:
            continue
        name = names.get((codes[0], part), "")
        line = _line(indicator, part, name, NO_TOTAL, NO_TOTAL)
        found.append(replace(line, ratio=current, ratio_last_year=rate(indicator, before, part)))
    return found


def rate(indicator: Indicator, totals: Totals, part: str = "") -> Ratio | None:
    """Return Σ numerator / Σ denominator of a part; None when a side was not asked of anybody."""
    top = _side(parse_ratio(indicator.numerator), totals, part)
    bottom = _side(parse_ratio(indicator.denominator), totals, part)
    if top is None or bottom is None:
        return None
    left_out = max(top[1], bottom[1])
    figure = (
        ratio(top[0], bottom[0], indicator.decimals)
        if top[0] is not None and bottom[0] is not None
        else None
    )
    return Ratio(
        value=figure.value if figure else None,
        qualifier=figure.qualifier if figure else "exact",
        numerator=top[0].value if top[0] else None,
        denominator=bottom[0].value if bottom[0] else None,
        n_left_out=left_out,
    )


def _side(codes: tuple[str, ...], totals: Totals, part: str) -> tuple[Figure | None, int] | None:
    """Return one side of a rate with the units it leaves out; parts of a code are never added."""
    parts = [total for key, total in totals.items() if key[0] in codes and key[1] == part]
    if not parts:
        return None
    said = [part for part in parts if part.value is not None]
    if not said:
        return None, max(part.n_expected for part in parts)
    value = sum((part.value for part in said if part.value is not None), Decimal(0))
    figure = Figure(value, weakest(part.qualifier for part in said))
    return figure, max(part.n_expected - part.n_reporting for part in parts)


# A unit that closes inside the period counts where it stood on its last day.
OWED_BY_CHILD = """
SELECT c.ancestor_id, count(*) FILTER (WHERE r.state = 'accepted'), count(*)
  FROM reports_obligation o
  JOIN reports_report r ON r.obligation_id = o.id
  JOIN units_unitclosure c ON c.descendant_id = o.unit_id
   AND c.valid_from < o.covered_to AND c.valid_to >= o.covered_to
  JOIN units_unitclosure top ON top.descendant_id = c.ancestor_id AND top.depth = 1
   AND top.ancestor_id = %(unit)s
   AND top.valid_from < o.covered_to AND top.valid_to >= o.covered_to
 WHERE o.period_id = %(period)s AND o.state = 'expected'
 GROUP BY c.ancestor_id
UNION ALL
SELECT o.unit_id, count(*) FILTER (WHERE r.state = 'accepted'), count(*)
  FROM reports_obligation o JOIN reports_report r ON r.obligation_id = o.id
 WHERE o.period_id = %(period)s AND o.state = 'expected' AND o.unit_id = %(unit)s
 GROUP BY o.unit_id
"""


def _children(root: Unit, period: Period, on: date) -> list[ChildFigures]:
    """Return the root itself, first, and the units directly below it, each with its figures."""
    totals = read_parts(Node(root.pk, period.pk, period.start, on))
    with connection.cursor() as cursor:
        cursor.execute(OWED_BY_CHILD, {"unit": root.pk, "period": period.pk})
        owed = {unit_id: (accepted, expected) for unit_id, accepted, expected in cursor.fetchall()}
    names = names_of(owed.keys() | totals.keys(), on)  # a unit closed by then: its last name
    return [
        ChildFigures(
            unit_id=unit_id,
            name=name,
            totals=totals.get(unit_id, {}),
            n_accepted=owed.get(unit_id, (0, 0))[0],
            n_expected=owed.get(unit_id, (0, 0))[1],
        )
        for unit_id, name in sorted(
            names.items(), key=lambda row: (row[0] != root.pk, sort_key(row[1]), row[0])
        )
    ]
