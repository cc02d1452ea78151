"""What people type about exemplars: whom they chose, and the next step."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from apps.core.forms import DateField, FilterForm
from apps.programs.forms.life import RefusingForm
from apps.programs.forms.units import FormWithUnits, UnitField, UnitsField
from apps.programs.models import Exemplar, ModelSite
from apps.programs.models.exemplars import ExemplarQuerySet
from apps.programs.queries.exemplars import narrowed_exemplars
from apps.programs.rules import EXEMPLAR_MOVES, ExemplarState
from apps.programs.services.exemplars import ExemplarStep, NewExemplar


class ExemplarFilter(FilterForm):
    """Narrow the list of exemplars."""

    q = forms.CharField(label="Tìm (không cần dấu)", max_length=100, required=False)
    state = forms.ChoiceField(
        label="Bước", choices=[("", "Tất cả"), *ExemplarState.choices], required=False
    )
    year = forms.IntegerField(
        label="Năm chọn",
        min_value=1976,
        max_value=2200,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )

    def narrowed(self, exemplars: ExemplarQuerySet, on: date) -> ExemplarQuerySet:
        """Keep the exemplars that are asked for."""
        facts = self.cleaned_data if self.is_valid() else {}
        text, state = str(facts.get("q") or ""), str(facts.get("state") or "")
        return narrowed_exemplars(exemplars, text, state, facts.get("year"), on)


class ExemplarForm(RefusingForm, FormWithUnits):
    """A unit or a site that was chosen."""

    submit_label = "Ghi nhận"

    unit = UnitsField(
        label="Đơn vị được chọn", required=False, help_text="Để trống nếu chọn một điểm mô hình."
    )
    site = forms.CharField(
        label="Hoặc mã điểm mô hình",
        required=False,
        max_length=20,
        help_text="Ví dụ MH-00012; mã ghi ở đầu trang của điểm.",
    )
    field = forms.CharField(label="Lĩnh vực, mặt công tác", max_length=200)
    chooser = UnitField(label="Đơn vị chọn")
    chosen_on = DateField(label="Ngày chọn")

    def clean_site(self) -> ModelSite | None:
        """Find the site by its code among those the person sees."""
        typed = self.cleaned_data["site"].strip()
        if not typed:
            return None
        digits = typed.upper().removeprefix("MH").strip(" -–")
        if digits.isdecimal() and len(digits) < 19:
            site = ModelSite.objects.visible_to(self.user, self.on).filter(pk=int(digits)).first()
            if site is not None:
                return site
        raise forms.ValidationError(f"Không tìm thấy điểm mô hình có mã “{typed}”.")

    def clean(self) -> dict[str, Any]:
        """Take just one subject."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        units, site = facts.get("unit") or (), facts.get("site")
        if len(units) > 1:
            self.add_error("unit", "Mỗi lần chọn một đơn vị.")
        if units and site:
            self.add_error("site", "Chọn một đơn vị hoặc một điểm, không chọn cả hai.")
        if not units and not site and not {"unit", "site"} & set(self.errors):
            self.add_error("unit", "Chưa chọn đơn vị hoặc điểm mô hình.")
        return facts

    def new_exemplar(self) -> NewExemplar:
        """Return what was chosen."""
        facts = self.cleaned_data
        subject = facts["site"] or facts["unit"][0]
        return NewExemplar(subject, facts["chooser"], facts["field"], facts["chosen_on"])


class StepForm(RefusingForm):
    """The next step of an exemplar; only lawful ones are offered."""

    submit_label = "Ghi nhận"

    to_state = forms.ChoiceField(label="Bước tiếp theo", widget=forms.RadioSelect)
    on = DateField(label="Từ ngày")
    recogniser = forms.CharField(
        label="Cơ quan công nhận", max_length=200, required=False, help_text="Khi đã công nhận."
    )
    document_number = forms.CharField(label="Số văn bản", max_length=60, required=False)
    reason = forms.CharField(
        label="Lý do không tiếp tục", max_length=500, required=False, help_text="Khi dừng."
    )

    def __init__(self, *args: Any, exemplar: Exemplar, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [ExemplarState(state) for state in EXEMPLAR_MOVES[exemplar.state]]
        field = self.fields["to_state"]
        field.error_messages["invalid_choice"] = (
            "Người khác vừa ghi một bước của điển hình này. Xem lại các bước ở trên rồi chọn bước "
            "tiếp theo."
        )
        if isinstance(field, forms.ChoiceField):
            field.choices = [(state.value, state.label) for state in states]

    def step(self) -> ExemplarStep:
        """Return what was decided."""
        return ExemplarStep(**self.cleaned_data)
