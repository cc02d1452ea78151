"""What a reviewer types: a decision with remarks on lines, and the search of the queue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from apps.core.forms import FilterForm, Form

REMARK_LIMIT = 1000


class QueueFilter(FilterForm):
    """Find a unit in the queue, accents or not."""

    q = forms.CharField(label="Tìm đơn vị", required=False, max_length=100)
    period = forms.IntegerField(required=False, widget=forms.HiddenInput)


class DecisionForm(Form):
    """A decision on the version looked at: a reason for the whole and a remark on any line."""

    looked_at = forms.IntegerField(label="Bản đang xem", widget=forms.HiddenInput)
    reason = forms.CharField(
        label="Lý do trả lại",
        help_text="Bắt buộc khi trả lại. Đơn vị đọc được nội dung này.",
        required=False,
        max_length=REMARK_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, line_ids: Iterable[int] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.line_ids = list(line_ids)
        for line_id in self.line_ids:
            self.fields[f"remark-{line_id}"] = forms.CharField(
                label="Ý kiến",
                required=False,
                max_length=REMARK_LIMIT,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def remarks(self) -> list[tuple[int | None, str]]:
        """Return the remarks that were written, line by line."""
        return [
            (line_id, text)
            for line_id in self.line_ids
            if (text := self.cleaned_data.get(f"remark-{line_id}", ""))
        ]


class ReturnForm(DecisionForm):
    """Send it back: the reason must be given."""

    def clean_reason(self) -> str:
        """Ask for the reason in words that say why it is needed."""
        reason: str = self.cleaned_data["reason"].strip()
        if not reason:
            raise forms.ValidationError("Ghi lý do trả lại để đơn vị biết phải làm gì.")
        return reason


class AcceptForm(DecisionForm):
    """Take it as it is: a remark would be lost, so it is refused together with one."""

    def clean(self) -> dict[str, Any] | None:
        """Refuse to drop what the reviewer has written."""
        cleaned = super().clean()
        if self.remarks() or (self.cleaned_data.get("reason") or "").strip():
            raise forms.ValidationError(
                "Bạn đã ghi ý kiến hoặc lý do trả lại. Chọn “Trả lại”, hoặc xóa các ý kiến rồi "
                "“Tiếp nhận”."
            )
        return cleaned


class ReopenForm(Form):
    """Open an accepted report again."""

    submit_label = "Mở lại báo cáo"

    reason = forms.CharField(
        label="Lý do mở lại",
        max_length=REMARK_LIMIT,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
