"""Who may open the addresses of the life of a site, kinds of models, exemplars."""

from __future__ import annotations

NOBODYS = 987_654_321
SITE: dict[str, object] = {"pk": NOBODYS}

ADDRESSES: dict[str, tuple[str, dict[str, object]]] = {
    "programs:year_rating": ("register_decide", {}),
    "programs:site_move": ("register_enter", SITE),
    "programs:site_move_undo": ("register_enter", SITE),
    "programs:replicate": ("register_decide", SITE),
    "programs:rating_remove": ("register_decide", {"pk": NOBODYS}),
    "programs:rate": ("register_decide", SITE),
    "programs:site_chain": ("register_view", SITE),
    "programs:site_refer": ("register_manage", SITE),
    "programs:referral_remove": ("register_manage", {"pk": NOBODYS}),
    "programs:types": ("register_view", {}),
    "programs:type_add": ("register_enter", {}),
    "programs:similar_types": ("register_view", {}),
    "programs:type": ("register_view", {"pk": NOBODYS}),
    "programs:type_edit": ("register_manage", {"pk": NOBODYS}),
    "programs:alias_add": ("register_manage", {"pk": NOBODYS}),
    "programs:alias_remove": ("register_manage", {"pk": NOBODYS, "alias_pk": NOBODYS}),
    "programs:type_merge": ("register_manage", {"pk": NOBODYS}),
    "programs:type_unmerge": ("register_manage", {"pk": NOBODYS}),
    "programs:type_refer": ("register_manage", {"pk": NOBODYS}),
    "programs:exemplars": ("register_view", {}),
    "programs:exemplar_add": ("register_manage", {}),
    "programs:exemplar": ("register_view", {"pk": NOBODYS}),
}
