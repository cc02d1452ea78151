"""Change one part of a site in place, and give its files to those who see it."""

from __future__ import annotations

from io import BytesIO
from pathlib import PurePosixPath

from django.contrib import messages
from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.rules import Permission
from apps.core.errors import DomainError
from apps.core.files import read_stored
from apps.core.htmx import is_htmx
from apps.programs.forms.site_parts import DROPS, PARTS, drop_row
from apps.programs.models import ModelSite
from apps.programs.queries.site import site_files
from apps.programs.rules import FileKind
from apps.programs.views.site_scope import visible_site, written_site
from apps.programs.views.sites import site_context
from apps.units.permissions import requires, user_of


@require_POST
@requires(Permission.REGISTER_ENTER)
def site_part(request: HttpRequest, pk: int, part: str) -> HttpResponse:
    """Write one part of a site; what was refused stays typed in its form."""
    site = written_site(request, pk)
    kind = PARTS.get(part)
    if kind is None:
        raise Http404
    form = kind(request.POST, request.FILES, site=site, on=timezone.localdate())
    if form.save(user_of(request), timezone.now()):
        return _answer(request, site, part, form.saved)
    context = site_context(request, site)
    context["forms"] |= {kind.key: form}
    context["open_part"] = kind.key
    template = kind.template if is_htmx(request) else "programs/site.html"
    return render(request, template, context)


@require_POST
@requires(Permission.REGISTER_ENTER)
def site_part_drop(request: HttpRequest, pk: int, part: str, row_pk: int) -> HttpResponse:
    """Take away one row of a part, or end it."""
    site = written_site(request, pk)
    row = DROPS[part].row(site, row_pk) if part in DROPS else None
    if row is None:
        raise Http404
    try:
        drop_row(row, request.POST, by=user_of(request), at=timezone.now())
    except DomainError as error:
        return _answer(request, site, part, error.message, refused=row)
    return _answer(request, site, part, DROPS[part].done)


@require_GET
@never_cache
@requires(Permission.REGISTER_VIEW)
def site_file(request: HttpRequest, pk: int, file_pk: int) -> HttpResponseBase:
    """Give a file to whoever may see the site; photos are shown, papers are downloaded.

    With `nho` a photo comes small.
    """
    file = get_object_or_404(site_files(visible_site(request, pk)), pk=file_pk)
    is_small = "nho" in request.GET and bool(file.small_path)
    path = file.small_path if is_small else file.path
    answer = FileResponse(
        BytesIO(read_stored(path, PurePosixPath(path).stem)),
        as_attachment=file.kind != FileKind.PHOTO,
        filename=PurePosixPath(path).name if is_small else file.name,
        content_type="image/webp" if is_small else file.mime,
    )
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _answer(
    request: HttpRequest, site: ModelSite, part: str, text: str, *, refused: Model | None = None
) -> HttpResponse:
    """Return the part as it is now, or the whole page to a browser without scripts.

    The row that could not go keeps the day that was typed for it.
    """
    if is_htmx(request):
        said = {"told": text, "told_tone": "bad" if refused else "done"}
        if refused:
            said |= {"refused_pk": refused.pk, "typed_day": request.POST.get("on", "")}
        return render(request, PARTS[part].template, site_context(request, site) | said)
    (messages.error if refused else messages.success)(request, text)
    return redirect(f"{reverse('programs:site', args=[site.pk])}#phan-{PARTS[part].block}")
