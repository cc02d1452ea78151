"""Check what was typed in a grid: one cell, a pasted block, a whole section, a text."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms

from apps.core.errors import DomainError
from apps.core.forms import Form
from apps.core.text import nfc
from apps.reports.models import TemplateLine
from apps.reports.models.entry import CellSource
from apps.reports.queries.forms import FormRow
from apps.reports.queries.grid import GridLine
from apps.reports.rules import Reading, read_cell
from apps.reports.services.entry import Entry

TEXT_MAX = 80
NOTE_MAX = 500
BODY_MAX = 20_000
LONG_NOTE = f"Ghi chú dài quá {NOTE_MAX} ký tự. Hãy viết ngắn lại."
LONG_TEXT = "Ô số liệu quá dài. Chỉ nhập số."


def first_problem(form: Form) -> str:
    """Return the first message of a form that was refused."""
    return str(next(iter(form.errors.values()))[0])


class CellForm(Form):
    """One cell: what was typed, its note when that changed too, and the version looked at."""

    text = forms.CharField(
        required=False, max_length=TEXT_MAX, error_messages={"max_length": LONG_TEXT}
    )
    note = forms.CharField(
        required=False, max_length=NOTE_MAX, error_messages={"max_length": LONG_NOTE}
    )
    base = forms.IntegerField(min_value=0)

    def __init__(self, *args: Any, line: TemplateLine, **kwargs: Any) -> None:
        """Know the line, for its decimals."""
        super().__init__(*args, **kwargs)
        self.line = line

    def clean(self) -> dict[str, Any]:
        """Read the figure."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "text" in cleaned:
            try:
                cleaned["reading"] = read_cell(
                    cleaned["text"], decimals=self.line.indicator.decimals
                )
            except DomainError as error:
                self.refuse(error, "text")
        return cleaned

    @property
    def problem(self) -> str:
        """Return the first thing that is wrong."""
        return first_problem(self)

    @property
    def entry(self) -> Entry:
        """Return what to write."""
        values = self.cleaned_data
        note = values["note"] if "note" in self.data else None
        return Entry(self.line.pk, values["reading"], values["base"], note)


class OverrideForm(CellForm):
    """Another figure than the register's, with its reason; `seen` is what the register said."""

    seen = forms.CharField(required=False, max_length=TEXT_MAX)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Name the two fields that a person fills in."""
        super().__init__(*args, **kwargs)
        self.fields["text"].label = "Số ghi vào báo cáo"
        self.fields["note"].label = "Lý do ghi khác sổ, ghi chú"

    @property
    def entry(self) -> Entry:
        """Return what to write; the register's figure left as it was stays the register's."""
        values = self.cleaned_data
        is_kept = bool(values["text"]) and values["text"] == values["seen"]
        reading = Reading("missing") if is_kept else values["reading"]
        return Entry(self.line.pk, reading, values["base"], values["note"])


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in one row of a form that came back: nothing typed is lost."""

    text: str
    note: str
    base: int
    problem: str = ""


class SectionForm:
    """A whole section sent at once, as a browser without scripts does: o-, n-, v- and the line."""

    def __init__(self, data: Any, lines: Sequence[GridLine]) -> None:
        """Read every line; bad ones keep their text and say what is wrong."""
        self.typed: dict[int, Typed] = {}
        self.entries: list[Entry] = []
        for line in lines:
            self._read(data, line.row)
        self.unsaved: set[int] = {entry.line_id for entry in self.entries}

    def keep(self, line_ids: Collection[int]) -> None:
        """Note which lines were not written, so that their typed text is shown again."""
        self.unsaved = set(line_ids)

    def refuse_lines(self, refused: Mapping[int, str]) -> None:
        """Note which lines a register keeps, and why."""
        for line_id, message in refused.items():
            self.typed[line_id] = replace(self.typed[line_id], problem=message)

    @property
    def has_problems(self) -> bool:
        """Return whether a cell could not be read."""
        return any(typed.problem for typed in self.typed.values())

    def _read(self, data: Any, row: FormRow) -> None:
        line_id = row.line.line_id
        if f"o-{line_id}" not in data:
            return
        text, note = nfc(data[f"o-{line_id}"]), nfc(data.get(f"n-{line_id}", row.figure.note))
        base = _whole(data.get(f"v-{line_id}", ""))
        try:
            _refuse_long(text, note)
            reading = read_cell(text, decimals=row.line.decimals)
        except DomainError as error:
            self.typed[line_id] = Typed(text, note, base, error.message)
            return
        self.typed[line_id] = Typed(text, note, base)
        figure = row.figure
        now = (figure.state, figure.value, figure.qualifier, figure.note)
        if (reading.state, reading.value, reading.qualifier, note) != now:
            self.entries.append(Entry(line_id, reading, base, note))


