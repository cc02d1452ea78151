"""Check what people type about programmes, their targets, and what units do with them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models import QuerySet

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.forms import DateField, FilterForm, Form, NumberField
from apps.core.numbers import format_number
from apps.core.uploads import ATTACHMENTS, accept
from apps.indicators.models import Indicator
from apps.programs.forms.units import FormWithUnits, UnitField, UnitsField
from apps.programs.models import Program, ProgramRecipient
from apps.programs.queries.program_people import desk_unit_ids
from apps.programs.queries.program_units import (
    blocks_in_scope,
    kinds_in_scope,
    units_for_sending,
    units_meant,
)
from apps.programs.queries.programs import DUTY_WORDS, ProgramWish
from apps.programs.rules import (
    Level,
    ProgramKind,
    ProgramState,
    RecipientStep,
    TargetSign,
)
from apps.programs.services.program_checks import NewProgram, ProgramRefused
from apps.programs.services.programs import NO_TARGET_SECTION, TARGET_KINDS, NewTarget
from apps.programs.services.recipients import UnitPlan
from apps.units.models import Unit
from apps.units.models.tree import UnitQuerySet

ALL = ("", "Tất cả")
TAKEN_OVER = frozenset({"kind", "title", "issuer", "level", "unit", "parties", "summary"})
FILES = (
    "Nhận PDF, Word (.docx), Excel (.xlsx) không có macro, hoặc ảnh chụp văn bản (JPG, PNG, WEBP); "
    "không quá 10 MB. Ảnh được thu nhỏ, bỏ vị trí và thông tin máy chụp."
)


class ProgramFilter(FilterForm):
    """Narrow the list of programmes; a value that is not offered narrows nothing."""

    tim = forms.CharField(label="Tìm theo số, trích yếu, cơ quan", required=False, max_length=100)
    loai = forms.ChoiceField(label="Loại", choices=[ALL, *ProgramKind.choices], required=False)
    nam = forms.ChoiceField(label="Năm ban hành", required=False)
    trang_thai = forms.ChoiceField(
        label="Trạng thái", choices=[ALL, *ProgramState.choices], required=False
    )
    hieu_luc = forms.ChoiceField(
        label="Hiệu lực",
        choices=[ALL, ("con", "Còn hiệu lực"), ("khong", "Chưa hoặc hết hiệu lực")],
        required=False,
    )
    viec = forms.ChoiceField(
        label="Việc của đơn vị tôi",
        choices=[ALL, *((step.value, words.capitalize()) for step, words in DUTY_WORDS.items())],
        required=False,
    )

    def __init__(self, *args: Any, years: list[int], has_units: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = self.fields["nam"]
        if isinstance(year, forms.ChoiceField):
            year.choices = [ALL, *((str(value), str(value)) for value in years)]
        if not has_units:
            del self.fields["viec"]

    def wish(self) -> ProgramWish:
        """Return what is asked for."""
        self.is_valid()
        said = self.cleaned_data
        return ProgramWish(
            text=said.get("tim", ""),
            kind=said.get("loai", ""),
            year=int(said["nam"]) if said.get("nam") else None,
            state=said.get("trang_thai", ""),
            validity=said.get("hieu_luc", ""),
            duty=said.get("viec", ""),
        )


class RefusedByName(Form):
    """A form that shows what a service refuses at the fields it names."""

    def refuse_all(self, refusal: ProgramRefused) -> None:
        """Show each fault at its field, or the refusal at the top."""
        for fault in refusal.faults:
            self.add_error(fault.field if fault.field in self.fields else None, fault.message)
        if not refusal.faults:
            self.refuse(refusal)


class ProgramForm(FormWithUnits, RefusedByName):
    """Take a programme."""

    submit_label = "Lưu"

    kind = forms.ChoiceField(label="Loại", choices=ProgramKind.choices)
    number = forms.CharField(
        label="Số, ký hiệu", max_length=60, required=False, help_text="Ví dụ: 47/KH-BCĐ."
    )
    title = forms.CharField(label="Trích yếu", max_length=300)
    issued_on = DateField(label="Ngày ban hành")
    issuer = forms.CharField(label="Cơ quan ban hành", max_length=200)
    level = forms.ChoiceField(label="Cấp", choices=Level.choices, initial=Level.PROVINCE)
    unit = UnitField(label="Đơn vị theo dõi", help_text="Đơn vị gửi và theo dõi kết quả.")
    parties = UnitsField(
        label="Đơn vị phối hợp",
        required=False,
        help_text="Các đơn vị cùng ký chương trình, quy chế phối hợp. Không có thì để trống.",
    )
    valid_from = DateField(label="Có hiệu lực từ ngày")
    valid_to = DateField(
        label="Hết hiệu lực từ ngày",
        required=False,
        help_text="Ngày đầu tiên không còn hiệu lực; không định hạn thì để trống.",
    )
    summary = forms.CharField(
        label="Nội dung chính", required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    plan_due_on = DateField(label="Hạn đơn vị gửi kế hoạch", required=False)
    interim_due_on = DateField(
        label="Hạn báo cáo sơ kết",
        required=False,
        help_text="Trước hạn này 45 ngày, báo cáo sơ kết hiện ở việc cần làm của từng đơn vị nhận.",
    )
    final_due_on = DateField(label="Hạn báo cáo tổng kết", required=False)
    lock_version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, user: User, on: date, **kwargs: Any) -> None:
        super().__init__(*args, user=user, on=on, permission=Permission.REGISTER_MANAGE, **kwargs)
        followers = desk_unit_ids(user, on, Permission.REGISTER_MANAGE)
        unit = self.fields["unit"]
        if isinstance(unit, UnitField):
            unit.offer(Unit.objects.filter(pk__in=followers), on)
        if followers:
            self.initial.setdefault("unit", Unit.objects.get(pk=followers[0]))

    def new(self, *, replaces: Program | None = None) -> NewProgram:
        """Return what was typed."""
        said = {name: value for name, value in self.cleaned_data.items() if name != "lock_version"}
        return NewProgram(**said, replaces=replaces)


def program_initial(program: Program) -> dict[str, Any]:
    """Return what the form shows of a programme that is changed."""
    names = [name for name in ProgramForm.base_fields if name != "parties"]
    known: dict[str, Any] = {name: getattr(program, name) for name in names}
    return known | {"parties": [row.unit for row in program.parties.select_related("unit")]}


def replacement_initial(old: Program) -> dict[str, Any]:
    """Return what a new programme takes over from the one it replaces: all but number and days."""
    known = program_initial(old)
    return {name: value for name, value in known.items() if name in TAKEN_OVER}


class SendForm(FormWithUnits, RefusedByName):
    """Choose the units a programme goes to, in any mixture of ways."""

    form_method = "get"
    submit_label = "Xem trước"

    kinds = forms.MultipleChoiceField(
        label="Tất cả đơn vị thuộc loại", required=False, widget=forms.CheckboxSelectMultiple
    )
    blocks = forms.MultipleChoiceField(
        label="Tất cả thành viên của khối, cụm", required=False, widget=forms.CheckboxSelectMultiple
    )
    units = UnitsField(label="Thêm từng đơn vị", required=False)
    same = forms.BooleanField(label="", required=False, initial=True)

    def __init__(
        self, *args: Any, user: User, on: date, replaces: Program | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, user=user, on=on, permission=Permission.REGISTER_MANAGE, **kwargs)
        self.replaces = replaces
        if replaces is None:
            del self.fields["same"]
        else:
            n_units = format_number(replaces.recipients.count())
            self.fields["same"].label = f"{n_units} đơn vị đã nhận {replaces} (văn bản bị thay thế)"
            self.order_fields(["same"])
        self.scope: UnitQuerySet = units_for_sending(user, on)
        kinds, blocks, units = (self.fields[name] for name in ("kinds", "blocks", "units"))
        if isinstance(kinds, forms.MultipleChoiceField):
            kinds.choices = kinds_in_scope(self.scope, on)
        if isinstance(blocks, forms.MultipleChoiceField):
            blocks.choices = blocks_in_scope(self.scope, on)
        if isinstance(units, UnitsField):
            units.offer(self.scope, on)

    def clean(self) -> dict[str, Any]:
        """Ask for at least one unit."""
        said = super().clean() or self.cleaned_data
        chosen = any(said.get(name) for name in ("kinds", "blocks", "units", "same"))
        if not self.errors and not chosen:
            raise forms.ValidationError("Chưa chọn đơn vị nào để gửi.")
        return said

    def chosen(self) -> list[Unit]:
        """Return the units that were meant, each once, in scope and alive."""
        said, units = self.cleaned_data, list(self.cleaned_data["units"])
        if self.replaces is not None and said["same"]:
            units += [row.unit for row in self.replaces.recipients.select_related("unit")]
        return units_meant(self.scope, said["kinds"], said["blocks"], units, self.on)


class TargetForm(RefusedByName):
    """Take a target."""

    submit_label = "Thêm chỉ tiêu"

    indicator = forms.ModelChoiceField(
        label="Chỉ tiêu", queryset=Indicator.objects.none(), empty_label="Chọn chỉ tiêu"
    )
    sign = forms.ChoiceField(label="So sánh", choices=TargetSign.choices)
    value = NumberField(
        label="Mức", decimals=2, help_text="Ghi 100 cho “100 %”, ghi 0 cho “không có”."
    )
    subject = forms.CharField(label="Đối tượng", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["indicator"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = target_indicators()

    def new(self) -> NewTarget:
        """Return what was typed."""
        return NewTarget(**self.cleaned_data)


def target_indicators() -> QuerySet[Indicator]:
    """Return the indicators that a target may name, rates first."""
    rows = Indicator.objects.cleared().filter(kind__in=TARGET_KINDS)
    rows = rows.exclude(section__code=NO_TARGET_SECTION)
    return rows.order_by("-numerator", "section__order", "order", "pk")


class PaperField(forms.FileField):
    """A paper as offices have it, or a photo of it; what it holds is checked when it is kept."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(help_text=FILES, allow_empty_file=True, **kwargs)
        self.widget.attrs["accept"] = accept(ATTACHMENTS)


