"""The menu names pages that exist, each under a right that opens it."""

from __future__ import annotations

from django.urls import reverse

from apps.accounts.rules import TABLE
from apps.home.rules import MENU


def test_every_entry_leads_to_a_page_of_its_own() -> None:
    addresses = [reverse(entry.url_name) for entry in MENU]

    assert len(set(addresses)) == len(MENU)
    assert all(entry.label and entry.icon for entry in MENU)


def test_every_right_in_the_menu_is_held_by_somebody() -> None:
    held = {permission for role in TABLE.values() for permission in role}

    assert {entry.permission for entry in MENU} - {None} <= held
