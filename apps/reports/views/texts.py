"""A part of a report that is written in words."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from apps.accounts.rules import Permission
from apps.core.dates import format_datetime
from apps.core.errors import DomainError
from apps.reports.forms.entry import TextForm
from apps.reports.models import Report, ReportText
from apps.reports.models.templates import NarrativePart
from apps.reports.queries.grid import parts_of, texts_of
from apps.reports.services.texts import TextConflict, save_text
from apps.reports.views.answers import CONFLICT, locked, unreadable
from apps.reports.views.scope import page_context, person, visible_report, written_report
from apps.units.permissions import requires


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Permission.REPORT_VIEW)
def narrative(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Show a part in words; a POST saves it, by script as one goes or by the button."""
    report = (
        visible_report(request, pk) if request.method != "POST" else written_report(request, pk)
    )
    parts = {each.code: each for each in parts_of(report)}
    if part not in parts:
        raise Http404
    if request.method != "POST":
        return _page(request, report, parts[part], None)
    form = TextForm(request.POST)
    if request.headers.get("Accept") == "application/json":
        return _autosave(request, report, part, form)
    return _save(request, report, parts[part], form)


def _written(request: HttpRequest, report: Report, part: str, form: TextForm) -> ReportText:
    values = form.cleaned_data
    return save_text(
        report=report,
        part=part,
        body=values["body"],
        base=values["base"],
        by=person(request),
        at=timezone.now(),
    )


def _autosave(request: HttpRequest, report: Report, part: str, form: TextForm) -> JsonResponse:
    if not form.is_valid():
        return unreadable(str(next(iter(form.errors.values()))[0]))
    try:
        text = _written(request, report, part, form)
    except TextConflict as conflict:
        return JsonResponse({"kind": "conflict"} | _theirs(conflict.current), status=CONFLICT)
    except DomainError as refusal:
        return locked(refusal)
    return JsonResponse({"kind": "saved", "version": text.lock_version})


def _save(
    request: HttpRequest, report: Report, part: NarrativePart, form: TextForm
) -> HttpResponse:
    theirs: dict[str, Any] | None = None
    if form.is_valid():
        try:
            _written(request, report, part.code, form)
        except TextConflict as conflict:
            theirs = _theirs(conflict.current)
            form.refuse(conflict)
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã lưu phần lời văn.")
            return redirect("reports:narrative", pk=report.pk, part=part.code)
    return _page(request, report, part, form, theirs)


def _theirs(text: ReportText) -> dict[str, Any]:
    return {
        "body": text.body,
        "version": text.lock_version,
        "by": text.updated_by.full_name if text.updated_by else "",
        "at": format_datetime(text.updated_at),
    }


def _page(
    request: HttpRequest,
    report: Report,
    part: NarrativePart,
    form: TextForm | None,
    theirs: dict[str, Any] | None = None,
) -> HttpResponse:
    text = texts_of(report).get(part.code)
    kept = {"body": text.body if text else "", "base": text.lock_version if text else 0}
    context = page_context(request, report) | {
        "part": part,
        "text": text,
        "form": form or TextForm(initial=kept),
        "base": theirs["version"] if theirs else kept["base"],
        "theirs": theirs,
    }
    return render(request, "reports/narrative.html", context)
