"""Dates are read day first in both languages, and identifiers are never grouped (traps 1 and 4)."""

from datetime import date

import pytest
from django import forms
from django.template import Context, Template
from django.utils import formats, translation

from antq_portal.formats.en import formats as english
from antq_portal.formats.vi import formats as vietnamese


def values(module: object) -> dict[str, object]:
    return {name: value for name, value in vars(module).items() if name.isupper()}


def test_both_languages_have_the_same_formats() -> None:
    assert values(vietnamese) == values(english)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("text", ["05/06/2026", "5/6/26", "05-06-2026", "05.06.2026"])
def test_day_comes_first(language: str, text: str) -> None:
    with translation.override(language):
        assert forms.DateField().clean(text) == date(2026, 6, 5)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_day_is_printed_first(language: str) -> None:
    with translation.override(language):
        assert formats.date_format(date(2026, 6, 5), "SHORT_DATE_FORMAT") == "05/06/2026"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_numbers_are_grouped_by_dots_when_asked(language: str) -> None:
    with translation.override(language):
        assert formats.number_format(1234567.5, 1, use_l10n=True, force_grouping=True) == (
            "1.234.567,5"
        )


@pytest.mark.parametrize("language", ["vi", "en"])
def test_identifiers_are_not_grouped(language: str) -> None:
    with translation.override(language):
        assert Template("/don-vi/{{ id }}/").render(Context({"id": 12345})) == "/don-vi/12345/"
