"""The list of sites: narrowed, searched, ordered, with columns of one's own, and as Excel."""

from __future__ import annotations

import io

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.htmx import render_page_or_part
from apps.core.sheet_writing import XLSX
from apps.desk.queries import filters_of
from apps.desk.rules import kept_query
from apps.desk.tasks import ring
from apps.programs.forms.lists import FOLDED, SiteFilterForm
from apps.programs.queries.site_columns import COLUMNS, chosen_columns, headings, shown_rows
from apps.programs.queries.site_list import in_order, listed_sites, site_choices, site_rows
from apps.programs.services.exports import (
    AT_ONCE,
    SiteListing,
    order_site_list,
    site_list_name,
    write_site_list,
)
from apps.units.models import Unit
from apps.units.permissions import permissions_for, requires, user_of
from apps.units.queries import names_of

PER_PAGE = 25
PAGE_KEY = "programs:sites"


@require_GET
@requires(Permission.REGISTER_VIEW)
def sites(request: HttpRequest) -> HttpResponse:
    """List the sites in the user's scope."""
    on, user = timezone.localdate(), user_of(request)
    form = filters_in(request, request.GET)
    found = in_order(listed_sites(user, on, form.narrowing), form.narrowing, on)
    ids = found.values_list("pk", flat=True)
    page = Paginator(ids, PER_PAGE).get_page(request.GET.get("trang"))
    unit, helper = form.narrowing.unit, form.narrowing.coordinator
    columns = chosen_columns(request.GET.getlist("cot"))
    context = {
        "form": form,
        "folded": [form[name] for name in FOLDED],
        "headings": headings(columns, form.narrowing),
        "all_columns": COLUMNS,
        "chosen": {column.key for column in columns},
        "page": page,
        "rows": shown_rows(site_rows(list(page.object_list), on), columns),
        "filters": filters_of(user, PAGE_KEY, on),
        "places": names_of([u.pk for u in (unit, helper) if u], on).values(),
        "is_long": page.paginator.count > AT_ONCE,
        "query": kept_query(request.GET.urlencode()),
        "may_enter": Permission.REGISTER_ENTER in permissions_for(user, on),
        "may_decide": Permission.REGISTER_DECIDE in permissions_for(user, on),
    }
    return render_page_or_part(request, "programs/sites.html", context, part="sites")


@require_GET
@requires(Permission.REGISTER_VIEW)
def sites_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """Give just what is filtered, with the chosen columns, as an Excel file at once."""
    on, user, form = timezone.localdate(), user_of(request), filters_in(request, request.GET)
    if not form.is_valid() or listed_sites(user, on, form.narrowing).count() > AT_ONCE:
        return redirect(_list_address(request))  # which says what is wrong, or offers the job
    file = io.BytesIO()
    write_site_list(
        user=user, asked=SiteListing(form.narrowing, request.GET.getlist("cot")), file=file, on=on
    )
    file.seek(0)
    name = site_list_name(on)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


@require_POST
@requires(Permission.REGISTER_VIEW)
def sites_export_order(request: HttpRequest) -> HttpResponse:
    """Let a list that is too long for a click be written in the background."""
    at, user, form = timezone.now(), user_of(request), filters_in(request, request.GET)
    if not form.is_valid():
        return redirect(_list_address(request))
    asked = SiteListing(form.narrowing, request.GET.getlist("cot"))
    try:
        job = order_site_list(asked=asked, by=user, at=at)
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(_list_address(request))
    ring(job)
    messages.success(request, "Đang lập tệp Excel. Bạn có thể rời trang này và xem ở mục Tác vụ.")
    return redirect("desk:job", pk=job.pk)


def _list_address(request: HttpRequest) -> str:
    """Return the list with the filters of a request."""
    return f"{reverse(PAGE_KEY)}?{request.GET.urlencode()}"


def filters_in(request: HttpRequest, query: QueryDict) -> SiteFilterForm:
    """Read the filters of an address for the person who asks."""
    on = timezone.localdate()
    scope = Unit.objects.visible_to(user_of(request), on, Permission.REGISTER_VIEW)
    return SiteFilterForm(query, choices=site_choices(), scope=scope, on=on)
