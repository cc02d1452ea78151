"""Rate the teams of a force by level for a year (A11); the levels are parts of the indicator."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.numbers import format_number
from apps.indicators.models import Breakdown
from apps.programs.services.refusals import Fault
from apps.units.models import ForceKind, ForceRating, ForceStock, Unit

NOT_RATED = "chua_xep"


class ForceRatingRefused(DomainError):
    """Levels of teams cannot be written so; it names the levels."""

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


def rating_levels(kind: ForceKind) -> list[Breakdown]:
    """Return the levels that a team of a kind can reach; not rated is what remains."""
    levels = Breakdown.objects.filter(indicator__code=kind.rating_code).exclude(code=NOT_RATED)
    return list(levels.order_by("order", "pk"))


def teams_to_rate(unit: Unit, kind: ForceKind, year: int, on: date) -> int | None:
    """Return how many teams there are at the end of a year, or today in the running year."""
    day = min(date(year, 12, 31), on)
    stocks = ForceStock.objects.filter(unit=unit, kind=kind, as_of__lte=day, teams__isnull=False)
    return stocks.order_by("-as_of").values_list("teams", flat=True).first()


@transaction.atomic
def rate_force(
    *,
    unit: Unit,
    kind: ForceKind,
    year: int,
    teams: Mapping[str, int],
    by: User | None,
    at: datetime,
) -> int:
    """Write how many teams reached each level in a year; return how many are not rated yet."""
    there = teams_to_rate(unit, kind, year, timezone.localdate(at))
    known = {level.code for level in rating_levels(kind)}
    faults = [Fault(code, "Số tổ không thể âm.") for code, n in teams.items() if n < 0]
    faults += [Fault(code, "Mức này không có trong danh mục.") for code in teams.keys() - known]
    rated = sum(teams.values())
    if there is None:
        faults.append(Fault("", f"Chưa có số {kind.team_word} của năm {year}. Hãy ghi số trước."))
    elif rated > there:
        words = f"Cộng các mức là {format_number(rated)}, nhiều hơn {format_number(there)}"
        faults.append(Fault("", f"{words} {kind.team_word} đã ghi của năm {year}."))
    if faults or there is None:
        raise ForceRatingRefused(" ".join(fault.message for fault in faults), faults)
    rows = ForceRating.objects.filter(unit=unit, kind=kind, year=year)
    before = dict(rows.values_list("level", "teams"))
    rows.delete()
    facts = {"unit": unit, "kind": kind, "year": year, "recorded_at": at, "recorded_by": by}
    ForceRating.objects.bulk_create(
        [ForceRating(level=code, teams=n, **facts) for code, n in teams.items()]
    )
    detail = {"kind": kind.pk, "year": year, "before": before, "teams": dict(teams)}
    record_action(action="programs.force_rated", by=by, at=at, target=unit, detail=detail)
    return there - rated
