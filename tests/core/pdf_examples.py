"""Papers as the portal makes them, with the real figures of Đồng Tháp 2022 (seed fact S-002)."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.template.loader import render_to_string

from apps.core.pdf.layout import (
    NBSP,
    FigureGroup,
    FigureRow,
    Letterhead,
    Section,
    Slip,
    date_words,
    number_words,
)
from apps.core.pdf.parts import Column, Part, Row, TablePart

ORIGIN = f"Kèm theo Báo cáo số {NBSP * 6}/BC-BCĐ {date_words(None, 2022)} của Ban Chỉ đạo 138 tỉnh"
LETTERHEAD = Letterhead(
    superior="UBND tỉnh Đồng Tháp",
    body="Ban Chỉ đạo 138",
    number_text=number_words(None, "BC-BCĐ"),
    place="Đồng Tháp",
    date_text=date_words(None, 2022),
    kind_name="Báo cáo",
    subject="Kết quả công tác xây dựng phong trào Toàn dân bảo vệ an ninh Tổ quốc năm 2022",
    recipients=(
        "Ban Chỉ đạo 138/CP (để báo cáo)",
        "Cục V05, Bộ Công an (để báo cáo)",
        "Thường trực Tỉnh ủy, HĐND tỉnh (để báo cáo)",
        "Thành viên Ban Chỉ đạo 138 tỉnh",
        "Ban Chỉ đạo 138 các huyện, thành phố",
        "Lưu: VT, PV05",
    ),
    signer_lines=("TM. Ban Chỉ đạo", "KT. Trưởng ban", "Phó Trưởng ban thường trực"),
    signer_name="Nguyễn Văn Ví Dụ",
)
SPREAD = (
    "Công an tỉnh và Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh đã phối hợp tổ chức tuyên truyền tại"
    " 2.580 điểm và trên 640 buổi với hơn 249.880 lượt người tham dự."
)
TIPS = (
    "Quần chúng nhân dân đã cung cấp 4.250 tin, trong đó có gần 3.200 tin có giá trị (khoảng"
    " 75,3 %), giúp lực lượng Công an làm rõ nhiều vụ việc về an ninh, trật tự."
)
MODELS = (
    "Toàn tỉnh duy trì 90 mô hình; 1.922 tập thể và cá nhân đăng ký thi đua; 318 tập thể, cá nhân"
    " được đề nghị khen thưởng."
)
TEXTS = (SPREAD, TIPS, MODELS)
SECTIONS = (
    Section("I. Tình hình có liên quan", TEXTS[:1]),
    Section(
        "II. Kết quả công tác",
        subsections=(
            Section("1. Công tác lãnh đạo, chỉ đạo, tham mưu", TEXTS),
            Section("2. Tuyên truyền, vận động; Ngày hội toàn dân bảo vệ an ninh Tổ quốc", TEXTS),
            Section("3. Xây dựng lực lượng nòng cốt", TEXTS[1:]),
            Section("4. Xây dựng, củng cố, nhân rộng mô hình, điển hình tiên tiến", TEXTS[2:]),
            Section("5. Kết quả quần chúng tham gia bảo vệ an ninh, trật tự", TEXTS),
        ),
    ),
    Section("III. Nhận xét, đánh giá", TEXTS[:2]),
    Section("IV. Phương hướng, nhiệm vụ", TEXTS[1:]),
    Section("V. Kiến nghị, đề xuất", TEXTS[:1]),
)
GROUPS = (
    FigureGroup(
        "B. Tuyên truyền, vận động",
        (
            FigureRow("B1", "Điểm tuyên truyền", "điểm", "2.580", "2.110", "+470", "+22,3 %"),
            FigureRow("B1b", "Buổi tuyên truyền", "buổi", "trên 640", "…", "", "", "31/34 đơn vị"),
            FigureRow(
                "B2", "Lượt người dự", "lượt", "hơn 249.880", "211.300", "+38.580", "+18,3 %"
            ),
        ),
    ),
    FigureGroup(
        "F. Tin báo và kết quả bảo vệ an ninh, trật tự",
        (
            FigureRow("F1", "Tin nhân dân cung cấp", "tin", "4.250", "4.012", "+238", "+5,9 %"),
            FigureRow(
                "F2",
                "Trong đó: tin có giá trị",
                "tin",
                "gần 3.200",
                "2.990",
                "+210",
                "+7,0 %",
                "khoảng 75,3 % số tin; 34/34 đơn vị",
                is_detail=True,
            ),
            FigureRow("E1", "Loại mô hình đang duy trì", "mô hình", "90", "88", "+2", "+2,3 %"),
        ),
    ),
)


def page(template: str, **context: Any) -> Part:
    """Render one of the templates in templates/pdf."""
    title = context.get("label", "")
    return Part(render_to_string(f"pdf/{template}.html", context), title=title)


def summary(**changes: Any) -> Part:
    """Return the official summary report."""
    context: dict[str, Any] = {"title": "Báo cáo năm 2022", "letterhead": LETTERHEAD}
    return page("summary", **(context | {"sections": SECTIONS} | changes))


def figures_annex(**changes: Any) -> Part:
    """Return the annex of indicators."""
    context = {"title": "Phụ lục I", "label": "Phụ lục I", "origin": ORIGIN, "groups": GROUPS * 6}
    return page("figures_annex", **(context | {"annex_title": "Bảng chỉ tiêu năm 2022"} | changes))


def unit_annex(count: int, **changes: Any) -> TablePart:
    """Return the annex by unit with so many rows of eight columns."""
    heading = render_to_string(
        "pdf/annex_heading.html",
        {"label": "Phụ lục II", "title": "Số liệu theo đơn vị năm 2022", "origin": ORIGIN},
    )
    labels = ("Mô hình", "Điểm", "Buổi", "Lượt người", "Tin", "Tin có giá trị")
    columns = (
        Column("STT", 12, "center"),
        Column("Đơn vị", 46),
        *(Column(label, 17, "right") for label in labels),
    )
    rows = [
        Row((str(index + 1), f"Công an xã Tân Phú {index + 1}", *figures_of(index)))
        for index in range(count)
    ]
    fields: dict[str, Any] = {"title": "Phụ lục II", "heading_html": heading, "rows": rows}
    return TablePart(columns=columns, **(fields | changes))


def figures_of(index: int) -> list[str]:
    """Return six made-up figures for a row."""
    return [f"{index * 7919 * factor % 100_000:,}".replace(",", ".") for factor in range(1, 7)]


def unit_report(**changes: Any) -> Part:
    """Return a unit's own report, to be signed on paper."""
    letterhead = Letterhead(
        superior="Khối thi đua số 1",
        body="Ngân hàng Nông nghiệp Chi nhánh Đồng Tháp",
        number_text=number_words(7, "BC-NHNo"),
        place="Đồng Tháp",
        date_text=date_words(date(2026, 2, 5)),
        kind_name="Báo cáo",
        subject="Kết quả phong trào Toàn dân bảo vệ an ninh Tổ quốc",
        recipients=(),
        signer_lines=(),
        signer_name="",
    )
    context = {
        "title": "Báo cáo của đơn vị",
        "letterhead": letterhead,
        "period_label": "tháng 01/2026",
        "groups": GROUPS,
        "content_hash": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "printed_at": "08:05 ngày 05/02/2026",
    }
    return page("unit_report", **(context | changes))


def slips(count: int, **changes: Any) -> Part:
    """Return first-sign-in slips."""
    people = [
        Slip(
            f"Trần Thị Thử {index}",
            f"canbo.xa{index:02d}",
            f"Kp7-mnq-{index:04d}",
            "Công an xã Tân Phú",
            "Cán bộ nhập liệu",
        )
        for index in range(count)
    ]
    context = {"title": "Phiếu đăng nhập", "slips": people, "address": "https://antq.example.vn"}
    return page("slip", **(context | changes))
