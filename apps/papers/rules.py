"""What a paper is, what it is made of, and how its number is written (NĐ 30/2020/NĐ-CP)."""

from __future__ import annotations

from datetime import date

from django.db.models import TextChoices


class PaperKind(TextChoices):
    """The kinds of paper that the portal makes."""

    REPORT = "report", "Báo cáo tổng hợp"
    UNIT_REPORT = "unit_report", "Báo cáo của đơn vị"
    COVENANT = "covenant", "Giao ước thi đua"
    CERTIFICATE = "certificate", "Giấy chứng nhận"
    DECISION = "decision", "Quyết định"
    OTHER = "other", "Văn bản khác"


class PaperState(TextChoices):
    """Where a paper is: only a draft may change."""

    DRAFT = "draft", "Dự thảo"
    ISSUED = "issued", "Đã phát hành"
    REPLACED = "replaced", "Đã được thay thế"


class FileFormat(TextChoices):
    """The forms in which a paper is kept."""

    PDF = "pdf", "PDF"
    DOCX = "docx", "Word"
    XLSX = "xlsx", "Excel"
    JSON = "json", "Số liệu (JSON)"
    SCAN = "scan", "Bản quét đã ký"


def number_line(number: int | None, symbol: str) -> str:
    """Write the number of a paper; a draft leaves room for it: "Số:      /BC-BCĐ"."""
    written = "     " if number is None else f"{number:02d}"
    return f"Số: {written}/{symbol}"


def place_and_date(place: str, on: date | None) -> str:
    """Write place and date; days under 10 and months 1 and 2 get a zero (NĐ 30, Phụ lục I)."""
    if on is None:
        return f"{place}, ngày      tháng      năm"
    month = f"{on.month:02d}" if on.month < 3 else str(on.month)
    return f"{place}, ngày {on.day:02d} tháng {month} năm {on.year}"


def file_name(symbol: str, number: int | None, year: int, code: str, ending: str) -> str:
    """Name a file as people look for it: "BC-BCĐ so 15 nam 2026.pdf", a draft by its code."""
    known_by = f"du thao {code}" if number is None else f"so {number:02d} nam {year}"
    plain = symbol.replace("/", "-")
    return f"{plain} {known_by}{ending}"
