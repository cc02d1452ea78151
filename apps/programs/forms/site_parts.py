"""The small forms of a site's page: each writes one thing by one service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django import forms
from django.db.models import Model

from apps.accounts.models import User
from apps.core.errors import DomainError
from apps.core.forms import DateField, Form, NumberField
from apps.core.uploads import ATTACHMENTS, accept
from apps.programs.forms.amounts import AmountField
from apps.programs.models import (
    ModelSite,
    ProtectedObject,
    SiteEquipment,
    SiteFile,
    SiteFunding,
    SiteObjective,
    SiteResult,
)
from apps.programs.rules import Counted, EquipmentKind, FundingSource
from apps.programs.services.site_checks import SiteRefused
from apps.programs.services.site_details import (
    NewEquipment,
    NewFunding,
    add_equipment,
    add_funding,
    add_objective,
    add_protected,
    end_equipment,
    remove_funding,
    remove_objective,
    remove_protected,
    remove_result,
    set_result,
)
from apps.programs.services.site_files import (
    SENSITIVE_FILES,
    NewSiteFile,
    add_site_file,
    remove_site_file,
)
from apps.programs.services.sites import TeamCount, set_teams


class PartForm(Form):
    """One part of a site's page; `save` calls its service and keeps a refusal at its field."""

    submit_label = ""
    key: ClassVar[str] = ""
    block: ClassVar[str] = ""
    saved: ClassVar[str] = "Đã lưu."
    template: ClassVar[str] = ""
    other_names: ClassVar[dict[str, str]] = {"on": "since"}

    def __init__(self, *args: Any, site: ModelSite, on: date, **kwargs: Any) -> None:
        self.site, self.on = site, on
        kwargs.setdefault("auto_id", f"{self.key}_%s")
        super().__init__(*args, **kwargs)

    def __init_subclass__(cls) -> None:
        """Know the template of the block that shows the part."""
        super().__init_subclass__()
        cls.template = f"programs/_site_{cls.block}.html"

    def write(self, by: User, at: datetime) -> None:
        """Write what was typed."""
        raise NotImplementedError

    def save(self, by: User, at: datetime) -> bool:
        """Write what was typed; say whether it was taken."""
        if not self.is_valid():
            return False
        try:
            self.write(by, at)
        except SiteRefused as error:
            for fault in error.faults:
                name = self.other_names.get(fault.field, fault.field)
                self.add_error(name if name in self.fields else None, fault.message)
            if not error.faults:
                self.refuse(error)
            return False
        except DomainError as error:
            self.refuse(error, "file" if "file" in self.fields else None)
            return False
        return True


