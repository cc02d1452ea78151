"""Branches of figures, and the one statement that is put together from those that are asked.

A branch is a set of rows (root_id = the unit asked, record_id, is_joint, and what is measured)
and the measures over it. Figures by unit, a common total, and the records behind a figure are the
same aggregates over the same rows: by unit, as one whole, and by record.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from apps.programs.figures.scopes import (
    OWN,
    OWN_OF_ONE,
    OWN_TOGETHER,
    TREE,
    TREE_OF_ONE,
    TREE_TOGETHER,
)

Parts = Mapping[str, str]

# Bits of the qualifiers in a sum: 1 over, 2 nearly, 3 both, which can only say about.
DOUBT = (
    "coalesce(bit_or(CASE {0} WHEN 'over' THEN 1 WHEN 'nearly' THEN 2 ELSE 0 END){1}, 0)::bigint"
)


@dataclass(frozen=True, slots=True)
class Measure:
    """One figure as an SQL aggregate over the rows of a branch, and over those that it counts.

    `told` is a column that may be empty: where no counted row says it, the figure is unknown.
    """

    code: str
    breakdown: str
    value: str
    only: str = ""
    doubt: str = ""
    told: str = ""

    @property
    def filtered(self) -> str:
        """Return what follows an aggregate to narrow its rows."""
        return f" FILTER (WHERE {self.only})" if self.only else ""

    @property
    def columns(self) -> list[str]:
        """Return the SQL of the value, and of its qualifier where it may be inexact."""
        value = f"coalesce({self.value}{self.filtered}, 0)::bigint"
        if self.told:
            is_silent = f"count(*){self.filtered} > 0 AND count({self.told}){self.filtered} = 0"
            value = f"CASE WHEN {is_silent} THEN NULL ELSE {value} END"
        return [value, DOUBT.format(self.doubt, self.filtered)] if self.doubt else [value]


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """Rows of one kind of record with their measures; only the same object is the same branch.

    `known` names the part with the units (root_id) for which nothing counted means 0; where the
    code or the breakdown is data, it is a column of the rows, named in `keys`. `described` selects
    from the part `found`: id, title, units, day, value, and the page of the record if it has one.
    """

    parts: Parts
    rows: str
    measures: tuple[Measure, ...]
    described: str
    known: str = ""
    keys: tuple[str, ...] = ()

    def measured(self, codes: Collection[str]) -> Branch:
        """Return the branch with the measures of these codes alone, perhaps with none."""
        wanted = tuple(m for m in self.measures if m.code in codes or "code" in self.keys)
        return replace(self, measures=wanted)

    def measure_of(self, code: str, breakdown: str) -> Measure | None:
        """Return the measure that gives one figure, if it is of this branch."""
        for measure in self.measures:
            is_code = measure.code == code or "code" in self.keys
            if is_code and (measure.breakdown == breakdown or "breakdown" in self.keys):
                return measure
        return None


def _key_columns(branch: Branch) -> str:
    """Return code and breakdown as columns, empty where the measures name them."""
    return ", ".join(
        f"{key}::text" if key in branch.keys else "''::text" for key in ("code", "breakdown")
    )


def _values(branch: Branch) -> str:
    columns = [column for measure in branch.measures for column in measure.columns]
    return f"ARRAY[{', '.join(columns)}]"


def _by_unit(number: int, branch: Branch) -> str:
    groups = ", ".join(("root_id", *branch.keys))
    counted = (
        f"SELECT {groups}, {_values(branch)} AS figures"  # noqa: S608  # constants of this package
        f" FROM {branch.rows} GROUP BY {groups}"
    )
    if not branch.known:
        return (
            f"SELECT {number}, root_id, NULL::bigint, {_key_columns(branch)}, true, figures"  # noqa: S608
            f" FROM ({counted}) r"
        )
    return (
        f"SELECT {number}, root_id, NULL::bigint, {_key_columns(branch)},"  # noqa: S608
        f" k.is_known IS NOT NULL, figures"
        f" FROM ({counted}) r FULL JOIN {branch.known} k USING ({groups})"
    )


def _by_joint_record(number: int, branch: Branch) -> str:
    groups = ", ".join(("root_id", "record_id", *branch.keys))
    return (
        f"SELECT {number}, root_id, record_id, {_key_columns(branch)}, true, {_values(branch)}"  # noqa: S608
        f" FROM {branch.rows} WHERE is_joint GROUP BY {groups}"
    )


def _with(branches: Collection[Branch], own: str, tree: str) -> str:
    parts = {"own": own, "tree": tree}
    for branch in branches:
        parts.update(branch.parts)
    used = ", ".join(f"{name} AS MATERIALIZED ({sql})" for name, sql in parts.items())
    return f"WITH RECURSIVE {used}"


def figures_by_unit(branches: Collection[Branch]) -> str:
    """Return the statement for the figures of each unit, and for the joint records in them."""
    return f"{_with(branches, OWN, TREE)} {_selects_by_unit(branches)}"


def figures_of_one_unit(branches: Collection[Branch]) -> str:
    """Return the same statement for a single unit."""
    return f"{_with(branches, OWN_OF_ONE, TREE_OF_ONE)} {_selects_by_unit(branches)}"


def _selects_by_unit(branches: Collection[Branch]) -> str:
    selects = [_by_unit(number, branch) for number, branch in enumerate(branches)]
    selects += [_by_joint_record(number, branch) for number, branch in enumerate(branches)]
    return " UNION ALL ".join(selects)


def figures_together(branches: Collection[Branch]) -> str:
    """Return the statement for the figures of all units as one whole."""
    selects = [_by_unit(number, branch) for number, branch in enumerate(branches)]
    return f"{_with(branches, OWN_TOGETHER, TREE_TOGETHER)} {' UNION ALL '.join(selects)}"


def records_behind(branch: Branch, measure: Measure) -> str:
    """Return the statement for the records of one measure: id, title, units, day, value."""
    keys = " AND ".join(f"{key} = %({key})s" for key in branch.keys) or "true"
    value = measure.columns[0]
    found = (
        f"SELECT record_id, {value} AS value, max(happened_on){measure.filtered} AS happened_on"  # noqa: S608
        f" FROM {branch.rows} WHERE {keys} GROUP BY record_id HAVING {value} > 0"
    )
    return (
        f"{_with([branch], OWN_TOGETHER, TREE_TOGETHER)}, found AS ({found}) {branch.described}"
        " ORDER BY happened_on DESC NULLS LAST, record_id DESC"
    )
