"""Check what people type about the forces of a unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.utils import timezone

from apps.core.dates import format_date
from apps.core.forms import DateField, FilterForm, Form, NumberField
from apps.core.numbers import format_number
from apps.units.models import ForceKind
from apps.units.queries.forces import ForceLine
from apps.units.services.forces import MAX_COUNT, NUMBERS, NewStock, StockRefused

SEEN = "-da-xem"
_LABELS = {"teams": "Số {word} đã có", "teams_due": "Số {word} phải có", "members": "Số thành viên"}


class ForceFilter(FilterForm):
    """Choose the day as of which forces are shown, one kind of them, and look for a unit."""

    tim = forms.CharField(
        label="Tìm đơn vị",
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": "Gõ không dấu được"}),
    )
    loai = forms.ModelChoiceField(
        label="Lực lượng",
        queryset=ForceKind.objects.order_by("order", "pk"),
        to_field_name="code",
        required=False,
        empty_label="Tất cả loại",
    )
    ngay = DateField(label="Tính đến ngày", required=False)

    def clean(self) -> dict[str, Any]:
        """Refuse a kind on a day on which the law does not know it."""
        said = super().clean() or self.cleaned_data
        kind, day = said.get("loai"), said.get("ngay") or timezone.localdate()
        if kind is not None and (obstacle := kind.obstacle_on(day)):
            self.add_error("loai", f"{obstacle} Chọn ngày khác để xem.")
        return said

    def day(self, today: date) -> date:
        """Return the chosen day; one that cannot be read or is to come is today."""
        return min(self._said("ngay") or today, today)

    @property
    def text(self) -> str:
        """Return what is searched for."""
        return str(self._said("tim") or "")

    @property
    def kind(self) -> ForceKind | None:
        """Return the kind that alone is to be shown, if one is chosen."""
        kind: ForceKind | None = self._said("loai")
        return kind

    def _said(self, name: str) -> Any:
        """Return what was typed in a box; nothing where it cannot be read."""
        self.is_valid()
        return getattr(self, "cleaned_data", {}).get(name)


class StockForm(Form):
    """Take the numbers of all forces of a unit as of a day; only what changed is written."""

    submit_label = "Ghi số liệu"

    as_of = DateField(label="Tính đến ngày")
    note = forms.CharField(
        label="Ghi chú", max_length=300, required=False, help_text="Ví dụ: theo Quyết định số…"
    )

    def __init__(self, *args: Any, lines: Sequence[ForceLine], **kwargs: Any) -> None:
        """Ask for each number that a kind counts, filled with what holds now."""
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.conflicts: set[str] = set()
        for line in lines:
            for number, flag in NUMBERS.items():
                if getattr(line.kind, flag):
                    label = _LABELS[number].format(word=line.kind.team_word)
                    self.fields[_name(line.kind, number)] = NumberField(
                        label=label,
                        required=False,
                        max_value=MAX_COUNT,
                        initial=getattr(line.stock, number, None),
                    )

    def rows(self) -> list[tuple[ForceLine, list[tuple[forms.BoundField, str]]]]:
        """Return the numbers to fill in, kind by kind, each with what the person was shown."""
        return [
            (line, [(self[name], self._shown(line, number)) for number, name in self._boxes(line)])
            for line in self.lines
        ]

    def stocks(self) -> dict[ForceKind, NewStock]:
        """Return the kinds whose numbers the person changed, with what was typed.

        Where somebody else wrote other numbers meanwhile, both are told and nothing is taken.
        For a day before the numbers shown nothing is taken either: the boxes that were left alone
        hold numbers of a later day.
        """
        said = self.cleaned_data
        changed: dict[ForceKind, NewStock] = {}
        for line in self.lines:
            boxes = self._boxes(line)
            typed = {number: _whole(said.get(name)) for number, name in boxes}
            seen = {number: self._seen(name) for number, name in boxes}
            if typed == seen:
                continue
            if line.stock is not None and line.stock.as_of > said["as_of"]:
                shown = f"{line.kind.name} đang hiện số ngày {format_date(line.stock.as_of)}"
                way = "Để ghi cho ngày cũ hơn, chọn ngày đó ở đầu trang, bấm Xem rồi ghi."
                self.add_error("as_of", f"{shown}. {way}")
                break
            for number, name in boxes:
                held = getattr(line.stock, number, None)
                if seen[number] != held:
                    self.conflicts.add(name)
                    self.add_error(name, f"Vừa có người ghi {format_number(held) or 'trống'}.")
            changed[line.kind] = NewStock(said["as_of"], **typed, note=said["note"])
        return changed

    def _boxes(self, line: ForceLine) -> list[tuple[str, str]]:
        """Return the numbers of a kind with the names of their boxes."""
        named = [(number, _name(line.kind, number)) for number in NUMBERS]
        return [(number, name) for number, name in named if name in self.fields]

    def _seen(self, name: str) -> int | None:
        """Return the number that stood in a box when the page was opened."""
        try:
            return _whole(self.fields[name].to_python(self.data.get(f"{name}{SEEN}", "")))
        except forms.ValidationError:
            return None

    def _shown(self, line: ForceLine, number: str) -> str:
        """Return what the page says it shows: on a second look, what is there by now."""
        name = _name(line.kind, number)
        if self.is_bound and name not in self.conflicts:
            return str(self.data.get(f"{name}{SEEN}", ""))
        return format_number(getattr(line.stock, number, None))

    def refuse_all(self, refusal: StockRefused) -> None:
        """Show every fault at its field, the rest at the day."""
        kinds = {line.kind.pk: line.kind for line in self.lines}
        for fault in refusal.faults:
            kind = kinds.get(fault.kind_id or 0)
            name = _name(kind, fault.field) if kind and fault.field != "as_of" else fault.field
            self.add_error(name if name in self.fields else None, fault.message)


def _name(kind: ForceKind, number: str) -> str:
    """Name the box of a number of a kind."""
    return f"k{kind.pk}-{number}"


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)
