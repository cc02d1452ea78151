"""Find merged cells of a workbook: the row-by-row reader of Excel files does not see them."""

from __future__ import annotations

import io
import re
import zipfile

from openpyxl.xml.functions import fromstring

_MERGED = re.compile(rb'<(?:[A-Za-z0-9]+:)?mergeCell\s[^>]*?ref="([A-Z]+[0-9]+:[A-Z]+[0-9]+)"')
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"


def merged_cells(content: bytes, sheet_title: str) -> list[str]:
    """Return the merged ranges ("B3:C3") of one sheet of an .xlsx file that could be read."""
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        part = _part_of(package, sheet_title)
        xml = package.read(part) if part in package.namelist() else b""
    return [found.decode("ascii") for found in _MERGED.findall(xml)]


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
