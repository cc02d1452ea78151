"""A paper is drafted, given its files, issued once with its number, and perhaps replaced."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

import pytest
from django.db import connection

from apps.audit.models import AuditEntry
from apps.core.files import FileDamaged, full_path, store_bytes
from apps.papers.models import Paper, PaperFile
from apps.papers.services import (
    PaperDateWrong,
    PaperFinal,
    PaperHasNoFile,
    PaperNumberTaken,
    attach_file,
    create_paper,
    hand_out_file,
    issue_paper,
    replace_paper,
)
from tests.factories.accounts import UserFactory
from tests.factories.papers import PaperFactory, PaperFileFactory
from tests.factories.units import UnitFactory

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 thu"
TODAY = date(2026, 11, 18)


def ready(**values: object) -> Paper:
    paper: Paper = PaperFileFactory(paper=PaperFactory(**values)).paper
    return paper


def test_create_paper_draws_a_code_and_leaves_number_open(at: datetime) -> None:
    lan = UserFactory()

    paper = create_paper(
        kind="report",
        unit=UnitFactory(),
        title="Kết quả",
        symbol="BC-BCĐ",
        year=2026,
        by=lan,
        at=at,
    )

    assert (paper.state, paper.number, paper.created_by) == ("draft", None, lan)
    assert len(paper.verification_code.replace("-", "")) == 12
    assert AuditEntry.objects.get().action == "papers.created"


def test_create_paper_composes_letters(at: datetime) -> None:
    paper = create_paper(
        kind="report",
        unit=UnitFactory(),
        title="Kết quả",
        symbol="BC",
        year=2026,
        by=None,
        at=at,
    )

    assert paper.title == "Kết quả"


def test_attach_file_keeps_the_same_bytes_once(at: datetime) -> None:
    paper, stored = PaperFactory(), store_bytes(PDF, "pdf")

    one = attach_file(paper=paper, format="pdf", stored=stored, by=None, at=at)
    again = attach_file(paper=paper, format="pdf", stored=stored, by=None, at=at)

    assert one == again
    assert PaperFile.objects.count() == 1
    assert full_path(one.path).read_bytes() == PDF
    assert AuditEntry.objects.filter(action="papers.file_attached").count() == 1


def test_attach_file_refuses_an_issued_paper_but_takes_its_scan(at: datetime) -> None:
    paper, stored = ready(), store_bytes(PDF, "pdf")
    issue_paper(paper=paper, number=15, issued_on=TODAY, by=None, at=at)

    with pytest.raises(PaperFinal, match="đã phát hành"):
        attach_file(paper=paper, format="pdf", stored=stored, by=None, at=at)

    assert attach_file(paper=paper, format="scan", stored=stored, by=None, at=at).pk


def test_issue_paper_makes_it_final(at: datetime) -> None:
    paper, lan = ready(year=2025), UserFactory()

    issued = issue_paper(paper=paper, number=15, issued_on=TODAY, by=lan, at=at)

    issued.refresh_from_db()
    assert (issued.state, issued.number, issued.issued_on, issued.year) == (
        "issued",
        15,
        TODAY,
        2026,
    )
    with pytest.raises(PaperFinal):
        issue_paper(paper=paper, number=16, issued_on=TODAY, by=lan, at=at)


def test_issue_paper_takes_a_day_before_the_draft_but_none_to_come(at: datetime) -> None:
    with pytest.raises(PaperDateWrong, match="sau hôm nay"):
        issue_paper(paper=ready(), number=1, issued_on=TODAY + timedelta(days=1), by=None, at=at)

    assert issue_paper(paper=ready(), number=1, issued_on=date(2022, 12, 20), by=None, at=at).pk


def test_issue_paper_needs_a_file(at: datetime) -> None:
    with pytest.raises(PaperHasNoFile, match="PDF"):
        issue_paper(paper=PaperFactory(), number=1, issued_on=TODAY, by=None, at=at)


def test_issue_paper_gives_a_number_once(at: datetime) -> None:
    first = ready()
    second = ready(unit=first.unit)
    issue_paper(paper=first, number=15, issued_on=TODAY, by=None, at=at)

    with pytest.raises(PaperNumberTaken, match="Số 15/BC-BCĐ năm 2026"):
        issue_paper(paper=second, number=15, issued_on=TODAY, by=None, at=at)

    second.refresh_from_db()
    assert second.state == "draft"
    assert issue_paper(paper=second, number=16, issued_on=TODAY, by=None, at=at).number == 16


@pytest.mark.django_db(transaction=True)
def test_issue_paper_twice_at_once_gives_a_number_once(at: datetime) -> None:
    first = ready()
    second = ready(unit=first.unit)
    together = Barrier(2, timeout=10)

    def issue(paper: Paper) -> bool:
        try:
            together.wait()
            issue_paper(paper=paper, number=15, issued_on=TODAY, by=None, at=at)
        except PaperNumberTaken:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(issue, (first, second)))

    assert outcomes == [False, True]
    assert Paper.objects.filter(number=15).count() == 1


def test_replace_paper_keeps_number_and_files(at: datetime) -> None:
    paper = ready()
    issue_paper(paper=paper, number=15, issued_on=TODAY, by=None, at=at)

    replaced = replace_paper(paper=paper, by=None, at=at)

    assert (replaced.state, replaced.number) == ("replaced", 15)
    with pytest.raises(PaperFinal):
        replace_paper(paper=paper, by=None, at=at)


def test_replace_paper_closes_a_draft(at: datetime) -> None:
    assert replace_paper(paper=PaperFactory(), by=None, at=at).number is None


def test_hand_out_file_notes_who_took_it(at: datetime) -> None:
    lan = UserFactory()
    file = attach_file(
        paper=PaperFactory(), format="pdf", stored=store_bytes(PDF, "pdf"), by=None, at=at
    )

    assert hand_out_file(file=file, by=lan, at=at) == PDF

    entry = AuditEntry.objects.get(action="papers.downloaded")
    assert (entry.actor_id, entry.detail["sha256"]) == (lan.pk, file.sha256)


def test_hand_out_file_refuses_a_damaged_one(at: datetime) -> None:
    file = attach_file(
        paper=PaperFactory(), format="pdf", stored=store_bytes(PDF, "pdf"), by=None, at=at
    )
    full_path(file.path).write_bytes(b"khac")

    with pytest.raises(FileDamaged):
        hand_out_file(file=file, by=UserFactory(), at=at)

    assert not AuditEntry.objects.filter(action="papers.downloaded").exists()
