"""Tags that draw: numbers, dates, badges, icons, cards, small charts. They format, never fetch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.dates import format_date, format_datetime
from apps.core.numbers import format_number, format_percent

register = template.Library()

Figure = Decimal | int | float | str | None

# A state is always a word and a picture; colour only repeats it.
TONE_ICONS = {
    "done": "check-circle-fill",
    "warn": "exclamation-triangle-fill",
    "bad": "x-octagon-fill",
    "info": "info-circle-fill",
    "wait": "hourglass-split",
    "locked": "lock-fill",
    "neutral": "circle",
}
_SETTINGS_ON_PAGES = frozenset({"HOTLINE", "PORTAL_VERSION"})
_CHART_WIDTH, _CHART_HEIGHT, _CHART_EDGE = 120, 32, 3


@register.filter
def vn_number(value: Figure, decimals: int = 0) -> str:
    """Write 1234567 as 1.234.567; nothing for None."""
    return format_number(_decimal(value), decimals)


@register.filter
def vn_percent(value: Figure, decimals: int = 1) -> str:
    """Write 75.25 as 75,3 %; nothing for None."""
    figure = _decimal(value)
    return "" if figure is None else format_percent(figure, decimals)


@register.filter
def vn_date(value: date | None) -> str:
    """Write a date as 05/06/2026."""
    return format_date(value)


@register.filter
def vn_datetime(value: datetime | None) -> str:
    """Write a moment as 05/06/2026 10:32."""
    return format_datetime(value)


@register.simple_tag
def sprite(name: str) -> str:
    """Return the address of an icon inside the sprite."""
    return f"{static('img/icons.svg')}#{name}"


@register.simple_tag
@lru_cache(maxsize=256)  # a page draws dozens of the same few
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite; it is decoration, a word stands beside it."""
    mark = '<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>'
    return format_html(mark, sprite(name))


@register.simple_tag
def badge(status: Any, tone: str = "", icon_name: str = "") -> SafeString:
    """Draw a state: a word, or anything with ``label``, ``tone`` and perhaps ``icon``."""
    chosen = tone or str(getattr(status, "tone", "neutral"))
    picture = icon_name or str(getattr(status, "icon", "") or TONE_ICONS.get(chosen, "circle"))
    word = getattr(status, "label", status)
    return format_html('<span class="badge badge-{}">{}{}</span>', chosen, icon(picture), word)


@register.simple_block_tag
def card(content: SafeString, title: str = "", tone: str = "", level: int = 2) -> str:
    """Put content in a box with a heading."""
    context = {"content": content, "title": title, "tone": tone, "level": level}
    return render_to_string("components/card.html", context)


@register.simple_tag
def setting_text(name: str) -> str:
    """Return a setting that pages may show, such as the hotline; nothing when it is not set."""
    if name not in _SETTINGS_ON_PAGES:
        raise template.TemplateSyntaxError(f"setting_text: {name} is not for pages")
    return str(getattr(settings, name, ""))


@register.simple_tag(takes_context=True)
def is_demo(context: Context) -> bool:
    """Tell whether pages carry the mark that the figures are made up."""
    return bool(context.get("demo_mark") or getattr(settings, "DEMO_MARK", False))


@register.simple_tag
def sparkline(values: Sequence[Figure], title: str, labels: Sequence[str] = ()) -> SafeString:
    """Draw a small line of figures in order; a gap stays a gap, and the words tell all of it."""
    figures = [_decimal(value) for value in values]
    known = [figure for figure in figures if figure is not None]
    if not known:
        return format_html('<span class="muted">{}</span>', "Chưa có số liệu")
    points = _points(figures, min(known), max(known))
    lines = format_html_join("", '<polyline points="{}"></polyline>', _runs(points))
    last = next(point for point in reversed(points) if point)
    return format_html(
        '<svg class="sparkline" viewBox="0 0 {} {}" role="img" aria-label="{}">'
        '<title>{}</title><desc>{}</desc>{}<circle cx="{}" cy="{}" r="2.5"></circle></svg>',
        _CHART_WIDTH,
        _CHART_HEIGHT,
        f"{title}: {_in_words(figures, labels)}",
        title,
        _in_words(figures, labels),
        lines,
        *last,
    )


def _decimal(value: Figure) -> Decimal | None:
    """Return the figure, None for nothing."""
    return None if value is None or value == "" else Decimal(str(value))


def _in_words(figures: Sequence[Decimal | None], labels: Sequence[str]) -> str:
    """List the figures as text, with their labels where given."""
    names = (
        [f"{label} " for label in labels] if len(labels) == len(figures) else [""] * len(figures)
    )
    return "; ".join(f"{name}{_short(figure)}" for name, figure in zip(names, figures, strict=True))


def _short(figure: Decimal | None) -> str:
    """Write a figure with the decimals it has."""
    if figure is None:
        return "chưa có"
    exponent = figure.as_tuple().exponent
    return format_number(figure, -exponent if isinstance(exponent, int) and exponent < 0 else 0)


def _points(
    figures: Sequence[Decimal | None], least: Decimal, most: Decimal
) -> list[tuple[str, str] | None]:
    """Place each figure in the box; equal figures lie in the middle."""
    step = Decimal(_CHART_WIDTH - 2 * _CHART_EDGE) / max(len(figures) - 1, 1)
    room = Decimal(_CHART_HEIGHT - 2 * _CHART_EDGE)
    placed: list[tuple[str, str] | None] = []
    for number, figure in enumerate(figures):
        if figure is None:
            placed.append(None)
            continue
        share = (figure - least) / (most - least) if most > least else Decimal("0.5")
        x, y = _CHART_EDGE + step * number, _CHART_EDGE + room * (1 - share)
        placed.append((f"{x:.1f}", f"{y:.1f}"))
    return placed


def _runs(points: Sequence[tuple[str, str] | None]) -> list[tuple[str]]:
    """Return the unbroken pieces of the line as lists of points."""
    pieces: list[list[str]] = [[]]
    for point in points:
        if point is None:
            pieces.append([])
        else:
            pieces[-1].append(",".join(point))
    return [(" ".join(piece),) for piece in pieces if piece]
