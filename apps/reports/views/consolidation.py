"""Consolidate: the periods, one period's sums, what stands behind a total, adjustments, words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.htmx import render_page_or_part
from apps.indicators.models import Indicator
from apps.reports.documents.sentences import counted_once, result_blocks
from apps.reports.forms.consolidation import AdjustmentForm, OrderForm, ReversalForm, WordsForm
from apps.reports.models import Adjustment
from apps.reports.queries.consolidation import period_rows, years_of
from apps.reports.queries.drift import Drift, drifts_within
from apps.reports.queries.drilldown import DrillDown, PartRow, adjustments_within, drill_down
from apps.reports.queries.obligations import tree_day
from apps.reports.queries.records import shared_rows
from apps.reports.queries.sums import Node
from apps.reports.queries.unit_grid import section_grid
from apps.reports.services.consolidation import (
    NewAdjustment,
    Words,
    WordsConflict,
    add_adjustment,
    reverse_adjustment,
    save_consolidation_text,
)
from apps.reports.services.templates import NARRATIVE_PARTS
from apps.reports.views.consolidated import (
    Scope,
    allowed_roots,
    consolidated,
    drill_url,
    holds,
    scope_of,
    unit_below,
    word_parts,
)
from apps.reports.views.scope import person
from apps.units.models import Unit
from apps.units.permissions import requires

PARTS_A_PAGE = 150
UNITS_A_PAGE = 150
CONFLICT, UNREADY = 409, 422


@require_GET
@requires(Permission.CONSOLIDATE_VIEW)
def consolidations(request: HttpRequest) -> HttpResponse:
    """List the periods with how far each has come."""
    roots, on = allowed_roots(request), timezone.localdate()
    years = years_of(roots)
    typed = request.GET.get("year", "")
    year = int(typed) if typed.isdecimal() and int(typed) in years else next(iter(years), None)
    rows = period_rows(roots, on, year)
    context = {"rows": rows, "years": years, "year": year, "several": len(roots) > 1}
    return render_page_or_part(request, "reports/consolidations.html", context)


@require_GET
@requires(Permission.CONSOLIDATE_VIEW)
def consolidation(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one period: sums by indicator, who is missing, adjustments, words, documents."""
    scope = scope_of(request, pk)
    return _page(request, scope)


def _page(request: HttpRequest, scope: Scope, *, status: int = 200, **shown: Any) -> HttpResponse:
    data = consolidated(request, scope)
    context = data | {
        "order_form": OrderForm(),
        "words": word_parts(scope, NARRATIVE_PARTS),
        "adjustments": adjustments_within(scope.root, scope.period, scope.tree_on),
        "preview": result_blocks(data["summary"].lines, data["summary"].children),
        "may_consolidate": holds(request, Permission.CONSOLIDATE),
        "may_issue": holds(request, Permission.DOCUMENT_ISSUE),
        "sees_documents": holds(request, Permission.DOCUMENT_VIEW),
    }
    return render(request, "reports/consolidation.html", context | shown, status=status)


