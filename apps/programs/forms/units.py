"""Choose units in a form: one of the scope, or several of all, by name without accents or code."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.forms import Form
from apps.core.text import nfc
from apps.programs.queries.units import UnitOption, chosen_units, offered_units
from apps.units.models import Unit
from apps.units.models.tree import UnitQuerySet
from apps.units.queries import found_unit

MAX_LISTED = 50
MAX_CHOSEN = 200
TYPED = "-go"


class UnitPicker(forms.Widget):
    """Chosen units as boxes to untick, and a line to type a name or a code for one more.

    Without scripts the line is read when the form is sent; with them it offers units at once.
    """

    on: date | None = None
    is_single = False
    in_scope = False

    def value_from_datadict(self, data: Any, files: Any, name: str) -> tuple[list[str], str]:
        """Return the ids that are ticked and what is typed."""
        ids = data.getlist(name) if hasattr(data, "getlist") else data.get(name, [])
        return list(ids), str(data.get(f"{name}{TYPED}", ""))

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Say that nothing chosen is an answer too."""
        return False

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:
        """Draw the boxes and the line."""
        ids, typed = value if isinstance(value, tuple) else (value or [], "")
        known = _ids(ids)[:MAX_CHOSEN]
        chosen = chosen_units(known, self.on) if known and self.on else []
        whole = self.build_attrs(self.attrs, attrs)
        context = {
            "name": name,
            "typed": typed,
            "typed_name": f"{name}{TYPED}",
            "chosen": chosen,
            "attrs": whole,
            "described_by": whole.get("aria-describedby", ""),
            "is_invalid": whole.get("aria-invalid", ""),
            "is_single": self.is_single,
            "in_scope": self.in_scope,
        }
        return render_to_string("programs/_unit_picker.html", context)


def _ids(sent: Sequence[Any]) -> list[int]:
    """Return what can be ids of units, each once, whatever a browser sends."""
    texts = map(str, sent)
    return list(dict.fromkeys(int(pk) for pk in texts if pk.isdecimal() and len(pk) < 19))


class UnitsField(forms.Field):
    """Several units of all that there are; joint work crosses borders."""

    widget: Any = UnitPicker

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units: UnitQuerySet = Unit.objects.none()
        self.on: date | None = None

    def offer(self, units: UnitQuerySet, on: date) -> None:
        """Say which units may be chosen, seen from a day."""
        self.units, self.on = units, on
        if isinstance(self.widget, UnitPicker):
            self.widget.on = on

    def prepare_value(self, value: Any) -> Any:
        """Return ids for units; what was sent stays as it came."""
        if isinstance(value, (list, tuple)) and value and isinstance(value[0], Unit):
            return [unit.pk for unit in value]
        return value

    def clean(self, value: Any) -> Any:
        """Return the units that are ticked or typed, each once, in that order."""
        ids, typed = value if isinstance(value, tuple) else (value or [], "")
        units = self._ticked(ids)
        for piece in map(nfc, typed.split(";")):
            unit = self._meant(piece) if piece else None
            if unit and unit not in units:
                units.append(unit)
        if not units and self.required:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return tuple(units)

    def _ticked(self, ids: Sequence[Any]) -> list[Unit]:
        """Return the units of ids; one that may not be chosen is refused as if it were not."""
        wanted = _ids(ids)
        found = self.units.in_bulk(wanted)
        if len(found) < len(wanted) or len(wanted) > MAX_CHOSEN:
            raise forms.ValidationError("Có đơn vị không chọn được. Hãy bỏ đi và chọn lại.")
        return [found[pk] for pk in wanted]

    def _meant(self, typed: str) -> Unit:
        """Return the one unit that is typed, or say which ones it could be."""
        if self.on is None:
            raise ValueError("offer() was not called")
        unit, reason = found_unit(self.units.alive_on(self.on), typed, self.on)
        if unit is None:
            missing = f"Không tìm thấy đơn vị “{typed[:60]}”. Gõ tên (không cần dấu) hoặc mã."
            raise forms.ValidationError(missing if reason.startswith("Không") else reason)
        return unit


class UnitField(UnitsField):
    """One unit of those the person may write for: a list when it is short, else the picker."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.options: list[UnitOption] = []

    def offer(self, units: UnitQuerySet, on: date) -> None:
        """Take the units of the scope and choose how to show them."""
        self.options = offered_units(units.values_list("pk", flat=True), on, MAX_LISTED + 1)
        if len(self.options) <= MAX_LISTED:
            choices = [("", "Chọn đơn vị"), *((o.pk, o.label) for o in self.options)]
            self.widget = forms.Select(choices=choices if len(choices) != 2 else choices[1:])
            self.widget.is_required = self.required
        elif isinstance(self.widget, UnitPicker):
            self.widget.is_single = self.widget.in_scope = True
        super().offer(units, on)

    def prepare_value(self, value: Any) -> Any:
        """Return the id of a unit, in a list where the picker shows it."""
        if isinstance(value, Unit):
            return value.pk if isinstance(self.widget, forms.Select) else [value.pk]
        return value

    def clean(self, value: Any) -> Unit | None:
        """Return the chosen unit."""
        if not isinstance(value, tuple):
            value = ([value] if value else [], "")
        units = super().clean(value)
        if len(units) > 1:
            raise forms.ValidationError("Chỉ chọn một đơn vị.")
        return units[0] if units else None


class FormWithUnits(Form):
    """A form whose unit fields know the person: `UnitField` his scope, `UnitsField` all units."""

    def __init__(
        self,
        *args: Any,
        user: User,
        on: date,
        permission: Permission = Permission.REGISTER_ENTER,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.on = user, on
        for field in self.fields.values():
            if isinstance(field, UnitField):
                field.offer(Unit.objects.visible_to(user, on, permission), on)
            elif isinstance(field, UnitsField):
                field.offer(Unit.objects.all(), on)
