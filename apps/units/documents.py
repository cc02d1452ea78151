"""Lay out what units print: first-sign-in slips."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.template.loader import render_to_string

from apps.core.pdf.layout import Slip
from apps.core.pdf.parts import Part
from apps.core.pdf.render import render_pdf

_TITLE = "Phiếu đăng nhập lần đầu"


def slips_pdf(slips: Sequence[Slip], *, address: str, at: datetime, is_demo: bool = False) -> bytes:
    """Return a PDF of slips to cut and hand over; it is made for one answer and not kept."""
    context = {
        "title": _TITLE,
        "slips": slips,
        "address": address,
        "help": getattr(settings, "HOTLINE", ""),
        "is_demo": is_demo,
    }
    return render_pdf([Part(render_to_string("pdf/slip.html", context))], title=_TITLE, at=at)
