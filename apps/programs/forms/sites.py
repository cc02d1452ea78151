"""Check what people type about a site: what it is and whose; a new one in three steps."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, ClassVar

from django import forms

from apps.accounts.rules import Permission
from apps.core.dates import format_date
from apps.core.forms import DateField, NumberField
from apps.core.numbers import format_number
from apps.programs.forms.amounts import AmountField
from apps.programs.forms.units import FormWithUnits, UnitField, UnitsField
from apps.programs.models import ModelField, ModelSite, ModelType
from apps.programs.queries.types import find_type, similar_types
from apps.programs.queries.units import home_unit
from apps.programs.rules import (
    Counted,
    FundingSource,
    HostKind,
    Level,
    amount_text,
)
from apps.programs.services.site_checks import (
    NewSite,
    SiteRefused,
    site_faults,
)
from apps.programs.services.site_details import Opening
from apps.programs.services.types import NewType
from apps.units.models import Unit
from apps.units.queries import names_of
from apps.units.rules import UnitKind

FIELD_OF_FAULT = {"model_type": "type_name", "qualifier": "members"}
CHECKED = 3
PROVINCIAL = (UnitKind.PROVINCE, UnitKind.POLICE_PROVINCE, UnitKind.POLICE_DEPARTMENT)


class SiteFacts(FormWithUnits):
    """What a site is and whose; steps are sets of fields that are checked together."""

    submit_label = ""
    known: ModelSite | None = None
    steps: ClassVar[dict[int, tuple[str, ...]]] = {
        1: ("type_name", "is_new_type", "field", "name", "level", "host_kind"),
        2: (
            *("unit", "place", "launched_on", "taken_over_from", "is_pilot"),
            *("owners", "coordinators", "note"),
        ),
    }

    type_name = forms.CharField(
        label="Loại mô hình",
        max_length=200,
        help_text="Gõ vài chữ, không cần dấu, rồi chọn tên có sẵn.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "data-type-name": ""}),
    )
    is_new_type = forms.BooleanField(label="Đây là loại mô hình mới", required=False)
    field = forms.ModelChoiceField(
        label="Lĩnh vực của loại mới",
        queryset=ModelField.objects.order_by("order", "pk"),
        required=False,
        empty_label="Chọn lĩnh vực",
    )
    name = forms.CharField(
        label="Tên điểm",
        max_length=250,
        required=False,
        help_text="Để trống nếu trùng tên loại mô hình.",
    )
    level = forms.ChoiceField(label="Cấp quản lý", choices=Level.choices, initial=Level.COMMUNE)
    host_kind = forms.ChoiceField(
        label="Nơi áp dụng", choices=HostKind.choices, initial=HostKind.RESIDENTIAL
    )
    unit = UnitField(label="Đơn vị, địa bàn")
    place = forms.CharField(
        label="Nơi cụ thể",
        max_length=200,
        required=False,
        help_text="Ấp, khóm, chi hội, cổng trường… Không ghi họ tên.",
    )
    launched_on = DateField(
        label="Ngày ra mắt",
        required=False,
        help_text="Chưa ra mắt thì để trống: lưu thành bản nháp.",
    )
    taken_over_from = forms.CharField(
        label="Tiếp nhận từ",
        max_length=200,
        required=False,
        help_text="Chỉ khi điểm ra mắt trước khi có đơn vị này: tên đơn vị cũ đã lập điểm.",
    )
    is_pilot = forms.BooleanField(label="Đang thí điểm", required=False)
    owners = UnitsField(
        label="Chủ trì",
        required=False,
        help_text="Để trống nếu chính đơn vị, địa bàn này chủ trì. Đồng chủ trì: ghi đủ, kể cả "
        "đơn vị này; mỗi đơn vị đều được tính.",
    )
    coordinators = UnitsField(label="Phối hợp", required=False)
    note = forms.CharField(
        label="Ghi chú",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Không ghi họ tên, thông tin cá nhân.",
    )

    def __init__(self, *args: Any, checked: int = CHECKED, **kwargs: Any) -> None:
        self.checked = checked
        self.model_type: ModelType | None = None
        self.alike: list[ModelType] = []
        super().__init__(*args, **kwargs)

    def full_clean(self) -> None:
        """Check all, but speak only of the steps that the person has been to."""
        super().full_clean()
        for step, names in self.steps.items():
            for name in names if step > self.checked else ():
                self.errors.pop(name, None)

    def clean(self) -> dict[str, Any]:
        """Find the kind of model, then ask what is wrong with the whole."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("type_name"):
            self._find_type(cleaned)
        if self.checked >= 2 and not self.errors and self.model_type is not None:
            for fault in site_faults([self.new_site], on=self.on, known=self.known)[0]:
                self._say(fault.field, fault.message)
        return cleaned

    @property
    def asks_new_type(self) -> bool:
        """Return whether to ask if the typed name is a new kind."""
        return self.model_type is not None and not self.model_type.pk

    @property
    def asks_whose_it_was(self) -> bool:
        """Return whether an earlier unit may have launched it: then its name is asked at once."""
        told = {"unit", "owners", "coordinators", "taken_over_from"} & set(self.errors)
        return bool(told or self["taken_over_from"].value())

    @property
    def new_type(self) -> NewType | None:
        """Return the kind to be opened with the site, none for a known one."""
        if self.model_type is None or self.model_type.pk:
            return None
        kind = self.model_type
        return NewType(kind.name, kind.field, self.cleaned_data["host_kind"])

    @property
    def new_site(self) -> NewSite:
        """Return the site as typed."""
        data = self.cleaned_data
        counted: Counted = data.get("members") or Counted()
        if self.model_type is None:
            raise ValueError("the form was not valid")
        return NewSite(
            model_type=self.model_type,
            unit=data["unit"],
            level=data["level"],
            host_kind=data["host_kind"],
            name=data["name"],
            place=data["place"],
            launched_on=data["launched_on"],
            taken_over_from=data["taken_over_from"],
            is_pilot=data["is_pilot"],
            owners=data["owners"],
            coordinators=data["coordinators"],
            n_teams=int(data.get("n_teams") or 0),
            members=counted.value,
            qualifier=counted.qualifier,
            note=data["note"],
            new_type=self.new_type,
        )

    def take(self, error: SiteRefused) -> None:
        """Show a refusal at its fields, or above the form."""
        for fault in error.faults:
            self._say(fault.field, fault.message)
        if not error.faults:
            self.refuse(error)

    def _say(self, field: str, message: str) -> None:
        name = FIELD_OF_FAULT.get(field, field)
        self.add_error(name if name in self.fields else None, message)

    def _find_type(self, cleaned: dict[str, Any]) -> None:
        """Take the known kind of that name, or ask whether the name is new."""
        name = cleaned["type_name"]
        self.model_type = find_type(name)
        if self.model_type is not None:
            return
        self.model_type = ModelType(name=name, field=cleaned.get("field") or ModelField())
        self.alike = similar_types(name)
        if not cleaned.get("is_new_type"):
            self.add_error(
                "type_name",
                "Chưa có loại mô hình tên này. Chọn tên có sẵn bên dưới, hoặc đánh dấu loại mới."
                if self.alike
                else "Chưa có loại mô hình tên này. Gõ tên khác, hoặc đánh dấu loại mới.",
            )
        elif not cleaned.get("field") and "field" not in self.errors:
            self.add_error("field", "Chưa chọn lĩnh vực của loại mới.")


