"""Figure sources of the registers "programs*" and "units.*", one statement for each of the two."""

from __future__ import annotations

from collections.abc import Collection

from apps.indicators.figures import Key, Record, RegisterFigure
from apps.programs.figures import forces, sites, wider
from apps.programs.figures.activities import ACTIVITY_BRANCH, FESTIVAL_BRANCH
from apps.programs.figures.asking import Window, answer, list_records, total

PROGRAM_REGISTERS = ("programs", "programs.models", "programs.activities")
UNIT_REGISTERS = ("units.forces", "units.blocks")

PROGRAM_BRANCHES = (
    ACTIVITY_BRANCH,
    FESTIVAL_BRANCH,
    sites.SITE_BRANCH,
    sites.TEAM_BRANCH,
    sites.CAMERA_BRANCH,
    sites.GIFT_BRANCH,
    sites.MOVE_BRANCH,
    sites.RATING_BRANCH,
    wider.COORDINATION_BRANCH,
    wider.KIND_BRANCH,
    wider.EXEMPLAR_BRANCH,
    wider.REFERRAL_BRANCH,
)
UNIT_BRANCHES = (
    forces.BLOCK_BRANCH,
    forces.FORCE_BRANCH,
    forces.UNRATED_BRANCH,
    forces.RATING_BRANCH,
)


def answer_programs(
    codes: Collection[str], unit_ids: Collection[int], window: Window
) -> dict[Key, RegisterFigure]:
    """Return what programmes, models and activities say of each unit: one statement."""
    return answer(PROGRAM_BRANCHES, codes, unit_ids, window)


def common_programs(
    codes: Collection[str], unit_ids: Collection[int], window: Window
) -> dict[tuple[str, str], RegisterFigure]:
    """Return what they say of several units together, each record once: one statement."""
    return total(PROGRAM_BRANCHES, codes, unit_ids, window)


def records_programs(
    code: str, breakdown: str, unit_ids: Collection[int], window: Window
) -> list[Record]:
    """Return the programmes, sites or activities behind a figure, newest first."""
    return list_records(PROGRAM_BRANCHES, (code, breakdown), unit_ids, window)


def answer_units(
    codes: Collection[str], unit_ids: Collection[int], window: Window
) -> dict[Key, RegisterFigure]:
    """Return what each unit says of its forces and of the blocks it heads: one statement."""
    return answer(UNIT_BRANCHES, codes, unit_ids, window)


def common_units(
    codes: Collection[str], unit_ids: Collection[int], window: Window
) -> dict[tuple[str, str], RegisterFigure]:
    """Return the forces and block members of several units together: one statement."""
    return total(UNIT_BRANCHES, codes, unit_ids, window)


def records_units(
    code: str, breakdown: str, unit_ids: Collection[int], window: Window
) -> list[Record]:
    """Return the stocks, ratings or members behind a figure, newest first."""
    return list_records(UNIT_BRANCHES, (code, breakdown), unit_ids, window)
