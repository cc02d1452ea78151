"""Names of models, scale and criteria come from reference/, once, and stay as corrected."""

from __future__ import annotations

import csv
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from apps.audit.models import AuditEntry
from apps.core.text import search_key
from apps.indicators.models import Breakdown
from apps.programs.models import (
    ModelField,
    ModelType,
    ModelTypeAlias,
    RatingCriterion,
    RatingLevel,
)
from apps.programs.services.reference import (
    ModelRows,
    ModelsReferenceUnreadable,
    load_models_reference,
)
from tests.factories.programs import ModelTypeFactory

pytestmark = pytest.mark.django_db
NONE = ModelRows(fields=[], types=[], aliases=[], levels=[], criteria=[])


def load(*options: str) -> str:
    out = StringIO()
    call_command("load_models_reference", *options, stdout=out)
    return out.getvalue()


def names_in_file() -> set[str]:
    with (settings.BASE_DIR / "reference" / "model_types.csv").open(encoding="utf-8") as file:
        return {row["name"] for row in csv.DictReader(file)}


def test_the_63_real_names_are_there_with_field_host_and_source() -> None:
    load()

    assert set(ModelType.objects.values_list("name", flat=True)) == names_in_file()
    assert len(names_in_file()) == 63
    assert not ModelType.objects.filter(source="").exists()
    gate = ModelType.objects.get(name__startswith="Tổ xung kích cứu hộ cứu nạn")
    assert (gate.field.code, gate.host_kind) == ("truong-hoc", "school")


def test_the_sensitive_fields_are_the_five_that_take_numbers_only() -> None:
    load()

    sensitive = ModelField.objects.filter(is_sensitive=True).values_list("code", flat=True)
    assert set(sensitive) == {
        "ton-giao",
        "dan-toc",
        "tai-hoa-nhap",
        "ma-tuy",
        "nguoi-chua-thanh-nien",
    }
    for name in ("Câu lạc bộ người hoàn lương", "Giáo xứ bình yên", "5 giúp 1"):
        assert ModelType.objects.get(name=name).field.is_sensitive, name


def test_other_spellings_find_their_kind_and_none_is_a_kind_itself() -> None:
    load()

    alias = ModelTypeAlias.objects.get(name_key=search_key("CLB nữ chủ nhà trọ"))
    assert alias.model_type.name == "CLB chủ nhà trọ / CLB nữ chủ nhà trọ"
    keys = ModelTypeAlias.objects.values_list("name_key", flat=True)
    assert not ModelType.objects.filter(name_key__in=keys).exists()


def test_the_scale_fits_the_parts_of_the_indicator_and_the_four_criteria_are_loaded() -> None:
    call_command("load_reference", stdout=StringIO())

    parts = Breakdown.objects.filter(indicator__code="E9").values_list("code", flat=True)
    levels = set(RatingLevel.objects.values_list("code", flat=True))
    assert levels == set(parts) - {"chua_xep"}
    assert list(RatingCriterion.objects.order_by("order").values_list("name", flat=True)) == [
        "Tự phòng",
        "Tự quản",
        "Tự bảo vệ",
        "Tự hòa giải",
    ]


def test_loading_twice_adds_and_notes_nothing() -> None:
    load()
    noted = AuditEntry.objects.filter(action="programs.models_reference_loaded")

    assert "thêm 0 dòng" in load()
    assert noted.count() == 1


def test_what_people_corrected_stays_unless_told_to_overwrite() -> None:
    load()
    ModelType.objects.filter(name="Ba an toàn").update(host_kind="agency")
    ModelField.objects.filter(code="camera").update(name="Camera (sửa)")
    RatingLevel.objects.filter(code="tot").update(is_verified=True, mark="")

    load()
    assert ModelType.objects.get(name="Ba an toàn").host_kind == "agency"
    assert ModelField.objects.get(code="camera").name == "Camera (sửa)"
    assert RatingLevel.objects.get(code="tot").is_verified

    load("--overwrite")
    assert ModelType.objects.get(name="Ba an toàn").host_kind == "enterprise"
    assert ModelField.objects.get(code="camera").name == "Camera an ninh"
    assert not RatingLevel.objects.get(code="tot").is_verified


@pytest.mark.parametrize("options", [(), ("--overwrite",)])
def test_a_merged_name_and_a_name_that_became_another_spelling_never_come_back(
    options: tuple[str, ...],
) -> None:
    load()
    target = ModelType.objects.get(name="Dòng họ tự quản")
    merged = ModelType.objects.get(name="Dòng họ hiếu học, an toàn về ANTT")
    merged.merged_into, merged.merged_at = target, timezone.now()
    merged.save()
    gone = ModelType.objects.get(name="Cánh cổng an ninh")
    ModelTypeAlias.objects.create(model_type=target, name=gone.name, name_key=gone.name_key)
    gone.delete()

    load(*options)

    assert ModelType.objects.in_use().count() == 61
    assert not ModelType.objects.in_use().filter(name_key=merged.name_key).exists()


def test_a_kind_that_people_wrote_first_is_kept_as_theirs() -> None:
    theirs = ModelTypeFactory(name="TIẾNG KẺNG AN NINH")

    load()

    assert ModelType.objects.get(name_key=search_key("Tiếng kẻng an ninh")).pk == theirs.pk


def test_an_unknown_field_or_host_is_an_error_that_names_the_kind() -> None:
    row = {"name": "Mô hình lạ", "field": "khong-co", "host_kind": "enterprise", "source": "thử"}
    rows = ModelRows(fields=[], types=[row], aliases=[], levels=[], criteria=[])

    with pytest.raises(ModelsReferenceUnreadable, match="Mô hình lạ"):
        load_models_reference(rows=rows, by=None, at=timezone.now())


def test_two_rows_of_one_name_are_an_error() -> None:
    field = {"code": "a", "name": "A", "is_sensitive": "no", "order": "1"}
    row = {"name": "Một tên", "field": "a", "host_kind": "enterprise", "source": "thử"}
    again = row | {"name": "MỘT TÊN"}
    rows = ModelRows(fields=[field], types=[row, again], aliases=[], levels=[], criteria=[])

    with pytest.raises(ModelsReferenceUnreadable, match="trùng tên"):
        load_models_reference(rows=rows, by=None, at=timezone.now())


def test_an_empty_load_notes_nothing() -> None:
    assert load_models_reference(rows=NONE, by=None, at=timezone.now()) == 0
    assert not AuditEntry.objects.exists()
