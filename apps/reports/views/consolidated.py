"""The first beat of every consolidation page: whose sums, of which period, and what they say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from apps.accounts.rules import Permission
from apps.indicators.models import Period
from apps.reports.documents.summary import SECTION_NAMES
from apps.reports.models import ConsolidationText
from apps.reports.queries.consolidation import (
    completeness_of,
    documents_of,
    is_stale,
    narratives_of,
    owed_within,
    roots_of,
    year_so_far,
)
from apps.reports.queries.obligations import tree_day
from apps.reports.queries.summary import SummaryLine, gather_summary
from apps.reports.rules import percent_change
from apps.reports.views.scope import person
from apps.units.models import Unit, UnitSpan
from apps.units.permissions import permissions_for
from apps.units.queries import names_of
from apps.units.rules import UnitKind

NARRATIVES_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Scope:
    """A root and a period that the user may consolidate, in the tree of that period."""

    root: Unit
    root_name: str
    is_province: bool
    period: Period
    tree_on: date

    @property
    def url(self) -> str:
        """Return the address of the period's page for this root."""
        return f"{reverse('reports:consolidation', args=[self.period.pk])}?goc={self.root.pk}"


def holds(request: HttpRequest, permission: Permission) -> bool:
    """Return whether the user holds a permission today."""
    return permission in permissions_for(person(request), timezone.localdate())


def allowed_roots(request: HttpRequest) -> list[Unit]:
    """Return the units whose sums the user may see whole."""
    return roots_of(person(request), timezone.localdate())


def scope_of(request: HttpRequest, pk: int) -> Scope:
    """Return what a page is about; a root that is not the user's is 404 like a missing period."""
    period = get_object_or_404(Period.objects.select_related("calendar"), pk=pk)
    roots = allowed_roots(request)
    typed = request.GET.get("goc") or request.POST.get("goc") or ""
    chosen = [root for root in roots if str(root.pk) == typed] if typed else roots
    for root in chosen:
        if owed_within(root).filter(period=period).exists():
            return _scope(root, period)
    raise Http404


def _scope(root: Unit, period: Period) -> Scope:
    on = tree_day(root.pk, period)
    kind = UnitSpan.objects.filter(unit=root, valid__startswith__lte=on).order_by("-valid").first()
    return Scope(
        root=root,
        root_name=names_of([root.pk], on).get(root.pk, root.code),
        is_province=kind is not None and kind.kind == UnitKind.PROVINCE,
        period=period,
        tree_on=on,
    )


def unit_below(scope: Scope, typed: str) -> Unit:
    """Return the unit asked about: the root, or one below it in the tree of the period."""
    if not typed:
        return scope.root
    if not typed.isdecimal() or len(typed) > 18:
        raise Http404
    return get_object_or_404(Unit.objects.below(scope.root, scope.tree_on), pk=int(typed))


def drill_url(scope: Scope, code: str, unit_id: int, breakdown: str) -> str:
    """Return the address of what stands behind one total of a unit."""
    base = reverse("reports:drilldown", args=[scope.period.pk, code])
    return f"{base}?goc={scope.root.pk}&don_vi={unit_id}&phan={breakdown}"


@dataclass(frozen=True, slots=True)
class LineView:
    """One indicator on the page, with its changes worked out."""

    line: SummaryLine
    difference: Any
    percent: Any
    cumulative: Any


def consolidated(request: HttpRequest, scope: Scope) -> dict[str, Any]:
    """Return what a period's page shows; the number of queries does not grow with units."""
    summary = gather_summary(scope.root, scope.period)
    is_cumulative = request.GET.get("luy_ke") == "1"
    sums = year_so_far(scope.root, scope.period) if is_cumulative else {}
    return {
        "scope": scope,
        "summary": summary,
        "sections": _sections(summary.lines, sums),
        "completeness": completeness_of(scope.root, scope.period, scope.tree_on),
        "is_stale": is_stale(scope.root, scope.period),
        "is_cumulative": is_cumulative,
        "documents": documents_of(scope.root, scope.period),
    }


def _sections(
    lines: Iterable[SummaryLine], sums: dict[tuple[str, str], Any]
) -> list[tuple[str, list[LineView]]]:
    found: dict[str, list[LineView]] = {}
    for line in lines:
        if line.ratio is not None:
            now, before = line.ratio.value, getattr(line.ratio_last_year, "value", None)
        else:
            now, before = line.now.value, line.last_year.value
        both = now is not None and before is not None
        view = LineView(
            line=line,
            difference=now - before if both else None,  # type: ignore[operator]
            percent=percent_change(now, before) if line.ratio is None else None,
            cumulative=sums.get((line.code, line.breakdown)),
        )
        name = SECTION_NAMES.get(line.section, "")
        found.setdefault(f"{line.section}. {name}".rstrip(". "), []).append(view)
    return list(found.items())


def word_parts(scope: Scope, parts: Iterable[tuple[str, str, str]]) -> list[dict[str, Any]]:
    """Return the parts in words with what stands there and what units wrote, by name."""
    kept = {
        text.part: text
        for text in ConsolidationText.objects.filter(
            root=scope.root, period=scope.period
        ).select_related("updated_by")
    }
    said = narratives_of(scope.root, scope.period, scope.tree_on)
    return [
        {
            "code": code,
            "title": title,
            "hint": hint,
            "text": kept.get(code),
            "said": said.get(code, [])[:NARRATIVES_SHOWN],
            "n_more": max(len(said.get(code, [])) - NARRATIVES_SHOWN, 0),
        }
        for code, title, hint in parts
    ]
