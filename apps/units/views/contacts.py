"""Keep the people to call in a unit."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from apps.accounts.rules import Permission
from apps.core.htmx import render_page_or_part
from apps.units.forms import ContactForm
from apps.units.models import Contact, Unit
from apps.units.permissions import requires, user_of, with_editable_contacts
from apps.units.queries import contacts_of, names_of
from apps.units.services import add_contact, choose_main_contact, remove_contact


@requires(Permission.REPORT_VIEW)
def contacts(request: HttpRequest, pk: int) -> HttpResponse:
    """List the people to call in a unit; those who may, add one."""
    by, on = user_of(request), timezone.localdate()
    unit = get_object_or_404(Unit.objects.visible_to(by, on, Permission.REPORT_VIEW), pk=pk)
    may_edit = with_editable_contacts(by, on).filter(pk=pk).exists()
    typed = request.POST if request.method == "POST" else None
    form = ContactForm(typed) if may_edit else None
    if form and form.is_valid():
        contact = add_contact(unit=unit, facts=form.facts(), by=by, at=timezone.now())
        messages.success(request, f"Đã thêm {contact.full_name} vào danh sách liên hệ.")
        return redirect("units:contacts", pk=pk)
    context = {
        "unit": unit,
        "name": names_of([unit.pk], on).get(unit.pk, unit.code),
        "contacts": contacts_of(unit),
        "form": form,
    }
    return render_page_or_part(request, "units/contacts.html", context)


@require_POST
@requires(Permission.REPORT_VIEW)
def contact_remove(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    """Take somebody off the list."""
    contact = _contact(request, pk, contact_pk)
    remove_contact(contact=contact, by=user_of(request), at=timezone.now())
    messages.success(request, f"Đã bỏ {contact.full_name} khỏi danh sách liên hệ.")
    return redirect("units:contacts", pk=pk)


@require_POST
@requires(Permission.REPORT_VIEW)
def contact_main(request: HttpRequest, pk: int, contact_pk: int) -> HttpResponse:
    """Make somebody the one to call first."""
    contact = _contact(request, pk, contact_pk)
    choose_main_contact(contact=contact, by=user_of(request), at=timezone.now())
    messages.success(request, f"{contact.full_name} là đầu mối chính.")
    return redirect("units:contacts", pk=pk)


def _contact(request: HttpRequest, pk: int, contact_pk: int) -> Contact:
    """Fetch a contact of a unit whose contacts the user may edit, or 404."""
    units = with_editable_contacts(user_of(request), timezone.localdate())
    rows = Contact.objects.filter(unit_id=pk, unit_id__in=units.values("pk"))
    return get_object_or_404(rows.select_related("unit"), pk=contact_pk)
