"""Files of papers, given to those who may see them."""

from __future__ import annotations

import logging
from io import BytesIO
from typing import cast

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from apps.accounts.models import User
from apps.core.access import signed_in
from apps.core.files import FileDamaged
from apps.papers.models import PaperFile
from apps.papers.services import hand_out_file

logger = logging.getLogger(__name__)


@require_GET
@never_cache
@signed_in
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send one file of a paper; who may, is decided row by row, so anything else is not there."""
    user, at = cast(User, request.user), timezone.now()
    file = get_object_or_404(PaperFile.objects.visible_to(user, timezone.localdate(at)), pk=pk)
    try:
        content = hand_out_file(file=file, by=user, at=at)
    except FileDamaged as damage:
        logger.exception("file %s of paper %s is damaged", file.pk, file.paper_id)
        context = {"file": file, "reason": damage.message}
        return render(request, "papers/damaged.html", context, status=500)
    answer = FileResponse(BytesIO(content), as_attachment=True, filename=file.download_name)
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store, private"
    return answer
