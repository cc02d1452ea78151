"""Make the official summary report: freeze, render in a worker, give number and date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.errors import DomainError
from apps.core.files import StoredFile, store_bytes
from apps.desk.models import Job
from apps.desk.services import claim_job, fail_job, finish_job, notify, queue_job, report_progress
from apps.indicators.models import Period
from apps.papers.models import IssuingBody, Paper, PaperFile
from apps.papers.rules import PaperState
from apps.papers.services import attach_file, create_paper, issue_paper
from apps.reports.documents.paper import PaperMarks, summary_pdf
from apps.reports.documents.summary import Wording, freeze, frozen_bytes
from apps.reports.models import ConsolidationText, Document, RollupNode
from apps.reports.queries.summary import Summary, gather_summary
from apps.reports.services.rollups import recompute_dirty
from apps.units.models import Unit

RENDER_TASK = "reports.render_document"
ISSUE_TASK = "reports.issue_document"
SETTLE_ROUNDS = 10


class UnitsMissing(DomainError):
    """Some units have no accepted report, and nobody said why the report is made all the same."""


class NothingToReport(DomainError):
    """No unit owes anything in this period, or none has been accepted."""


class DocumentIssued(DomainError):
    """The very same report has its number; an issued paper is not made again."""


class FiguresMoving(DomainError):
    """A sum changed while the paper was being frozen."""


class NoIssuingBody(DomainError):
    """Nobody set who issues this province's reports on that day."""


def issuing_body(root: Unit, on: date) -> IssuingBody:
    """Return who issues a province's papers on a day; names and signers change by law."""
    body = IssuingBody.objects.filter(unit=root, valid__contains=on).first()
    if body is None:
        raise NoIssuingBody(
            "Chưa khai cơ quan ban hành cho tỉnh tại thời điểm này. Quản trị khai ở Quản trị → "
            "Cơ quan ban hành."
        )
    return body


def order_document(
    *, root: Unit, period: Period, incomplete_reason: str, by: User, at: datetime
) -> Job:
    """Freeze a province's figures and words and queue the paper; same content, same document."""
    _settle_sums(period, at)
    with transaction.atomic():
        _take_turn(root)
        summary = gather_summary(root, period)
        if summary.is_stale:
            raise FiguresMoving(
                "Số tổng hợp vừa thay đổi và đang được tính lại. Chờ vài giây rồi bấm lại."
            )
        if summary.n_accepted == 0:
            raise NothingToReport("Chưa có báo cáo nào được tiếp nhận trong kỳ này.")
        if summary.missing and not incomplete_reason.strip():
            raise UnitsMissing(
                f"Còn {len(summary.missing)} đơn vị chưa có báo cáo được tiếp nhận. Ghi lý do để "
                "lập báo cáo khi chưa đủ."
            )
        content = _freeze(summary, incomplete_reason.strip())
        digest = sha256(frozen_bytes(content)).hexdigest()
        known = (
            Document.objects.select_related("job", "paper")
            .filter(root=root, period=period, content_hash=digest)
            .first()
        )
        if known is not None and known.job is not None and known.job.state != "failed":
            return known.job
        if known is not None and known.paper.state != PaperState.DRAFT:
            raise DocumentIssued(
                f"Báo cáo với đúng số liệu này đã phát hành, số {known.paper.number}/"
                f"{known.paper.symbol}. Văn bản đã phát hành không lập lại."
            )
        document = known or _create(summary, content, digest, incomplete_reason, by, at)
        return _queue(document, RENDER_TASK, {}, f"document:{document.pk}", by, at)


def _settle_sums(period: Period, at: datetime) -> None:
    """Bring the sums of a period up to date, waiting for a worker that is at one of them now.

    The recomputation passes over a sum that another holds, and a paper must not freeze the old one.
    """
    for _ in range(SETTLE_ROUNDS):
        recompute_dirty(period=period, at=at)
        with transaction.atomic():
            moving = RollupNode.objects.select_for_update().filter(period=period, is_dirty=True)
            if not moving.order_by("pk")[:1]:
                return


def _take_turn(root: Unit) -> None:
    """Let one order at a time of a province go on: a second click finds what the first made."""
    Unit.objects.select_for_update(no_key=True).get(pk=root.pk)


def _freeze(summary: Summary, incomplete_reason: str) -> dict[str, Any]:
    texts = dict(
        ConsolidationText.objects.filter(root=summary.root, period=summary.period).values_list(
            "part", "body"
        )
    )
    wording = Wording(texts, incomplete_reason, is_demo=summary.root.is_demo)
    return freeze(summary, issuing_body(summary.root, summary.tree_on), wording)


