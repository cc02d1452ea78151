"""What the row-by-row reader of Excel files does not see: merged cells and hidden rows."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass

from openpyxl.xml.functions import fromstring

_MERGED = re.compile(rb'<(?:[A-Za-z0-9]+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_HIDDEN = re.compile(rb'<(?:[A-Za-z0-9]+:)?row\s(?=[^>]*\shidden="(?:1|true)")[^>]*?\br="([0-9]+)"')
_FILLED = re.compile(
    rb'<(?:[A-Za-z0-9]+:)?c\s[^>]*?\br="[A-Z]+([0-9]{4,7})"[^>/]*>\s*<(?:[A-Za-z0-9]+:)?(?:v|is|f)\b'
)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"


@dataclass(frozen=True, slots=True)
class SheetPart:
    """How one sheet is laid out: merged ranges ("B3:C3"), rows folded or filtered away."""

    merged: list[str]
    hidden_rows: frozenset[int]


def sheet_part(content: bytes, sheet_title: str) -> SheetPart:
    """Look into one sheet of an .xlsx file that could be read."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        part = _part_of(package, sheet_title)
        xml = package.read(part) if part in package.namelist() else b""
    return SheetPart(
        [found.decode("ascii") for found in _MERGED.findall(xml)],
        frozenset(int(number) for number in _HIDDEN.findall(xml)),
    )


def goes_on(content: bytes, last: int) -> bool:
    """Tell whether any sheet holds something below a row; rows that are only formatted do not."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        for name in package.namelist():
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                filled = _FILLED.finditer(package.read(name))
                if any(int(found[1]) > last for found in filled):
                    return True
    return False


def _part_of(package: zipfile.ZipFile, sheet_title: str) -> str:
    """Return the name of the part that holds a sheet; empty when there is none of this title."""
    book = fromstring(package.read("xl/workbook.xml"))
    links = fromstring(package.read("xl/_rels/workbook.xml.rels"))
    targets = {
        link.get("Id"): str(link.get("Target")) for link in links.iter(f"{_PACKAGE}Relationship")
    }
    for sheet in book.iter(f"{_MAIN}sheet"):
        if " ".join(str(sheet.get("name")).split()) == sheet_title:
            target = targets.get(sheet.get(f"{_OFFICE}id"), "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""
