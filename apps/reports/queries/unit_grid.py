"""Units × indicators: the figures of each unit directly below a root, for one or more periods."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from apps.indicators.models import Indicator, Period, Section
from apps.indicators.rules import weakest
from apps.reports.models import JointShare, Rollup, SubmissionLine
from apps.reports.queries.consolidation import periods_so_far
from apps.reports.queries.obligations import tree_day
from apps.reports.queries.summary import SummaryLine, gather_summary
from apps.reports.queries.sums import Node, Total, Totals, read_shared
from apps.reports.queries.sums_over_periods import grid_over_periods, leaves_over_periods
from apps.units.models import Unit

# Which units stood directly below a root in each of several periods, in each period's own tree.
CHILDREN_BY_PERIOD = """
WITH root AS (
    SELECT max(coalesce(upper(valid), 'infinity')) AS until
      FROM units_unitspan WHERE unit_id = %(root)s
), span AS (
    SELECT p.id, p.start, least(p."end", root.until) - 1 AS tree_on
      FROM indicators_period p CROSS JOIN root WHERE p.id = ANY(%(periods)s)
)
SELECT s.id, c.descendant_id
  FROM span s
  JOIN units_unitclosure c ON c.ancestor_id = %(root)s AND c.depth = 1
   AND c.valid_from <= s.tree_on AND c.valid_to > s.start
 WHERE NOT EXISTS (SELECT 1 FROM units_unitclosure later
                    WHERE later.descendant_id = c.descendant_id AND later.depth = 1
                      AND later.valid_from > c.valid_from AND later.valid_from <= s.tree_on)
"""


def children_by_period(root: Unit, period_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return the units directly below a root in each period; one query."""
    found: dict[int, set[int]] = {period: set() for period in period_ids}
    with connection.cursor() as cursor:
        cursor.execute(CHILDREN_BY_PERIOD, {"root": root.pk, "periods": list(period_ids)})
        for period, unit in cursor.fetchall():
            found[period].add(unit)
    return found


def flows_so_far(root: Unit, period: Period, section: str) -> dict[int, Totals]:
    """Return the flows of a section from the start of the year, unit by unit below a root.

    Stocks and yearly figures are states: they have no sum over periods and are left out.
    """
    flows = dict(
        Indicator.objects.filter(kind="flow", section__code=section).values_list("pk", "code")
    )
    groups: dict[frozenset[int], list[int]] = {}
    periods = [past.pk for past in periods_so_far(period)]
    for past, units in children_by_period(root, periods).items():
        groups.setdefault(frozenset(units | {root.pk}), []).append(past)
    said: dict[tuple[int, str, str], list[tuple[Decimal, str]]] = {}
    for members, past_ids in groups.items():
        words = _inexact(members, past_ids, flows)
        for unit, indicator, breakdown, value in _sums(members, past_ids, flows):
            if value is not None:
                word = words.get((unit, indicator, breakdown), "exact")
                said.setdefault((unit, flows[indicator], breakdown), []).append((value, word))
    found: dict[int, Totals] = {}
    for (unit, code, breakdown), values in said.items():
        whole = sum((value for value, _word in values), Decimal(0))
        word = weakest(word for _value, word in values)
        found.setdefault(unit, {})[(code, breakdown)] = Total(whole, word, 0, 0)
    return found


def _sums(
    units: Collection[int], periods: Sequence[int], flows: Iterable[int]
) -> list[tuple[int, int, str, Decimal | None]]:
    """Return stored sums of inner units and own figures of leaves."""
    wanted = list(flows)
    return [
        *grid_over_periods(units, periods, wanted),
        *leaves_over_periods(units, periods, wanted),
    ]


def _inexact(
    units: Collection[int], periods: Sequence[int], flows: Iterable[int]
) -> dict[tuple[int, int, str], str]:
    """Return how exact the few figures are that are not; two queries."""
    stored = Rollup.objects.filter(
        unit_id__in=units, period_id__in=periods, indicator_id__in=list(flows)
    )
    sent = SubmissionLine.objects.filter(
        submission__unit_id__in=units,
        submission__period_id__in=periods,
        submission__state="accepted",
        indicator_id__in=list(flows),
    )
    words: dict[tuple[int, int, str], list[str]] = {}
    for unit, indicator, breakdown, word in [
        *stored.exclude(qualifier="exact").values_list(
            "unit_id", "indicator_id", "breakdown", "qualifier"
        ),
        *sent.exclude(qualifier="exact").values_list(
            "submission__unit_id", "indicator_id", "breakdown", "qualifier"
        ),
    ]:
        words.setdefault((unit, indicator, breakdown), []).append(word)
    return {key: weakest(said) for key, said in words.items()}


