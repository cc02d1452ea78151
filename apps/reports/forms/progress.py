"""Filters of the progress map, and the reminder."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.core.forms import FilterForm, Form
from apps.indicators.rules import AskedOf, PeriodKind
from apps.reports.queries.progress import Choices, Wanted
from apps.units.rules import POLICE_KINDS, UnitKind

ANY = ("", "Tất cả")
REPORTING_KINDS = [
    (kind.value, kind.label)
    for kind in UnitKind
    if kind not in POLICE_KINDS and kind != UnitKind.PROVINCE
]


class ProgressFilter(FilterForm):
    """Audience, kind of period and year are always chosen; the rest narrows."""

    asked_of = forms.ChoiceField(label="Đối tượng", required=False)
    kind = forms.ChoiceField(label="Loại kỳ", required=False)
    year = forms.TypedChoiceField(label="Năm", required=False, coerce=int, empty_value=None)
    block = forms.TypedChoiceField(
        label="Khối thi đua", required=False, coerce=int, empty_value=None
    )
    area = forms.TypedChoiceField(label="Địa bàn", required=False, coerce=int, empty_value=None)
    unit_kind = forms.ChoiceField(
        label="Loại đơn vị", required=False, choices=[ANY, *REPORTING_KINDS]
    )
    q = forms.CharField(label="Tìm đơn vị", required=False, max_length=100)

    def __init__(self, *args: Any, offered: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = {asked for asked, _kind in offered.pairs}
        kinds = {kind for _asked, kind in offered.pairs}
        self.offered = offered
        self._offer(
            "asked_of",
            [(value, AskedOf(value).label) for value in AskedOf.values if value in asked],
        )
        self._offer(
            "kind",
            [(value, PeriodKind(value).label) for value in PeriodKind.values if value in kinds],
        )
        self._offer("year", [(str(year), str(year)) for year in offered.years])
        self._offer("block", [ANY, *((str(pk), name) for pk, name in offered.blocks)])
        self._offer("area", [ANY, *((str(pk), name) for pk, name in offered.areas)])
        for name in ("block", "area"):
            if len(self.fields[name].choices) == 1:  # type: ignore[attr-defined]
                del self.fields[name]

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def wanted(self) -> Wanted | None:
        """Return what to show: what was asked for, else the first that there is."""
        if not self.offered.pairs:
            return None
        self.is_valid()  # one filter that names nothing known does not spoil the others
        said = self.cleaned_data
        asked, kind = said.get("asked_of") or "", said.get("kind") or ""
        fitting = [
            pair for pair in self.offered.pairs if asked in {"", pair[0]} and kind in {"", pair[1]}
        ]
        first = min(fitting or [(asked, kind)], key=_usual_order)
        return Wanted(
            asked_of=first[0],
            kind=first[1],
            year=said.get("year") or self.offered.years[0],
            block=said.get("block"),
            area=said.get("area"),
            unit_kind=said.get("unit_kind") or "",
            q=said.get("q") or "",
        )


def _usual_order(pair: tuple[str, str]) -> tuple[int, int]:
    """Put communes first and short periods before long ones."""
    return AskedOf.values.index(pair[0]), PeriodKind.values.index(pair[1])


class ReminderForm(Form):
    """Which reports to remind of, and a word more."""

    period = forms.IntegerField(widget=forms.HiddenInput)
    every = forms.BooleanField(required=False, widget=forms.HiddenInput)
    note = forms.CharField(
        label="Lời nhắn thêm (không bắt buộc)",
        required=False,
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def unit_ids(self) -> list[int]:
        """Return the units that were ticked."""
        typed = self.data.getlist("unit") if hasattr(self.data, "getlist") else []
        return [int(value) for value in typed if value.isdecimal() and len(value) < 19]

    def clean(self) -> dict[str, Any] | None:
        """Ask for at least one unit."""
        if not self.cleaned_data.get("every") and not self.unit_ids():
            raise forms.ValidationError("Chọn ít nhất một đơn vị để nhắc.")
        return super().clean()