class TypedTooLong(DomainError):
    """A text is longer than its place."""


def _refuse_long(text: str, note: str) -> None:
    if len(text) > TEXT_MAX:
        raise TypedTooLong(LONG_TEXT)
    if len(note) > NOTE_MAX:
        raise TypedTooLong(LONG_NOTE)


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


class PasteForm(Form):
    """A block copied from Excel: first column figures, second column notes, from one line down."""

    start = forms.IntegerField(min_value=1)
    block = forms.CharField(max_length=100_000, strip=False)
    limit = forms.IntegerField(required=False, min_value=1)

    def __init__(self, *args: Any, lines: Sequence[GridLine], **kwargs: Any) -> None:
        """Know the section's lines in order."""
        super().__init__(*args, **kwargs)
        self.rows = [line.row for line in lines]
        self.entries: list[Entry] = []
        self.problems: dict[int, dict[str, str]] = {}
        self.typed: dict[int, str] = {}
        self.fits: int | None = None
        self.n_blank = 0

    def clean(self) -> dict[str, Any]:
        """Lay the block over the grid; refuse it whole when it does not fit."""
        cleaned: dict[str, Any] = super().clean() or {}
        if self.errors:
            return cleaned
        places = self._places(cleaned["start"])
        block = _table(cleaned["block"])[: cleaned.get("limit")]
        if any(len(cells) > 2 for cells in block):
            self.add_error(
                None,
                "Khối dán có hơn 2 cột. Chỉ dán cột số liệu, hoặc cột số liệu và cột ghi chú. "
                "Chưa dán ô nào.",
            )
        elif len(block) > len(places):
            self.fits = len(places)
            self.add_error(
                None,
                f"Khối dán có {len(block)} dòng, từ ô này đến cuối mục chỉ còn {self.fits} dòng. "
                "Chưa dán ô nào.",
            )
        else:
            for row, cells in zip(places, block, strict=False):
                self._lay(row, cells)
        return cleaned

    @property
    def problem(self) -> str:
        """Return the first thing that is wrong."""
        return first_problem(self)

    def _places(self, start: int) -> list[FormRow]:
        ids = [row.line.line_id for row in self.rows]
        return list(self.rows[ids.index(start) :]) if start in ids else []

    def _lay(self, row: FormRow, cells: Sequence[str]) -> None:
        line_id, text = row.line.line_id, cells[0].strip()
        note = nfc(cells[1]) if len(cells) > 1 and cells[1].strip() else None
        if not text and note is None:
            self.n_blank += 1
            return
        try:
            _refuse_long(text, note or "")
            reading = read_cell(text, decimals=row.line.decimals) if text else _as_it_is(row)
        except DomainError as error:
            self.problems[line_id] = {"text": text, "message": error.message}
            return
        self.typed[line_id] = text
        base = _whole(self.data.get(f"v-{line_id}", ""))
        self.entries.append(Entry(line_id, reading, base, note, CellSource.PASTED))


def _as_it_is(row: FormRow) -> Reading:
    figure = row.figure
    return Reading(figure.state, figure.value, figure.qualifier)


def _table(block: str) -> list[list[str]]:
    """Split what Excel puts on the clipboard; its last line end starts no row."""
    body = block.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")
    return [row or [""] for row in csv.reader(io.StringIO(body, newline=""), delimiter="\t")]


class TextForm(Form):
    """A part written in words."""

    body = forms.CharField(
        label="Nội dung",
        required=False,
        max_length=BODY_MAX,
        widget=forms.Textarea(attrs={"rows": 12}),
    )
    base = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
