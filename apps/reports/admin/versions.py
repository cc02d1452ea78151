"""Versions of report forms in the Django admin: edited as drafts, published, copied."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from apps.core.dates import format_date
from apps.core.errors import DomainError
from apps.core.forms import DateField
from apps.core.text import nfc
from apps.reports.admin.site import ServiceAdmin, ServiceForm
from apps.reports.models import NarrativePart, TemplateLine, TemplateVersion
from apps.reports.models.templates import VersionState
from apps.reports.services.drafts import DraftContent, DraftLine, DraftPart, rewrite_draft
from apps.reports.services.templates import copy_version, publish_version
from apps.units.permissions import user_of

LAST = 32_767


class RowForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row of a draft; two rows may ask for one place, the service numbers them anew."""

    order = forms.IntegerField(
        label="Thứ tự",
        min_value=0,
        max_value=LAST,
        required=False,
        help_text="Để trống: xếp cuối. Lưu xong, các dòng được đánh số lại từ 1.",
    )

    def clean(self) -> dict[str, Any]:
        """Leave uniqueness to the service, which sees all rows as they are meant to be."""
        return self.cleaned_data

    def clean_order(self) -> int:
        """Put what names no place at the end."""
        order: int | None = self.cleaned_data["order"]
        return LAST if order is None else order

    def _get_validation_exclusions(self) -> set[str]:
        exclusions: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return exclusions | {"order"}


class DraftInline(admin.TabularInline):  # type: ignore[type-arg]
    """Rows that may change and go while the version is a draft."""

    form = RowForm
    extra = 0
    ordering = ("order", "pk")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow in drafts."""
        return is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow in drafts."""
        return is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow in drafts: the service writes the draft anew, without the row."""
        return is_draft(obj) and super().has_delete_permission(request, obj)


class LineInline(DraftInline):
    """The lines that are there; what a line asks for is not changed, it is replaced."""

    model = TemplateLine
    verbose_name_plural = "Dòng chỉ tiêu"
    fields = ("order", "indicator_words", "breakdown", "is_required")
    readonly_fields = ("indicator_words", "breakdown")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TemplateLine]:
        """Bring the indicators along."""
        return super().get_queryset(request).select_related("indicator")

    @admin.display(description="Chỉ tiêu")
    def indicator_words(self, row: TemplateLine) -> str:
        """Name the indicator with its code."""
        return str(row.indicator)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Refuse: new lines have a list of their own."""
        return False


