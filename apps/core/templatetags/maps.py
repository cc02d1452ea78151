"""The tag that draws a map of bubbles; a table beside it says the same in words."""

from __future__ import annotations

from collections.abc import Sequence

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from apps.core.bubbles import (
    GROUND_RADIUS,
    WIDTH,
    Bubble,
    BubbleMap,
    Drawn,
    ValueClass,
    draw_map,
)
from apps.core.numbers import format_number

register = template.Library()


@register.simple_tag
def bubble_map(
    bubbles: Sequence[Bubble], classes: Sequence[ValueClass], title: str, chosen: str = ""
) -> SafeString:
    """Draw places as links, sized and shaded by class, the chosen one marked.

    The links are for pointers alone: by keyboard the table beside the map has the same ones.
    """
    drawn = draw_map(bubbles, classes)
    return format_html(
        '<svg class="bubble-map" viewBox="0 0 {} {}" role="group" aria-label="{}">{}{}{}</svg>',
        WIDTH,
        drawn.height,
        title,
        _ground(drawn),
        format_html_join("", "{}", ((_link(place, chosen),) for place in drawn.drawn)),
        format_html_join(
            "",
            '<text class="bubble-name" x="{}" y="{}" aria-hidden="true">{}</text>',
            ((name.x, name.y, name.words) for name in drawn.names),
        ),
    )


def _ground(drawn: BubbleMap) -> SafeString:
    """Draw what the bubbles lie on: where there are places at all, where north is, a scale."""
    land = format_html_join(
        "",
        '<circle cx="{}" cy="{}" r="{}"></circle>',
        ((x, y, GROUND_RADIUS) for x, y in drawn.ground),
    )
    return format_html(
        '<g aria-hidden="true"><g class="map-ground">{}</g>{}</g>', land, _compass(drawn)
    )


def _compass(drawn: BubbleMap) -> SafeString:
    """Draw where north is and how long some kilometres are."""
    if drawn.scale is None:
        return SafeString("")
    end, line = WIDTH - 10, drawn.height - 8
    return format_html(
        '<path class="map-scale" d="M{} {}v4h{}v-4"></path>'
        '<text class="map-words" x="{}" y="{}">{} km</text>'
        '<path class="map-north" d="M14 {}l-5 12l5 -3l5 3z"></path>'
        '<text class="map-words" x="36" y="{}">Bắc</text>',
        end - drawn.scale.length,
        line - 4,
        drawn.scale.length,
        end - drawn.scale.length - 24,
        line,
        drawn.scale.kilometres,
        line - 11,
        line,
    )


def _link(place: Drawn, chosen: str) -> SafeString:
    """Draw one place with its figure."""
    bubble = place.bubble
    figure: str | SafeString = ""
    if bubble.value:
        words = format_number(bubble.value)
        figure = format_html('<text x="{}" y="{}">{}</text>', place.x, place.y, words)
    return format_html(
        '<a href="{}" class="bubble bubble-{}{}" data-place="{}" tabindex="-1" aria-label="{}">'
        '<title>{}</title><circle cx="{}" cy="{}" r="{}"></circle>{}</a>',
        bubble.url,
        place.number,
        " chosen" if bubble.key == chosen else "",
        bubble.key,
        bubble.label,
        bubble.label,
        place.x,
        place.y,
        place.radius,
        figure,
    )
