"""What people type about the life of a site: moves, ratings, referrals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict

from apps.core.forms import DateField, FilterForm, Form
from apps.programs.forms.units import FormWithUnits, UnitField
from apps.programs.models import (
    ModelSite,
    ModelType,
    RatingCriterion,
    RatingLevel,
    SiteRating,
)
from apps.programs.rules import LAWFUL_MOVES, ReferralKind, SiteState
from apps.programs.services.moves import NewMove
from apps.programs.services.ratings import NewRating, RatedMeanwhile
from apps.programs.services.referrals import NewReferral
from apps.programs.services.refusals import RegisterRefused
from apps.units.models.tree import UnitQuerySet
from apps.units.queries import search_units
from apps.units.rules import UnitKind

_TEXT = forms.Textarea(attrs={"rows": 3})
SEEN = "-da-xem"


class RefusingForm(Form):
    """A form that shows a refusal of the registers at the field that it names."""

    def refuse_at(self, error: RegisterRefused) -> None:
        """Put the refusal where it belongs; at the top when the form has no such field."""
        self.refuse(error, error.field if error.field in self.fields else None)


class MoveForm(RefusingForm):
    """The next state of a site; only lawful ones are offered."""

    submit_label = "Ghi nhận"

    to_state = forms.ChoiceField(label="Trạng thái mới", widget=forms.RadioSelect)
    on = DateField(label="Từ ngày")
    reason = forms.CharField(label="Lý do", max_length=500, widget=_TEXT, required=False)
    document_number = forms.CharField(label="Số văn bản", max_length=60, required=False)
    document_on = DateField(label="Ngày văn bản", required=False)
    lock_version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, site: ModelSite, **kwargs: Any) -> None:
        self.site = site
        super().__init__(*args, **kwargs)
        self._offer()

    def refuse_at(self, error: RegisterRefused) -> None:
        """Show the refusal, with the choices that the site has now; what was typed stays."""
        typed = cast("QueryDict", self.data).copy()
        typed["lock_version"] = str(self.site.lock_version)
        self.data = typed
        super().refuse_at(error)
        self._offer()

    def new_move(self) -> NewMove:
        """Return what was decided."""
        return NewMove(**self.cleaned_data)

    def _offer(self) -> None:
        """Offer the states that may come next, and ask for a reason unless it is the launch."""
        states = [SiteState(state) for state in LAWFUL_MOVES[self.site.state]]
        field = self.fields["to_state"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(state.value, state.label) for state in states]
        is_launch = self.site.state == SiteState.DRAFT
        self.fields["reason"].label = "Ghi chú" if is_launch else "Lý do"
        self.fields["reason"].required = not is_launch
        self.fields["reason"].error_messages["required"] = "Chưa nhập lý do."
        self.fields["on"].label = "Ngày ra mắt" if is_launch else "Từ ngày"


class UndoForm(RefusingForm):
    """Why the last move is taken back."""

    submit_label = "Hoàn tác"

    reason = forms.CharField(label="Lý do hoàn tác", max_length=300, widget=_TEXT)
    lock_version = forms.IntegerField(widget=forms.HiddenInput)


class ReasonForm(RefusingForm):
    """Why something that was noted is taken away."""

    submit_label = "Bỏ khỏi sổ"

    reason = forms.CharField(label="Lý do bỏ", max_length=300, widget=_TEXT)


class RatingForm(RefusingForm):
    """The rating of one site for one year."""

    submit_label = "Lưu xếp loại"

    year = forms.TypedChoiceField(label="Năm", coerce=int)
    level = forms.ModelChoiceField(
        label="Mức xếp loại",
        queryset=RatingLevel.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    met = forms.ModelMultipleChoiceField(
        label="Tiêu chí đạt",
        queryset=RatingCriterion.objects.filter(is_active=True).order_by("order", "pk"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label="Nhận xét", max_length=500, widget=_TEXT, required=False)
    seen = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(
        self,
        *args: Any,
        years: Sequence[int],
        shown: int,
        ratings: Sequence[SiteRating],
        **kwargs: Any,
    ) -> None:
        """Offer the years, and the levels in use beside those that the site was given."""
        super().__init__(*args, **kwargs)
        self.shown = shown
        self.rated = {rating.year: rating for rating in ratings}
        year, level = self.fields["year"], self.fields["level"]
        if isinstance(year, forms.ChoiceField):
            year.choices = [(each, str(each)) for each in years]
        if isinstance(level, forms.ModelChoiceField):
            level.queryset = levels_offered(rating.level_id for rating in ratings)

    def clean_year(self) -> int:
        """Refuse a year that is rated already and whose rating the page does not show."""
        year: int = self.cleaned_data["year"]
        if year != self.shown and year in self.rated:
            known = self.rated[year].level
            raise forms.ValidationError(
                f"Năm {year} đã xếp loại “{known}”. Bấm “Sửa” ở dòng năm {year} trong bảng dưới "
                "để xem rồi sửa."
            )
        return year

    def new_rating(self) -> NewRating:
        """Return the rating that was chosen."""
        facts = self.cleaned_data
        seen = facts["seen"] if facts["year"] == self.shown else ""
        return NewRating(facts["year"], facts["level"], tuple(facts["met"]), facts["note"], seen)

    def refuse_at(self, error: RegisterRefused) -> None:
        """Show the refusal; whoever saves again has seen what somebody else rated meanwhile."""
        if isinstance(error, RatedMeanwhile):
            typed = cast("QueryDict", self.data).copy()
            typed["seen"] = error.stamp
            self.data = typed
        super().refuse_at(error)


class YearRatingForm(Form):
    """The ratings of many sites for one year, one choice a site."""

    def __init__(
        self, *args: Any, sites: Sequence[ModelSite], known: dict[int, SiteRating], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sites = sites
        held = {site_id: str(rating.level_id) for site_id, rating in known.items()}
        self.held = {level_name(site): held.get(site.pk, "") for site in sites}
        levels = levels_offered(rating.level_id for rating in known.values())
        self.levels = {str(level.pk): level for level in levels}
        offered = [(key, level.name) for key, level in self.levels.items()]
        for site in sites:
            now = self.held[level_name(site)]
            self.fields[level_name(site)] = forms.ChoiceField(
                label=f"Xếp loại {site.name}",
                choices=offered if now else [("", "Chưa xếp"), *offered],
                initial=now,
                required=False,
            )

    def clean(self) -> dict[str, Any]:
        """Refuse to write over what somebody else chose while the page was open."""
        said = super().clean() or self.cleaned_data
        for name, now in self.held.items():
            seen = self.data.get(f"{name}{SEEN}", "")
            if said.get(name, seen) != seen and seen != now:
                level = self.levels[now].name if now else "chưa xếp"
                self.add_error(name, f"Vừa có người chọn “{level}”. Chọn lại nếu vẫn muốn đổi.")
        return said

    def seen(self, site: ModelSite) -> str:
        """Return what the page says it shows: after a refusal, what is there by now."""
        name = level_name(site)
        was = str(self.data.get(f"{name}{SEEN}", "")) if self.is_bound else self.held[name]
        return self.held[name] if name in self.errors else was

    def chosen(self) -> dict[ModelSite, RatingLevel]:
        """Return the level of each site that the person changed."""
        picked = {site: self.cleaned_data.get(level_name(site), "") for site in self.sites}
        return {
            site: self.levels[key]
            for site, key in picked.items()
            if key and key != self.data.get(f"{level_name(site)}{SEEN}", "")
        }


def levels_offered(held: Iterable[int]) -> QuerySet[RatingLevel]:
    """Return the levels in use, and those that are held already."""
    levels = RatingLevel.objects.filter(Q(is_active=True) | Q(pk__in=list(held)))
    return levels.order_by("order", "pk")


def level_name(site: ModelSite) -> str:
    """Name the box of a site's level."""
    return f"level-{site.pk}"