class TeamsForm(PartForm):
    """How many teams and members there are from a day on."""

    key, block = "teams", "teams"
    saved = "Đã ghi số tổ, thành viên."

    name = forms.CharField(
        label="Tên tổ (nếu cần tách)", required=False, max_length=150, help_text="Thường để trống."
    )
    n_teams = NumberField(label="Số tổ", required=False)
    members = AmountField(
        label="Số thành viên", required=False, help_text="Gõ được “hơn 1.000”, “gần 300”."
    )
    since = DateField(label="Từ ngày")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = self.on
        running = self.site.teams.alive_on(self.on).filter(name_key="").first()
        if running is not None:
            self.fields["n_teams"].initial = running.n_teams
            self.fields["members"].initial = Counted(running.members, running.qualifier)

    def clean(self) -> dict[str, Any]:
        """Ask for a number: an empty form must not end the teams."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        read = {"n_teams", "members"} <= cleaned.keys()
        if read and cleaned["n_teams"] is None and cleaned["members"].value is None:
            self.add_error("n_teams", "Nhập số tổ hoặc số thành viên; gõ 0 nếu không còn tổ nào.")
        return cleaned

    def write(self, by: User, at: datetime) -> None:
        """Count the teams anew."""
        data = self.cleaned_data
        team = TeamCount(
            name=data["name"],
            n_teams=int(data["n_teams"] or 0),
            members=data["members"].value,
            qualifier=data["members"].qualifier,
        )
        set_teams(site=self.site, team=team, on=data["since"], by=by, at=at)


class EquipmentForm(PartForm):
    """Things that came to a site."""

    key, block = "equipment", "equipment"
    saved = "Đã thêm thiết bị."

    kind = forms.ChoiceField(label="Loại thiết bị", choices=EquipmentKind.choices)
    quantity = NumberField(label="Số lượng")
    name = forms.CharField(label="Tên, ghi chú", required=False, max_length=150)
    since = DateField(label="Dùng từ ngày")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["since"].initial = self.on

    def write(self, by: User, at: datetime) -> None:
        """Add the things."""
        data = self.cleaned_data
        item = NewEquipment(data["kind"], int(data["quantity"]), data["since"], data["name"])
        add_equipment(site=self.site, item=item, by=by, at=at)


class FundingForm(PartForm):
    """Money that a site got."""

    key, block = "funding", "funding"
    saved = "Đã ghi kinh phí."

    source = forms.ChoiceField(label="Nguồn", choices=FundingSource.choices)
    amount = NumberField(label="Số tiền (đồng)")
    received_on = DateField(label="Ngày")
    note = forms.CharField(
        label="Ghi chú",
        required=False,
        max_length=200,
        help_text="Không ghi họ tên người đóng góp.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["received_on"].initial = self.on

    def write(self, by: User, at: datetime) -> None:
        """Add the money."""
        data = self.cleaned_data
        money = NewFunding(data["source"], data["amount"], data["received_on"], data["note"])
        add_funding(site=self.site, funding=money, by=by, at=at)


class ObjectiveForm(PartForm):
    """One more aim."""

    key, block = "objectives", "objectives"
    saved = "Đã thêm mục tiêu."

    text = forms.CharField(label="Mục tiêu", max_length=300)

    def write(self, by: User, at: datetime) -> None:
        """Add the aim."""
        add_objective(site=self.site, text=self.cleaned_data["text"], by=by, at=at)


class ResultForm(PartForm):
    """What became of an aim in a year."""

    key, block = "results", "objectives"
    saved = "Đã ghi kết quả."

    objective = forms.ModelChoiceField(
        label="Mục tiêu", queryset=SiteObjective.objects.none(), empty_label="Chọn mục tiêu"
    )
    year = forms.IntegerField(
        label="Năm", min_value=1976, max_value=2200, widget=forms.TextInput(attrs={"class": "num"})
    )
    text = forms.CharField(
        label="Kết quả", max_length=500, help_text="Ghi con số hoặc một câu; không ghi họ tên."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        objective: Any = self.fields["objective"]
        objective.queryset = self.site.objectives.order_by("order", "pk")
        objective.label_from_instance = lambda row: row.text
        self.fields["year"].initial = self.on.year

    def write(self, by: User, at: datetime) -> None:
        """Set the result."""
        data = self.cleaned_data
        objective = data["objective"]
        objective.site = self.site
        set_result(objective=objective, year=data["year"], text=data["text"], by=by, at=at)


class ProtectedForm(PartForm):
    """What a site guards."""

    key, block = "protected", "protected"
    saved = "Đã thêm đối tượng bảo vệ."

    kind = forms.CharField(
        label="Đối tượng bảo vệ", max_length=150, help_text="Ví dụ: trạm BTS, chợ, trường học."
    )
    quantity = NumberField(label="Số lượng")

    def write(self, by: User, at: datetime) -> None:
        """Add what is guarded."""
        data = self.cleaned_data
        add_protected(
            site=self.site, kind=data["kind"], quantity=int(data["quantity"]), by=by, at=at
        )


class FileForm(PartForm):
    """A paper of a site, or a photo of its place."""

    key, block = "files", "files"
    saved = "Đã tải lên."

    file = forms.FileField(
        label="Tệp", max_length=300, error_messages={"empty": "Tệp không có nội dung."}
    )
    title = forms.CharField(
        label="Tên ảnh, văn bản",
        max_length=200,
        help_text="Ví dụ: Cổng rào an ninh ấp 3; Quyết định ra mắt.",
    )
    names_nobody = forms.BooleanField(
        label="Tôi đã xem: văn bản không có họ tên, ảnh người được giúp đỡ", required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = ATTACHMENTS
        self.fields["file"].help_text = (
            "Ảnh địa điểm, thiết bị (JPG, PNG, WEBP) hoặc văn bản (PDF, Word .docx, Excel .xlsx), "
            "không quá 10 MB. Ảnh được thu nhỏ, bỏ vị trí và thông tin máy chụp. Không đưa ảnh "
            "người được giúp đỡ, danh sách họ tên."
        )
        if self.site.model_type.field.is_sensitive:
            allowed = SENSITIVE_FILES
            self.fields["title"].label, self.fields["title"].help_text = "Tên văn bản", ""
            self.fields["file"].help_text = (
                "Lĩnh vực nhạy cảm: chỉ nhận văn bản PDF không có họ tên; không ảnh, không danh "
                "sách, không bảng tính."
            )
        else:
            del self.fields["names_nobody"]
        self.fields["file"].widget.attrs["accept"] = accept(allowed)

    def write(self, by: User, at: datetime) -> None:
        """Keep the file."""
        data = self.cleaned_data
        new = NewSiteFile(data["file"], data["title"], data.get("names_nobody", False))
        add_site_file(site=self.site, new=new, by=by, at=at)


PARTS: dict[str, type[PartForm]] = {
    "to": TeamsForm,
    "thiet-bi": EquipmentForm,
    "kinh-phi": FundingForm,
    "muc-tieu": ObjectiveForm,
    "ket-qua": ResultForm,
    "bao-ve": ProtectedForm,
    "tep": FileForm,
}


class EndForm(Form):
    """The day from which things are in use no longer."""

    on = DateField(label="Thôi dùng từ ngày")


@dataclass(frozen=True, slots=True)
class Drop:
    """How a row of a part goes away: what it is, and what to say then."""

    model: type[Model]
    done: str

    def row(self, site: ModelSite, pk: int) -> Model | None:
        """Return the row of this site, None where there is none."""
        path = "objective__site" if self.model is SiteResult else "site"
        found = self.model._default_manager.filter(**{path: site})
        return found.select_related(path).filter(pk=pk).first()


DROPS = {
    "thiet-bi": Drop(SiteEquipment, "Đã ghi thôi dùng."),
    "kinh-phi": Drop(SiteFunding, "Đã bỏ dòng kinh phí."),
    "muc-tieu": Drop(SiteObjective, "Đã bỏ mục tiêu."),
    "ket-qua": Drop(SiteResult, "Đã bỏ kết quả."),
    "bao-ve": Drop(ProtectedObject, "Đã bỏ đối tượng bảo vệ."),
    "tep": Drop(SiteFile, "Đã bỏ tệp."),
}


def all_forms(site: ModelSite, on: date) -> dict[str, PartForm]:
    """Return an empty form for every part of a site's page."""
    return {kind.key: kind(site=site, on=on) for kind in PARTS.values()}


def drop_row(row: Model, typed: Mapping[str, str], *, by: User, at: datetime) -> None:
    """Take a row away by the service of its kind."""
    if isinstance(row, SiteEquipment):
        form = EndForm(typed)
        if not form.is_valid():
            raise SiteRefused(str(form.errors["on"][0]))
        end_equipment(equipment=row, on=form.cleaned_data["on"], by=by, at=at)
    elif isinstance(row, SiteFunding):
        remove_funding(funding=row, by=by, at=at)
    elif isinstance(row, SiteObjective):
        remove_objective(objective=row, by=by, at=at)
    elif isinstance(row, SiteResult):
        remove_result(result=row, by=by, at=at)
    elif isinstance(row, ProtectedObject):
        remove_protected(protected=row, by=by, at=at)
    elif isinstance(row, SiteFile):
        remove_site_file(file=row, by=by, at=at)
