"""Address → what its view asks for, and the ids in it that belong to somebody else's unit."""

from __future__ import annotations

from tests.access.addresses import activities, forces, life, lists, programs, reports, sites

REGISTERS: dict[str, tuple[str, dict[str, object]]] = {
    **lists.ADDRESSES,
    **sites.ADDRESSES,
    **life.ADDRESSES,
    **activities.ADDRESSES,
    **programs.ADDRESSES,
    **forces.ADDRESSES,
    **reports.ADDRESSES,
}