class ProgramFileForm(Form):
    """Take a paper."""

    submit_label = "Tải lên"

    title = forms.CharField(label="Tên văn bản", max_length=200, required=False)
    file = PaperField(label="Tệp")


class UnitPlanForm(RefusedByName):
    """Take what a unit did with a programme."""

    plan_number = forms.CharField(label="Số kế hoạch của đơn vị", max_length=60, required=False)
    plan_on = DateField(label="Ngày kế hoạch", required=False)
    file = PaperField(label="Bản kế hoạch", required=False)
    launched_on = DateField(label="Ngày phát động", required=False)
    note = forms.CharField(label="Ghi chú", max_length=300, required=False)

    def plan(self) -> UnitPlan:
        """Return what was typed."""
        said = self.cleaned_data
        return UnitPlan(said["plan_number"], said["plan_on"], said["launched_on"], said["note"])


def plan_initial(recipient: ProgramRecipient) -> dict[str, Any]:
    """Return what the form shows of a unit."""
    return {
        "plan_number": recipient.plan_number,
        "plan_on": recipient.plan_on,
        "launched_on": recipient.launched_on,
        "note": recipient.note,
    }


class RemindForm(Form):
    """Say which step the missing units are reminded of."""

    step = forms.ChoiceField(choices=RecipientStep.choices)


class WhyForm(RefusedByName):
    """Say why something that others have seen is taken back."""

    submit_label = ""

    reason = forms.CharField(
        label="Lý do", max_length=300, help_text="Các đơn vị đã nhận đọc được lý do này."
    )
