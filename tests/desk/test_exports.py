"""A long list becomes one whole file, whatever happens to the worker; its owner alone gets it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.rules import Permission
from apps.audit.models import AuditEntry
from apps.core.passing import FOLDER
from apps.desk.models import Job, Notice
from apps.desk.rules import JobState
from apps.desk.services import clear_expired, sweep_jobs
from apps.desk.services.exports import (
    ExportRefused,
    NewExport,
    Step,
    make_export,
    order_export,
)
from apps.units.models import Membership
from tests.factories.accounts import UserFactory
from tests.factories.desk import NOON
from tests.factories.units import MembershipFactory

pytestmark = pytest.mark.django_db
Sheet = Callable[[Job, User, BinaryIO, Step], None]


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "MEDIA_ROOT", str(tmp_path))
    return tmp_path / FOLDER


@pytest.fixture
def lan() -> User:
    user: User = MembershipFactory(role="clerk").user
    return user


@pytest.fixture
def desk(client: Client, lan: User, clock: object) -> Client:
    client.force_login(lan)
    return client


def order(by: User, at: datetime = NOON, what: str = "tất cả") -> Job:
    new = NewExport(f"Danh sách {what}", "danh-sach.xlsx", "tests.nothing", {"what": what})
    return order_export(new=new, by=by, at=at)


def sheet(content: bytes) -> Sheet:
    def write(job: Job, owner: User, file: BinaryIO, step: Step) -> None:
        step(0, 2)
        file.write(content)

    return write


def make(job: Job, write: Sheet, at: datetime = NOON) -> Job | None:
    return make_export(
        job_id=job.pk, permission=Permission.REGISTER_VIEW, write=write, clock=lambda: at
    )


def fetch(client: Client, job: Job) -> bytes | None:
    answer = client.get(reverse("desk:export", args=[job.pk]))
    return b"".join(answer.streaming_content) if answer.streaming else None


def test_owner_is_told_and_fetches_his_file_under_its_name(desk: Client, lan: User) -> None:
    job = order(lan)
    make(job, sheet(b"PK bang"))

    page = desk.get(reverse("desk:jobs")).content.decode()
    address = reverse("desk:export", args=[job.pk])
    answer = desk.get(address)

    assert f'href="{address}"' in page
    assert b"".join(answer.streaming_content) == b"PK bang"
    assert 'filename="danh-sach.xlsx"' in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    assert Notice.objects.get().url == reverse("desk:job", args=[job.pk])
    assert AuditEntry.objects.filter(action="desk.export_handed_out").count() == 1


def test_file_of_another_is_not_there(client: Client, lan: User, clock: object) -> None:
    job = order(lan)
    make(job, sheet(b"PK"))
    client.force_login(MembershipFactory(role="province_leader").user)

    assert client.get(reverse("desk:export", args=[job.pk])).status_code == 404


def test_the_same_list_asked_twice_is_one_job(lan: User) -> None:
    first = order(lan)

    assert order(lan, NOON + timedelta(minutes=5)) == first
    assert order(lan, what="khác") != first


def test_a_fourth_waiting_file_is_refused_with_what_to_do(lan: User) -> None:
    for number in range(3):
        order(lan, what=f"{number}")

    with pytest.raises(ExportRefused, match="Đợi lập xong"):
        order(lan, what="nữa")


def test_a_second_run_of_a_job_changes_nothing(desk: Client, lan: User, files: Path) -> None:
    job = order(lan)
    make(job, sheet(b"first"))

    assert make(job, sheet(b"second")) is None
    assert fetch(desk, job) == b"first"
    assert len(list(files.iterdir())) == 1


def test_a_run_given_up_as_lost_leaves_its_twins_file_alone(
    desk: Client, lan: User, files: Path
) -> None:
    job = order(lan)

    def slow(own: Job, owner: User, file: BinaryIO, step: Step) -> None:
        file.write(b"slow")
        later = NOON + timedelta(minutes=5)
        sweep_jobs(at=later)
        make(job, sheet(b"twin"), later)

    make(job, slow)

    assert fetch(desk, job) == b"twin"
    assert len(list(files.iterdir())) == 1


def test_a_run_notices_that_its_job_was_taken_from_it(lan: User, files: Path) -> None:
    job = order(lan)

    def lost(own: Job, owner: User, file: BinaryIO, step: Step) -> None:
        sweep_jobs(at=NOON + timedelta(minutes=5))
        step(1, 2)
        raise AssertionError("went on all the same")

    assert make(job, lost) is None
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert list(files.iterdir()) == []


def test_who_has_lost_his_post_meanwhile_gets_no_file(desk: Client, lan: User) -> None:
    job, later = order(lan), order(lan, what="sau")
    make(job, sheet(b"PK"))
    Membership.objects.filter(user=lan).delete()
    MembershipFactory(user=lan, role="clerk")
    answer = desk.get(reverse("desk:export", args=[job.pk]), follow=True)
    Membership.objects.filter(user=lan).delete()
    make(later, sheet(b"PK"))
    later.refresh_from_db()

    assert "Hãy xuất lại danh sách." in answer.content.decode()
    assert (later.state, later.error) == (
        JobState.FAILED,
        "Bạn không còn quyền xem danh sách này nên tệp không được lập.",
    )


def test_file_goes_after_its_time_and_with_it_what_a_killed_worker_left(
    lan: User, files: Path
) -> None:
    now = timezone.now()
    make(order(lan, now), sheet(b"PK"), now)
    (files / ".new-killed").write_bytes(b"half")

    clear_expired(at=now + timedelta(days=6))
    assert len(list(files.iterdir())) == 2
    clear_expired(at=now + timedelta(days=8))
    assert list(files.iterdir()) == []
    assert not Job.objects.exists()


def test_a_damaged_file_is_not_handed_out(desk: Client, lan: User, files: Path) -> None:
    job = order(lan)
    make(job, sheet(b"PK"))
    next(files.iterdir()).write_bytes(b"other")

    answer = desk.get(reverse("desk:export", args=[job.pk]), follow=True)

    assert "bị thiếu hoặc hỏng" in answer.content.decode()


def test_person_without_a_post_at_all_orders_in_vain(lan: User) -> None:
    stranger: User = UserFactory()

    done = make(order(stranger), sheet(b"PK"))

    assert done is not None
    assert done.state == JobState.FAILED
