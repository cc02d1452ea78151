"""What a paper is, what it is made of, and what its files are called."""

from __future__ import annotations

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


def file_name(symbol: str, number: int | None, year: int, code: str, ending: str) -> str:
    """Name a file as people look for it: "BC-BCĐ so 15 nam 2026.pdf", a draft by its code."""
    known_by = f"du thao {code}" if number is None else f"so {number:02d} nam {year}"
    plain = symbol.replace("/", "-")
    return f"{plain} {known_by}{ending}"
