"""Who may do what with one report: the table of rights, at the unit where each post is held."""

from __future__ import annotations

from datetime import date

from apps.accounts.models import User
from apps.accounts.rules import Permission, permissions_of
from apps.reports.models import CellChange, Obligation, Report, Submission
from apps.units.permissions import posts_of


def holds_at(user: User, unit_ids: set[int], permission: Permission, on: date) -> bool:
    """Return whether the user holds a right by a post at one of these very units."""
    posts = posts_of(user, on)
    return any(
        permission in permissions_of(roles)
        for unit_id, roles in posts.items()
        if unit_id in unit_ids
    )


def enters_directly(user: User, obligation: Obligation, on: date) -> bool:
    """Return whether the user fills in this report as the unit's own person."""
    own = {obligation.unit_id, obligation.filler_id}
    return holds_at(user, own, Permission.REPORT_ENTER, on)


def enters_on_behalf(user: User, obligation: Obligation, on: date) -> bool:
    """Return whether the user may fill it in for the unit, as the unit in charge of it."""
    if enters_directly(user, obligation, on):
        return False
    return holds_at(user, {obligation.consolidator_id}, Permission.REPORT_ENTER_ON_BEHALF, on)


def may_enter(user: User, obligation: Obligation, on: date) -> bool:
    """Return whether the user may write figures in this report, directly or on behalf."""
    return enters_directly(user, obligation, on) or enters_on_behalf(user, obligation, on)


def may_write(user: User, report: Report, on: date) -> bool:
    """Return whether the user may write now: on behalf only once the paper's day is noted."""
    if enters_directly(user, report.obligation, on):
        return True
    return report.is_on_behalf and enters_on_behalf(user, report.obligation, on)


def may_submit(user: User, obligation: Obligation, on: date) -> bool:
    """Return whether the user may submit it: the unit's leader, or on behalf."""
    own = {obligation.unit_id, obligation.filler_id}
    return holds_at(user, own, Permission.REPORT_SUBMIT, on) or enters_on_behalf(
        user, obligation, on
    )


def may_review(user: User, obligation: Obligation, on: date) -> bool:
    """Return whether the user's post at the consolidating unit lets him return or accept."""
    return holds_at(user, {obligation.consolidator_id}, Permission.REPORT_REVIEW, on)


def took_part(user: User, report: Report) -> bool:
    """Return whether the user typed a figure of it or sent it: nobody accepts what he entered."""
    return (
        CellChange.objects.filter(report=report, changed_by=user).exists()
        or Submission.objects.filter(report=report, submitted_by=user).exists()
    )
