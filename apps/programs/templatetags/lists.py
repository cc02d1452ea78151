"""The rows of long lists, drawn at once: a page of sites has hundreds of cells."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from apps.core.templatetags.ui import badge
from apps.programs.queries.site_columns import ShownCell, ShownRow

register = template.Library()

Badges = dict[str, str]


@register.simple_tag
def site_table_rows(rows: Sequence[ShownRow], with_ticks: bool) -> SafeString:
    """Draw the rows of the list of sites; every word of people is escaped on its way in here."""
    address = reverse("programs:site", args=[0])
    badges: Badges = {}
    drawn = "".join([_row(row, address, with_ticks, badges) for row in rows])
    return mark_safe(drawn)  # noqa: S308


def _row(shown: ShownRow, address: str, with_ticks: bool, badges: Badges) -> str:
    """Draw one site: a box to tick, its name as a link, its cells."""
    site = shown.row.site
    name, link = escape(site.name), address.replace("0", str(site.pk))
    tick = (
        f'<td class="tick"><label><input type="checkbox" name="chon" value="{site.pk}">'
        f'<span class="visually-hidden">Chọn {name} ({site.code})</span></label></td>'
    )
    demo = ' <span class="small muted">minh họa</span>'
    head = f'<th scope="row"><a href="{link}">{name}</a>{demo if site.is_demo else ""}</th>'
    cells = "".join([_cell(cell, badges) for cell in shown.cells])
    return f"<tr>{tick if with_ticks else ''}{head}{cells}</tr>"


def _cell(cell: ShownCell, badges: Badges) -> str:
    """Draw one cell; the same badge is drawn once."""
    words = escape(cell.text)
    if cell.tone:
        if cell.text not in badges:
            badges[cell.text] = f"<span>{badge(cell.text, cell.tone, cell.icon)}</span>"
        words = badges[cell.text]
    kind = ' class="num"' if cell.is_number else ""
    return f'<td data-label="{escape(cell.label)}"{kind}>{words}</td>'
