"""Check what people type about activities."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

from django import forms

from apps.accounts.models import User
from apps.core.forms import DateField, FilterForm, Form, NumberField
from apps.core.text import nfc, search_key
from apps.programs.forms.amounts import AmountField
from apps.programs.forms.units import FormWithUnits, UnitField, UnitsField
from apps.programs.models import Activity, ModelSite, Program
from apps.programs.queries.activities import (
    ActivityWish,
    PeriodOption,
    programs_to_follow,
    sites_to_serve,
)
from apps.programs.rules import ActivityKind, Counted, kinds_with
from apps.programs.services.activity_checks import (
    MAX_COST,
    ActivityRefused,
    NewActivity,
    held_day_faults,
)
from apps.units.models.tree import UnitQuerySet
from apps.units.queries import found_unit

MAX_LISTED = 50
FOLDED = (
    "place", "until", "sessions", "points", "materials", "news", "posts", "cost", "co_organisers",
    "site", "program", "note",
)  # fmt: skip
_ALL = ("", "Tất cả")
_CODE = re.compile(r"(?:mh-?)?0*([0-9]{1,9})", re.IGNORECASE)


class SiteField(forms.Field):
    """One site in scope: a list when it is short, else typed by code or name."""

    def __init__(self, *, empty_label: str = "Không gắn với điểm nào", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"placeholder": "Mã hoặc tên điểm"}))
        super().__init__(**kwargs)
        self.empty_label = empty_label
        self.user: User | None = None
        self.on: date | None = None

    def offer(self, user: User, on: date, chosen: ModelSite | None = None) -> None:
        """Show the sites in the person's scope, and the one that is chosen already."""
        self.user, self.on = user, on
        found = sites_to_serve(user, on, MAX_LISTED + 1)
        if chosen is not None and chosen not in found:
            found.append(chosen)
        if len(found) <= MAX_LISTED:
            listed = [(site.pk, _site_label(site)) for site in found]
            self.widget = forms.Select(choices=[("", self.empty_label), *listed])

    def prepare_value(self, value: Any) -> Any:
        """Show a site by its id in a list, by its code where it is typed."""
        if isinstance(value, ModelSite):
            return value.pk if isinstance(self.widget, forms.Select) else value.code
        return value

    def clean(self, value: Any) -> ModelSite | None:
        """Return the one site that is meant."""
        typed = nfc(str(value or ""))
        if not typed or self.user is None or self.on is None:
            return None
        sites = ModelSite.objects.visible_to(self.user, self.on)
        code = _CODE.fullmatch(typed)
        if code:
            found = list(sites.filter(pk=int(code[1])))
        else:
            found = list(sites.filter(name_key__contains=search_key(typed)).order_by("pk")[:4])
        if len(found) == 1:
            return found[0]
        if not found:
            raise forms.ValidationError("Không có điểm mô hình này trong phạm vi của bạn.")
        named = "; ".join(_site_label(site) for site in found)
        raise forms.ValidationError(f"Có nhiều điểm khớp. Hãy gõ mã, ví dụ: {named}.")


