"""Who may open the addresses of lists, imports and the map of models."""

from __future__ import annotations

VIEW, ENTER = "register_view", "register_enter"
NOBODYS = 987_654_321

ADDRESSES: dict[str, tuple[str, dict[str, object]]] = {
    "programs:sites": (VIEW, {}),
    "programs:sites_export": (VIEW, {}),
    "programs:sites_export_order": (VIEW, {}),
    "programs:map": (VIEW, {}),
    "programs:site_import": (ENTER, {}),
    "programs:site_import_template": (ENTER, {}),
    "programs:site_import_preview": (ENTER, {"pk": NOBODYS}),
    "programs:site_import_marked": (ENTER, {"pk": NOBODYS}),
    "programs:site_import_apply": (ENTER, {"pk": NOBODYS}),
    "programs:site_import_undo": (ENTER, {"pk": NOBODYS}),
    "programs:sites_bulk": (ENTER, {}),
    "programs:sites_bulk_preview": (ENTER, {"pk": NOBODYS}),
    "programs:sites_bulk_apply": (ENTER, {"pk": NOBODYS}),
    "programs:sites_bulk_undo": (ENTER, {"pk": NOBODYS}),
    "desk:export": ("jobs_view", {"pk": NOBODYS}),
    "desk:filter_save": ("signed_in", {}),
    "desk:filter_change": ("signed_in", {"pk": NOBODYS}),
    "desk:filter_delete": ("signed_in", {"pk": NOBODYS}),
}
