"""Units in the Django admin: created, named, moved and closed on a day, by services."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from apps.accounts.models import User
from apps.core.forms import DateField
from apps.units.admin.site import ReadOnlyInline, ServiceAdmin, UnitChoice
from apps.units.models import (
    Area,
    BlockMember,
    Lineage,
    PoliceInCharge,
    Unit,
    UnitParent,
    UnitSpan,
)
from apps.units.permissions import user_of
from apps.units.rules import UnitKind
from apps.units.services import (
    NewLineage,
    NewUnit,
    change_unit_kind,
    close_unit,
    create_unit,
    move_unit_to_area,
    record_lineage,
    rename_unit,
    set_parent,
    set_police_in_charge,
)


class UnitFields(forms.ModelForm):  # type: ignore[type-arg]
    """Ask what a unit is from a day on."""

    on = DateField(label="Từ ngày")
    name = forms.CharField(label="Tên", max_length=300)
    short_name = forms.CharField(label="Tên ngắn", max_length=100, required=False)
    kind = forms.ChoiceField(label="Loại", choices=UnitKind.choices)
    area = forms.ModelChoiceField(
        label="Địa bàn",
        queryset=Area.objects.all(),
        required=False,
        widget=AutocompleteSelect(UnitSpan.area.field, admin.site),
    )
    parent = UnitChoice(label="Đơn vị cấp trên", via=UnitParent.parent, required=False)
    police = UnitChoice(label="Công an phụ trách", via=PoliceInCharge.police_unit, required=False)

    class Meta:
        """The one column of the unit itself."""

        model = Unit
        fields: tuple[str, ...] = ("code",)


class UnitChangeFields(UnitFields):
    """Show what holds today, and take what changes from a day on."""

    is_closed = forms.BooleanField(
        label="Kết thúc hoạt động từ ngày trên",
        required=False,
        help_text="Không xóa đơn vị: số liệu cũ vẫn giữ nguyên.",
    )

    class Meta(UnitFields.Meta):
        """Nothing of the unit itself: a code is for ever."""

        fields = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        self.initial.update(current_facts(self.instance, today), on=today)


class SpanInline(ReadOnlyInline):
    """List the names of a unit."""

    model = UnitSpan
    fields = readonly_fields = ("name", "short_name", "kind", "area", "since", "until")


class ParentInline(ReadOnlyInline):
    """List where a unit stood."""

    model = UnitParent
    fk_name = "unit"
    fields = readonly_fields = ("parent", "since", "until")


class ChargeInline(ReadOnlyInline):
    """List the police units in charge."""

    model = PoliceInCharge
    fk_name = "unit"
    fields = readonly_fields = ("police_unit", "since", "until")


class BlockInline(ReadOnlyInline):
    """List the blocks of a unit."""

    model = BlockMember
    fields = readonly_fields = ("block", "role", "since", "until")


@admin.register(Unit)
class UnitAdmin(ServiceAdmin):
    """Find a unit by any name it ever had, and change it from a day on."""

    list_display = ("code", "name_today", "kind_today", "is_demo")
    list_filter = ("is_demo",)
    search_fields = ("code", "spans__search_key")
    similar_by = "spans__search_key"
    ordering = ("code",)
    inlines = (SpanInline, ParentInline, ChargeInline, BlockInline)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Unit]:
        """Bring the names of today along."""
        units = Unit.objects.all().with_names(timezone.localdate())
        return units.order_by(*self.ordering)

    def get_form(
        self, request: HttpRequest, obj: Unit | None = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Unit]]:
        """Ask for a new unit or for a change."""
        return UnitChangeFields if change else UnitFields

    def get_fields(self, request: HttpRequest, obj: Unit | None = None) -> list[Any]:
        """Put the day first when something changes."""
        facts = ["on", "name", "short_name", "kind", "area", "parent", "police"]
        return ["code", *facts] if obj is None else [*facts, "is_closed"]

    def save_model(
        self, request: HttpRequest, obj: Unit, form: forms.ModelForm[Unit], change: bool
    ) -> None:
        """Hand what was typed to the services."""
        if change:
            _change_unit(obj, form, user_of(request))
            return
        typed = form.cleaned_data
        new = NewUnit(
            code=typed["code"],
            name=typed["name"],
            short_name=typed["short_name"],
            kind=UnitKind(typed["kind"]),
            area=typed["area"],
            valid_from=typed["on"],
            parent_code=typed["parent"].code if typed["parent"] else "",
            police_code=typed["police"].code if typed["police"] else "",
        )
        unit = create_unit(new=new, by=user_of(request), at=timezone.now())
        obj.pk, obj.created_at = unit.pk, unit.created_at
        obj._state.adding = False

    @admin.display(description="Tên hiện nay")
    def name_today(self, unit: Unit) -> str:
        """Show the name of today."""
        return getattr(unit, "name", None) or "(không hoạt động)"

    @admin.display(description="Loại")
    def kind_today(self, unit: Unit) -> str:
        """Show the kind of today."""
        kind = getattr(unit, "kind", None)
        return UnitKind(kind).label if kind else ""


@admin.register(Lineage)
class LineageAdmin(ServiceAdmin):
    """Record by which decision a unit passed into another."""

    list_display = ("from_unit", "to_unit", "kind", "effective_on", "share", "decision_number")
    list_filter = ("kind",)
    list_select_related = ("from_unit", "to_unit")
    search_fields = ("from_unit__spans__search_key", "to_unit__spans__search_key")
    autocomplete_fields = ("from_unit", "to_unit")
    ordering = ("-effective_on", "-pk")

    def has_change_permission(self, request: HttpRequest, obj: Lineage | None = None) -> bool:
        """Keep what was recorded."""
        return False

    def save_model(
        self, request: HttpRequest, obj: Lineage, form: forms.ModelForm[Lineage], change: bool
    ) -> None:
        """Hand what was typed to the service."""
        written = record_lineage(
            new=NewLineage(**form.cleaned_data), by=user_of(request), at=timezone.now()
        )
        obj.pk = written.pk
        obj._state.adding = False


def current_facts(unit: Unit, on: date) -> dict[str, Any]:
    """Return what holds of a unit on a day, by the names of the form's fields."""
    span = UnitSpan.objects.alive_on(on).filter(unit=unit).first()
    parent = UnitParent.objects.alive_on(on).filter(unit=unit).first()
    charge = PoliceInCharge.objects.alive_on(on).filter(unit=unit).first()
    facts: dict[str, Any] = {
        "parent": parent.parent_id if parent else None,
        "police": charge.police_unit_id if charge else None,
    }
    if span:
        facts |= {"name": span.name, "short_name": span.short_name, "kind": span.kind}
        facts["area"] = span.area_id
    return facts


