"""Read counted numbers as people write them: "1.250", "hơn 1.000", "gần 300"."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.core.errors import DomainError
from apps.programs.rules import Counted, amount_text, read_amount


class AmountField(forms.Field):
    """A number with how exact it is; nothing typed is no number."""

    def __init__(self, **kwargs: Any) -> None:
        box = {"inputmode": "text", "autocomplete": "off", "class": "num"}
        kwargs.setdefault("widget", forms.TextInput(attrs=box))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> Counted:
        """Read what was typed."""
        if isinstance(value, Counted):
            return value
        try:
            return read_amount(str(value or ""))
        except DomainError as error:
            raise forms.ValidationError(error.message, code="number") from error

    def validate(self, value: Any) -> None:
        """Ask for a number where one is needed."""
        if self.required and value.value is None:
            raise forms.ValidationError(self.error_messages["required"], code="required")

    def prepare_value(self, value: Any) -> Any:
        """Show a stored number as people write it."""
        return amount_text(value.value, value.qualifier) if isinstance(value, Counted) else value
