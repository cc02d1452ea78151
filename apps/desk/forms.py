"""Check what a person types at his desk."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from apps.core.forms import Form


class SavedFilterForm(Form):
    """The name of a list's filters, and who may apply them."""

    name = forms.CharField(
        label="Tên bộ lọc", max_length=80, help_text="Ví dụ: Điểm im lặng 2 quý của xã tôi."
    )
    share_with = forms.TypedChoiceField(
        label="Ai dùng được",
        required=False,
        coerce=int,
        empty_value=None,
        widget=forms.RadioSelect,
        help_text="Người khác thấy tên và điều kiện lọc, và chỉ thấy số liệu trong phạm vi của họ.",
    )
    submit_label = "Lưu bộ lọc"

    def __init__(self, *args: Any, units: Mapping[int, str], **kwargs: Any) -> None:
        """Offer oneself alone, and each of one's units with what is under it."""
        super().__init__(*args, **kwargs)
        field = self.fields["share_with"]
        if isinstance(field, forms.ChoiceField):
            below = [(pk, f"{name} và các đơn vị trực thuộc") for pk, name in units.items()]
            field.choices = [("", "Chỉ mình tôi"), *below]
