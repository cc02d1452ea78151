"""Who may open the addresses of activities."""

from __future__ import annotations

VIEW, ENTER = "register_view", "register_enter"
NOBODYS = 987_654_321

ADDRESSES: dict[str, tuple[str, dict[str, object]]] = {
    "programs:activities": (VIEW, {}),
    "programs:activities_export": (VIEW, {}),
    "programs:activities_export_order": (VIEW, {}),
    "programs:activity_add": (ENTER, {}),
    "programs:activity_import": (ENTER, {}),
    "programs:activity_import_template": (ENTER, {}),
    "programs:activity_import_preview": (ENTER, {"pk": NOBODYS}),
    "programs:activity_import_marked": (ENTER, {"pk": NOBODYS}),
    "programs:activity_import_apply": (ENTER, {"pk": NOBODYS}),
    "programs:activity_import_undo": (ENTER, {"pk": NOBODYS}),
    "programs:activity": (VIEW, {"pk": NOBODYS}),
    "programs:activity_edit": (ENTER, {"pk": NOBODYS}),
    "programs:activity_remove": (ENTER, {"pk": NOBODYS}),
    "programs:activity_restore": (ENTER, {"pk": NOBODYS}),
}