class ActivityForm(FormWithUnits):
    """Take an activity: five things at once, the rest folded away."""

    kind = forms.ChoiceField(
        label="Loại hoạt động", choices=ActivityKind.choices, widget=forms.RadioSelect
    )
    title = forms.CharField(
        label="Nội dung",
        max_length=250,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="Ví dụ: Tuyên truyền phòng, chống lừa đảo qua mạng tại ấp 3.",
    )
    held_on = DateField(label="Ngày tổ chức")
    attendances = AmountField(
        label="Lượt người dự", required=False, help_text="Ví dụ: 120, hoặc “hơn 120”, “gần 300”."
    )
    unit = UnitField(label="Đơn vị chủ trì")
    place = forms.CharField(label="Nơi tổ chức", max_length=200, required=False)
    until = DateField(
        label="Đến ngày", required=False, help_text="Chỉ điền khi kéo dài nhiều ngày."
    )
    sessions = NumberField(label="Số buổi, cuộc", required=False)
    points = NumberField(
        label="Số điểm", required=False, help_text="Nơi tổ chức cùng lúc, ví dụ Ngày hội ở 5 ấp."
    )
    materials = NumberField(label="Tài liệu, tờ rơi (tờ)", required=False)
    news = NumberField(label="Tin, bài đăng phát", required=False)
    posts = NumberField(label="Bài trên mạng xã hội", required=False)
    cost = NumberField(label="Kinh phí (đồng)", required=False, max_value=MAX_COST)
    co_organisers = UnitsField(
        label="Phối hợp tổ chức",
        required=False,
        help_text="Đơn vị phối hợp cũng được tính hoạt động này; tổng chung chỉ tính một lần.",
    )
    site = SiteField(label="Của điểm mô hình", required=False)
    program = forms.ModelChoiceField(
        label="Theo chương trình, kế hoạch",
        required=False,
        queryset=Program.objects.none(),
        empty_label="Không theo chương trình nào",
        error_messages={"invalid_choice": "Chương trình này không có trong phạm vi của bạn."},
    )
    note = forms.CharField(
        label="Ghi chú",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Không ghi họ tên người dân, người được giúp đỡ.",
    )
    client_token = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput)
    lock_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer programmes and sites, and mark each field with the kinds it matters for."""
        super().__init__(*args, **kwargs)
        program, site = self.fields["program"], self.fields["site"]
        if isinstance(program, forms.ModelChoiceField) and isinstance(site, SiteField):
            program.queryset = programs_to_follow(self.user, self.on)
            site.offer(self.user, self.on, self.initial.get("site"))

    def clean(self) -> dict[str, Any]:
        """Hold the days against each other at once, whatever else is wrong."""
        said = super().clean() or self.cleaned_data
        held_on, until = said.get("held_on"), said.get("until")
        if held_on is not None:
            for fault in held_day_faults(held_on, until, self.on):
                self.add_error(fault.field, fault.message)
        return said

    def folded(self) -> list[tuple[forms.BoundField, str]]:
        """Return the fields that are folded away with the kinds they matter for."""
        return [(self[name], " ".join(kinds_with(name))) for name in FOLDED]

    @property
    def is_folded_wrong(self) -> bool:
        """Tell whether something under the fold has to be seen."""
        return any(name in self.errors for name in FOLDED)

    @property
    def kinds_with_people(self) -> str:
        """Return the kinds of activity for which people are counted."""
        return " ".join(kinds_with("attendances"))

    def new(self) -> NewActivity:
        """Return what was typed."""
        said = self.cleaned_data
        people: Counted = said["attendances"]
        return NewActivity(
            kind=said["kind"],
            title=said["title"],
            unit=said["unit"],
            held_on=said["held_on"],
            until=said["until"],
            place=said["place"],
            sessions=1 if said["sessions"] is None else int(said["sessions"]),
            points=self._count("points"),
            attendances=people.value,
            qualifier=people.qualifier,
            materials=self._count("materials"),
            news=self._count("news"),
            posts=self._count("posts"),
            cost=self._count("cost"),
            co_organisers=said["co_organisers"],
            site=said["site"],
            program=said["program"],
            note=said["note"],
            client_token=said["client_token"],
        )

    def _count(self, name: str) -> int:
        """Return a number that counts as none when nothing is typed."""
        return int(self.cleaned_data[name] or 0)

    def refuse_all(self, refusal: ActivityRefused) -> None:
        """Show every fault at its field, the rest at the top."""
        for fault in refusal.faults:
            field = fault.field if fault.field in self.fields else None
            self.add_error(field, fault.message)
        if not refusal.faults:
            self.refuse(refusal)


class ActivityFilter(FilterForm):
    """What the list of activities is narrowed by; it travels in the address."""

    tim = forms.CharField(
        label="Tìm",
        required=False,
        max_length=100,
        widget=forms.TextInput(
            attrs={"type": "search", "placeholder": "Nội dung hoặc đơn vị, gõ không dấu được"}
        ),
    )
    ky = forms.ChoiceField(label="Kỳ báo cáo", required=False)
    loai = forms.ChoiceField(
        label="Loại hoạt động", required=False, choices=[_ALL, *ActivityKind.choices]
    )
    tu = DateField(label="Từ ngày", required=False)
    den = DateField(label="Đến hết ngày", required=False)
    don_vi = forms.CharField(label="Đơn vị, địa bàn", required=False, max_length=150)
    diem = SiteField(label="Điểm mô hình", required=False, empty_label="Tất cả")
    chuong_trinh = forms.TypedChoiceField(
        label="Chương trình", required=False, coerce=int, empty_value=None
    )
    cua_toi = forms.ChoiceField(
        label="Người ghi", required=False, choices=[("", "Mọi người"), ("1", "Tôi ghi")]
    )
    da_bo = forms.ChoiceField(
        label="Tình trạng", required=False, choices=[("", "Còn tính"), ("1", "Đã bỏ")]
    )

    def __init__(
        self,
        *args: Any,
        user: User,
        on: date,
        scope: UnitQuerySet,
        periods: list[PeriodOption],
        **kwargs: Any,
    ) -> None:
        """Offer the periods that have begun, the programmes and sites in scope."""
        super().__init__(*args, **kwargs)
        self.scope, self.on = scope, on
        self.periods = {option.key: option for option in periods}
        named = [(option.key, option.label) for option in periods]
        programs = [(row.pk, str(row)) for row in programs_to_follow(user, on)]
        for name, offered in (("ky", named), ("chuong_trinh", programs)):
            field = self.fields[name]
            if isinstance(field, forms.ChoiceField):
                field.choices = [_ALL, *offered]
        site = self.fields["diem"]
        if isinstance(site, SiteField):
            site.offer(user, on)
        for filled in self.fields.values():
            is_list = isinstance(filled.widget, forms.Select)
            filled.widget.attrs["class"] = "form-select" if is_list else "form-control"

    def clean_don_vi(self) -> Any:
        """Return the one unit of the scope that is typed."""
        typed = self.cleaned_data["don_vi"].strip()
        if not typed:
            return None
        unit, reason = found_unit(self.scope, typed, self.on)
        if unit is None:
            raise forms.ValidationError(reason)
        return unit

    @property
    def wish(self) -> ActivityWish:
        """Return what is asked for; a filter that cannot be read narrows nothing."""
        self.is_valid()
        said = self.cleaned_data
        period = self.periods.get(said.get("ky", ""))
        start, until = said.get("tu"), said.get("den")
        starts = [day for day in (start, period and period.start) if day]
        ends = [day for day in (until and until + timedelta(days=1), period and period.end) if day]
        site = said.get("diem")
        return ActivityWish(
            text=said.get("tim", ""),
            kind=said.get("loai", ""),
            start=max(starts, default=None),
            end=min(ends, default=None),
            unit=said.get("don_vi"),
            site_id=site.pk if site else None,
            program_id=said.get("chuong_trinh"),
            is_mine=bool(said.get("cua_toi")),
            is_removed=bool(said.get("da_bo")),
        )

    @property
    def is_narrowed(self) -> bool:
        """Tell whether anything at all is filtered."""
        return any(self.data.get(name) for name in self.fields)

    @property
    def n_hidden(self) -> int:
        """Count the filters at work among those that are folded away."""
        return sum(bool(self.data.get(name)) for name in FILTERS_FOLDED)


FILTERS_FOLDED = ("tu", "den", "don_vi", "diem", "chuong_trinh", "cua_toi", "da_bo")


class RemovalForm(Form):
    """Take the reason for which something is taken back."""

    reason = forms.CharField(label="Lý do bỏ", max_length=300)


def activity_initial(activity: Activity) -> dict[str, Any]:
    """Return what a form shows of an activity that is there."""
    names = (
        "kind", "title", "held_on", "unit", "place", "until", "sessions", "points", "materials",
        "news", "posts", "cost", "site", "note", "lock_version",
    )  # fmt: skip
    helpers = activity.parties.filter(role="co").select_related("unit").order_by("pk")
    return {name: getattr(activity, name) for name in names} | {
        "attendances": Counted(activity.attendances, activity.qualifier),
        "co_organisers": [party.unit for party in helpers],
        "program": activity.program,
    }


def copied_initial(activity: Activity, on: date) -> dict[str, Any]:
    """Return what the form of a copy shows: the same, held today, people to count anew."""
    copied = activity_initial(activity) | {"held_on": on, "until": None, "attendances": None}
    return copied | {"client_token": new_token(), "lock_version": None}


def new_token() -> str:
    """Return what marks one form, however often it is sent."""
    return uuid4().hex


def _site_label(site: ModelSite) -> str:
    place = f", {site.place}" if site.place else ""
    return f"{site.name}{place} ({site.code})"
