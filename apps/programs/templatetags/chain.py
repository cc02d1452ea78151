"""Draw the family of a site: one row a site, children set in under what they came from."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from apps.core.dates import format_date
from apps.programs.queries.chain import ChainNode
from apps.programs.rules import SiteState

register = template.Library()

# A phone is 360 px wide and its page has edges: nothing is wider than this, however deep.
_WIDTH, _ROW, _EDGE, _INDENT, _DEEPEST, _RADIUS = 320, 52, 16, 20, 6, 8
_LETTER = 7.4


@register.simple_tag
def chain_picture(nodes: Sequence[ChainNode], title: str) -> SafeString:
    """Draw the tree; every site the reader may open is a link, the table beside says the same."""
    height = _ROW * len(nodes) + _EDGE
    places = [_place(number, node) for number, node in enumerate(nodes)]
    lines = format_html_join(
        "",
        '<path d="M{} {}V{}H{}"></path>',
        (
            (places[node.parent][0], places[node.parent][1] + _RADIUS, y, x - _RADIUS)
            for node, (x, y) in zip(nodes, places, strict=True)
            if node.parent is not None
        ),
    )
    drawn = [_node(node, *place) for node, place in zip(nodes, places, strict=True)]
    return format_html(
        '<svg class="chain" viewBox="0 0 {} {}" role="group" aria-label="{}">'
        '<g class="chain-lines" aria-hidden="true">{}</g>{}</svg>',
        _WIDTH,
        height,
        title,
        lines,
        mark_safe("".join(drawn)),  # noqa: S308 - each piece is escaped by _node
    )


def _place(number: int, node: ChainNode) -> tuple[int, int]:
    """Return the middle of a node."""
    return _EDGE + min(node.depth, _DEEPEST) * _INDENT, _EDGE + _RADIUS + number * _ROW


def _node(node: ChainNode, x: int, y: int) -> SafeString:
    """Draw one site: a sign of its state, its place, its state in words."""
    left = x + _RADIUS + 8
    name = _cut(node.unit_name, _WIDTH - left, _LETTER + 0.6 * node.is_here)
    words = _words(node, _WIDTH - left)
    drawn = format_html(
        '{}<text x="{}" y="{}" class="chain-name">{}</text> '
        '<text x="{}" y="{}" class="chain-state">{}</text>',
        _sign(node, x, y),
        left,
        y + 1,
        name,
        left,
        y + 18,
        words,
    )
    if not node.is_open:
        return format_html('<g class="chain-node">{}</g>', drawn)
    return format_html(
        '<a class="chain-node" href="{}"{}>{}</a>',
        reverse("programs:site", args=[node.site.pk]),
        mark_safe(' aria-current="page"') if node.is_here else "",
        drawn,
    )


def _sign(node: ChainNode, x: int, y: int) -> SafeString:
    """Draw the state by form as well as by colour: hollow draft, square end, full at work."""
    if not node.is_open:
        return format_html('<circle cx="{}" cy="{}" r="5" class="chain-unknown"/>', x, y)
    if node.site.state == SiteState.ENDED:
        return format_html(
            '<rect x="{}" y="{}" width="14" height="14" class="chain-{}"/>',
            x - 7,
            y - 7,
            node.look.tone,
        )
    kind = "draft" if node.site.state == SiteState.DRAFT else node.look.tone
    return format_html('<circle cx="{}" cy="{}" r="{}" class="chain-{}"/>', x, y, _RADIUS, kind)


def _words(node: ChainNode, room: float) -> str:
    """Return the state and the day of the launch; nothing of a site the reader may not open."""
    if not node.is_open:
        return _cut("ngoài phạm vi của bạn", room, _LETTER - 1)
    day = format_date(node.site.launched_on)
    full = f"{node.look.label}, ra mắt {day}" if day else node.look.label
    # Deep in the tree the day is worth more than the word that goes with it.
    fits = _cut(full, room, _LETTER - 1) == full
    return full if fits else _cut(f"{node.look.label}, {day}", room, _LETTER - 1)


def _cut(text: str, room: float, letter: float) -> str:
    """Shorten a text that is wider than its room; the table beside has the whole of it."""
    most = int(room / letter)
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
