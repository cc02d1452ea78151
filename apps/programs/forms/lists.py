"""Check what narrows the lists of the register, and files to import."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from apps.core.forms import FilterForm, Form
from apps.core.sheets import MAX_BYTES
from apps.core.text import nfc
from apps.programs.forms.choices import PlainSelect
from apps.programs.queries.site_columns import COLUMNS, NAME
from apps.programs.queries.site_list import OPERATING, SiteChoices, SiteNarrowing
from apps.programs.rules import HostKind, Level, SiteState
from apps.units.models import Unit
from apps.units.models.tree import UnitQuerySet
from apps.units.queries import found_unit

FIRST_YEAR = 1990
_ALL = ("", "Tất cả")
_DESCENDING = "-"
_ORDERS = [
    ("ten", "Tên điểm, A đến Z"),
    ("-ten", "Tên điểm, Z đến A"),
    ("don_vi", "Đơn vị, A đến Z"),
    ("-don_vi", "Đơn vị, Z đến A"),
    ("loai", "Loại mô hình, A đến Z"),
    ("-loai", "Loại mô hình, Z đến A"),
    ("-ra_mat", "Ra mắt gần đây trước"),
    ("ra_mat", "Ra mắt lâu nhất trước"),
    ("tin", "Lâu không có tin trước"),
    ("-tin", "Tin mới nhất trước"),
]
SILENT = ((1, "từ 1 quý"), (2, "từ 2 quý"), (3, "từ 3 quý"), (4, "từ 4 quý"))


def _today(data: QueryDict, choices: SiteChoices) -> QueryDict:
    """Return filters, perhaps kept long ago, with the kind under the name it goes by now."""
    asked = data.copy()
    if "loai" in asked:
        asked["loai"] = choices.type_meant(str(asked["loai"]))
    return asked


class SiteFilterForm(FilterForm):
    """What the list of sites is narrowed by; it travels in the address."""

    tim = forms.CharField(
        label="Tìm",
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Tên, mã, loại, đơn vị; không cần dấu"}
        ),
    )
    trang_thai = forms.ChoiceField(
        label="Trạng thái",
        required=False,
        widget=PlainSelect,
        choices=[_ALL, (OPERATING, "Còn hoạt động"), *SiteState.choices],
    )
    loai = forms.TypedChoiceField(
        label="Loại mô hình", required=False, coerce=int, empty_value=None, widget=PlainSelect
    )
    linh_vuc = forms.TypedChoiceField(
        label="Lĩnh vực", required=False, coerce=int, empty_value=None, widget=PlainSelect
    )
    don_vi = forms.CharField(label="Đơn vị, địa bàn", required=False, max_length=150)
    cap = forms.ChoiceField(
        label="Cấp quản lý", required=False, choices=[_ALL, *Level.choices], widget=PlainSelect
    )
    noi_ap_dung = forms.ChoiceField(
        label="Nơi áp dụng", required=False, choices=[_ALL, *HostKind.choices], widget=PlainSelect
    )
    nam = forms.TypedChoiceField(
        label="Năm ra mắt", required=False, coerce=int, empty_value=None, widget=PlainSelect
    )
    phoi_hop = forms.CharField(label="Đơn vị phối hợp", required=False, max_length=150)
    im_lang = forms.TypedChoiceField(
        label="Im lặng",
        required=False,
        coerce=int,
        empty_value=None,
        widget=PlainSelect,
        choices=[_ALL, *SILENT],
    )
    cot = forms.MultipleChoiceField(required=False, choices=[(c.key, c.label) for c in COLUMNS])
    xep = forms.ChoiceField(label="Sắp xếp", required=False, choices=_ORDERS, widget=PlainSelect)

    def __init__(
        self, data: QueryDict, *, choices: SiteChoices, scope: UnitQuerySet, on: date
    ) -> None:
        """Offer the kinds, fields and years that there are."""
        super().__init__(_today(data, choices))
        self.scope, self.on = scope, on
        years = [(year, str(year)) for year in range(on.year, FIRST_YEAR - 1, -1)]
        for field in self.fields.values():
            is_list = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if is_list else "form-control"
        for name, offered in (
            ("loai", choices.types),
            ("linh_vuc", choices.fields),
            ("nam", years),
        ):
            choice = self.fields[name]
            if isinstance(choice, forms.ChoiceField):
                choice.choices = [_ALL, *offered]

    def clean_don_vi(self) -> Unit | None:
        """Return the one unit of the scope that is typed."""
        return self._meant(self.scope, "don_vi")

    def clean_phoi_hop(self) -> Unit | None:
        """Return the one unit that is typed; units from elsewhere help too."""
        return self._meant(Unit.objects.alive_on(self.on), "phoi_hop")

    def clean_tim(self) -> str:
        """Return the search as it is compared."""
        return nfc(self.cleaned_data["tim"])

    @property
    def narrowing(self) -> SiteNarrowing:
        """Return what is asked for; a filter that cannot be read narrows nothing."""
        self.is_valid()
        said = self.cleaned_data
        order = said.get("xep") or NAME.order
        return SiteNarrowing(
            text=said.get("tim", ""),
            type_id=said.get("loai"),
            field_id=said.get("linh_vuc"),
            unit=said.get("don_vi"),
            level=said.get("cap", ""),
            state=said.get("trang_thai", ""),
            year=said.get("nam"),
            coordinator=said.get("phoi_hop"),
            silent=said.get("im_lang") or 0,
            host_kind=said.get("noi_ap_dung", ""),
            order=order.lstrip(_DESCENDING),
            is_descending=order.startswith(_DESCENDING),
        )

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything at all is filtered."""
        asked = set(self.fields) - {"cot", "xep"}
        return any(self.data.get(name) for name in asked)

    @property
    def n_hidden(self) -> int:
        """Count the filters at work among those that are folded away."""
        return sum(bool(self.data.get(name)) for name in FOLDED)

    def _meant(self, units: UnitQuerySet, name: str) -> Unit | None:
        """Return the unit that a field names, or say which ones it could be."""
        typed = self.cleaned_data[name].strip()
        if not typed:
            return None
        unit, reason = found_unit(units, typed, self.on)
        if unit is None:
            raise forms.ValidationError(reason)
        return unit


