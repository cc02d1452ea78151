"""The table in which people list activities for import: its columns, its template."""

from __future__ import annotations

from apps.programs.rules import ActivityKind
from apps.programs.services.activity_checks import MAX_COST, MAX_COUNT
from apps.programs.services.import_sheets import Column, ImportSheet, Reads, words_of


def _count(name: str, heading: str, guide: str = "") -> Column:
    return Column(
        name,
        heading,
        reads=Reads.NUMBER,
        is_required=False,
        max_value=MAX_COUNT,
        guide=guide,
        width=12,
    )


# Columns are named as the fields of NewActivity, so that a fault of a field is a fault of a cell.
ACTIVITY_SHEET = ImportSheet(
    kind="activities",
    version=1,
    title="Hoạt động",
    columns=(
        Column("unit", "Đơn vị chủ trì", guide="Mã hoặc tên như ở trang “Đơn vị”.", width=22),
        Column("kind", "Loại hoạt động", choices=words_of(ActivityKind.choices), width=28),
        Column("title", "Nội dung", max_length=250, width=48),
        Column("held_on", "Ngày tổ chức", reads=Reads.DAY, width=14),
        Column(
            "until",
            "Đến ngày",
            reads=Reads.DAY,
            is_required=False,
            guide="Chỉ điền khi kéo dài nhiều ngày.",
            width=14,
        ),
        Column("place", "Nơi tổ chức", is_required=False, width=24),
        _count("sessions", "Số buổi, cuộc", "Để trống: một buổi."),
        _count("points", "Số điểm"),
        Column(
            "attendances",
            "Lượt người dự",
            is_required=False,
            max_length=30,
            guide="Ví dụ 120, hơn 120, gần 300.",
            width=14,
        ),
        _count("materials", "Tài liệu, tờ rơi"),
        _count("news", "Tin, bài đăng phát"),
        _count("posts", "Bài mạng xã hội"),
        Column(
            "cost",
            "Kinh phí (đồng)",
            reads=Reads.NUMBER,
            is_required=False,
            max_value=MAX_COST,
            width=16,
        ),
        Column(
            "co_organisers",
            "Phối hợp tổ chức",
            is_required=False,
            max_length=2000,
            guide="Mã hoặc tên, cách nhau bằng dấu chấm phẩy.",
            width=30,
        ),
        Column(
            "site",
            "Mã điểm mô hình",
            is_required=False,
            guide="Ví dụ MH-00012; để trống nếu không gắn với điểm nào.",
        ),
        Column(
            "note",
            "Ghi chú",
            is_required=False,
            max_length=2000,
            guide="Không ghi họ tên người dân, người được giúp đỡ.",
            width=40,
        ),
    ),
)
