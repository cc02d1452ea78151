"""The official paper: frozen once, rendered by one worker, issued for good, or not at all."""

from __future__ import annotations

import re
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.db.backends.postgresql.psycopg_any import DateRange
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import DjangoDbBlocker

from apps.accounts.rules import Role
from apps.audit.models import AuditEntry
from apps.core.files import full_path
from apps.desk.models import Job, Notice
from apps.papers.models import IssuingBody, PaperFile
from apps.reports.models import Document
from apps.reports.services.consolidation import (
    NewAdjustment,
    Words,
    add_adjustment,
    save_consolidation_text,
)
from apps.reports.services.documents import (
    DocumentIssued,
    NoIssuingBody,
    NothingToReport,
    UnitsMissing,
    issue_document,
    issuing_body,
    order_document,
    render_document,
    render_issued,
)
from apps.units.models import Unit, UnitSpan
from tests.factories.papers import IssuingBodyFactory
from tests.factories.units import UnitFactory
from tests.kept import kept
from tests.reports.world import AT, World, make_world, person

pytestmark = pytest.mark.django_db

HOSTILE = "<img src=x onerror=alert(1)> {{7*7}} {% debug %} =1+1 &amp;"
TODAY = AT.date()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def world(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, folder: Path
) -> Iterator[World]:
    """Return a province with one accepted report, and its paper rendered once."""
    with kept(django_db_blocker), override_settings(MEDIA_ROOT=str(folder)):
        made = make_world()
        IssuingBodyFactory(unit=made.root)
        UnitSpan.objects.filter(unit=made.front).update(name=f"Sở {HOSTILE}")
        words = Words(part="uu_diem", body=HOSTILE, base=0)
        save_consolidation_text(
            root=made.root, period=made.period, words=words, by=made.reviewer, at=AT
        )
        made.accept(made.org_1, {"F1": 4250, "F2": 3200})
        job = order(made)
        done = render_document(job_id=job.pk, clock=lambda: AT)
        assert done is not None
        assert done.state == "done", done.error
        yield made


@pytest.fixture(autouse=True)
def same_folder(private_files: Path, folder: Path, settings: object) -> None:
    """Let every test read the files of the module."""
    settings.MEDIA_ROOT = str(folder)


def order(world: World, reason: str = "Bão số 5") -> Job:
    return order_document(
        root=world.root, period=world.period, incomplete_reason=reason, by=world.reviewer, at=AT
    )


def document() -> Document:
    return Document.objects.order_by("number").last()  # type: ignore[return-value]


def changed(world: World) -> Job:
    """Return the order of a report with another figure."""
    new = NewAdjustment(world.indicators["F1"], "", 7, "Đối chiếu", "")
    add_adjustment(unit=world.front, period=world.period, new=new, by=world.reviewer, at=AT)
    return order(world)


def put_back(state: str = "queued", **more: object) -> None:
    """Put every job back, as if a worker had not finished it."""
    Job.objects.update(state=state, finished_at=None, expires_at=None, **more)


def text_of(file: PaperFile) -> str:
    pages = PdfReader(BytesIO(full_path(file.path).read_bytes())).pages
    text = " ".join(page.extract_text() for page in pages)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


