"""Report forms in the Django admin: made from the catalogue, renamed, taken out of use."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, Max, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from apps.core.forms import DateField
from apps.indicators.models import DeadlineCascade, Indicator
from apps.indicators.queries import catalogue
from apps.reports.admin.site import ReadOnlyInline, ServiceAdmin, ServiceForm, written
from apps.reports.models import Template, TemplateVersion
from apps.reports.models.templates import VersionState
from apps.reports.services.drafts import change_template
from apps.reports.services.templates import TemplateDraft, create_template
from apps.units.permissions import user_of

IDENTITY = ("code", "asked_of", "period_kind", "calendar")


class NewTemplateForm(ServiceForm):
    """Asks what the first draft of a form is made from."""

    effective_on = DateField(
        label="Áp dụng cho kỳ bắt đầu từ",
        help_text="Kỳ nào bắt đầu từ ngày này thì dùng phiên bản đầu của biểu mẫu.",
    )
    cascade = forms.ModelChoiceField(
        label="Quy tắc hạn nộp", queryset=DeadlineCascade.objects.order_by("name", "pk")
    )


class VersionInline(ReadOnlyInline):
    """List the versions of a form."""

    model = TemplateVersion
    fields = readonly_fields = ("number", "state", "effective_on", "cascade", "published_at")
    ordering = ("-number",)
    show_change_link = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[TemplateVersion]:
        """Bring along what a row's title and its rule of due dates need."""
        return super().get_queryset(request).select_related("template", "cascade")


@admin.register(Template)
class TemplateAdmin(ServiceAdmin):
    """List forms, make one from the catalogue, rename it, take it out of use."""

    list_display = (
        "code",
        "name",
        "asked_of",
        "period_kind",
        "calendar",
        "is_active",
        "newest_version",
        "drafts",
    )
    list_filter = ("asked_of", "period_kind", "is_active")
    list_select_related = ("calendar",)
    search_fields = ("code", "name")
    ordering = ("asked_of", "code", "pk")
    inlines = (VersionInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Template]:
        """Count the versions along."""
        drafts = Count("versions", filter=Q(versions__state=VersionState.DRAFT))
        published = Max("versions__number", filter=Q(versions__state=VersionState.PUBLISHED))
        rows: QuerySet[Template] = super().get_queryset(request)
        return rows.annotate(n_drafts=drafts, published=published)

    def get_inlines(self, request: HttpRequest, obj: Template | None) -> list[Any]:
        """Show versions of what has some."""
        return list(self.inlines) if obj else []

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[forms.ModelForm[Any]]:
        """Ask for a new form or for a change."""
        kwargs["form"] = ServiceForm if change else NewTemplateForm
        return super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Template | None = None) -> list[Any]:
        """Ask for the first version too when the form is new."""
        if obj is None:
            return [
                "code",
                "name",
                "asked_of",
                "period_kind",
                "calendar",
                "effective_on",
                "cascade",
            ]
        return ["name", "is_active", *IDENTITY]

    def get_readonly_fields(
        self, request: HttpRequest, obj: Template | None = None
    ) -> tuple[str, ...]:
        """Keep what reports were made with."""
        return IDENTITY if obj else ()

    def save_model(
        self, request: HttpRequest, obj: Template, form: forms.ModelForm[Template], change: bool
    ) -> None:
        """Hand what was typed to the services."""
        by, at, typed = user_of(request), timezone.now(), form.cleaned_data
        if change:
            name, is_active = typed["name"], typed["is_active"]
            change_template(template=obj, name=name, is_active=is_active, by=by, at=at)
            return
        draft = TemplateDraft(**typed)
        lines = lines_of_catalogue(draft.asked_of, draft.period_kind)
        version = create_template(draft=draft, lines=lines, by=by, at=at)
        written(version.template, obj)

    @admin.display(description="Bản đang ban hành", empty_value="chưa có")
    def newest_version(self, template: Template) -> int | None:
        """Show the number of the newest published version."""
        number: int | None = getattr(template, "published", None)
        return number

    @admin.display(description="Bản nháp", empty_value="–")
    def drafts(self, template: Template) -> int | None:
        """Show how many drafts there are."""
        return getattr(template, "n_drafts", 0) or None


def lines_of_catalogue(asked_of: str, period_kind: str) -> list[tuple[Indicator, str]]:
    """Return what the catalogue asks of a body; rates are computed, unaddable parts stand apart."""
    lines: list[tuple[Indicator, str]] = []
    for indicator in catalogue(asked_of, period_kind):
        if indicator.is_computed:
            continue
        rows = sorted(indicator.breakdowns.all(), key=lambda part: (part.order, part.pk))
        stands_apart = not indicator.total_of_breakdowns or indicator.kind == "class"
        parts = [part.code for part in rows] if stands_apart else []
        lines += [(indicator, part) for part in parts or [""]]
    return lines
