"""Memberships in the Django admin: who has which role in which unit, from a day to a day."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.rules import ROLE_WORDS, Role
from apps.units.admin.blocks import DatedAdmin
from apps.units.admin.site import valid_words
from apps.units.models import Membership
from apps.units.permissions import user_of
from apps.units.services import end_membership, grant_membership

_ROLES = [(role.value, words.name) for role, words in ROLE_WORDS.items()]


@admin.register(Membership)
class MembershipAdmin(DatedAdmin):
    """Give and take back roles; every role can be given here."""

    list_display = ("user", "unit", "role_name", valid_words)
    list_select_related = ("user", "unit")
    search_fields = ("user__username", "unit__code", "unit__spans__search_key")
    autocomplete_fields = ("user", "unit")
    facts = ("user", "unit", "role")
    ordering = ("user", "-valid", "pk")

    def formfield_for_dbfield(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.Field | None:
        """Offer the roles of the table."""
        if db_field.name == "role":
            return forms.ChoiceField(label="Vai trò", choices=_ROLES)
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: Membership, form: forms.ModelForm[Any], change: bool
    ) -> None:
        """Hand what was typed to the services."""
        by, at, typed = user_of(request), timezone.now(), form.cleaned_data
        if change:
            end_membership(membership=obj, on=typed["ended_on"], by=by, at=at)
            return
        row = grant_membership(
            user=typed["user"],
            unit=typed["unit"],
            role=Role(typed["role"]),
            on=typed["on"],
            by=by,
            at=at,
        )
        obj.pk = row.pk
        obj._state.adding = False

    @admin.display(description="Vai trò", ordering="role")
    def role_name(self, row: Membership) -> str:
        """Show the role as people call it."""
        return ROLE_WORDS[Role(row.role)].name
