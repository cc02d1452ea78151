"""One's own jobs and messages: seen, polled until nothing runs, retried; nobody sees another's."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.desk.models import Job, Notice
from tests.factories.accounts import UserFactory
from tests.factories.desk import NOON, JobFactory, NoticeFactory
from tests.factories.units import MembershipFactory

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true"}


@pytest.fixture
def lan() -> User:
    user: User = MembershipFactory(role="clerk").user
    return user


@pytest.fixture
def desk(client: Client, lan: User, clock: object) -> Client:
    client.force_login(lan)
    return client


def test_jobs_shows_progress_result_and_error(desk: Client, lan: User) -> None:
    JobFactory(owner=lan, running=True, progress=40, step="Đang vẽ trang 3", title="Đang làm")
    links = {"links": [{"label": "Tải PDF", "url": "/van-ban/tep/3/"}]}
    JobFactory(owner=lan, done=True, title="Đã làm", result=links)
    JobFactory(owner=lan, failed=True, error="Máy chủ đã hết chỗ.", title="Hỏng")
    JobFactory(title="Của người khác")

    shown = desk.get(reverse("desk:jobs")).content.decode()

    assert '<progress max="100" value="40"' in shown
    assert "Đang vẽ trang 3" in shown
    assert 'href="/van-ban/tep/3/"' in shown
    assert "Máy chủ đã hết chỗ." in shown
    assert "Thử lại" in shown
    assert 'aria-live="polite"' in shown
    assert "Của người khác" not in shown


def test_jobs_without_any_says_so(desk: Client) -> None:
    answer = desk.get(reverse("desk:jobs"))

    assert answer.status_code == 200
    assert "Chưa có tác vụ" in answer.content.decode()
    assert "hx-trigger" not in answer.content.decode()


def test_jobs_polls_every_two_seconds_while_something_runs(desk: Client, lan: User) -> None:
    JobFactory(owner=lan, running=True)

    page = desk.get(reverse("desk:jobs")).content.decode()
    part = desk.get(reverse("desk:jobs"), headers=HTMX)

    assert 'hx-trigger="every 2s"' in page
    assert part.status_code == 200
    assert "<html" not in part.content.decode()
    assert 'hx-trigger="every 2s"' in part.content.decode()


def test_jobs_stops_polling_when_nothing_runs(desk: Client, lan: User) -> None:
    JobFactory(owner=lan, done=True)

    part = desk.get(reverse("desk:jobs"), headers=HTMX)

    assert part.status_code == 286
    assert "hx-trigger" not in part.content.decode()


def test_jobs_announces_only_what_changed(desk: Client, lan: User) -> None:
    JobFactory(owner=lan, running=True)
    page = reverse("desk:jobs")

    changed = desk.get(page, {"seen": "1 đang chờ"}, headers=HTMX).content.decode()
    same = desk.get(page, {"seen": "1 đang chạy"}, headers=HTMX).content.decode()

    assert "hx-swap-oob" in changed
    assert "1 đang chạy" in changed
    assert "hx-swap-oob" not in same


def test_jobs_takes_as_many_queries_for_1_as_for_20(
    desk: Client, lan: User, django_assert_max_num_queries: object
) -> None:
    page = reverse("desk:jobs")
    desk.get(page)
    for many in (1, 19):
        JobFactory.create_batch(many, owner=lan, done=True)
        with django_assert_max_num_queries(6):  # type: ignore[operator] # session, user, rights
            desk.get(page)


def test_jobs_forgets_after_seven_days(desk: Client, lan: User, clock: object) -> None:
    job = JobFactory(owner=lan, done=True, expires_at=NOON - timedelta(hours=1))

    assert job.title not in desk.get(reverse("desk:jobs")).content.decode()
    assert desk.get(reverse("desk:job", args=[job.pk])).status_code == 404


def test_job_shows_one(desk: Client, lan: User) -> None:
    job = JobFactory(owner=lan)

    answer = desk.get(reverse("desk:job", args=[job.pk]))

    assert job.title in answer.content.decode()
    assert desk.get(reverse("desk:job", args=[job.pk]), headers=HTMX).status_code == 200


def test_job_title_is_escaped(desk: Client, lan: User) -> None:
    JobFactory(owner=lan, title="<script>alert(1)</script>")

    assert "<script>alert" not in desk.get(reverse("desk:jobs")).content.decode()


def test_job_of_another_is_not_there(desk: Client) -> None:
    job = JobFactory(failed=True)

    assert desk.get(reverse("desk:job", args=[job.pk])).status_code == 404
    assert desk.post(reverse("desk:retry", args=[job.pk])).status_code == 404
    job.refresh_from_db()
    assert job.state == "failed"


def test_retry_queues_the_job_again(desk: Client, lan: User) -> None:
    job = JobFactory(owner=lan, failed=True)

    answer = desk.post(reverse("desk:retry", args=[job.pk]))

    assert answer.status_code == 302
    assert Job.objects.get().state == "queued"


def test_retry_of_a_job_that_runs_says_why_not(desk: Client, lan: User) -> None:
    job = JobFactory(owner=lan, running=True)

    answer = desk.post(reverse("desk:retry", args=[job.pk]), follow=True)

    assert "Chỉ thử lại được" in answer.content.decode()


def test_retry_needs_post(desk: Client, lan: User) -> None:
    job = JobFactory(owner=lan, failed=True)

    assert desk.get(reverse("desk:retry", args=[job.pk])).status_code == 405


def test_notices_shows_own_ones(desk: Client, lan: User) -> None:
    NoticeFactory(user=lan, text="Báo cáo bị trả lại")
    NoticeFactory(text="Của người khác")

    shown = desk.get(reverse("desk:notices")).content.decode()

    assert "Báo cáo bị trả lại" in shown
    assert "Chưa đọc" in shown
    assert "Của người khác" not in shown


def test_notices_empty_and_all_read(desk: Client, lan: User) -> None:
    assert "Chưa có thông báo" in desk.get(reverse("desk:notices")).content.decode()
    NoticeFactory(user=lan, read_at=NOON)

    assert "Bạn đã đọc hết" in desk.get(reverse("desk:notices")).content.decode()


def test_open_notice_marks_it_and_goes_there(desk: Client, lan: User) -> None:
    notice = NoticeFactory(user=lan, url="/bao-cao/1/")

    answer = desk.post(reverse("desk:open_notice", args=[notice.pk]))

    assert answer["Location"] == "/bao-cao/1/"
    notice.refresh_from_db()
    assert notice.read_at is not None


def test_open_notice_of_another_is_not_there(desk: Client) -> None:
    assert desk.post(reverse("desk:open_notice", args=[NoticeFactory().pk])).status_code == 404


def test_read_all_marks_own_ones(desk: Client, lan: User) -> None:
    NoticeFactory.create_batch(3, user=lan)
    theirs = NoticeFactory()

    desk.post(reverse("desk:read_all"))

    assert list(Notice.objects.unread()) == [theirs]


@pytest.mark.parametrize("name", ["desk:jobs", "desk:notices"])
def test_strangers_are_sent_to_sign_in(client: Client, name: str) -> None:
    answer = client.get(reverse(name))

    assert answer.status_code == 302
    assert answer["Location"].startswith("/dang-nhap/")


def test_jobs_refuses_a_user_without_any_role(client: Client) -> None:
    client.force_login(UserFactory())

    assert client.get(reverse("desk:jobs")).status_code == 403
    assert client.get(reverse("desk:notices")).status_code == 200
