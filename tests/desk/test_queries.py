"""Lists of the desk come newest first."""

from datetime import datetime, timedelta

import pytest

from apps.desk.queries import jobs_of, notices_of, states_in_words
from tests.factories.accounts import UserFactory
from tests.factories.desk import NOON, JobFactory, NoticeFactory

pytestmark = pytest.mark.django_db


def test_jobs_of_come_newest_first(at: datetime) -> None:
    lan = UserFactory()
    old = JobFactory(owner=lan, created_at=NOON - timedelta(days=1))
    new = JobFactory(owner=lan)
    JobFactory()

    assert list(jobs_of(lan, at)) == [new, old]


def test_notices_of_come_newest_first() -> None:
    lan = UserFactory()
    old = NoticeFactory(user=lan, created_at=NOON - timedelta(days=1), read_at=NOON)
    new = NoticeFactory(user=lan)
    NoticeFactory()

    assert list(notices_of(lan)) == [new, old]


def test_states_in_words_counts_in_the_order_of_a_jobs_life() -> None:
    jobs = [JobFactory(done=True), JobFactory(), JobFactory(done=True)]

    assert states_in_words(jobs) == "1 đang chờ, 2 xong"
    assert states_in_words([]) == ""
