"""The columns of the list of sites: the same on screen and in the Excel file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from apps.core.dates import format_date
from apps.core.numbers import format_number
from apps.programs.queries.site_list import SiteNarrowing, SiteRow
from apps.programs.rules import STATE_TONES, SiteState, amount_text

CellValue = str | int | date | None


@dataclass(frozen=True, slots=True)
class SiteColumn:
    """One column: what it is called and what it says of a site."""

    key: str
    label: str
    value: Callable[[SiteRow], CellValue]
    width: int = 18
    order: str = ""
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column: what a click on it orders by, and how it is ordered now."""

    label: str
    order: str
    sorted: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell of the table on screen."""

    label: str
    text: str
    tone: str
    icon: str
    is_number: bool


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One site of the table on screen."""

    row: SiteRow
    cells: list[ShownCell]


NAME = SiteColumn("ten", "Điểm mô hình", lambda r: r.site.name, 40, "ten")
COLUMNS = (
    SiteColumn("ma", "Mã", lambda r: r.site.code, 12),
    SiteColumn("don_vi", "Đơn vị, địa bàn", lambda r: r.unit_name, 32, "don_vi"),
    SiteColumn("noi", "Nơi cụ thể", lambda r: r.site.place, 24),
    SiteColumn("loai", "Loại mô hình", lambda r: r.site.model_type.name, 36, "loai"),
    SiteColumn("linh_vuc", "Lĩnh vực", lambda r: r.site.model_type.field.name, 28),
    SiteColumn("cap", "Cấp quản lý", lambda r: r.site.get_level_display()),
    SiteColumn("noi_ap_dung", "Nơi áp dụng", lambda r: r.site.get_host_kind_display()),
    SiteColumn("trang_thai", "Trạng thái", lambda r: r.site.get_state_display()),
    SiteColumn("ra_mat", "Ngày ra mắt", lambda r: r.site.launched_on, 14, "ra_mat"),
    SiteColumn("tiep_nhan_tu", "Tiếp nhận từ", lambda r: r.site.taken_over_from, 30),
    SiteColumn("ket_thuc", "Ngày dừng", lambda r: r.site.ended_on, 14),
    SiteColumn("chu_tri", "Chủ trì", lambda r: "; ".join(r.owners), 36),
    SiteColumn("phoi_hop", "Phối hợp", lambda r: "; ".join(r.coordinators), 36),
    SiteColumn("so_to", "Số tổ", lambda r: r.n_teams, 10, is_number=True),
    SiteColumn("thanh_vien", "Thành viên", lambda r: _members(r), 14, is_number=True),
    SiteColumn("tin", "Tin mới nhất", lambda r: r.site.last_news_on, 14, "tin"),
    SiteColumn("im_lang", "Im lặng (quý)", lambda r: r.silent, 14, is_number=True),
    SiteColumn("ghi_chu", "Ghi chú", lambda r: r.site.note, 40),
)
DEFAULT_COLUMNS = ("don_vi", "noi", "trang_thai", "ra_mat", "thanh_vien", "im_lang")


def chosen_columns(keys: Sequence[str]) -> list[SiteColumn]:
    """Return the columns that a person chose, in the order of the list; else the usual ones."""
    wanted = {column.key for column in COLUMNS} & set(keys) or set(DEFAULT_COLUMNS)
    return [column for column in COLUMNS if column.key in wanted]


def headings(columns: Sequence[SiteColumn], narrowing: SiteNarrowing) -> list[Heading]:
    """Return the heads of the table; a second click turns the order round."""
    return [_heading(column, narrowing) for column in (NAME, *columns)]


def shown_rows(rows: Iterable[SiteRow], columns: Sequence[SiteColumn]) -> list[ShownRow]:
    """Return sites as the table on screen shows them."""
    return [ShownRow(row, [_cell(row, column) for column in columns]) for row in rows]


def _heading(column: SiteColumn, narrowing: SiteNarrowing) -> Heading:
    """Return the head of one column."""
    is_ordered = bool(column.order) and column.order == narrowing.order
    turned = is_ordered and not narrowing.is_descending
    way = "descending" if narrowing.is_descending else "ascending"
    return Heading(
        column.label,
        f"-{column.order}" if turned else column.order,
        way if is_ordered else "",
        column.is_number,
    )


def _cell(row: SiteRow, column: SiteColumn) -> ShownCell:
    """Fill one cell; a state is a badge, a silent site is marked."""
    tone, icon = "", ""
    if column.key == "trang_thai":
        tone, icon = STATE_TONES[SiteState(row.site.state)]
    elif column.key == "im_lang" and row.silent:
        tone, icon = "warn", "exclamation-triangle-fill"
    return ShownCell(column.label, _in_words(column.value(row)), tone, icon, column.is_number)


def _in_words(value: CellValue) -> str:
    """Write a value as people read it; a dash where there is none."""
    if isinstance(value, date):
        return format_date(value)
    if isinstance(value, int):
        return format_number(value)
    return value or "–"


def _members(row: SiteRow) -> CellValue:
    """Return the members as a number, or in words where the number is not exact."""
    if row.members is None or row.qualifier == "exact":
        return row.members
    return amount_text(row.members, row.qualifier)
