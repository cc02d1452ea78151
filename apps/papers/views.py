"""Files of papers, given to those who may see them."""

from __future__ import annotations

from io import BytesIO
from typing import cast

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.accounts.models import User
from apps.core.access import signed_in
from apps.papers.models import PaperFile
from apps.papers.services import hand_out_file


@require_GET
@never_cache
@signed_in
def download(request: HttpRequest, pk: int) -> FileResponse:
    """Send one file of a paper; who may, is decided row by row, so anything else is not there."""
    user, at = cast(User, request.user), timezone.now()
    file = get_object_or_404(PaperFile.objects.visible_to(user, timezone.localdate(at)), pk=pk)
    content = hand_out_file(file=file, by=user, at=at)
    answer = FileResponse(BytesIO(content), as_attachment=True, filename=file.download_name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store, private"
    return answer
