"""Error pages and, for administrators, a page that shows every component."""

from __future__ import annotations

import logging
import sys
from decimal import Decimal

from django.contrib import messages
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import timezone

from apps.core.access import marked
from apps.core.codes import new_code
from apps.core.forms import DateField, Form, NumberField
from apps.core.middleware import DATABASE_IS_GONE, database_gone_page

logger = logging.getLogger(__name__)

STAFF_ONLY = "staff_only"
_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def error_page(status: int, *, template: str = "", code: str = "") -> HttpResponse:
    """Return a plain page that asks neither the database nor the session for anything."""
    page = render_to_string(template or f"errors/{status}.html", {"code": code or str(status)})
    return HttpResponse(page, status=status, headers={"Cache-Control": "no-store"})


def support_code(status: int, error: object) -> str:
    """Draw a code that the user reads to support and that stands in the log beside the cause."""
    code = f"{status}-{new_code(6).replace('-', '')}"
    logger.warning("error page %s: %s", code, type(error).__name__)
    return code


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 400, or 413 when the form or file was too large."""
    status = 413 if isinstance(exception, _TOO_LARGE) else 400
    return error_page(status, code=support_code(status, exception))


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 403 for a function that one may know of but not use."""
    return error_page(403)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer 403 when a form is older than the session it was opened in."""
    return error_page(403, template="errors/403_csrf.html")


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Answer 404 with the same bytes whether the thing is missing or not for this user."""
    return error_page(404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer 500 with a code for support, or 503 when what failed is the database."""
    error = sys.exc_info()[1]
    if isinstance(error, DATABASE_IS_GONE):
        return database_gone_page()
    return error_page(500, code=support_code(500, error))


CELL_STATES = [
    ("is-saved", ""),
    ("is-saving", ""),
    ("is-waiting", "Chưa lưu – mất kết nối"),
    ("is-error", "Phải là số nguyên"),
    ("is-warning has-note", "Tăng 62 % so với kỳ trước, đã có ghi chú"),
    ("is-locked", ""),
]


class SampleForm(Form):
    """Fields of each kind, for the gallery."""

    meetings = NumberField(label="Số buổi tuyên truyền", help_text="Đếm trong kỳ, ví dụ 1.250.")
    share = NumberField(label="Tỷ lệ đạt chuẩn (%)", decimals=1, max_value=100)
    held_on = DateField(label="Ngày tổ chức", help_text="Ngày trước, tháng sau.")
    note = NumberField(label="Số người tham dự", required=False)
    submit_label = "Kiểm tra mẫu"


def gallery(request: HttpRequest) -> HttpResponse:
    """Show every component and state, for those who build pages."""
    if not getattr(request.user, "is_staff", False):
        raise Http404
    form = SampleForm(request.POST or None)
    form.is_valid()
    if request.method == "POST":
        messages.success(request, "Mẫu đã được kiểm tra.")
    context = {
        "form": form,
        "page": Paginator(range(1, 251), 25).get_page(request.GET.get("trang", 3)),
        "now": timezone.now(),
        "amount": 1_234_567,
        "share": Decimal("75.25"),
        "cell_states": CELL_STATES,
        "values": [120, 132, 128, 141, 160, 158, 170, 166, 181, 190, 205, 240],
    }
    return render(request, "components/gallery.html", context)


gallery = marked(gallery, STAFF_ONLY)
