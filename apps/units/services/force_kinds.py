"""Keep the kinds of forces: data with dates, loaded from a file and corrected in the admin."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.text import nfc
from apps.units.models import ForceKind
from apps.units.services.refusals import UnitRefused

YES_OR_NO = {"yes": True, "no": False}
_TEXTS = (
    "name", "team_word", "teams_code", "due_code", "members_code", "rating_code", "mark", "source",
)  # fmt: skip
_FLAGS = ("has_teams", "has_due", "has_members", "is_rated", "is_verified")
_DAYS = ("valid_from", "valid_to")


class ForceKindsUnreadable(UnitRefused):
    """The file of kinds says something that the portal cannot read."""


@transaction.atomic
def load_force_kinds(
    *, rows: Sequence[Mapping[str, str]], by: User | None, at: datetime, overwrite: bool = False
) -> int:
    """Add the kinds that are missing; return how many are new.

    What people corrected in the Django admin stays unless the loading is told to overwrite.
    """
    kinds = [_kind(order, row) for order, row in enumerate(rows, start=1)]
    known = set(ForceKind.objects.values_list("code", flat=True))
    new = [kind for kind in kinds if kind.code not in known]
    ForceKind.objects.bulk_create(
        kinds if overwrite else new,
        update_conflicts=overwrite,
        unique_fields=["code"] if overwrite else None,
        update_fields=[*_TEXTS, *_FLAGS, *_DAYS, "order"] if overwrite else None,
    )
    if new or overwrite:
        detail = {"added": len(new), "overwrite": overwrite}
        record_action(action="units.force_kinds_loaded", by=by, at=at, detail=detail)
    return len(new)


@transaction.atomic
def save_force_kind(
    *, kind: ForceKind, changed: Sequence[str], by: User, at: datetime
) -> ForceKind:
    """Write a kind that was added or corrected in the Django admin."""
    action = "units.force_kind_changed" if kind.pk else "units.force_kind_added"
    kind.full_clean()
    kind.save()
    record_action(action=action, by=by, at=at, target=kind, detail={"changed": sorted(changed)})
    return kind


def _kind(order: int, row: Mapping[str, str]) -> ForceKind:
    """Return the unsaved kind of a line of the file."""
    try:
        return ForceKind(
            code=row["code"],
            order=order,
            **{name: nfc(row[name]) for name in _TEXTS},
            **{name: YES_OR_NO[row[name]] for name in _FLAGS},
            **{name: date.fromisoformat(row[name]) if row[name] else None for name in _DAYS},
        )
    except (KeyError, ValueError) as error:
        raise ForceKindsUnreadable(f"Dòng {order + 1} của force_kinds.csv: {error}.") from error
