"""Check what a person types at his desk."""

from __future__ import annotations

from django import forms

from apps.core.forms import Form


class SavedFilterForm(Form):
    """The name of a list's filters, and whether others may apply them."""

    name = forms.CharField(
        label="Tên bộ lọc", max_length=80, help_text="Ví dụ: Điểm im lặng 2 quý của xã tôi."
    )
    is_shared = forms.BooleanField(
        label="Cho mọi người dùng chung",
        required=False,
        help_text="Người khác thấy tên và điều kiện lọc, và chỉ thấy số liệu trong phạm vi của họ.",
    )
    submit_label = "Lưu bộ lọc"
