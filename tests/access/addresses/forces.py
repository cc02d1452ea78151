"""Who may open the addresses of forces."""

from __future__ import annotations

VIEW, ENTER, DECIDE = "register_view", "register_enter", "register_decide"
NOBODYS = 987_654_321

ADDRESSES: dict[str, tuple[str, dict[str, object]]] = {
    "units:forces": (VIEW, {}),
    "units:forces_export": (VIEW, {}),
    "units:unit_forces": (VIEW, {"pk": NOBODYS}),
    "units:forces_unchanged": (ENTER, {"pk": NOBODYS}),
    "units:forces_reopen": (ENTER, {"pk": NOBODYS}),
    "units:stock_remove": (ENTER, {"pk": NOBODYS, "stock_pk": NOBODYS}),
    "programs:forces_remind": ("register_manage", {}),
    "programs:force_rating": (DECIDE, {"pk": NOBODYS}),
}
