"""The scale and the criteria of the yearly rating: data that the province sets.

What was given stays as it was given: a level or criterion that ratings hold keeps its name, and
is switched off where another takes its place.
"""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from apps.programs.admin.site import ListAdmin
from apps.programs.models import RatingCriterion, RatingLevel, SiteRating, SiteRatingMark
from apps.programs.services.ratings import NOT_RATED, count_level
from apps.units.permissions import user_of

GIVEN = (
    "Đã dùng để xếp loại thì giữ nguyên mã và tên để kết quả các năm trước không đổi. Muốn đổi: "
    "thêm dòng mới rồi bỏ chọn “đang dùng” ở dòng cũ."
)


class LevelForm(forms.ModelForm):  # type: ignore[type-arg]
    """Take only codes that a part of an indicator can have."""

    def clean_code(self) -> str:
        """Refuse what a report could not count."""
        code = str(self.cleaned_data["code"])
        if not re.fullmatch(r"[a-z][a-z0-9_]*", code):
            raise forms.ValidationError("Mã gồm chữ thường không dấu, số và dấu gạch dưới.")
        if code == NOT_RATED:
            raise forms.ValidationError("Mã này đã dùng cho “chưa xếp loại”. Chọn mã khác.")
        return code


class ScaleAdmin(ListAdmin):
    """Keep code and name of what was given."""

    final_fields = ("code",)

    def is_given(self, row: Any) -> bool:
        """Tell whether some rating holds the row."""
        raise NotImplementedError

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        """Keep the code for ever, the name from the first rating on."""
        kept = super().get_readonly_fields(request, obj)
        return (*kept, "name") if obj and self.is_given(obj) else kept

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        """Say why a name cannot be changed, and what to do instead."""
        named = super().get_fieldsets(request, obj)
        if obj and self.is_given(obj):
            return [(title, {**options, "description": GIVEN}) for title, options in named]
        return named


@admin.register(RatingLevel)
class RatingLevelAdmin(ScaleAdmin):
    """Levels; a level's code is a part of an indicator and stays."""

    form = LevelForm
    list_display = ("code", "name", "order", "is_active", "is_verified", "mark")
    list_filter = ("is_active",)
    ordering = ("order", "pk")

    def is_given(self, row: RatingLevel) -> bool:
        """Tell whether a site was rated so."""
        return SiteRating.objects.filter(level=row).exists()

    def save_model(
        self,
        request: HttpRequest,
        obj: RatingLevel,
        form: forms.ModelForm[RatingLevel],
        change: bool,
    ) -> None:
        """Let reports count a new level."""
        super().save_model(request, obj, form, change)
        if not change:
            count_level(level=obj, by=user_of(request), at=timezone.now())
            words = "Báo cáo đếm mức mới từ phiên bản biểu mẫu được ban hành sau hôm nay."
            self.message_user(request, words)


@admin.register(RatingCriterion)
class RatingCriterionAdmin(ScaleAdmin):
    """Criteria; one that is out of use is switched off and stays with the old ratings."""

    list_display = ("code", "name", "order", "is_active")
    list_filter = ("is_active",)
    ordering = ("order", "pk")

    def is_given(self, row: RatingCriterion) -> bool:
        """Tell whether a site was held against it."""
        return SiteRatingMark.objects.filter(criterion=row).exists()
