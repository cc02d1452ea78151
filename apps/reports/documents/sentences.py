"""The words of section II of a summary report: figures set into sentences, group by group.

The order of the groups follows the usual outline of a periodic report (assembled from published
provincial reports; no complete official outline was available, so the wording is ours).
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from apps.core.numbers import format_number, format_percent
from apps.indicators.rules import say
from apps.reports.queries.summary import ChildFigures, Ratio, SummaryLine
from apps.reports.queries.sums import ADDITIVE, Total
from apps.reports.rules import percent_change

Key = tuple[str, str]

# Heading → the indicator codes that stand under it; "A" alone means every other code of A.
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Công tác lãnh đạo, chỉ đạo, tham mưu", ("A1", "A2", "A2d", "RA2", "A3", "A13", "A14")),
    ("Công tác tuyên truyền, vận động; Ngày hội toàn dân bảo vệ an ninh Tổ quốc", ("B",)),
    ("Xây dựng lực lượng tham gia bảo vệ an ninh, trật tự ở cơ sở", ("A",)),
    ("Xây dựng, củng cố, nhân rộng mô hình, điển hình tiên tiến", ("E",)),
    ("Đăng ký thi đua, ký giao ước, cam kết; công nhận, phân loại phong trào", ("C", "D")),
    ("Kết quả quần chúng tham gia bảo vệ an ninh, trật tự", ("F",)),
    ("Thi đua, khen thưởng; hoạt động khối thi đua", ("G",)),
)

# Figures that reports put into a sentence of their own; every other one becomes a listed item.
SENTENCES = {
    "E0": "Đang duy trì {value} mô hình phong trào toàn dân bảo vệ an ninh Tổ quốc{compared}.",
    "E1": "Đang duy trì {value} loại mô hình{compared}.",
    "E2": "Có {value} điểm mô hình đang hoạt động{compared}.",
    "E12a": "Đề nghị Bộ Công an nhân rộng toàn quốc {value} mô hình{compared}.",
    "E12b": "Giới thiệu Bộ Công an {value} mô hình là điển hình tiên tiến{compared}.",
    "C0": "Có {value} tập thể và cá nhân đăng ký thi đua{compared}.",
    "F4": "Từ tin của Nhân dân đã làm rõ {value} vụ việc{compared}.",
    "G1": "Có {value} tập thể, cá nhân được đề nghị khen thưởng{compared}.",
}
TOLD_TOGETHER = {"B1", "B2", "F1", "F2", "F3", "RF2", "RF3"}
TOLD_BY_BODY = {
    ("B1", "diem"): ("điểm", "trên"),
    ("B1", "buoi"): ("buổi", "trên"),
    ("B2", ""): ("lượt người", "hơn"),
}
MAX_NAMED_BODIES = 5


def result_blocks(
    lines: Sequence[SummaryLine], children: Sequence[ChildFigures]
) -> list[dict[str, object]]:
    """Return the blocks of section II: a numbered heading with its paragraphs and items."""
    blocks: list[dict[str, object]] = []
    left = list(lines)
    for heading, codes in GROUPS:
        mine = [line for line in left if line.code in codes or line.section in codes]
        left = [line for line in left if line not in mine]
        said = [line for line in mine if is_said(line)]
        if said:
            blocks.append(
                {
                    "heading": f"{len(blocks) + 1}. {heading}",
                    "paragraphs": _paragraphs(said, children),
                    "items": _items(said),
                }
            )
    return blocks


def is_said(line: SummaryLine) -> bool:
    """Return whether any unit gave this figure; an unsaid one is never written as 0."""
    if line.ratio is not None:
        return line.ratio.value is not None
    return line.now.value is not None


def _paragraphs(lines: Sequence[SummaryLine], children: Sequence[ChildFigures]) -> list[str]:
    at = {(line.code, line.breakdown): line for line in lines}
    found = [*_propaganda(at, children), *_tips(at)]
    found.extend(
        SENTENCES[line.code].format(value=_said(line.now, line.decimals), compared=compared(line))
        for line in lines
        if line.code in SENTENCES and not line.breakdown
    )
    return found


def _items(lines: Sequence[SummaryLine]) -> list[str]:
    listed = [
        line
        for line in lines
        if line.code not in TOLD_TOGETHER and (line.code not in SENTENCES or line.breakdown)
    ]
    items = [_item(line) for line in listed]
    return [text + (";" if number < len(items) else ".") for number, text in enumerate(items, 1)]


def _item(line: SummaryLine) -> str:
    if line.ratio is not None:
        return f"{line.name}: {say_ratio(line.ratio, line.decimals)}"
    return f"{line.name}: {_said(line.now, line.decimals)} {line.measure_unit}{compared(line)}"


def _said(total: Total, decimals: int, over: str = "hơn") -> str:
    """Write a total with its qualifier; sources say "trên" of sessions and "hơn" of people."""
    text = say(total.value or 0, total.qualifier, decimals)
    return text.replace("hơn ", f"{over} ", 1) if total.qualifier == "over" else text


def say_ratio(ratio: Ratio, decimals: int) -> str:
    """Write a rate with both sides: "khoảng 75,3 % (gần 3.200/4.250)" without the brackets."""
    if ratio.value is None:
        return "chưa đủ số liệu"
    word = "khoảng " if ratio.qualifier != "exact" else ""
    return f"{word}{format_percent(ratio.value, decimals)}"


def compared(line: SummaryLine) -> str:
    """Return " (cùng kỳ 100; tăng 20, 20,0 %)", or nothing when last year said nothing."""
    now, before = line.now.value, line.last_year.value
    if now is None or before is None:
        return ""
    said = say(before, line.last_year.qualifier, line.decimals)
    if now == before:
        return f" (cùng kỳ {said}; không đổi)" if is_exact(line) else f" (cùng kỳ {said})"
    word = "tăng" if now > before else "giảm"
    about = "" if is_exact(line) else "khoảng "
    change = percent_change(now, before)
    percent = f", {about}{format_percent(abs(change))}" if change is not None else ""
    by = format_number(abs(now - before), line.decimals)
    return f" (cùng kỳ {said}; {word} {about}{by}{percent})"


def is_exact(line: SummaryLine) -> bool:
    """Return whether both years are exact, so that their difference is exact too."""
    return line.now.qualifier == line.last_year.qualifier == "exact"


def counted_once(
    lines: Sequence[SummaryLine],
    rows: Sequence[Sequence[Total | None]],
    totals: Sequence[Total | None],
    total_name: str,
) -> str:
    """Say why rows do not add up to the total below them; nothing where they all do.

    A row has one figure a line, in the order of the lines, and so have the totals.
    """
    columns = zip(lines, zip(*rows, strict=True), totals, strict=True) if rows else ()
    shared, anew = [], []
    for line, cells, total in columns:
        over = _sum_of(cells) - _sum_of([total])
        if over and line.kind in ADDITIVE:
            shared.append(f"{line.code} {format_number(over, line.decimals)} {line.measure_unit}")
        elif over and line.kind == "distinct":
            anew.append(line.code)
    told = []
    if shared:
        told.append(
            "Mô hình, hoạt động chung của nhiều đơn vị có ở dòng của từng đơn vị và tính một lần "
            f"ở dòng {total_name}; phần trùng đã trừ: {'; '.join(shared)}."
        )
    if anew:
        told.append(f"{', '.join(anew)}: dòng {total_name} đếm riêng, không cộng các dòng.")
    return " ".join(told)


def _sum_of(totals: Sequence[Total | None]) -> Decimal:
    values = [total.value for total in totals if total is not None and total.value is not None]
    return sum(values, Decimal(0))


def _propaganda(at: dict[Key, SummaryLine], children: Sequence[ChildFigures]) -> list[str]:
    """Tell B1 and B2: points and sessions are two ways of counting and are never added."""
    held = [
        f"{_said(at[key].now, 0, over='trên')} {word}"
        for key, word in ((("B1", "diem"), "điểm"), (("B1", "buoi"), "buổi"))
        if key in at
    ]
    people = at.get(("B2", ""))
    if not held and people is None:
        return []
    text = f"Đã tổ chức {' và '.join(held)} tuyên truyền" if held else "Công tác tuyên truyền"
    if people is not None:
        text += f", với {_said(people.now, 0)} lượt người dự{compared(people)}"
    if len(held) > 1:
        text += "; điểm và buổi là hai cách đếm khác nhau nên không cộng chung"
    return [f"{text}.", *_by_body(at, children)]


def _by_body(at: dict[Key, SummaryLine], children: Sequence[ChildFigures]) -> list[str]:
    """Name the organising bodies where there are only a few of them."""
    told = []
    for child in children:
        parts = [
            f"{_said(total, 0, over)} {word}"
            for key, (word, over) in TOLD_BY_BODY.items()
            if (total := child.totals.get(key)) is not None and total.value
        ]
        if parts:
            told.append(f"{child.name}: {', '.join(parts)}")
    if not 1 < len(told) <= MAX_NAMED_BODIES:
        return []
    is_shared = any(
        _sum_of([child.totals.get(key) for child in children]) != _sum_of([at[key].now])
        for key in TOLD_BY_BODY.keys() & at.keys()
    )
    once = " (hoạt động chung có ở từng đơn vị, tính một lần trong tổng)" if is_shared else ""
    return [f"Trong đó, {'; '.join(told)}{once}."]


def _tips(at: dict[Key, SummaryLine]) -> list[str]:
    """Tell F1 to F3: of the tips received, how many had value and how many were settled."""
    received = at.get(("F1", ""))
    told = []
    if received is not None:
        told.append(f"Nhân dân đã cung cấp {_said(received.now, 0)} tin{compared(received)}")
    for code, rate_code, words in (
        ("F2", "RF2", "{which} {value} tin có giá trị"),
        ("F3", "RF3", "đã xác minh, giải quyết {value} tin"),
    ):
        line, rate = at.get((code, "")), at.get((rate_code, ""))
        if line is not None:
            which = "trong đó" if told else "Nhân dân đã cung cấp"
            share = f" ({say_ratio(rate.ratio, rate.decimals)})" if rate and rate.ratio else ""
            told.append(words.format(which=which, value=_said(line.now, 0)) + share)
    text = ", ".join(told)
    return [f"{text[0].upper()}{text[1:]}."] if text else []


def signed(value: Decimal, decimals: int) -> str:
    """Write a difference with its sign, as the table's column "Tăng/giảm" has it."""
    if value == 0:
        return "0"
    mark = "+" if value > 0 else "−"
    return f"{mark}{format_number(abs(value), decimals)}"
