"""Write the parts of a report that are in words."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.text import nfc_lines
from apps.reports.models import Report, ReportText
from apps.reports.services.entry import begin, lock_open_report


class TextConflict(DomainError):
    """Somebody else changed the text meanwhile; carries what stands there now."""

    def __init__(self, current: ReportText) -> None:
        """Keep the text as it stands on the server."""
        super().__init__("Người khác vừa sửa phần lời văn này. Xem bản của họ rồi lưu lại.")
        self.current = current


@transaction.atomic
def save_text(
    *, report: Report, part: str, body: str, base: int, by: User, at: datetime
) -> ReportText:
    """Save a part written in words; the same rule against lost work as for cells."""
    locked = lock_open_report(report.pk, at)
    body = nfc_lines(body)
    text = ReportText.objects.filter(report=locked, part=part).first()
    if text is None:
        text = ReportText.objects.create(
            report=locked, part=part, body=body, updated_at=at, updated_by=by
        )
    elif text.body != body:
        if text.lock_version != base:
            raise TextConflict(text)
        text.body, text.updated_at, text.updated_by = body, at, by
        text.lock_version += 1
        text.save()
    begin(locked, by, at)
    record_action(action="reports.text_saved", by=by, at=at, target=locked, detail={"part": part})
    return text
