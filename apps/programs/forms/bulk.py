"""Check what is to change in many sites."""

from __future__ import annotations

from django import forms

from apps.programs.forms.units import FormWithUnits, UnitsField
from apps.programs.rules import HostKind, Level
from apps.programs.services.bulk_edit import BulkChange

_KEEP = ("", "Giữ nguyên")
# The district level has ended; a site of those days is mended by itself.
_LEVELS = [(value, label) for value, label in Level.choices if value != Level.DISTRICT]


class BulkForm(FormWithUnits):
    """What to change; whatever is left empty stays as it is in each site."""

    level = forms.ChoiceField(label="Cấp quản lý", required=False, choices=[_KEEP, *_LEVELS])
    host_kind = forms.ChoiceField(
        label="Nơi áp dụng", required=False, choices=[_KEEP, *HostKind.choices]
    )
    coordinators = UnitsField(
        label="Thêm đơn vị phối hợp",
        required=False,
        help_text="Gõ tên hoặc mã; nhiều đơn vị cách nhau bằng dấu chấm phẩy.",
    )
    note = forms.CharField(
        label="Thêm vào ghi chú",
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Ghi nối vào cuối ghi chú đang có. Không ghi họ tên người được giúp đỡ.",
    )
    submit_label = "Xem trước"

    @property
    def change(self) -> BulkChange:
        """Return what was chosen."""
        said = self.cleaned_data
        return BulkChange(
            level=said["level"],
            host_kind=said["host_kind"],
            coordinator_ids=tuple(unit.pk for unit in said["coordinators"]),
            note=said["note"],
        )
