"""Look after the people of the units in one's charge."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.htmx import render_page_or_part
from apps.core.pdf.layout import Slip
from apps.units.documents import slips_pdf
from apps.units.forms import PeopleFilter, PersonForm, SlipForm
from apps.units.models import Unit
from apps.units.permissions import people_in_charge, permissions_for, requires, user_of
from apps.units.queries import described, in_name_order, places_of, search_people
from apps.units.services import (
    UnitSlip,
    add_person,
    lock_person,
    reset_unit_password,
    unlock_person,
)

_ON_A_PAGE = 25
_SUGGESTED = 300


@require_GET
@requires(Permission.PEOPLE_MANAGE)
def people(request: HttpRequest) -> HttpResponse:
    """List the people of the units in the user's charge."""
    on = timezone.localdate()
    form = PeopleFilter(request.GET)
    found = search_people(form.narrowed(people_in_charge(user_of(request), on)), form.typed, on)
    page = Paginator(in_name_order(found), _ON_A_PAGE).get_page(request.GET.get("trang"))
    places = places_of([person.pk for person in page], on)
    rows = [(person, places.get(person.pk, [])) for person in page]
    context = {
        "form": form,
        "page": page,
        "rows": rows,
        "is_narrowed": bool(request.GET),
        "may_see_contacts": Permission.REPORT_VIEW in permissions_for(user_of(request), on),
    }
    return render_page_or_part(request, "units/people.html", context, part="people")


@never_cache
@requires(Permission.PEOPLE_MANAGE)
def person_add(request: HttpRequest) -> HttpResponse:
    """Add one person, or give a known one a further role."""
    by, on = user_of(request), timezone.localdate()
    units = Unit.objects.visible_to(by, on, Permission.PEOPLE_MANAGE)
    typed = request.POST if request.method == "POST" else None
    form = PersonForm(typed, by=by, on=on, units=units)
    if form.is_valid():
        try:
            slip = add_person(line=form.cleaned_data["line"], by=by, at=timezone.now())
        except DomainError as error:
            form.refuse(error)
        else:
            if slip:
                return _slip_page(request, slip)
            messages.success(request, "Đã cập nhật người dùng đã có tài khoản.")
            return redirect("units:people")
    suggestions = described(units.values_list("pk", flat=True)[:_SUGGESTED], on)
    context = {"form": form, "suggestions": suggestions}
    return render_page_or_part(request, "units/person_add.html", context)


@never_cache
@require_POST
@requires(Permission.PEOPLE_MANAGE)
def password_reset(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a one-time password and show it once."""
    person = _person(request, pk)
    slip = reset_unit_password(user=person, by=user_of(request), at=timezone.now())
    return _slip_page(request, slip)


@never_cache
@require_POST
@requires(Permission.PEOPLE_MANAGE)
def slip_pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """Print the slip whose password the page before showed; the portal itself keeps none."""
    person = _person(request, pk)
    form = SlipForm(request.POST)
    is_current = form.is_valid() and person.check_password(form.cleaned_data["password"])
    if not (is_current and person.must_change_password):
        messages.error(request, "Mật khẩu này không còn dùng được. Hãy cấp lại rồi in phiếu mới.")
        return redirect("units:people")
    place = next(iter(places_of([person.pk], timezone.localdate()).get(person.pk, [])), None)
    names = (place.unit_name, place.role_name) if place else ("", "")
    slip = UnitSlip(person, form.cleaned_data["password"], *names)
    return pdf_of_slips(request, [slip], f"phieu-dang-nhap-{person.username}.pdf")


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def person_lock(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep somebody from signing in."""
    person = _person(request, pk)
    lock_person(user=person, by=user_of(request), at=timezone.now())
    messages.success(request, f"Đã khóa tài khoản {person.username}.")
    return redirect("units:people")


@require_POST
@requires(Permission.PEOPLE_MANAGE)
def person_unlock(request: HttpRequest, pk: int) -> HttpResponse:
    """Let somebody sign in again."""
    person = _person(request, pk)
    unlock_person(user=person, by=user_of(request), at=timezone.now())
    messages.success(request, f"Đã mở lại tài khoản {person.username}.")
    return redirect("units:people")


def pdf_of_slips(request: HttpRequest, slips: list[UnitSlip], file_name: str) -> HttpResponse:
    """Answer with the slips on paper."""
    pages = [
        Slip(
            full_name=slip.user.full_name,
            username=slip.user.username,
            password=slip.password,
            unit_name=slip.unit_name,
            role_name=slip.role_name,
        )
        for slip in slips
    ]
    content = slips_pdf(
        pages,
        address=request.build_absolute_uri("/"),
        at=timezone.now(),
        is_demo=any(slip.user.is_demo for slip in slips),
    )
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{file_name}"'
    return response


def _slip_page(request: HttpRequest, slip: UnitSlip) -> HttpResponse:
    """Show a one-time password once."""
    context = {"slip": slip, "address": request.build_absolute_uri("/")}
    return render_page_or_part(request, "units/slip.html", context)


def _person(request: HttpRequest, pk: int) -> User:
    """Fetch somebody in the user's charge, or 404."""
    on = timezone.localdate()
    return get_object_or_404(people_in_charge(user_of(request), on), pk=pk)