class NewSiteForm(SiteFacts):
    """A new site in three steps; nothing is written before the last."""

    steps: ClassVar[dict[int, tuple[str, ...]]] = {
        1: SiteFacts.steps[1],
        2: (
            *("unit", "place", "launched_on", "taken_over_from", "is_pilot", "n_teams"),
            *("members", "cameras", "funding", "funding_source", "owners", "coordinators", "note"),
        ),
    }

    n_teams = NumberField(label="Số tổ", required=False)
    members = AmountField(
        label="Số thành viên", required=False, help_text="Gõ được “hơn 1.000”, “gần 300”."
    )
    cameras = NumberField(label="Camera (mắt)", required=False, max_value=10_000_000)
    funding = NumberField(label="Kinh phí ban đầu (đồng)", required=False)
    funding_source = forms.ChoiceField(
        label="Nguồn kinh phí", choices=FundingSource.choices, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        home = home_unit(self.user, self.on, Permission.REGISTER_ENTER)
        self.fields["unit"].initial = home
        above = Unit.objects.of_kind(self.on, *PROVINCIAL)
        if home is not None and above.filter(pk=home.pk).exists():
            self.fields["level"].initial = Level.PROVINCE
        self.fields["launched_on"].initial = self.on

    @property
    def first_bad_step(self) -> int:
        """Return the first step with something to correct."""
        bad = (step for step, names in self.steps.items() if set(names) & set(self.errors))
        return next(bad, 1 if self.errors else CHECKED)

    @property
    def opening(self) -> Opening:
        """Return all that is to be written."""
        data = self.cleaned_data
        return Opening(
            new=self.new_site,
            cameras=int(data["cameras"] or 0),
            funding=data["funding"] or Decimal(0),
            funding_source=data["funding_source"] or FundingSource.SOCIAL,
        )

    def fields_of(self, step: int) -> list[forms.BoundField]:
        """Return the fields that a step shows."""
        return [self[name] for name in self.steps.get(step, ())]

    def carried(self, step: int) -> Iterator[tuple[str, str]]:
        """Yield what the other steps hold, as it was typed, to travel along unseen."""
        shown = set(self.steps.get(step, ()))
        for name in self.fields:
            if name in shown:
                continue
            if self.is_bound:
                for key in (name, f"{name}-go"):
                    yield from ((key, text) for text in self.data.getlist(key))  # type: ignore[attr-defined]
            elif (value := self[name].value()) not in (None, "", False):
                yield from ((name, str(v)) for v in (value if isinstance(value, list) else [value]))

    def summary(self) -> list[tuple[str, str]]:
        """Return what will be written, in words, for the last look."""
        data, new = self.cleaned_data, self.new_site
        units = [new.unit, *(new.owners or (new.unit,)), *new.coordinators]
        names = names_of([unit.pk for unit in units], self.on)
        launched = format_date(new.launched_on) or "Chưa ra mắt, lưu thành bản nháp"
        lines = [
            ("Loại mô hình", f"{new.model_type.name}{' (loại mới)' if self.new_type else ''}"),
            ("Lĩnh vực", new.model_type.field.name),
            ("Tên điểm", new.name or new.model_type.name),
            ("Cấp quản lý", str(Level(new.level).label)),
            ("Nơi áp dụng", str(HostKind(new.host_kind).label)),
            ("Đơn vị, địa bàn", names.get(new.unit.pk, "")),
            ("Nơi cụ thể", new.place),
            ("Ngày ra mắt", f"{launched}{' (thí điểm)' if new.is_pilot else ''}"),
            ("Tiếp nhận từ", new.taken_over_from),
            ("Chủ trì", ", ".join(names.get(u.pk, "") for u in new.owners or (new.unit,))),
            ("Phối hợp", ", ".join(names.get(unit.pk, "") for unit in new.coordinators)),
            ("Số tổ", format_number(new.n_teams) if new.n_teams else ""),
            ("Số thành viên", amount_text(new.members, new.qualifier)),
            ("Camera (mắt)", format_number(data["cameras"])),
            ("Kinh phí ban đầu", self._funding_text()),
            ("Ghi chú", new.note),
        ]
        return [(label, text) for label, text in lines if text]

    def _funding_text(self) -> str:
        data = self.cleaned_data
        if not data["funding"]:
            return ""
        source = FundingSource(data["funding_source"] or FundingSource.SOCIAL).label
        return f"{format_number(data['funding'])} đồng ({source})"
