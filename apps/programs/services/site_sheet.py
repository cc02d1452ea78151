"""The table in which people list sites for import: its columns, its template, its versions."""

from __future__ import annotations

from apps.programs.rules import Amount, HostKind, Level, SiteState
from apps.programs.services.import_sheets import Column, ImportSheet, Reads, words_of

_STATES = (SiteState.PILOT, SiteState.ACTIVE)

# Columns are named as the fields of NewSite, so that a fault of a field is a fault of a cell.
SITE_SHEET = ImportSheet(
    kind="sites",
    version=1,
    title="Điểm mô hình",
    columns=(
        Column(
            "unit",
            "Đơn vị, địa bàn",
            guide="Mã hoặc tên như ở trang “Đơn vị”: nơi có điểm mô hình.",
            width=22,
        ),
        Column(
            "model_type",
            "Loại mô hình",
            guide="Tên như ở trang “Loại mô hình”, không kể dấu và chữ hoa.",
            width=40,
        ),
        Column(
            "name",
            "Tên điểm",
            is_required=False,
            max_length=250,
            guide="Để trống: lấy tên của loại.",
            width=36,
        ),
        Column(
            "place",
            "Nơi cụ thể",
            is_required=False,
            guide="Ấp, khóm, chi hội… Cần khi một đơn vị có nhiều điểm cùng loại.",
            width=24,
        ),
        Column("level", "Cấp quản lý", choices=words_of(Level.choices)),
        Column(
            "host_kind",
            "Nơi áp dụng",
            is_required=False,
            choices=words_of(HostKind.choices),
            guide="Để trống: như loại mô hình.",
        ),
        Column(
            "launched_on",
            "Ngày ra mắt",
            reads=Reads.DAY,
            is_required=False,
            guide="Để trống: điểm là bản nháp, chưa tính vào số liệu.",
        ),
        Column(
            "state",
            "Trạng thái",
            is_required=False,
            choices={state.label: state.value for state in _STATES},
            guide="Để trống: đang hoạt động nếu có ngày ra mắt.",
        ),
        Column(
            "taken_over_from",
            "Tiếp nhận từ",
            is_required=False,
            guide="Khi điểm ra mắt trước khi có đơn vị này: tên đơn vị cũ đã lập điểm.",
            width=24,
        ),
        Column("n_teams", "Số tổ", reads=Reads.NUMBER, is_required=False, width=10),
        Column("members", "Số thành viên", reads=Reads.NUMBER, is_required=False, width=14),
        Column(
            "qualifier",
            "Mức chính xác",
            is_required=False,
            choices=words_of(Amount.choices),
            guide="Của số thành viên; để trống: đúng bằng.",
        ),
        Column(
            "owners",
            "Đơn vị chủ trì",
            is_required=False,
            max_length=2000,
            guide="Mã hoặc tên, cách nhau bằng dấu chấm phẩy. Để trống: chính đơn vị ở cột A.",
            width=30,
        ),
        Column(
            "coordinators",
            "Đơn vị phối hợp",
            is_required=False,
            max_length=2000,
            guide="Mã hoặc tên, cách nhau bằng dấu chấm phẩy.",
            width=30,
        ),
        Column(
            "note",
            "Ghi chú",
            is_required=False,
            max_length=2000,
            guide="Không ghi họ tên người được giúp đỡ.",
            width=40,
        ),
    ),
)
