"""Who may open the addresses of programmes."""

from __future__ import annotations

from apps.accounts.rules import Permission

VIEW, ENTER = Permission.REGISTER_VIEW.value, Permission.REGISTER_ENTER.value
MANAGE = Permission.REGISTER_MANAGE.value
NOBODYS = 987_654_321

ADDRESSES: dict[str, tuple[str, dict[str, object]]] = {
    "programs:programs": (VIEW, {}),
    "programs:program_add": (MANAGE, {}),
    "programs:program": (VIEW, {"pk": NOBODYS}),
    "programs:program_edit": (MANAGE, {"pk": NOBODYS}),
    "programs:program_delete": (MANAGE, {"pk": NOBODYS}),
    "programs:program_withdraw": (MANAGE, {"pk": NOBODYS}),
    "programs:program_reopen": (MANAGE, {"pk": NOBODYS}),
    "programs:program_close": (MANAGE, {"pk": NOBODYS}),
    "programs:program_send": (MANAGE, {"pk": NOBODYS}),
    "programs:program_remind": (MANAGE, {"pk": NOBODYS}),
    "programs:program_sheet": (VIEW, {"pk": NOBODYS}),
    "programs:program_sheet_order": (VIEW, {"pk": NOBODYS}),
    "programs:program_attach": (MANAGE, {"pk": NOBODYS}),
    "programs:program_file": (VIEW, {"pk": NOBODYS, "file_pk": NOBODYS}),
    "programs:program_file_remove": (MANAGE, {"pk": NOBODYS, "file_pk": NOBODYS}),
    "programs:target_add": (MANAGE, {"pk": NOBODYS}),
    "programs:target_drop": (MANAGE, {"pk": NOBODYS, "target_pk": NOBODYS}),
    "programs:program_receive": (ENTER, {"pk": NOBODYS, "recipient_pk": NOBODYS}),
    "programs:program_plan": (ENTER, {"pk": NOBODYS, "recipient_pk": NOBODYS}),
    "programs:program_plan_file_remove": (
        ENTER,
        {"pk": NOBODYS, "recipient_pk": NOBODYS, "file_pk": NOBODYS},
    ),
    "programs:program_plan_file": (VIEW, {"pk": NOBODYS, "file_pk": NOBODYS}),
}
