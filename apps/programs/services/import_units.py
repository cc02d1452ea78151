"""Find the units that the rows of a list name, by code or by whole name, in two queries for all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.text import search_key
from apps.units.models import Unit, UnitSpan
from apps.units.permissions import scope_unit_ids
from apps.units.queries import names_of


class NotFound(DomainError):
    """A cell names something that there is not, or not in the person's scope."""


class NamedUnits:
    """Hold what the database knows about the units that a list names."""

    def __init__(self, typed: Iterable[str], by: User, on: date) -> None:
        asked = set(typed) - {""}
        self.by_code = {unit.code: unit for unit in Unit.objects.filter(code__in=asked)}
        self.by_name: dict[str, list[Unit]] = {}
        keys = {search_key(text) for text in asked if text not in self.by_code}
        spans = UnitSpan.objects.alive_on(on).filter(search_key__in=keys)
        for span in spans.select_related("unit"):
            self.by_name.setdefault(span.search_key, []).append(span.unit)
        self.scope = set(scope_unit_ids(by, on, Permission.REGISTER_ENTER))

    def own(self, typed: str) -> Unit:
        """Return the unit that is meant among those the person writes for."""
        found = [unit for unit in self._called(typed) if unit.pk in self.scope]
        return _only(typed, found, " trong phạm vi của bạn")

    def listed(self, typed: str) -> tuple[Unit, ...]:
        """Return the units of anywhere that a cell lists."""
        return tuple(_only(part, self._called(part), "") for part in listed(typed))

    def _called(self, typed: str) -> list[Unit]:
        by_code = self.by_code.get(typed)
        return [by_code] if by_code else self.by_name.get(search_key(typed), [])


def listed(text: str) -> Iterator[str]:
    """Yield the units of a cell."""
    return (part.strip() for part in text.split(";") if part.strip())


def unit_names(typed: list[str], on: date) -> list[str]:
    """Return the names of units, whether a code or a name is typed."""
    by_code = dict(Unit.objects.filter(code__in=typed).values_list("code", "pk"))
    names = names_of(list(by_code.values()), on)
    return [names.get(by_code.get(text, 0), text) for text in typed]


def _only(typed: str, found: list[Unit], where: str) -> Unit:
    """Return the one unit that was found, or say why it is not one."""
    if len(found) > 1:
        codes = ", ".join(sorted(unit.code for unit in found)[:5])
        raise NotFound(f"có nhiều đơn vị tên “{typed[:60]}”. Hãy ghi mã, một trong: {codes}.")
    if not found:
        raise NotFound(f"không có đơn vị “{typed[:60]}”{where}.")
    return found[0]