@dataclass(frozen=True, slots=True)
class GridRow:
    """One unit with one total a column."""

    unit_id: int
    name: str
    is_root: bool
    mark: str
    cells: list[Total | None]
    columns: list[SummaryLine]

    @property
    def figures(self) -> list[tuple[Total | None, int]]:
        """Return each total with the decimals it is written with."""
        return _with_decimals(self.cells, self.columns)


@dataclass(frozen=True, slots=True)
class Grid:
    """One section of the indicators, unit by unit."""

    sections: list[tuple[str, str]]
    section: str
    columns: list[SummaryLine]
    rows: list[GridRow]
    totals: list[Total | None]

    @property
    def total_figures(self) -> list[tuple[Total | None, int]]:
        """Return each column's sum with the decimals it is written with."""
        return _with_decimals(self.totals, self.columns)


def _with_decimals(
    cells: Sequence[Total | None], columns: Sequence[SummaryLine]
) -> list[tuple[Total | None, int]]:
    return [(cell, line.decimals) for cell, line in zip(cells, columns, strict=True)]


def section_grid(root: Unit, period: Period, section: str, is_cumulative: bool) -> Grid:
    """Return a section unit by unit: this period's sums, or flows from the start of the year."""
    summary = gather_summary(root, period)
    lines = [line for line in summary.lines if line.ratio is None]
    asked = {line.section for line in lines}
    names = Section.objects.filter(code__in=asked).order_by("order", "pk")
    sections = list(names.values_list("code", "name"))
    chosen = section if section in asked else (sections[0][0] if sections else "")
    columns = [line for line in lines if line.section == chosen]
    if is_cumulative:
        columns = [line for line in columns if line.kind == "flow"]
    so_far = flows_so_far(root, period, chosen) if is_cumulative else {}
    keys = [(line.code, line.breakdown) for line in columns]
    rows = [
        GridRow(
            unit_id=child.unit_id,
            name=child.name,
            is_root=child.unit_id == root.pk,
            mark=f"{child.n_accepted}/{child.n_expected}" if child.n_expected else "",
            cells=[
                (so_far.get(child.unit_id, {}) if is_cumulative else child.totals).get(key)
                for key in keys
            ],
            columns=columns,
        )
        for child in summary.children
    ]
    rows = [row for row in rows if any(cell is not None for cell in row.cells)]
    totals: list[Total | None] = [line.now for line in columns]
    if is_cumulative:
        totals = _column_sums(rows, keys, shared_so_far(root, period, chosen))
    return Grid(sections, chosen, columns, rows, totals)


def shared_so_far(root: Unit, period: Period, section: str) -> dict[tuple[str, str], Decimal]:
    """Return what to take off the year's sums of the rows, because several rows hold a record.

    Two queries for each period that has such records at all.
    """
    shares = JointShare.objects.filter(indicator__kind="flow", indicator__section__code=section)
    flows = set(shares.values_list("indicator_id", flat=True))
    periods = {past.pk: past for past in periods_so_far(period)}
    found: dict[tuple[str, str], Decimal] = {}
    for pk in (
        shares.filter(submission__period_id__in=periods)
        .values_list("submission__period_id", flat=True)
        .distinct()
    ):
        past = periods[pk]
        node = Node(root.pk, pk, past.start, tree_day(root.pk, past))
        for row in read_shared(node, flows):
            key = (row.code, row.breakdown)
            found[key] = found.get(key, Decimal(0)) + row.value
    return found


def _column_sums(
    rows: Sequence[GridRow],
    keys: Sequence[tuple[str, str]],
    shared: Mapping[tuple[str, str], Decimal],
) -> list[Total | None]:
    found: list[Total | None] = []
    for place, key in enumerate(keys):
        said = [row.cells[place] for row in rows]
        known = [total for total in said if total is not None and total.value is not None]
        values = [total.value for total in known if total.value is not None]
        word = weakest(total.qualifier for total in known)
        whole = sum(values, shared.get(key, Decimal(0)))
        found.append(Total(whole, word, 0, 0) if values else None)
    return found
