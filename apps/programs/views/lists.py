"""The list of sites: narrowed, searched, ordered, with columns of one's own, and as Excel."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.htmx import render_page_or_part
from apps.desk.queries import filters_of
from apps.desk.rules import kept_query
from apps.programs.forms.lists import FOLDED, SiteFilterForm
from apps.programs.queries.site_columns import COLUMNS, chosen_columns, headings, shown_rows
from apps.programs.queries.site_list import in_order, listed_sites, site_choices, site_rows
from apps.programs.services.site_export import SITE_LIST, SiteListing
from apps.programs.views.exporting import give_list, order_long_list
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
        "is_long": page.paginator.count > SITE_LIST.at_once,
        "query": kept_query(request.GET.urlencode()),
        "may_enter": Permission.REGISTER_ENTER in permissions_for(user, on),
        "may_decide": Permission.REGISTER_DECIDE in permissions_for(user, on),
    }
    return render_page_or_part(request, "programs/sites.html", context, part="sites")


@require_GET
@requires(Permission.REGISTER_VIEW)
def sites_export(request: HttpRequest) -> HttpResponse | FileResponse:
    """Give just what is filtered, with the chosen columns, as an Excel file at once."""
    asked, page = _listing(request), _list_address(request)
    return give_list(request, SITE_LIST, asked, page) if asked else redirect(page)


@require_POST
@requires(Permission.REGISTER_VIEW)
def sites_export_order(request: HttpRequest) -> HttpResponse:
    """Let a list that is too long for a click be written in the background."""
    asked, page = _listing(request), _list_address(request)
    return order_long_list(request, SITE_LIST, asked, page) if asked else redirect(page)


def _listing(request: HttpRequest) -> SiteListing | None:
    """Return the list that the address asks for; None when the page has to say what is wrong."""
    form = filters_in(request, request.GET)
    columns = request.GET.getlist("cot")
    return SiteListing(form.narrowing, columns) if form.is_valid() else None


def _list_address(request: HttpRequest) -> str:
    """Return the list with the filters of a request."""
    return f"{reverse(PAGE_KEY)}?{request.GET.urlencode()}"


def filters_in(request: HttpRequest, query: QueryDict) -> SiteFilterForm:
    """Read the filters of an address for the person who asks."""
    on = timezone.localdate()
    scope = Unit.objects.visible_to(user_of(request), on, Permission.REGISTER_VIEW)
    return SiteFilterForm(query, choices=site_choices(), scope=scope, on=on)
