"""Write figures, sums and changes as people read them; tags format, they never fetch."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from apps.core.numbers import format_number, format_percent
from apps.indicators.rules import say
from apps.reports.queries.consolidation import Cumulative
from apps.reports.queries.summary import Ratio
from apps.reports.queries.sums import Total
from apps.reports.rules import CellFigure, due_text

register = template.Library()

STATE_WORDS = {
    "zero": "0",
    "nothing": "Không phát sinh",
    "not_applicable": "Không áp dụng",
    "not_available": "Chưa có số liệu",
    "missing": "Chưa nhập",
}


@register.filter
def figure(cell: CellFigure | None, decimals: int = 0) -> SafeString:
    """Write a figure of a report: "hơn 1.250", "0", or the word for why there is none."""
    if cell is None or cell.state == "missing":
        return format_html('<span class="muted">{}</span>', "–")
    if cell.state == "value" and cell.value is not None:
        return format_html("{}", say(cell.value, cell.qualifier, decimals))
    word = STATE_WORDS.get(cell.state, cell.state)
    return format_html('<span class="muted">{}</span>' if cell.state != "zero" else "{}", word)


@register.filter
def total(said: Total | Cumulative | None, decimals: int = 0) -> SafeString:
    """Write a sum: "khoảng 1.250", or a dash where no unit said anything; never 0 for nothing."""
    if said is None or said.value is None:
        return format_html('<span class="muted">{}</span>', "–")
    return format_html("{}", say(said.value, said.qualifier, decimals))


@register.filter
def units_mark(said: Total | None) -> str:
    """Write "91/95" reporting of expected units; nothing where nobody was asked."""
    if said is None or not said.n_expected:
        return ""
    return f"{said.n_reporting}/{said.n_expected}"


@register.filter
def signed(value: Decimal | None, decimals: int = 0) -> str:
    """Write a change with its sign: "+120", "−3", "0"."""
    if value is None:
        return ""
    if value == 0:
        return "0"
    return f"{'+' if value > 0 else '−'}{format_number(abs(value), decimals)}"


@register.filter
def signed_percent(value: Decimal | None) -> str:
    """Write a change in per cent with its sign: "+12,5 %"."""
    if value is None:
        return ""
    mark = "+" if value > 0 else "−" if value < 0 else ""
    return f"{mark}{format_percent(abs(value))}"


@register.filter
def due(moment: datetime) -> str:
    """Write a deadline as people say it; the stored moment is the first that is too late."""
    return due_text(moment)


@register.filter
def rate_in_words(ratio: Ratio | None, decimals: int = 1) -> SafeString:
    """Write a rate: "khoảng 75,3 %", or a dash where a side is unknown or the whole is 0."""
    if ratio is None or ratio.value is None:
        return format_html('<span class="muted">{}</span>', "–")
    word = "" if ratio.qualifier == "exact" else "khoảng "
    return format_html("{}{}", word, format_percent(ratio.value, decimals))
