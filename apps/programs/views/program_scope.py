"""The first beat of every view of a programme: fetch it within the person's rights."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.programs.models import Program, ProgramRecipient
from apps.units.permissions import permissions_for, scope_unit_ids, user_of


def visible_program(request: HttpRequest, pk: int) -> Program:
    """Return a programme that the person may see; another one is 404 like a missing one."""
    rows = Program.objects.visible_to(user_of(request), timezone.localdate())
    return get_object_or_404(rows, pk=pk)


def managed_program(request: HttpRequest, pk: int) -> Program:
    """Return a programme that the person may change: its unit lies in his scope as a manager."""
    scope = scope_unit_ids(user_of(request), timezone.localdate(), Permission.REGISTER_MANAGE)
    rows = Program.objects.visible_to(user_of(request), timezone.localdate())
    return get_object_or_404(rows.filter(unit_id__in=scope), pk=pk)


def written_recipient(request: HttpRequest, pk: int, recipient_pk: int) -> ProgramRecipient:
    """Return a unit's row of a programme that the person may write for the unit."""
    scope = scope_unit_ids(user_of(request), timezone.localdate(), Permission.REGISTER_ENTER)
    rows = ProgramRecipient.objects.filter(program=visible_program(request, pk), unit__in=scope)
    return get_object_or_404(rows.select_related("program", "unit"), pk=recipient_pk)


def may_manage(user: User, program: Program) -> bool:
    """Say whether a person may change and send a programme."""
    on = timezone.localdate()
    if Permission.REGISTER_MANAGE not in permissions_for(user, on):
        return False
    scope = scope_unit_ids(user, on, Permission.REGISTER_MANAGE)
    return Program.objects.filter(pk=program.pk, unit_id__in=scope).exists()
