"""Tags that draw: numbers, badges, icons, cards, small charts."""

from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from django.template import Context, Template, TemplateSyntaxError
from django.test import override_settings

from apps.core.templatetags import ui


def render(text: str, **context: Any) -> str:
    return Template("{% load ui %}" + text).render(Context(context))


def drawing(svg: str) -> Element:
    return fromstring(svg)  # noqa: S314 - our own tag made it


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("{{ v|vn_number }}", 1234567, "1.234.567"),
        ("{{ v|vn_number:1 }}", Decimal("12.5"), "12,5"),
        ("{{ v|vn_number }}", None, ""),
        ("{{ v|vn_number }}", 0, "0"),
        ("{{ v|vn_percent }}", 75.25, "75,3\u00a0%"),
        ("{{ v|vn_percent:0 }}", 64, "64\u00a0%"),
        ("{{ v|vn_percent }}", None, ""),
        ("{{ v|vn_date }}", date(2026, 6, 5), "05/06/2026"),
        ("{{ v|vn_date }}", None, ""),
        ("{{ v|vn_datetime }}", datetime(2026, 6, 5, 3, 32, tzinfo=UTC), "05/06/2026 10:32"),
    ],
)
def test_filters_write_as_people_read(text: str, value: Any, shown: str) -> None:
    assert render(text, v=value) == shown


def test_ids_are_never_grouped() -> None:
    assert render("{{ pk }}", pk=1234567) == "1234567"


@pytest.mark.parametrize("tone", sorted(ui.TONE_ICONS))
def test_a_badge_is_icon_and_word_and_tone(tone: str) -> None:
    html = render("{% badge 'Đã nộp' tone %}", tone=tone)

    assert f"badge-{tone}" in html
    assert f"#{ui.TONE_ICONS[tone]}" in html
    assert "Đã nộp" in html


def test_a_badge_takes_a_state_that_knows_its_word_and_tone() -> None:
    state = SimpleNamespace(label="Trả lại", tone="warn", icon="arrow-return-left")

    html = render("{% badge s %}", s=state)

    assert "Trả lại" in html
    assert "badge-warn" in html
    assert "#arrow-return-left" in html


def test_what_people_typed_is_escaped() -> None:
    assert "<b>" not in render("{% badge v %}", v="<b>x</b>")
    assert "<b>" not in render("{% sparkline v name %}", v=[1, 2], name="<b>")


def test_an_icon_is_hidden_from_screen_readers() -> None:
    assert 'aria-hidden="true"' in render("{% icon 'bell' %}")


def test_a_card_wraps_its_content() -> None:
    html = render("{% card title='Tin báo' tone='warn' %}<p>x</p>{% endcard %}")

    assert "card-warn" in html
    assert "Tin báo</h2>" in html
    assert "<p>x</p>" in html


def test_only_settings_for_pages_are_shown() -> None:
    with override_settings(HOTLINE="0277 123"):
        assert render("{% setting_text 'HOTLINE' %}") == "0277 123"
    with pytest.raises(TemplateSyntaxError):
        render("{% setting_text 'SECRET_KEY' %}")


def test_demo_mark_comes_from_settings_or_page() -> None:
    band = "{% include 'frame/demo_band.html' %}"
    with override_settings(DEMO_MARK=False):
        assert "minh họa" not in render(band)
        assert "minh họa" in render(band, demo_mark=True)
    with override_settings(DEMO_MARK=True):
        assert "minh họa" in render(band)


def test_a_sparkline_tells_all_its_figures() -> None:
    svg = render("{% sparkline v 'Số buổi' labels %}", v=[1200, None, Decimal("0.5")], labels="abc")
    drawn = drawing(svg)

    assert drawn.find("title") is not None
    assert drawn.findtext("desc") == "a 1.200; b chưa có; c 0,5"
    assert len(drawn.findall("polyline")) == 2


@pytest.mark.parametrize("values", [[5], [5, 5, 5], [0, 0]])
def test_a_sparkline_of_equal_figures_lies_in_the_middle(values: list[int]) -> None:
    circle = drawing(render("{% sparkline v 'x' %}", v=values)).find("circle")

    assert circle is not None
    assert circle.get("cy") == "16.0"


@pytest.mark.parametrize("values", [[], [None, None]])
def test_a_sparkline_of_nothing_says_so(values: list[None]) -> None:
    assert "Chưa có số liệu" in render("{% sparkline v 'x' %}", v=values)
