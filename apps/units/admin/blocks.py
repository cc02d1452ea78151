"""Blocks, their members and the police in charge in the Django admin."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from apps.core.forms import DateField
from apps.units.admin.site import ReadOnlyInline, ServiceAdmin, valid_words
from apps.units.models import Block, BlockMember, PoliceInCharge
from apps.units.permissions import user_of
from apps.units.rules import BlockKind, BlockRole
from apps.units.services import (
    create_block,
    join_block,
    leave_block,
    rename_block,
    set_police_in_charge,
)


class StartForm(forms.ModelForm):  # type: ignore[type-arg]
    """Ask from which day a new dated row holds."""

    on = DateField(label="Từ ngày", initial=timezone.localdate)


class EndForm(forms.ModelForm):  # type: ignore[type-arg]
    """Ask on which day a dated row ends."""

    ended_on = DateField(label="Kết thúc từ ngày")


class MemberInline(ReadOnlyInline):
    """List the members of a block."""

    model = BlockMember
    fields = readonly_fields = ("unit", "role", "since", "until")


class BlockChargeInline(ReadOnlyInline):
    """List the police units in charge of a block."""

    model = PoliceInCharge
    fields = readonly_fields = ("police_unit", "since", "until")


@admin.register(Block)
class BlockAdmin(ServiceAdmin):
    """Create and rename blocks."""

    list_display = ("code", "name", "kind", "is_demo")
    list_filter = ("kind", "is_demo")
    search_fields = ("code", "search_key")
    similar_by = "search_key"
    ordering = ("sort_key", "pk")
    fields = ("code", "name", "kind")
    inlines = (MemberInline, BlockChargeInline)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Block | None = None
    ) -> tuple[str, ...]:
        """Keep the code and the kind of a block."""
        return ("code", "kind") if obj else ()

    def save_model(
        self, request: HttpRequest, obj: Block, form: forms.ModelForm[Block], change: bool
    ) -> None:
        """Hand what was typed to the services."""
        by, at, typed = user_of(request), timezone.now(), form.cleaned_data
        if change:
            rename_block(block=obj, name=typed["name"], by=by, at=at)
            return
        kind = BlockKind(typed["kind"])
        block = create_block(code=typed["code"], name=typed["name"], kind=kind, by=by, at=at)
        obj.pk = block.pk
        obj._state.adding = False


class DatedAdmin(ServiceAdmin):
    """Start a dated row by its add page and end it by its change page."""

    facts: ClassVar[tuple[str, ...]] = ()

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        """Ask for a start or for an end."""
        kwargs["form"] = EndForm if change else StartForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Show what the row says, and the day."""
        return [*self.facts, "valid", "ended_on"] if obj else [*self.facts, "on"]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep what the row says; another truth is another row."""
        return (*self.facts, "valid") if obj else ()


@admin.register(BlockMember)
class BlockMemberAdmin(DatedAdmin):
    """Let units join, change their role, and leave."""

    list_display = ("block", "unit", "role", valid_words)
    list_filter = ("role",)
    list_select_related = ("block", "unit")
    search_fields = ("block__search_key", "unit__code", "unit__spans__search_key")
    autocomplete_fields = ("block", "unit")
    facts = ("block", "unit", "role")
    ordering = ("block", "-valid", "pk")

    def save_model(
        self, request: HttpRequest, obj: BlockMember, form: forms.ModelForm[Any], change: bool
    ) -> None:
        """Hand what was typed to the services."""
        by, at, typed = user_of(request), timezone.now(), form.cleaned_data
        if change:
            leave_block(block=obj.block, unit=obj.unit, on=typed["ended_on"], by=by, at=at)
            return
        role = BlockRole(typed["role"])
        member = join_block(
            block=typed["block"], unit=typed["unit"], role=role, on=typed["on"], by=by, at=at
        )
        obj.pk = member.pk
        obj._state.adding = False


@admin.register(PoliceInCharge)
class PoliceInChargeAdmin(DatedAdmin):
    """Say which police unit receives the reports of a unit or block from a day on."""

    list_display = ("unit", "block", "police_unit", valid_words)
    list_select_related = ("unit", "block", "police_unit")
    search_fields = ("unit__code", "unit__spans__search_key", "block__search_key")
    autocomplete_fields = ("unit", "block", "police_unit")
    facts = ("unit", "block", "police_unit")
    ordering = ("-valid", "pk")

    def has_change_permission(
        self, request: HttpRequest, obj: PoliceInCharge | None = None
    ) -> bool:
        """Keep what was; another police unit is set by adding a row."""
        return False

    def save_model(
        self, request: HttpRequest, obj: PoliceInCharge, form: forms.ModelForm[Any], change: bool
    ) -> None:
        """Hand what was typed to the service."""
        typed = form.cleaned_data
        row = set_police_in_charge(
            of=typed["unit"] or typed["block"],
            police_unit=typed["police_unit"],
            on=typed["on"],
            by=user_of(request),
            at=timezone.now(),
        )
        obj.pk = row.pk
        obj._state.adding = False
