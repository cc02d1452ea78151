"""The real case: what the article of Đồng Tháp says stands in the PDF, with its own qualifiers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import override_settings
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import DjangoDbBlocker

from apps.home.services.case import SEED, load_dong_thap_2022, read_facts
from apps.home.services.demo_people import build_cast
from apps.papers.models import PaperFile
from apps.reports.models import Document, Submission
from apps.reports.services.documents import render_document
from tests.kept import kept

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
FACTS = settings.BASE_DIR / "reference" / "seed_facts.csv"


@pytest.fixture(scope="module")
def text(
    django_db_setup: None,
    django_db_blocker: DjangoDbBlocker,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Return the text of the case's PDF as one line, rendered once as a worker does it."""
    folder = tmp_path_factory.mktemp("files")
    with kept(django_db_blocker), override_settings(MEDIA_ROOT=str(folder)):
        call_command("load_reference", verbosity=0)
        job = load_dong_thap_2022(facts_file=FACTS, cast=build_cast(at=AT), at=AT)
        done = render_document(job_id=job.pk, clock=timezone.now)
        assert done is not None
        assert done.state == "done", done.error
        yield text_of(folder / PaperFile.objects.get(paper__document__job=job).path)


def text_of(path: Path) -> str:
    """Return the PDF's text layer as one line."""
    pages = [page.extract_text() for page in PdfReader(path).pages]
    return re.sub(r"\s+", " ", " ".join(pages).replace("\u00a0", " "))


def test_the_pdf_says_what_the_article_says(text: str) -> None:
    for words in (
        "2.580 điểm và trên 640 buổi tuyên truyền",
        "hơn 249.880 lượt người dự",
        "2.580 điểm, hơn 225.100 lượt người",
        "trên 640 buổi, hơn 24.780 lượt người",
        "4.250 tin, trong đó gần 3.200 tin có giá trị (khoảng 75,3 %)",
        "90 mô hình",
        "1.922 tập thể và cá nhân đăng ký thi đua",
        "318 tập thể, cá nhân được đề nghị khen thưởng",
        "BAN CHỈ ĐẠO 138",
        "năm 2022",
    ):
        assert words in text, words


def test_points_and_sessions_are_never_added(text: str) -> None:
    assert "3.220" not in text


def test_nothing_stands_in_the_case_that_the_article_does_not_say(text: str) -> None:
    facts = list(read_facts(FACTS))
    lines = Submission.objects.filter(report__obligation__root__code="TINH-87-CU").values_list(
        "lines__value", flat=True
    )

    assert len(facts) == 11
    told = sorted(int(re.sub(r"\D", "", fact.text)) for fact in facts)
    assert sorted(int(line) for line in lines) == told


def test_real_figures_carry_no_mark_of_made_up_data(text: str) -> None:
    assert "DỮ LIỆU MINH HỌA" not in text
    assert SEED in text


def test_loading_the_case_twice_gives_one_document(text: str) -> None:
    again = load_dong_thap_2022(facts_file=FACTS, cast=build_cast(at=AT), at=AT)

    assert Document.objects.count() == 1
    assert again.pk == Document.objects.get().job_id
