"""The first beat of every view of a site: fetch it within the person's rights."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from apps.programs.models import ModelSite
from apps.programs.queries.site import sites_to_write
from apps.units.permissions import user_of

_TOGETHER = ("model_type__field", "unit", "created_by", "updated_by")


def visible_site(request: HttpRequest, pk: int) -> ModelSite:
    """Return a site in the person's scope; another one is 404 like a missing one."""
    sites = ModelSite.objects.visible_to(user_of(request), timezone.localdate())
    return get_object_or_404(sites.select_related(*_TOGETHER), pk=pk)


def may_write(request: HttpRequest, site: ModelSite) -> bool:
    """Tell whether the person may write of a site."""
    return sites_to_write(user_of(request), timezone.localdate()).filter(pk=site.pk).exists()


def written_site(request: HttpRequest, pk: int) -> ModelSite:
    """Return a site that the person may write of; a known one without the right is 403."""
    site = visible_site(request, pk)
    if not may_write(request, site):
        raise PermissionDenied
    return site


def edited_site(request: HttpRequest, pk: int) -> ModelSite:
    """Return a site to correct; what is typed is not lost when somebody took it back meanwhile."""
    if request.method == "POST":
        mine = sites_to_write(user_of(request), timezone.localdate())
        removed = mine.exclude(removed_at=None).select_related(*_TOGETHER).filter(pk=pk).first()
        if removed is not None:
            return removed
    return written_site(request, pk)


def removable_site(request: HttpRequest, pk: int) -> ModelSite:
    """Return a site that the person may take back or bring back, also one that is taken back."""
    sites = sites_to_write(user_of(request), timezone.localdate())
    return get_object_or_404(sites.select_related(*_TOGETHER), pk=pk)