def _change_unit(unit: Unit, form: forms.ModelForm[Unit], by: User) -> None:
    """Call the service of each thing that differs from what holds on the day."""
    typed, at = form.cleaned_data, timezone.now()
    on = typed["on"]
    if typed["is_closed"]:
        close_unit(unit=unit, on=on, by=by, at=at)
        return
    known = current_facts(unit, on)
    ids = {name: typed[name].pk if typed[name] else None for name in ("area", "parent", "police")}
    if (typed["name"], typed["short_name"]) != (known.get("name"), known.get("short_name")):
        names = {"name": typed["name"], "short_name": typed["short_name"]}
        rename_unit(unit=unit, on=on, by=by, at=at, **names)
    if typed["kind"] != known.get("kind"):
        change_unit_kind(unit=unit, kind=UnitKind(typed["kind"]), on=on, by=by, at=at)
    if ids["area"] != known.get("area"):
        move_unit_to_area(unit=unit, area=typed["area"], on=on, by=by, at=at)
    if ids["parent"] != known["parent"]:
        set_parent(unit=unit, parent=typed["parent"], on=on, by=by, at=at)
    if ids["police"] and ids["police"] != known["police"]:
        set_police_in_charge(of=unit, police_unit=typed["police"], on=on, by=by, at=at)
