"""The way from a figure to the records of a register behind it."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from apps.accounts.rules import Permission
from apps.indicators.figures import has_source
from apps.indicators.models import Indicator
from apps.reports.queries.drift import Drift, drifts_within
from apps.reports.queries.grid import line_of_form
from apps.reports.queries.records import cell_records, figure_records, record_rows
from apps.reports.queries.sums import Node
from apps.reports.views.consolidated import Scope, drill_url, holds, scope_of, unit_below
from apps.reports.views.scope import page_context, visible_report
from apps.units.models import Unit
from apps.units.permissions import requires
from apps.units.queries import names_of

RECORDS_A_PAGE = 100


@require_GET
@requires(Permission.REPORT_VIEW)
def of_cell(request: HttpRequest, pk: int, line_id: int) -> HttpResponse:
    """List the records behind one figure of a report."""
    report = visible_report(request, pk)
    line = line_of_form(report, line_id)
    if line is None or not has_source(line.indicator.source_register):
        raise Http404
    found = cell_records(report, line)
    page = Paginator(found.records, RECORDS_A_PAGE).get_page(request.GET.get("trang"))
    context = page_context(request, report) | {
        "line": line,
        "found": found,
        "page": page,
        "rows": record_rows(list(page.object_list), report.obligation.tree_on),
        "decimals": line.indicator.decimals,
    }
    return render(request, "reports/cell_records.html", context)


@require_GET
@requires(Permission.CONSOLIDATE_VIEW)
def of_total(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """List the records of the accepted units behind one consolidated figure."""
    scope = scope_of(request, pk)
    indicator = get_object_or_404(Indicator, code=code)
    if not has_source(indicator.source_register):
        raise Http404
    unit = unit_below(scope, request.GET.get("unit", ""))
    node = Node(unit.pk, scope.period.pk, scope.period.start, scope.tree_on)
    found = figure_records(node, unit, scope.period, indicator, request.GET.get("part", ""))
    page = Paginator(found.records, RECORDS_A_PAGE).get_page(request.GET.get("trang"))
    drifts = drifts_within(_below(unit, scope), scope.period, code)
    context = {
        "scope": scope,
        "drifts": _named([row for row in drifts if row.breakdown == found.breakdown], scope),
        "drill_url": drill_url(scope, indicator.code, unit.pk, found.breakdown),
        "found": found,
        "page": page,
        "rows": record_rows(list(page.object_list), scope.tree_on),
        "decimals": indicator.decimals,
    }
    return render(request, "reports/figure_records.html", context)


@require_GET
@requires(Permission.CONSOLIDATE_VIEW)
def drifts(request: HttpRequest, pk: int) -> HttpResponse:
    """List where registers have changed since the accepted reports of a period were sent."""
    scope = scope_of(request, pk)
    found = drifts_within(_below(scope.root, scope), scope.period)
    page = Paginator(found, RECORDS_A_PAGE).get_page(request.GET.get("trang"))
    context = {
        "scope": scope,
        "page": page,
        "rows": _named(list(page.object_list), scope),
        "opens_review": holds(request, Permission.REPORT_REVIEW),
    }
    return render(request, "reports/drifts.html", context)


def _below(unit: Unit, scope: Scope) -> QuerySet[Unit, int]:
    """Return the ids of a unit and all below it in the tree of the period."""
    return Unit.objects.below(unit, scope.tree_on).values_list("pk", flat=True)


def _named(found: Sequence[Drift], scope: Scope) -> list[tuple[Drift, str]]:
    """Return changes with the names of their units in the tree of the period: one query."""
    names = names_of({drift.unit_id for drift in found}, scope.tree_on)
    return [(drift, names.get(drift.unit_id, str(drift.unit_id))) for drift in found]
