"""Who may open the addresses of one site and what it consists of."""

from __future__ import annotations

NOBODYS = 987_654_321

ADDRESSES: dict[str, tuple[str, dict[str, object]]] = {
    "programs:unit_options": ("register_view", {}),
    "programs:type_options": ("register_view", {}),
    "programs:site_add": ("register_enter", {}),
    "programs:site_drafts": ("register_enter", {}),
    "programs:site": ("register_view", {"pk": NOBODYS}),
    "programs:site_edit": ("register_enter", {"pk": NOBODYS}),
    "programs:site_remove": ("register_enter", {"pk": NOBODYS}),
    "programs:site_restore": ("register_enter", {"pk": NOBODYS}),
    "programs:site_part": ("register_enter", {"pk": NOBODYS, "part": "to"}),
    "programs:site_part_drop": (
        "register_enter",
        {"pk": NOBODYS, "part": "thiet-bi", "row_pk": NOBODYS},
    ),
    "programs:site_file": ("register_view", {"pk": NOBODYS, "file_pk": NOBODYS}),
}