FOLDED = ("linh_vuc", "cap", "noi_ap_dung", "nam", "phoi_hop", "im_lang", "xep")


class ImportForm(Form):
    """Take an uploaded workbook."""

    submit_label = "Tải lên và xem trước"

    file = forms.FileField(
        label="Tệp đã điền (.xlsx)",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"empty": "Tệp không có nội dung."},
    )

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError("Tệp lớn hơn 10 MB. Hãy dùng tệp mẫu.")
        return file


SITES, SILENT_SITES, MEMBERS = "", "im_lang", "thanh_vien"


class MapForm(FilterForm):
    """What the map counts: sites that work, the silent ones, or members; of all or some kinds."""

    dem = forms.ChoiceField(
        label="Bản đồ cho xem",
        required=False,
        choices=[
            (SITES, "Điểm đang hoạt động"),
            (SILENT_SITES, "Điểm im lặng từ 1 quý"),
            (MEMBERS, "Thành viên của các điểm"),
        ],
    )
    loai = forms.TypedChoiceField(
        label="Loại mô hình", required=False, coerce=int, empty_value=None
    )
    linh_vuc = forms.TypedChoiceField(
        label="Lĩnh vực", required=False, coerce=int, empty_value=None
    )
    xep = forms.ChoiceField(
        label="Sắp xếp bảng",
        required=False,
        choices=[("", "Theo tên địa bàn"), ("so", "Số lớn trước")],
    )

    def __init__(self, data: QueryDict, *, choices: SiteChoices) -> None:
        """Offer the kinds and fields that there are."""
        super().__init__(_today(data, choices))
        for name, offered in (("loai", choices.types), ("linh_vuc", choices.fields)):
            choice = self.fields[name]
            if isinstance(choice, forms.ChoiceField):
                choice.choices = [_ALL, *offered]
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"

    @property
    def narrowing(self) -> SiteNarrowing:
        """Return which sites are counted."""
        self.is_valid()
        said = self.cleaned_data
        return SiteNarrowing(
            state=OPERATING,
            type_id=said.get("loai"),
            field_id=said.get("linh_vuc"),
            silent=1 if said.get("dem") == SILENT_SITES else 0,
        )

    @property
    def by_members(self) -> bool:
        """Tell whether the sites' members are counted and not the sites."""
        return self.is_valid() and self.cleaned_data["dem"] == MEMBERS

    @property
    def noun(self) -> str:
        """Return what a figure counts."""
        if self.by_members:
            return "thành viên"
        return "điểm im lặng" if self.narrowing.silent else "điểm"

    @property
    def by_count(self) -> bool:
        """Tell whether the table begins with the largest figures."""
        return self.is_valid() and self.cleaned_data["xep"] == "so"

    @property
    def own_query(self) -> dict[str, str]:
        """Return what was chosen, to be carried from page to page of the map."""
        return {name: self.data[name] for name in self.fields if self.data.get(name)}

    @property
    def list_query(self) -> dict[str, str]:
        """Return the filters of the list that show just what the map counts."""
        asked = self.narrowing
        said = {"loai": asked.type_id, "linh_vuc": asked.field_id, "im_lang": asked.silent}
        return {"trang_thai": OPERATING} | {key: str(value) for key, value in said.items() if value}
