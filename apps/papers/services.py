"""The life of a paper: drafted, given its files, issued once with its number, perhaps replaced."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.audit.services import record_action
from apps.core.codes import new_code
from apps.core.errors import DomainError
from apps.core.files import StoredFile, read_stored
from apps.core.text import nfc
from apps.papers.models import Paper, PaperFile
from apps.papers.queries import is_number_taken
from apps.papers.rules import FileFormat, PaperState
from apps.units.models import Unit


class PaperFinal(DomainError):
    """The paper is issued or replaced, so it takes no more changes."""


class PaperHasNoFile(DomainError):
    """A paper without a PDF or a scan cannot be issued."""


class PaperNumberTaken(DomainError):
    """Another paper of the same symbol and year has this number."""


class PaperDateWrong(DomainError):
    """The day of issue is still to come."""


@transaction.atomic
def create_paper(  # noqa: PLR0913 (what the head and foot of a paper say)
    *,
    kind: str,
    unit: Unit,
    title: str,
    symbol: str,
    year: int,
    by: User | None,
    at: datetime,
    place: str = "",
    signer_name: str = "",
    signer_title: str = "",
    is_demo: bool = False,
) -> Paper:
    """Write a draft with its verification code; number and day come with the issue."""
    paper = Paper.objects.create(
        unit=unit,
        kind=kind,
        title=nfc(title),
        symbol=nfc(symbol),
        year=year,
        place=nfc(place),
        signer_name=nfc(signer_name),
        signer_title=nfc(signer_title),
        is_demo=is_demo,
        verification_code=new_code(),
        created_by=by,
        created_at=at,
    )
    detail = {"kind": kind, "unit": unit.pk, "title": paper.title}
    record_action(action="papers.created", by=by, at=at, target=paper, detail=detail)
    return paper


@transaction.atomic
def attach_file(
    *,
    paper: Paper,
    format: str,  # noqa: A002 (the column's name)
    stored: StoredFile,
    by: User | None,
    at: datetime,
) -> PaperFile:
    """Say that stored bytes are a paper in one format; the same bytes count once.

    After the issue only the scan of the signed copy may come.
    """
    locked = Paper.objects.select_for_update().get(pk=paper.pk)
    if locked.state != PaperState.DRAFT and format != FileFormat.SCAN:
        raise PaperFinal("Văn bản đã phát hành, không thêm hoặc đổi tệp được nữa.")
    file, is_new = PaperFile.objects.get_or_create(
        paper=locked,
        format=format,
        sha256=stored.sha256,
        defaults={"size": stored.size, "path": stored.path, "created_at": at, "created_by": by},
    )
    if is_new:
        detail = {"format": format, "sha256": stored.sha256, "size": stored.size}
        record_action(action="papers.file_attached", by=by, at=at, target=locked, detail=detail)
    return file


@transaction.atomic
def issue_paper(
    *, paper: Paper, number: int, issued_on: date, by: User | None, at: datetime
) -> Paper:
    """Make a paper final with the number and day of the office's own register.

    The day may lie before the draft was made here (the office numbers first), never after today.
    """
    locked = Paper.objects.select_for_update().get(pk=paper.pk)
    if locked.state != PaperState.DRAFT:
        raise PaperFinal("Văn bản này đã phát hành trước đó.")
    if issued_on > timezone.localdate(at):
        raise PaperDateWrong("Ngày phát hành không được sau hôm nay.")
    if not locked.files.filter(format__in=(FileFormat.PDF, FileFormat.SCAN)).exists():
        raise PaperHasNoFile("Chưa có bản PDF của văn bản. Hãy lập văn bản rồi phát hành.")
    year = issued_on.year
    taken = PaperNumberTaken(f"Số {number}/{locked.symbol} năm {year} đã dùng cho văn bản khác.")
    if is_number_taken(unit=locked.unit, symbol=locked.symbol, year=year, number=number):
        raise taken
    locked.number, locked.issued_on, locked.year = number, issued_on, year
    locked.state = PaperState.ISSUED
    try:
        with transaction.atomic():
            locked.save(update_fields=["number", "issued_on", "year", "state"])
    except IntegrityError as error:
        raise taken from error
    detail = {"number": number, "symbol": locked.symbol, "issued_on": issued_on.isoformat()}
    record_action(action="papers.issued", by=by, at=at, target=locked, detail=detail)
    return locked


@transaction.atomic
def replace_paper(*, paper: Paper, by: User | None, at: datetime) -> Paper:
    """Say that a newer paper stands in this one's place; the old one stays readable."""
    locked = Paper.objects.select_for_update().get(pk=paper.pk)
    if locked.state == PaperState.REPLACED:
        raise PaperFinal("Văn bản này đã được thay thế trước đó.")
    locked.state = PaperState.REPLACED
    locked.save(update_fields=["state"])
    record_action(action="papers.replaced", by=by, at=at, target=locked)
    return locked


@transaction.atomic
def hand_out_file(*, file: PaperFile, by: User, at: datetime) -> bytes:
    """Read a file for somebody and note who took it; a damaged file is refused."""
    content = read_stored(file.path, file.sha256)
    detail = {"format": file.format, "sha256": file.sha256, "file": file.pk}
    record_action(action="papers.downloaded", by=by, at=at, target=file.paper, detail=detail)
    return content
