"""Forms: Vietnamese messages, numbers and dates as typed, errors on top with links."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context
from django.utils import translation

from apps.core.errors import DomainError
from apps.core.forms import DateField, FilterForm, Form, NumberField, lower_first


class ReportForm(Form):
    """A form of each kind of field."""

    meetings = NumberField(label="Số buổi", max_value=5000)
    share = NumberField(label="Tỷ lệ", decimals=1, required=False)
    held_on = DateField(label="Ngày tổ chức")
    kind = forms.ChoiceField(label="MTTQ hay đơn vị", choices=[("a", "A"), ("b", "B")])
    group = forms.ChoiceField(
        label="Nhóm", choices=[("x", "X")], widget=forms.RadioSelect, required=False
    )


def bound(**changed: Any) -> ReportForm:
    return ReportForm({"meetings": "1.250", "held_on": "5/6/26", "kind": "a"} | changed)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_numbers_and_dates_are_the_same_in_every_language(language: str) -> None:
    with translation.override(language):
        form = bound(share="12,5", held_on="05/06/2026")

        assert form.is_valid(), form.errors
    assert form.cleaned_data["meetings"] == 1250
    assert form.cleaned_data["share"] == Decimal("12.5")
    assert form.cleaned_data["held_on"] == date(2026, 6, 5)


def test_nothing_typed_is_none_not_zero() -> None:
    form = bound()

    assert form.is_valid()
    assert form.cleaned_data["share"] is None


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("meetings", "", "Chưa nhập số buổi."),
        ("meetings", "  ", "Chưa nhập số buổi."),
        ("meetings", "1,5", "“1,5” phải là số nguyên"),
        ("meetings", "6.000", "lớn hơn mức cho phép (5.000)"),
        ("held_on", "", "Chưa nhập ngày tổ chức."),
        ("held_on", "31/02/2026", "tháng này có 28 ngày"),
        ("kind", "", "Chưa chọn MTTQ hay đơn vị."),
    ],
)
def test_messages_say_what_to_do(name: str, typed: str, message: str) -> None:
    form = bound(**{name: typed})

    assert not form.is_valid()
    assert message in form.errors[name][0]


def test_stored_values_are_shown_as_people_write_them() -> None:
    form = ReportForm(
        initial={"meetings": 1250, "share": Decimal("12.5"), "held_on": date(2026, 6, 5)}
    )

    assert form["meetings"].value() == "1.250"
    assert 'value="1.250"' in str(form["meetings"])
    assert 'value="12,5"' in str(form["share"])
    assert 'value="05/06/2026"' in str(form["held_on"])


def test_what_was_mistyped_is_shown_as_typed() -> None:
    assert 'value="1,5"' in str(bound(meetings="1,5")["meetings"])


def test_no_field_uses_a_native_date_box() -> None:
    assert 'type="text"' in str(bound()["held_on"])


def test_unchanged_values_count_as_unchanged() -> None:
    form = ReportForm(
        {"meetings": "1.250", "held_on": "05/06/2026", "kind": "a"},
        initial={"meetings": Decimal(1250), "held_on": date(2026, 6, 5), "kind": "a"},
    )

    assert form.changed_data == []


def test_errors_stand_on_top_with_links_and_take_the_focus() -> None:
    form = bound(meetings="x", group="nothing")
    form.is_valid()
    form.refuse(DomainError("Kỳ này đã khóa."))

    html = render_crispy_form(form, context=Context())

    assert html.index("error-summary") < html.index('id="id_meetings"')
    assert "autofocus" in html
    assert "<li>Kỳ này đã khóa.</li>" in html
    assert '<a href="#id_meetings">Số buổi: ' in html
    assert '<a href="#div_id_group">Nhóm: ' in html
    assert 'aria-invalid="true"' in html


def test_a_right_form_has_no_summary() -> None:
    assert "error-summary" not in render_crispy_form(ReportForm(), context=Context())


def test_refuse_on_a_field() -> None:
    form = bound()
    form.is_valid()
    form.refuse(DomainError("Trùng."), "meetings")

    assert form.errors["meetings"] == ["Trùng."]


def test_post_form_has_a_button_and_no_browser_messages() -> None:
    html = render_crispy_form(ReportForm(), context=Context())

    assert 'method="post"' in html
    assert "novalidate" in html
    assert 'value="Lưu"' in html
    assert "style=" not in html


def test_filter_form_travels_in_the_address() -> None:
    html = render_crispy_form(FilterForm(), context=Context())

    assert 'method="get"' in html
    assert "csrf" not in html
    assert 'value="Lọc"' in html


@pytest.mark.parametrize(
    ("label", "lowered"), [("Số buổi", "số buổi"), ("MTTQ", "MTTQ"), ("Đ", "đ"), ("", "")]
)
def test_lower_first(label: str, lowered: str) -> None:
    assert lower_first(label) == lowered
