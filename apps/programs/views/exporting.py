"""Give a list as an Excel file: at once, or by a job that its reader need not wait for."""

from __future__ import annotations

import io

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from apps.core.errors import DomainError
from apps.core.sheet_writing import XLSX
from apps.desk.services.exports import no_step
from apps.desk.tasks import ring
from apps.programs.services.exports import Asked, ListExport, order_list
from apps.units.permissions import user_of


def give_list(
    request: HttpRequest, export: ListExport[Asked], asked: Asked, page: str
) -> HttpResponse | FileResponse:
    """Give a short list; a long one is ordered on its page."""
    user, on = user_of(request), timezone.localdate()
    if export.count(user, asked, on) > export.at_once:
        messages.info(request, "Danh sách này dài. Bấm “Xuất Excel” để Cổng lập tệp rồi báo bạn.")
        return redirect(page)
    file = io.BytesIO()
    export.write(file, user, asked, on, no_step)
    file.seek(0)
    name = export.file_name(asked, on)
    return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)


def order_long_list(
    request: HttpRequest, export: ListExport[Asked], asked: Asked, page: str
) -> HttpResponse:
    """Let a list that is too long for a click be written in the background."""
    try:
        job = order_list(export=export, asked=asked, by=user_of(request), at=timezone.now())
    except DomainError as refusal:
        messages.error(request, refusal.message)
        return redirect(page)
    ring(job)
    messages.success(request, "Đang lập tệp Excel. Bạn có thể rời trang này và xem ở mục Tác vụ.")
    return redirect("desk:job", pk=job.pk)