class NewLineInline(DraftInline):
    """Lines to add."""

    model = TemplateLine
    verbose_name_plural = "Thêm dòng chỉ tiêu"
    fields = ("order", "indicator", "breakdown", "is_required")
    autocomplete_fields = ("indicator",)

    def formfield_for_foreignkey(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> forms.ModelChoiceField[Any] | None:
        """Label the indicator in Vietnamese."""
        return super().formfield_for_foreignkey(db_field, request, label="Chỉ tiêu", **kwargs)

    def get_queryset(self, request: HttpRequest) -> QuerySet[TemplateLine]:
        """List none of those that are there."""
        return super().get_queryset(request).none()


class PartInline(DraftInline):
    """The parts in words."""

    model = NarrativePart
    verbose_name_plural = "Phần lời văn"
    fields = ("order", "code", "title", "hint")


class VersionForm(ServiceForm):
    """Asks from when on a draft holds and by which rule of due dates."""

    effective_on = DateField(
        label="Áp dụng cho kỳ bắt đầu từ",
        help_text="Kỳ nào bắt đầu từ ngày này thì dùng phiên bản này.",
    )


@admin.register(TemplateVersion)
class TemplateVersionAdmin(ServiceAdmin):
    """Edit drafts, publish them, begin the next one from an older one."""

    form = VersionForm
    list_display = (
        "template_words",
        "number",
        "state",
        "effective_on",
        "cascade",
        "n_lines",
        "published_at",
    )
    list_filter = ("state", "template__asked_of", "template__period_kind")
    list_select_related = ("template", "cascade")
    search_fields = ("template__code", "template__name")
    ordering = ("template__asked_of", "template__code", "-number")
    fields = ("template_words", "number", "state", "published_at", "effective_on", "cascade")
    readonly_fields = ("template_words", "number", "state", "published_at")
    actions = ("publish", "draft_next")

    def get_queryset(self, request: HttpRequest) -> QuerySet[TemplateVersion]:
        """Count the lines along."""
        rows: QuerySet[TemplateVersion] = super().get_queryset(request)
        return rows.annotate(line_count=Count("lines"))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: a first version comes with its form, the next from a copy."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Allow in drafts; a published version is final."""
        return super().has_change_permission(request, obj) and (obj is None or is_draft(obj))

    def get_inlines(self, request: HttpRequest, obj: TemplateVersion | None) -> list[Any]:
        """Offer new lines in drafts only."""
        new = [NewLineInline] if is_draft(obj) else []
        return [LineInline, *new, PartInline]

    def row_words(self, row: TemplateVersion) -> str:
        """Name the form and the version."""
        return f"{row.template.name} – phiên bản {row.number}"

    def save_model(
        self, request: HttpRequest, obj: TemplateVersion, form: Any, change: bool
    ) -> None:
        """Wait for the lines: form and lines are one write."""

    def save_related(
        self, request: HttpRequest, form: Any, formsets: Iterable[Any], change: bool
    ) -> None:
        """Hand the whole draft to the service."""
        sets = list(formsets)
        for formset in sets:
            formset.save(commit=False)  # the admin's own history wants to know what changed
        lines = [_line_of(row) for row in _rows(sets, TemplateLine)]
        parts = [_part_of(row) for row in _rows(sets, NarrativePart)]
        typed = form.cleaned_data
        content = DraftContent(typed["effective_on"], typed["cascade"], lines, parts)
        rewrite_draft(
            version=form.instance, content=content, by=user_of(request), at=timezone.now()
        )

    @admin.action(description="Ban hành phiên bản đã chọn", permissions=("change",))
    def publish(self, request: HttpRequest, chosen: QuerySet[TemplateVersion]) -> None:
        """Publish the chosen drafts; they never change again."""
        for version in chosen.order_by("pk"):
            try:
                messages.success(request, _publish(request, version))
            except DomainError as error:
                messages.error(request, f"{version}: {error.message}")

    @admin.action(description="Tạo phiên bản mới từ bản này", permissions=("change",))
    def draft_next(
        self, request: HttpRequest, chosen: QuerySet[TemplateVersion]
    ) -> HttpResponse | None:
        """Copy a version into the next draft and go there."""
        if chosen.count() != 1:
            messages.error(request, "Chọn đúng một phiên bản để tạo bản mới từ nó.")
            return None
        at = timezone.now()
        copy = copy_version(
            version=chosen.get(), effective_on=timezone.localdate(at), by=user_of(request), at=at
        )
        messages.success(
            request,
            f"Đã tạo phiên bản {copy.number}, chưa ban hành. "
            f"Ngày áp dụng đang là {format_date(copy.effective_on)}: sửa nếu cần.",
        )
        return redirect("admin:reports_templateversion_change", copy.pk)

    @admin.display(description="Số dòng")
    def n_lines(self, version: TemplateVersion) -> int:
        """Show how many lines it asks."""
        count: int = getattr(version, "line_count", 0)
        return count


def is_draft(version: TemplateVersion | None) -> bool:
    """Return whether a version may still change."""
    return version is not None and version.state == VersionState.DRAFT


def _publish(request: HttpRequest, version: TemplateVersion) -> str:
    done = publish_version(version=version, by=user_of(request), at=timezone.now())
    return f"Đã ban hành phiên bản {done.number} của {done.template.name}."


def _rows(sets: list[Any], model: type[Any]) -> list[Any]:
    """Return the rows that stay, in the order that was asked for."""
    rows = [
        form.instance
        for formset in sets
        if formset.model is model
        for form in formset.forms
        if form.instance.pk or form.has_changed()
        if not form.cleaned_data.get("DELETE")
    ]
    return sorted(rows, key=lambda row: row.order)


def _line_of(row: TemplateLine) -> DraftLine:
    return DraftLine(row.indicator, nfc(row.breakdown).strip(), row.is_required)


def _part_of(row: NarrativePart) -> DraftPart:
    return DraftPart(row.code, nfc(row.title).strip(), nfc(row.hint).strip())
