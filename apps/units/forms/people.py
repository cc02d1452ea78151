"""Check what people type about the units and people in their charge."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.accounts.rules import ROLE_WORDS
from apps.core.forms import FilterForm, Form
from apps.core.sheets import MAX_BYTES
from apps.units.models.tree import UnitQuerySet
from apps.units.permissions import grantable_roles
from apps.units.queries import found_unit
from apps.units.services import ContactFacts, SheetLine
from apps.units.services.account_plan import person_errors

_PHONE_BOX = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})


class PeopleFilter(FilterForm):
    """Narrow the list of people."""

    STATES = (
        ("", "Tất cả"),
        ("active", "Đang dùng"),
        ("waiting", "Chưa đăng nhập lần nào"),
        ("locked", "Đã khóa"),
    )

    q = forms.CharField(label="Tìm người hoặc đơn vị", required=False, max_length=100)
    state = forms.ChoiceField(label="Trạng thái", choices=STATES, required=False)

    def narrowed(self, people: QuerySet[User]) -> QuerySet[User]:
        """Keep the people in the chosen state."""
        state = self.cleaned_data.get("state") if self.is_valid() else ""
        if state == "locked":
            return people.filter(is_active=False)
        if state == "waiting":
            return people.filter(is_active=True, last_login__isnull=True)
        if state == "active":
            return people.filter(is_active=True, last_login__isnull=False)
        return people

    @property
    def typed(self) -> str:
        """Return what is searched for."""
        return str(self.cleaned_data.get("q", "")) if self.is_valid() else ""


class PersonForm(Form):
    """Take one person; the rules are those of the Excel list, with the same words."""

    submit_label = "Thêm người dùng"

    unit = forms.CharField(
        label="Đơn vị",
        max_length=300,
        help_text="Gõ tên hoặc mã đơn vị, không cần dấu.",
        widget=forms.TextInput(attrs={"list": "unit-list", "autocomplete": "off"}),
    )
    full_name = forms.CharField(label="Họ và tên", max_length=150)
    title = forms.CharField(label="Chức vụ", max_length=200, required=False)
    phone = forms.CharField(label="Điện thoại", max_length=30, required=False, widget=_PHONE_BOX)
    email = forms.CharField(label="Thư điện tử", max_length=254, required=False)
    role = forms.ChoiceField(label="Vai trò")
    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=64,
        required=False,
        help_text="Có thể để trống, hệ thống tự đặt.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )

    def __init__(self, *args: Any, by: User, on: date, units: UnitQuerySet, **kwargs: Any) -> None:
        self.by, self.on, self.units = by, on, units
        super().__init__(*args, **kwargs)
        roles = [(ROLE_WORDS[role].name, ROLE_WORDS[role].name) for role in grantable_roles(by, on)]
        role_field = self.fields["role"]
        if isinstance(role_field, forms.ChoiceField):
            role_field.choices = roles

    def clean(self) -> dict[str, Any]:
        """Find the unit and ask the rules of the list."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        unit, reason = found_unit(self.units, cleaned.get("unit", ""), self.on)
        if unit is None:
            if "unit" in cleaned:
                self.add_error("unit", reason)
            return cleaned
        cleaned["line"] = self._line(unit.code, cleaned)
        for name, problem in person_errors(cleaned["line"], self.by, self.on):
            field = "unit" if name == "unit_code" else name
            if field not in self.errors:
                self.add_error(field, problem[:1].upper() + problem[1:])
        return cleaned

    def _line(self, unit_code: str, cleaned: dict[str, Any]) -> SheetLine:
        """Write the person as a line of the list."""
        return SheetLine(
            number=2,
            unit_code=unit_code,
            full_name=cleaned.get("full_name", ""),
            title=cleaned.get("title", ""),
            phone=cleaned.get("phone", ""),
            email=cleaned.get("email", ""),
            role=cleaned.get("role", ""),
            username=cleaned.get("username", ""),
        )


class AccountListForm(Form):
    """Take an uploaded workbook."""

    submit_label = "Tải lên và xem trước"

    file = forms.FileField(
        label="Tệp danh sách (.xlsx)",
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx"}),
        error_messages={"empty": "Tệp không có nội dung."},
    )

    def clean_file(self) -> Any:
        """Refuse a file that is too large before it is read."""
        file = self.cleaned_data["file"]
        if file.size > MAX_BYTES:
            raise forms.ValidationError("Tệp lớn hơn 10 MB. Hãy dùng tệp mẫu.")
        return file


class SlipForm(forms.Form):
    """Take back the one-time password that the page before showed, to print it."""

    password = forms.CharField(max_length=100)


class ContactForm(Form):
    """Take somebody to call."""

    submit_label = "Thêm đầu mối"

    full_name = forms.CharField(label="Họ và tên", max_length=150)
    title = forms.CharField(label="Chức vụ", max_length=200, required=False)
    phone = forms.RegexField(
        label="Điện thoại",
        regex=r"^\+?[0-9][0-9 .()-]{6,18}[0-9]$",
        error_messages={"invalid": "Nhập số điện thoại, ví dụ 0912 345 678."},
        widget=_PHONE_BOX,
    )
    email = forms.EmailField(
        label="Thư điện tử",
        required=False,
        error_messages={"invalid": "Đây không phải là địa chỉ thư điện tử."},
    )

    def facts(self) -> ContactFacts:
        """Return what was typed."""
        cleaned = self.cleaned_data
        return ContactFacts(
            cleaned["full_name"], cleaned["phone"], cleaned["title"], cleaned["email"]
        )
