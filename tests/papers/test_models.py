"""What is issued is final, a number is given once, and one body issues at a time."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.papers.models import Paper, PaperFile
from tests.factories.papers import IssuingBodyFactory, PaperFactory, PaperFileFactory

pytestmark = pytest.mark.django_db

ISSUED = {"state": "issued", "number": 15, "issued_on": date(2026, 11, 20)}


@pytest.mark.parametrize(
    ("constraint", "make"),
    [
        ("paper_kind_known", lambda: PaperFactory(kind="poem")),
        ("paper_state_number_pair", lambda: PaperFactory(state="lost")),
        ("paper_state_number_pair", lambda: PaperFactory(number=3)),
        ("paper_state_number_pair", lambda: PaperFactory(state="issued")),
        ("paper_number_from_one", lambda: PaperFactory(**ISSUED | {"number": 0})),
        ("paper_year_of_issue", lambda: PaperFactory(**ISSUED, year=2025)),
        ("paper_symbol_given", lambda: PaperFactory(symbol="")),
        ("paper_file_format_known", lambda: PaperFileFactory(format="exe")),
        ("paper_file_sha256_form", lambda: PaperFileFactory(sha256="A" * 64)),
        ("paper_file_not_empty", lambda: PaperFileFactory(size=0)),
        (
            "issuing_body_valid_span",
            lambda: IssuingBodyFactory(valid=DateRange(None, date(2026, 1, 1))),
        ),
        (
            "issuing_body_valid_span",
            lambda: IssuingBodyFactory(valid=DateRange(date(2026, 1, 1), date(2026, 1, 1))),
        ),
    ],
)
def test_constraint_refuses(constraint: str, make: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        make()


def test_number_is_given_once_per_unit_symbol_and_year() -> None:
    first = PaperFactory(**ISSUED)
    other_year = {"issued_on": date(2025, 11, 20), "year": 2025}

    assert PaperFactory(**ISSUED).pk
    assert PaperFactory(**ISSUED, unit=first.unit, symbol="QĐ-BCĐ").pk
    assert PaperFactory(**ISSUED | other_year, unit=first.unit).pk
    with pytest.raises(IntegrityError, match="paper_number_once"):
        PaperFactory(**ISSUED, unit=first.unit)


def test_drafts_share_the_room_for_the_number() -> None:
    first = PaperFactory()

    assert PaperFactory(unit=first.unit).pk


@pytest.mark.parametrize(
    "change",
    [
        {"number": 16},
        {"title": "Khác"},
        {"signer_name": "Khác"},
        {"issued_on": date(2026, 11, 21)},
        {"state": "draft", "number": None, "issued_on": None},
    ],
)
def test_issued_paper_is_final(change: dict[str, Any]) -> None:
    paper = PaperFactory(**ISSUED)

    with pytest.raises(IntegrityError, match="issued and final"):
        Paper.objects.filter(pk=paper.pk).update(**change)


def test_issued_paper_may_be_replaced_but_not_come_back() -> None:
    paper = PaperFactory(**ISSUED)
    Paper.objects.filter(pk=paper.pk).update(state="replaced")

    with pytest.raises(IntegrityError, match="issued and final"):
        Paper.objects.filter(pk=paper.pk).update(state="issued")


def test_issued_paper_is_not_deleted_and_a_draft_is() -> None:
    draft, paper = PaperFactory(), PaperFactory(**ISSUED)
    draft.delete()

    with pytest.raises(IntegrityError, match="issued and final"):
        paper.delete()


def test_files_of_an_issued_paper_are_final_but_the_scan_may_come() -> None:
    file = PaperFileFactory()
    Paper.objects.filter(pk=file.paper_id).update(**ISSUED)

    with pytest.raises(IntegrityError, match="issued and final"), transaction.atomic():
        PaperFileFactory(paper=file.paper)
    with pytest.raises(IntegrityError, match="is final"), transaction.atomic():
        file.delete()
    assert PaperFileFactory(paper=file.paper, format="scan").pk


def test_file_never_changes_even_in_a_draft() -> None:
    file = PaperFileFactory()

    with pytest.raises(IntegrityError, match="is final"), transaction.atomic():
        PaperFile.objects.filter(pk=file.pk).update(size=1)
    file.delete()
    assert not PaperFile.objects.exists()


def test_one_body_issues_for_a_unit_at_a_time() -> None:
    body = IssuingBodyFactory(valid=DateRange(date(2021, 1, 1), date(2025, 7, 1)))
    later = DateRange(date(2025, 7, 1), None)

    assert IssuingBodyFactory(unit=body.unit, valid=later).pk
    with pytest.raises(IntegrityError, match="issuing_body_no_overlap"):
        IssuingBodyFactory(unit=body.unit, valid=DateRange(date(2025, 6, 30), date(2025, 7, 2)))


def test_download_name_says_what_it_is() -> None:
    paper = PaperFactory(**ISSUED)
    scan = PaperFileFactory(paper=paper, format="scan")

    assert scan.download_name == "BC-BCĐ so 15 nam 2026 (ban ky).pdf"