class ReferralForm(RefusingForm, FormWithUnits):
    """A letter to the Ministry about a kind of model or a site."""

    submit_label = "Ghi nhận"

    kind = forms.ChoiceField(
        label="Hình thức", choices=ReferralKind.choices, widget=forms.RadioSelect
    )
    unit = UnitField(label="Đơn vị đề nghị")
    sent_on = DateField(label="Ngày gửi")
    document_number = forms.CharField(label="Số văn bản", max_length=60, required=False)
    note = forms.CharField(label="Ghi chú", max_length=300, required=False)

    def new_referral(self, subject: ModelType | ModelSite) -> NewReferral:
        """Return what was put before the Ministry."""
        return NewReferral(subject=subject, **self.cleaned_data)


class SpreadForm(FilterForm):
    """What narrows the list of units to which a site may be replicated."""

    q = forms.CharField(label="Tìm đơn vị (không cần dấu)", max_length=100, required=False)
    kind = forms.ChoiceField(
        label="Loại đơn vị",
        choices=[("", "Tất cả"), *UnitKind.choices],
        required=False,
    )

    def narrowed(self, units: UnitQuerySet, on: date) -> UnitQuerySet:
        """Keep the units that are alive, of the kind, and called so."""
        facts = self.cleaned_data if self.is_valid() else {}
        units = units.alive_on(on)
        if facts.get("kind"):
            units = units.of_kind(on, UnitKind(facts["kind"]))
        return search_units(units, facts["q"], on) if facts.get("q") else units
