"""The Django admin keeps the lists of the registers through services and only shows the rest."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.audit.models import AuditEntry
from apps.programs.models import ModelField, ModelType, RatingCriterion
from apps.programs.queries.types import find_type
from tests.factories.accounts import UserFactory
from tests.factories.indicators import IndicatorFactory
from tests.factories.programs import (
    ActivityFactory,
    ModelFieldFactory,
    ModelTypeFactory,
    ProgramFactory,
    SiteFactory,
)
from tests.factories.ratings import (
    ExemplarFactory,
    RatingCriterionFactory,
    RatingLevelFactory,
    SiteRatingFactory,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]


@pytest.fixture
def boss(client: Client) -> User:
    user: User = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def address(model: str, page: str, *args: int) -> str:
    return reverse(f"admin:programs_{model}_{page}", args=args)


def sent(client: Client, url: str, **values: object) -> str:
    return client.post(url, values, follow=True).content.decode()


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize(
    "model", ["modelfield", "modeltype", "modeltypealias", "ratinglevel", "ratingcriterion"]
)
def test_lists_open_and_take_new_rows(client: Client, model: str) -> None:
    RatingLevelFactory()
    RatingCriterionFactory()
    ModelTypeFactory()
    page = client.get(address(model, "changelist")).content.decode()
    assert "Chương trình, mô hình, hoạt động" in page
    assert client.get(address(model, "add")).status_code == 200


@pytest.mark.usefixtures("boss")
@pytest.mark.parametrize("model", ["modelsite", "activity", "program", "exemplar"])
def test_registers_are_to_look_at(client: Client, model: str) -> None:
    rows = {
        "modelsite": SiteFactory,
        "activity": ActivityFactory,
        "program": ProgramFactory,
        "exemplar": ExemplarFactory,
    }
    row = rows[model]()
    assert client.get(address(model, "changelist")).status_code == 200
    assert client.get(address(model, "change", row.pk)).status_code == 200
    assert client.get(address(model, "add")).status_code == 403
    assert client.post(address(model, "change", row.pk), {}).status_code == 403
    assert client.post(address(model, "delete", row.pk), {"post": "yes"}).status_code == 403


@pytest.mark.usefixtures("boss")
def test_sites_are_found_without_accents(client: Client) -> None:
    SiteFactory(name="Tiếng kẻng an ninh")
    SiteFactory(name="Dòng họ tự quản")
    page = client.get(address("modelsite", "changelist"), {"q": "TIENG keng"}).content.decode()
    assert "Tiếng kẻng an ninh" in page
    assert "Dòng họ tự quản" not in page


def test_a_kind_is_added_and_renamed_through_the_service(client: Client, boss: User) -> None:
    field = ModelFieldFactory()
    facts = {"field": field.pk, "host_kind": "residential"}
    sent(client, address("modeltype", "add"), name="Mắt thần", **facts)
    kind = ModelType.objects.get()
    assert kind.name_key == "mat than"
    assert kind.created_by == boss

    sent(client, address("modeltype", "change", kind.pk), name="Camera an ninh", **facts)

    assert find_type("mắt thần") == find_type("camera an ninh") == kind
    actions = list(AuditEntry.objects.order_by("pk").values_list("action", flat=True))
    assert actions[-2:] == ["programs.type_created", "programs.type_changed"]


@pytest.mark.usefixtures("boss")
def test_a_name_that_means_another_kind_is_refused_at_its_field(client: Client) -> None:
    kind, other = ModelTypeFactory(name="Camera an ninh"), ModelTypeFactory()
    facts = {"field": kind.field_id, "host_kind": "residential"}
    page = sent(client, address("modeltype", "add"), name="CAMERA AN NINH", **facts)
    assert "đã thuộc loại mô hình “Camera an ninh”" in page
    alias = sent(
        client, address("modeltypealias", "add"), model_type=other.pk, name="camera an ninh"
    )
    assert "đã thuộc loại mô hình" in alias
    assert ModelType.objects.count() == 2


@pytest.mark.usefixtures("boss")
def test_a_spelling_is_added_and_taken_back(client: Client) -> None:
    kind = ModelTypeFactory()
    sent(client, address("modeltypealias", "add"), model_type=kind.pk, name="Kẻng làng")
    alias = kind.aliases.get()
    assert alias.name_key == "keng lang"
    sent(client, address("modeltypealias", "delete", alias.pk), post="yes")
    assert kind.aliases.count() == 0
    assert AuditEntry.objects.filter(action="programs.alias_removed").exists()


@pytest.mark.usefixtures("boss")
def test_lists_are_changed_with_a_trace_and_nothing_is_deleted(client: Client) -> None:
    criterion = RatingCriterionFactory(name="Tự phòng")
    url = address("ratingcriterion", "change", criterion.pk)
    sent(client, url, name="Tự phòng ngừa", order=1, code="khac")
    criterion.refresh_from_db()
    assert criterion.name == "Tự phòng ngừa"
    assert criterion.code != "khac"
    assert not criterion.is_active
    assert AuditEntry.objects.filter(action="programs.list_changed").count() == 1
    gone = client.post(address("ratingcriterion", "delete", criterion.pk), {"post": "yes"})
    assert gone.status_code == 403
    assert RatingCriterion.objects.exists()


@pytest.mark.usefixtures("boss")
def test_a_field_is_marked_sensitive_here(client: Client) -> None:
    sent(
        client,
        address("modelfield", "add"),
        code="ma-tuy",
        name="Ma túy",
        is_sensitive="on",
        order=0,
    )
    assert ModelField.objects.get(code="ma-tuy").is_sensitive


@pytest.mark.usefixtures("boss")
def test_a_merged_kind_is_left_alone(client: Client, at: object) -> None:
    target = ModelTypeFactory()
    merged = ModelTypeFactory(merged_into=target, merged_at=at)
    answer = client.post(address("modeltype", "change", merged.pk), {"name": "Khác"})
    assert answer.status_code == 403


@pytest.mark.usefixtures("boss")
def test_a_level_that_was_given_keeps_its_name_and_a_new_one_is_counted(client: Client) -> None:
    ratings = IndicatorFactory(code="E9", kind="class")
    given, free = RatingLevelFactory(name="Tốt"), RatingLevelFactory(name="Yếu")
    SiteRatingFactory(level=given)
    values = {"order": 1, "mark": "", "source": "", "is_verified": "on"}

    page = client.get(address("ratinglevel", "change", given.pk)).content.decode()
    assert "Đã dùng để xếp loại thì giữ nguyên mã và tên" in page
    sent(client, address("ratinglevel", "change", given.pk), name="Khá", **values)
    sent(client, address("ratinglevel", "change", free.pk), name="Kém", **values)
    given.refresh_from_db()
    free.refresh_from_db()
    assert (given.name, given.is_active, free.name) == ("Tốt", False, "Kém")

    add = address("ratinglevel", "add")
    assert "chữ thường không dấu" in sent(client, add, code="Xuat-sac", name="Xuất sắc", **values)
    assert "Chọn mã khác" in sent(client, add, code="chua_xep", name="Chưa xếp", **values)
    assert "mức mới" in sent(client, add, code="xuat_sac", name="Xuất sắc", **values)
    assert ratings.breakdowns.get().code == "xuat_sac"