def _create(
    summary: Summary,
    content: dict[str, Any],
    digest: str,
    reason: str,
    by: User | None,
    at: datetime,
) -> Document:
    last = Document.objects.filter(root=summary.root, period=summary.period).aggregate(
        last=Max("number")
    )["last"]
    document = Document.objects.create(
        root=summary.root,
        period=summary.period,
        paper=_draft_paper(summary.root, content["letterhead"], by, at),
        number=(last or 0) + 1,
        content=content,
        inputs=summary.submission_ids,
        content_hash=digest,
        incomplete_reason=reason.strip(),
        created_at=at,
        created_by=by,
    )
    record_action(
        action="reports.document_ordered", by=by, at=at, target=document, detail={"hash": digest}
    )
    return document


def _draft_paper(root: Unit, head: dict[str, Any], by: User | None, at: datetime) -> Paper:
    return create_paper(
        kind="report",
        unit=root,
        title=head["subject"],
        symbol=head["symbol"],
        year=timezone.localtime(at).year,
        place=head["place"],
        signer_name=head["signer_name"],
        signer_title="\n".join(head["signer_lines"]),
        is_demo=root.is_demo,
        by=by,
        at=at,
    )


def _queue(
    document: Document, task: str, extra: dict[str, Any], key: str, by: User, at: datetime
) -> Job:
    job = queue_job(
        kind="document",
        title=document.paper.title,
        task=task,
        queue="documents",
        params={"document": document.pk, **extra},
        unit=document.root,
        dedup_key=key,
        by=by,
        at=at,
    )
    Document.objects.filter(pk=document.pk).update(job=job)
    return job


Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Rendered:
    """The finished PDF as it lies on disk."""

    document: Document
    stored: StoredFile


def render_document(*, job_id: int, clock: Clock) -> Job | None:
    """Render an ordered document; nothing happens when another worker has it or it is done."""
    job = claim_job(job_id=job_id, at=clock())
    if job is None:
        return None
    try:
        rendered = _render(job, PaperMarks(), clock)
        return _keep(job, rendered, clock())
    except DomainError as error:
        return fail_job(job_id=job.pk, error=str(error), at=clock())


def _render(job: Job, marks: PaperMarks, clock: Clock) -> Rendered:
    document = Document.objects.select_related("paper", "root", "period").get(
        pk=job.params["document"]
    )

    def step(percent: int, text: str) -> None:
        report_progress(job_id=job.pk, progress=percent, step=text, at=clock())

    step(10, "Đã lấy số liệu đã chốt")
    pdf = summary_pdf(document.content, marks, step)
    step(90, "Đang lưu tệp")
    return Rendered(document, store_bytes(pdf, "pdf"))


@transaction.atomic
def _keep(job: Job, rendered: Rendered, at: datetime) -> Job | None:
    document = rendered.document
    file = attach_file(
        paper=document.paper, format="pdf", stored=rendered.stored, by=job.owner, at=at
    )
    record_action(
        action="reports.document_rendered",
        by=job.owner,
        at=at,
        target=document,
        detail={"sha256": file.sha256},
    )
    return _finish(job, document, file, at)


def _finish(job: Job, document: Document, file: PaperFile, at: datetime) -> Job | None:
    url = reverse("papers:file", args=[file.pk])
    result = {
        "links": [{"label": "Tải PDF", "url": url}],
        "sha256": file.sha256,
        "document": document.pk,
    }
    if job.owner is not None:
        notify(
            users=[job.owner],
            text=f"Đã lập xong: {document.paper.title}",
            url=url,
            kind="document",
            at=at,
        )
    return finish_job(job_id=job.pk, result=result, at=at)


@transaction.atomic
def issue_document(
    *, document: Document, number: int, issued_on: date, by: User, at: datetime
) -> Job:
    """Queue the final paper with the number and date of the office's own register."""
    marks = {"number": number, "issued_on": issued_on.isoformat()}
    key = f"issue:{document.pk}:{number}:{issued_on.isoformat()}"
    return _queue(document, ISSUE_TASK, marks, key, by, at)


def render_issued(*, job_id: int, clock: Clock) -> Job | None:
    """Render the numbered and dated paper, keep it and close the paper for good, or do nothing."""
    job = claim_job(job_id=job_id, at=clock())
    if job is None:
        return None
    number, issued_on = job.params["number"], date.fromisoformat(job.params["issued_on"])
    try:
        rendered = _render(job, PaperMarks(number, issued_on), clock)
        return _issue(job, rendered, number, issued_on, clock())
    except DomainError as error:
        return fail_job(job_id=job.pk, error=str(error), at=clock())


@transaction.atomic
def _issue(job: Job, rendered: Rendered, number: int, issued_on: date, at: datetime) -> Job | None:
    """Keep the numbered file and close the paper together, or neither."""
    done = _keep(job, rendered, at)
    issue_paper(
        paper=rendered.document.paper, number=number, issued_on=issued_on, by=job.owner, at=at
    )
    return done
