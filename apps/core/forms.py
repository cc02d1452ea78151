"""Forms of the portal: Vietnamese messages, one layout, numbers and dates as people type them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms

from apps.core.dates import DateError, format_date, parse_date
from apps.core.errors import DomainError
from apps.core.numbers import NumberError, format_number, parse_number

_CHOSEN = (forms.ChoiceField, forms.ModelChoiceField, forms.FileField)


class NumberField(forms.Field):
    """A number from 0 up, typed the Vietnamese way: 1.250 or, with decimals, 12,5."""

    def __init__(
        self, *, decimals: int = 0, max_value: Decimal | int | None = None, **kwargs: Any
    ) -> None:
        self.decimals = decimals
        self.max_value = max_value
        mode = "decimal" if decimals else "numeric"
        attributes = {"inputmode": mode, "autocomplete": "off", "class": "num"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Decimal | None:
        """Read what was typed; nothing typed is no number, never 0."""
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, (int, Decimal)):
            return Decimal(value)
        try:
            number = parse_number(str(value), self.decimals)
        except NumberError as error:
            raise forms.ValidationError(error.message, code="number") from error
        if self.max_value is not None and number > self.max_value:
            limit = format_number(self.max_value, self.decimals)
            raise forms.ValidationError(f"Số này lớn hơn mức cho phép ({limit}).", code="max")
        return number

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number as people write it, and a mistyped one as it was typed."""
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            return format_number(value, self.decimals)
        return value


class DateField(forms.Field):
    """A date in a text box, day first: the browser's own date box follows another language."""

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"inputmode": "numeric", "autocomplete": "off", "placeholder": "dd/mm/yyyy"}
        kwargs.setdefault("widget", forms.TextInput(attrs=attributes | {"class": "date"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """Read what was typed."""
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        if isinstance(value, date):
            return value
        try:
            return parse_date(str(value))
        except DateError as error:
            raise forms.ValidationError(error.message, code="date") from error

    def prepare_value(self, value: Any) -> Any:
        """Show a stored date as dd/mm/yyyy."""
        return format_date(value) if isinstance(value, date) else value


class Framed(forms.BaseForm):
    """What every form of the portal shares: layout, button, messages; mixed into a Django form."""

    form_method: ClassVar[str] = "post"
    form_action: ClassVar[str] = ""
    submit_label: ClassVar[str] = "Lưu"
    form_attributes: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if "required" in field.error_messages:
                field.error_messages["required"] = missing_message(field, name)

    @property
    def helper(self) -> FormHelper:
        """Return the crispy layout; ``{% crispy form %}`` finds it by this name."""
        helper = FormHelper()
        helper.form_method = self.form_method
        helper.form_action = self.form_action
        helper.disable_csrf = self.form_method == "get"
        helper.attrs = {"novalidate": "novalidate"} | self.form_attributes
        if self.submit_label:
            helper.add_input(Submit("", self.submit_label))
        return helper

    def refuse(self, error: DomainError, field: str | None = None) -> None:
        """Show a service's refusal at the top of the form or on one field."""
        self.add_error(field, error.message)


class Form(Framed, forms.Form):
    """A plain form; it checks what was typed and never saves."""


class ModelForm(Framed, forms.ModelForm):  # type: ignore[type-arg]
    """A form over a model's fields, for validation only: a service writes."""


class FilterForm(Form):
    """A form that narrows a list; it travels in the address."""

    form_method = "get"
    submit_label = "Lọc"


def missing_message(field: forms.Field, name: str) -> str:
    """Return "Chưa nhập số quyết định." or "Chưa chọn đơn vị." for a field left empty."""
    verb = "chọn" if isinstance(field, (*_CHOSEN, forms.BooleanField)) else "nhập"
    return f"Chưa {verb} {lower_first(str(field.label or name))}."


def lower_first(label: str) -> str:
    """Lower the first letter of a label, unless it begins an abbreviation such as MTTQ."""
    if len(label) > 1 and label[1].isupper():
        return label
    return label[:1].lower() + label[1:]
