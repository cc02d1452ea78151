"""What people type about kinds of models: names, other spellings, what to merge."""

from __future__ import annotations

from typing import Any

from django import forms

from apps.core.forms import FilterForm
from apps.core.text import search_key
from apps.programs.forms.life import RefusingForm
from apps.programs.models import ModelField, ModelType
from apps.programs.models.types import ModelTypeQuerySet
from apps.programs.queries.types import find_type, search_types, similar_types
from apps.programs.rules import HostKind
from apps.programs.services.types import NewType


class TypeFilter(FilterForm):
    """Narrow the list of kinds."""

    q = forms.CharField(label="Tìm tên (không cần dấu)", max_length=100, required=False)
    field = forms.ModelChoiceField(
        label="Lĩnh vực",
        queryset=ModelField.objects.order_by("order", "pk"),
        required=False,
        empty_label="Tất cả",
    )

    def narrowed(self, types: ModelTypeQuerySet) -> ModelTypeQuerySet:
        """Keep the kinds of the field that are called so, or nearly so."""
        facts = self.cleaned_data if self.is_valid() else {}
        if facts.get("field"):
            types = types.filter(field=facts["field"])
        return search_types(types, str(facts.get("q") or ""))


class TypeForm(RefusingForm):
    """A new kind, or corrections of one; names that are like it must have been looked at."""

    submit_label = "Lưu"

    name = forms.CharField(
        label="Tên loại mô hình",
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field = forms.ModelChoiceField(
        label="Lĩnh vực",
        queryset=ModelField.objects.order_by("order", "pk"),
        empty_label="Chọn lĩnh vực",
    )
    host_kind = forms.ChoiceField(
        label="Nơi áp dụng", choices=[("", "Chọn nơi áp dụng"), *HostKind.choices]
    )
    description = forms.CharField(
        label="Nội dung",
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Mô hình làm gì, vì ai. Không ghi họ tên.",
    )
    source = forms.CharField(label="Văn bản, nguồn", max_length=250, required=False)
    is_new = forms.BooleanField(
        label="Tôi đã xem các tên gần giống: đây là một loại khác.", required=False
    )

    def __init__(self, *args: Any, known: ModelType | None = None, **kwargs: Any) -> None:
        self.known = known
        self.similar: list[ModelType] = []
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        """Ask to look at the names that are like a new one before it is taken."""
        facts: dict[str, Any] = super().clean() or self.cleaned_data
        name = facts.get("name", "")
        is_old_name = self.known is not None and search_key(name) == self.known.name_key
        if name and not is_old_name and find_type(name) is None:
            self.similar = [row for row in similar_types(name) if row != self.known]
            if self.similar and not facts.get("is_new"):
                self.add_error(
                    "name",
                    "Có tên gần giống. Hãy dùng tên đã có, hoặc đánh dấu đây là loại khác.",
                )
        return facts

    def new_type(self) -> NewType:
        """Return the kind as it was typed."""
        facts = self.cleaned_data
        return NewType(
            facts["name"],
            facts["field"],
            facts["host_kind"],
            facts["description"],
            facts["source"],
        )


class AliasForm(RefusingForm):
    """One more spelling of a kind."""

    submit_label = "Thêm tên gọi"

    name = forms.CharField(label="Tên gọi khác", max_length=200)


class MergeForm(RefusingForm):
    """The kind under whose name another goes on."""

    form_method = "get"
    submit_label = "Xem trước"

    target = forms.CharField(
        label="Gộp vào loại mô hình",
        max_length=200,
        widget=forms.TextInput(attrs={"list": "type-names", "autocomplete": "off"}),
        help_text="Gõ tên hoặc tên gọi khác, không cần dấu.",
    )

    def clean_target(self) -> ModelType:
        """Find the kind that is meant."""
        typed = self.cleaned_data["target"]
        found = find_type(typed)
        if found is None:
            near = ", ".join(f"“{row.name}”" for row in similar_types(typed, limit=3))
            hint = f" Có phải {near}?" if near else ""
            raise forms.ValidationError(f"Không có loại mô hình tên “{typed}”.{hint}")
        return found
