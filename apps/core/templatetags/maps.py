"""The tag that draws a map of bubbles; a table beside it says the same in words."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.bubbles import WIDTH, Bubble, Drawn, ValueClass, draw_map
from apps.core.numbers import format_number

register = template.Library()

_NUMBERED_FROM = 3


@register.simple_tag
def bubble_map(bubbles: Sequence[Bubble], classes: Sequence[ValueClass], title: str) -> SafeString:
    """Draw places as links in reading order, sized and shaded by class."""
    drawn = draw_map(bubbles, classes)
    links = format_html_join("", "{}", ((_link(place),) for place in drawn.drawn))
    return format_html(
        '<svg class="bubble-map" viewBox="0 0 {} {}" role="group" aria-label="{}">{}</svg>',
        WIDTH,
        drawn.height,
        title,
        links,
    )


def _link(place: Drawn) -> SafeString:
    """Draw one place; the larger ones carry their figure."""
    figure: str | SafeString = ""
    if place.number >= _NUMBERED_FROM:
        words = format_number(place.bubble.value)
        figure = format_html('<text x="{}" y="{}">{}</text>', place.x, place.y, words)
    return format_html(
        '<a href="{}" class="bubble bubble-{}" aria-label="{}"><title>{}</title>'
        '<circle cx="{}" cy="{}" r="{}"></circle>{}</a>',
        place.bubble.url,
        place.number,
        place.bubble.label,
        place.bubble.label,
        place.x,
        place.y,
        place.radius,
        figure,
    )
