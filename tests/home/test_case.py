"""The real case: what the article of Đồng Tháp says stands in the PDF, with its own qualifiers."""

from __future__ import annotations

import io
import re
from datetime import datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from pypdf import PdfReader

from apps.home.services.case import SEED, load_dong_thap_2022, read_facts
from apps.home.services.demo_people import build_cast
from apps.papers.models import PaperFile
from apps.reports.models import Document, Submission
from apps.reports.services.documents import render_document

pytestmark = pytest.mark.django_db

FACTS = settings.BASE_DIR / "reference" / "seed_facts.csv"


@pytest.fixture
def case_file(at: datetime) -> PaperFile:
    """Return the PDF of the case, rendered as a worker does it."""
    call_command("load_reference", verbosity=0)
    job = load_dong_thap_2022(facts_file=FACTS, cast=build_cast(at=at), at=at)
    done = render_document(job_id=job.pk, clock=timezone.now)
    assert done is not None
    assert done.state == "done", done.error
    return PaperFile.objects.get(paper__document__job=job)


def text_of(file: PaperFile) -> str:
    """Return the PDF's text layer as one line."""
    content = (Path(settings.MEDIA_ROOT) / file.path).read_bytes()
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(content)).pages]
    return re.sub(r"\s+", " ", " ".join(pages).replace("\u00a0", " "))


def test_the_pdf_says_what_the_article_says(case_file: PaperFile) -> None:
    text = text_of(case_file)

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


def test_points_and_sessions_are_never_added(case_file: PaperFile) -> None:
    text = text_of(case_file)

    assert "3.220" not in text


def test_nothing_stands_in_the_case_that_the_article_does_not_say(case_file: PaperFile) -> None:
    facts = list(read_facts(FACTS))
    lines = Submission.objects.filter(report__obligation__root__code="TINH-87-CU").values_list(
        "lines__value", flat=True
    )

    assert len(facts) == 11
    assert sorted(int(line) for line in lines) == sorted(int(re.sub(r"\D", "", fact.text)) for fact in facts)


def test_real_figures_carry_no_mark_of_made_up_data(case_file: PaperFile) -> None:
    assert "DỮ LIỆU MINH HỌA" not in text_of(case_file)
    assert SEED in text_of(case_file)


def test_loading_the_case_twice_gives_one_document(case_file: PaperFile, at: datetime) -> None:
    again = load_dong_thap_2022(facts_file=FACTS, cast=build_cast(at=at), at=at)

    assert Document.objects.count() == 1
    assert again.pk == Document.objects.get().job_id
