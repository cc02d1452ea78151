"""Check what sending a report needs: the declaration, a reason, a paper day, an answer, a scan."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.core.forms import DateField, Form
from apps.indicators.models import PeriodKind
from apps.reports.models.entry import ReportState
from apps.reports.models.review import RemarkAnswer
from apps.reports.queries.lists import Narrowing


class DeclarationForm(Form):
    """The tick without which nothing is sent, and the token that makes sending twice harmless."""

    declared = forms.BooleanField(
        label="Tôi đã kiểm tra và chịu trách nhiệm về số liệu trong báo cáo này"
    )
    client_token = forms.RegexField(r"^[0-9a-zA-Z_-]{8,64}$", widget=forms.HiddenInput)
    seen_hash = forms.RegexField(r"^[0-9a-f]{64}$", required=False, widget=forms.HiddenInput)
    seen = forms.JSONField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Ask for the tick in words of its own."""
        super().__init__(*args, **kwargs)
        messages = self.fields["declared"].error_messages
        messages["required"] = "Đánh dấu vào ô cam đoan trước khi gửi."

    @property
    def seen_texts(self) -> dict[str, str]:
        """Return what each line said on the page that was looked at; only to show what moved."""
        seen = getattr(self, "cleaned_data", {}).get("seen")
        if not isinstance(seen, dict):
            return {}
        return {str(line): str(text) for line, text in seen.items()}


class SendBackForm(Form):
    """What the leader asks the clerk to mend."""

    text = forms.CharField(
        label="Việc cần sửa", max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class OnBehalfForm(Form):
    """The day the paper came."""

    paper_received_on = DateField(
        label="Ngày nhận bản giấy", help_text="Ngày này quyết định báo cáo đúng hạn hay muộn."
    )
    submit_label = "Bắt đầu nhập thay"


class ScanForm(Form):
    """The signed paper, scanned."""

    scan = forms.FileField(
        label="Bản ký đã quét hoặc chụp",
        help_text="PDF, JPG, PNG hoặc WEBP, không quá 10 MB.",
        allow_empty_file=True,
    )
    submit_label = "Tải lên"


class AnswerForm(Form):
    """What was done about a remark."""

    answer = forms.ChoiceField(choices=RemarkAnswer.choices)
    text = forms.CharField(required=False, max_length=1000)


class ListForm(Form):
    """What the list is narrowed by; it travels in the address."""

    form_method = "get"
    tab = forms.ChoiceField(
        required=False, choices=[("", "Của đơn vị tôi"), ("phu-trach", "Đơn vị tôi phụ trách")]
    )
    nam = forms.TypedChoiceField(label="Năm", required=False, coerce=int, empty_value=None)
    loai = forms.ChoiceField(
        label="Loại kỳ", required=False, choices=[("", "Tất cả"), *PeriodKind.choices]
    )
    trang_thai = forms.ChoiceField(
        label="Trạng thái", required=False, choices=[("", "Tất cả"), *ReportState.choices]
    )
    tim = forms.CharField(label="Đơn vị", required=False, max_length=100)

    def __init__(self, *args: Any, years: list[int], **kwargs: Any) -> None:
        """Offer the years that have reports."""
        super().__init__(*args, **kwargs)
        choices = [("", "Tất cả"), *((str(year), str(year)) for year in years)]
        self.fields["nam"].choices = choices  # type: ignore[attr-defined]

    @property
    def narrowing(self) -> Narrowing:
        """Return what was asked; a value that makes no sense narrows nothing."""
        self.is_valid()
        values = self.cleaned_data
        return Narrowing(
            is_own=values.get("tab", "") == "",
            year=values.get("nam"),
            kind=values.get("loai", ""),
            state=values.get("trang_thai", ""),
            text=values.get("tim", ""),
        )