@require_GET
@requires(Permission.CONSOLIDATE_VIEW)
def unit_grid(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one section's figures unit by unit, for the period or from the start of the year."""
    scope = scope_of(request, pk)
    is_cumulative = request.GET.get("luy_ke") == "1"
    grid = section_grid(scope.root, scope.period, request.GET.get("muc", ""), is_cumulative)
    page = Paginator(grid.rows, UNITS_A_PAGE).get_page(request.GET.get("trang"))
    cells = [row.cells for row in grid.rows]
    context = {
        "scope": scope,
        "grid": grid,
        "page": page,
        "is_cumulative": is_cumulative,
        "note": counted_once(grid.columns, cells, grid.totals, "“Tổng”"),
    }
    return render(request, "reports/unit_grid.html", context)


@require_GET
@requires(Permission.CONSOLIDATE_VIEW)
def drilldown(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Show the units behind one total, one step down; a leaf leads to its report."""
    scope = scope_of(request, pk)
    found = _found(request, scope, code)
    return _drill_page(request, scope, found)


def _found(request: HttpRequest, scope: Scope, code: str) -> DrillDown:
    indicator = get_object_or_404(Indicator, code=code)
    unit = unit_below(scope, _typed_unit(request))
    asked = request.GET if request.method == "GET" else request.POST
    on = tree_day(scope.root.pk, scope.period)
    node = Node(unit.pk, scope.period.pk, scope.period.start, on)
    return drill_down(scope.root, node, indicator, asked.get("phan", ""))


def _typed_unit(request: HttpRequest) -> str:
    return request.GET.get("don_vi") or request.POST.get("don_vi") or ""


def _drill_page(
    request: HttpRequest,
    scope: Scope,
    found: DrillDown,
    form: AdjustmentForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = Paginator(found.rows, PARTS_A_PAGE).get_page(request.GET.get("trang"))
    decimals = found.indicator.decimals
    context = {
        "scope": scope,
        "found": found,
        "rows": _with_drifts(found, list(page.object_list), scope),
        "shared": shared_rows(found.node, scope.period, found.indicator, found.shared),
        "page": page,
        "decimals": decimals,
        "form": form or AdjustmentForm(decimals=decimals),
        "may_adjust": holds(request, Permission.CONSOLIDATE) and found.is_additive,
        "opens_review": holds(request, Permission.REPORT_REVIEW),
    }
    return render_page_or_part(
        request, "reports/drilldown.html", context, part="units", status=status
    )


def _with_drifts(
    found: DrillDown, rows: Sequence[PartRow], scope: Scope
) -> list[tuple[PartRow, Drift | None]]:
    """Return each unit with what its register says since it was sent; none asks nothing."""
    if not found.is_from_register:
        return [(row, None) for row in rows]
    drifts = drifts_within([row.unit_id for row in rows], scope.period, found.indicator.code)
    by_unit = {drift.unit_id: drift for drift in drifts if drift.breakdown == found.breakdown}
    return [(row, by_unit.get(row.unit_id)) for row in rows]


@require_POST
@requires(Permission.CONSOLIDATE)
def adjust(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """Add a signed row at the unit whose total is shown."""
    scope = scope_of(request, pk)
    found = _found(request, scope, code)
    form = AdjustmentForm(request.POST, decimals=found.indicator.decimals)
    if form.is_valid():
        try:
            add_adjustment(
                unit=unit_below(scope, _typed_unit(request)),
                period=scope.period,
                new=_new_adjustment(found, form),
                by=person(request),
                at=timezone.now(),
            )
        except DomainError as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, "Đã thêm dòng điều chỉnh. Tổng phía trên đang tính lại.")
            return redirect(
                drill_url(scope, found.indicator.code, found.node.unit_id, found.breakdown)
            )
    return _drill_page(request, scope, found, form, UNREADY)


def _new_adjustment(found: DrillDown, form: AdjustmentForm) -> NewAdjustment:
    said = form.cleaned_data
    return NewAdjustment(
        found.indicator, found.breakdown, form.delta(), said["reason"], said["decision_ref"]
    )


@require_POST
@requires(Permission.CONSOLIDATE)
def undo_adjustment(request: HttpRequest, pk: int, adjustment: int) -> HttpResponse:
    """Undo a signed row by its opposite."""
    scope = scope_of(request, pk)
    rows = Adjustment.objects.filter(period=scope.period).filter(
        unit__in=Unit.objects.below(scope.root, scope.tree_on)
    )
    row = get_object_or_404(rows, pk=adjustment)
    form = ReversalForm(request.POST)
    if form.is_valid():
        try:
            reverse_adjustment(
                adjustment=row,
                reason=form.cleaned_data["reason"],
                by=person(request),
                at=timezone.now(),
            )
            messages.success(request, "Đã hủy điều chỉnh bằng một dòng ngược dấu.")
        except DomainError as refusal:
            messages.error(request, refusal.message)
    else:
        messages.error(request, "Chưa ghi lý do hủy điều chỉnh.")
    return redirect(f"{scope.url}#dieu-chinh")


@require_POST
@requires(Permission.CONSOLIDATE)
def save_words(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Save one part written in words; a conflict shows both and loses neither."""
    scope = scope_of(request, pk)
    if part not in {code for code, _title, _hint in NARRATIVE_PARTS}:
        raise Http404
    form = WordsForm(request.POST)
    if not form.is_valid():
        return _page(request, scope, status=UNREADY, words_problem=form.errors.as_text())
    typed = Words(part, form.cleaned_data["body"], form.cleaned_data["base"])
    try:
        save_consolidation_text(
            root=scope.root, period=scope.period, words=typed, by=person(request), at=timezone.now()
        )
    except WordsConflict as conflict:
        clash = {"part": part, "typed": typed.body, "theirs": conflict.current}
        return _page(request, scope, status=CONFLICT, clash=clash)
    messages.success(request, "Đã lưu lời văn.")
    return redirect(f"{scope.url}#loi-van-{part}")
