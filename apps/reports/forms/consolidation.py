"""What is typed on the consolidation pages: adjustments, words, the order of a document."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from apps.core.forms import DateField, Form, NumberField

SIGNS = (("+", "Cộng thêm (+)"), ("-", "Trừ bớt (−)"))


class AdjustmentForm(Form):
    """A signed row: the sign is chosen, so that a number stays a plain number."""

    sign = forms.ChoiceField(label="Điều chỉnh", choices=SIGNS)
    amount = NumberField(label="Số điều chỉnh")
    reason = forms.CharField(
        label="Lý do", max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
    decision_ref = forms.CharField(
        label="Căn cứ (không bắt buộc)",
        required=False,
        max_length=120,
        help_text="Ví dụ: Biên bản kiểm tra số 12/BB-BCĐ ngày 05/06/2026.",
    )

    def __init__(self, *args: Any, decimals: int = 0, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount = self.fields["amount"]
        assert isinstance(amount, NumberField)  # noqa: S101 (narrows the type)
        amount.decimals = decimals

    def delta(self) -> Decimal:
        """Return the amount with its sign."""
        amount: Decimal = self.cleaned_data["amount"]
        return amount if self.cleaned_data["sign"] == "+" else -amount


class ReversalForm(Form):
    """Undo a signed row."""

    reason = forms.CharField(label="Lý do hủy điều chỉnh", max_length=500)


class WordsForm(Form):
    """One part of the summary in words, and the version it was written over."""

    body = forms.CharField(
        required=False, max_length=20_000, strip=False, widget=forms.Textarea(attrs={"rows": 6})
    )
    base = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class OrderForm(Form):
    """Have the report made; when units are missing, say why."""

    incomplete_reason = forms.CharField(
        label="Lý do lập báo cáo khi chưa đủ đơn vị",
        help_text="Lý do này được in trong báo cáo, cạnh danh sách đơn vị chưa có số liệu.",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class IssueForm(Form):
    """Number and date of the office's own register."""

    number = forms.IntegerField(label="Số", min_value=1, max_value=99_999)
    issued_on = DateField(label="Ngày ban hành")