def stored(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*") if path.is_file()}


@contextmanager
def full_disk() -> Iterator[None]:
    """Let this process write no file of more than 1,000 bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_the_same_figures_are_the_same_document_and_job(world: World) -> None:
    again = order(world)

    assert Document.objects.get().job == again
    assert again.state == "done"


def test_a_changed_figure_is_a_new_document_with_the_next_number(world: World) -> None:
    first = document()

    job = changed(world)

    second = document()
    assert (first.number, second.number, second.job) == (1, 2, job)
    assert second.content_hash != first.content_hash
    assert second.paper != first.paper
    assert Document.objects.get(pk=first.pk).content == first.content


def test_an_order_needs_figures_a_reason_for_gaps_and_an_issuing_body(world: World) -> None:
    with pytest.raises(UnitsMissing, match="Còn 4 đơn vị"):
        order(world, "  ")
    IssuingBody.objects.all().delete()
    with pytest.raises(NoIssuingBody):
        order(world)
    with pytest.raises(NothingToReport):
        order_document(
            root=UnitFactory(kind="province"),
            period=world.period,
            incomplete_reason="",
            by=world.reviewer,
            at=AT,
        )
    assert Document.objects.count() == 1


def test_the_issuing_body_is_the_one_of_the_day(world: World) -> None:
    body = IssuingBody.objects.get()
    body.valid = DateRange(date(2025, 7, 1), date(2026, 9, 14))
    body.save()
    later = IssuingBodyFactory(unit=world.root, valid=DateRange(date(2026, 9, 14), None))

    days = (date(2026, 9, 13), date(2026, 9, 14))
    assert [issuing_body(world.root, on) for on in days] == [body, later]


def test_the_job_is_done_with_a_link_and_its_owner_is_told(world: World) -> None:
    job, file = Job.objects.get(), PaperFile.objects.get()

    url = reverse("papers:file", args=[file.pk])
    assert (job.progress, job.result["sha256"]) == (100, file.sha256)
    assert job.result["links"][0]["url"] == url
    assert Notice.objects.get(user=world.reviewer, kind="document").url == url
    assert AuditEntry.objects.filter(action="reports.document_rendered").count() == 1


@pytest.mark.slow
def test_rendering_again_gives_the_same_bytes(world: World) -> None:
    put_back(attempts=0)

    done = render_document(job_id=Job.objects.get().pk, clock=timezone.now)

    assert done is not None
    assert done.state == "done"
    assert PaperFile.objects.count() == 1  # the same sha256 counts once


def test_a_done_or_running_job_is_not_rendered_again(world: World) -> None:
    job = Job.objects.get()

    assert render_document(job_id=job.pk, clock=timezone.now) is None
    put_back("running", attempts=1, claimed_at=AT, heartbeat_at=AT)
    assert render_document(job_id=job.pk, clock=timezone.now) is None


def test_typed_text_is_text_on_paper(world: World) -> None:
    text = text_of(PaperFile.objects.get())

    assert text.count(HOSTILE) >= 2  # in the words, and as the name of a missing unit
    assert "{{7*7}}" in text


def test_a_paper_too_large_fails_in_plain_words_and_leaves_no_file(
    world: World, folder: Path
) -> None:
    job, before = changed(world), stored(folder)
    made = document()
    made.content["lead"] = ["Dài. " * 1_000_000]
    made.save()

    failed = render_document(job_id=job.pk, clock=timezone.now)

    assert failed is not None
    assert failed.state == "failed"
    assert re.search(r"[a-zà-ỹ]{3,}.*\.$", failed.error)
    assert "Traceback" not in failed.error
    assert not made.paper.files.exists()
    assert stored(folder) == before


@pytest.mark.slow
def test_a_full_disk_fails_the_job_and_a_second_try_succeeds(world: World, folder: Path) -> None:
    job, before = changed(world), stored(folder)

    with full_disk():
        failed = render_document(job_id=job.pk, clock=timezone.now)

    assert failed is not None
    assert (failed.state, "hết chỗ" in failed.error) == ("failed", True)
    assert not document().paper.files.exists()
    assert stored(folder) == before
    again = order(world)
    done = render_document(job_id=again.pk, clock=timezone.now)
    assert again.pk == job.pk
    assert done is not None
    assert done.state == "done"
    assert document().paper.files.count() == 1


def issue(world: World, number: int, on: date = TODAY) -> Job:
    job = issue_document(document=document(), number=number, issued_on=on, by=world.reviewer, at=AT)
    done = render_issued(job_id=job.pk, clock=lambda: AT)
    assert done is not None
    return done


@pytest.mark.slow
def test_an_issued_paper_bears_number_and_date_and_is_final(world: World) -> None:
    draft = PaperFile.objects.get()

    done = issue(world, 15)

    assert done.state == "done"
    paper = document().paper
    text = text_of(paper.files.latest("pk"))
    assert (paper.state, paper.number, paper.issued_on) == ("issued", 15, TODAY)
    assert "Số: 15/BC-BCĐ" in text
    assert "Đồng Tháp, ngày 10 tháng 9 năm 2026" in text
    assert "15/BC-BCĐ" not in text_of(draft)
    # Nothing is drafted over it: the same order finds it, a lost job is not made again.
    assert order(world).pk == done.pk
    put_back(attempts=0)
    refused = render_issued(job_id=done.pk, clock=lambda: AT)
    assert refused is not None
    assert (refused.state, "đã phát hành" in refused.error) == ("failed", True)
    Document.objects.update(job=None)
    with pytest.raises(DocumentIssued, match="15/BC-BCĐ"):
        order(world)
    assert paper.files.count() == 2


@pytest.mark.slow
def test_a_number_is_used_once_and_a_day_to_come_is_refused(world: World) -> None:
    first = document().paper
    type(first).objects.filter(pk=first.pk).update(
        state="issued", number=15, issued_on=TODAY, year=TODAY.year
    )
    job = changed(world)

    taken = issue(world, 15)
    early = issue(world, 16, TODAY + timedelta(days=1))

    paper = document().paper
    assert (taken.state, "Số 15/BC-BCĐ" in taken.error) == ("failed", True)
    assert (early.state, "sau hôm nay" in early.error) == ("failed", True)
    assert (paper.state, paper.number, paper.files.count()) == ("draft", None, 0)
    assert not Notice.objects.filter(created_at__gt=AT, kind="document").exists()
    assert job.pk != taken.pk != early.pk


def test_the_paper_is_for_those_who_see_the_provinces_papers(world: World) -> None:
    url = reverse("papers:file", args=[PaperFile.objects.get().pk])

    def status(unit: Unit, role: Role) -> int:
        client = Client()
        client.force_login(person(f"ai.{role.name.lower().replace('_', '.')}", unit, role))
        return client.get(url).status_code

    assert status(world.root, Role.PROVINCE_LEADER) == 200
    assert status(world.police, Role.REVIEWER) == 200
    assert status(world.police_a, Role.LEADER) == 404
    assert status(world.org_1, Role.CLERK) == 404
