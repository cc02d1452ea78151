"""Every model says what it is for, names its rows, and follows the names of the house."""

from collections.abc import Iterable

from django.apps import apps
from django.contrib.postgres.fields import RangeField
from django.db import models

TIME_NAMES = frozenset({"at", "valid"})


def our_models() -> list[type[models.Model]]:
    return [m for m in apps.get_models() if m.__module__.startswith("apps.")]


def undocumented(found: Iterable[type[models.Model]]) -> list[str]:
    """Find models without a docstring; Django writes Name(field, field) where there is none."""
    return [
        m._meta.label
        for m in found
        if not m.__doc__ or m.__doc__.startswith(f"{m.__name__}(") or m.__doc__ == ""
    ]


def nameless(found: Iterable[type[models.Model]]) -> list[str]:
    plain = models.Model.__str__
    return [m._meta.label for m in found if m.__str__ is plain]


def ordered(found: Iterable[type[models.Model]]) -> list[str]:
    return [m._meta.label for m in found if m._meta.ordering]


def misnamed_times(found: Iterable[type[models.Model]]) -> list[str]:
    return [
        f"{m._meta.label}.{field.name}"
        for m in found
        for field in m._meta.local_fields
        if type(field) is models.DateTimeField
        and not field.name.endswith(("_at", "_until"))
        and field.name not in TIME_NAMES | {"last_login"}
    ]


def actors_without_time(found: Iterable[type[models.Model]]) -> list[str]:
    """Find x_by without x_at or x_on: who did it, but not when."""
    return [
        f"{m._meta.label}.{field.name}"
        for m in found
        for field in m._meta.local_fields
        if field.name.endswith("_by")
        and not {f"{field.name[:-3]}_at", f"{field.name[:-3]}_on", "at"}
        & {other.name for other in m._meta.local_fields}
    ]


def small_keys(found: Iterable[type[models.Model]]) -> list[str]:
    return [m._meta.label for m in found if type(m._meta.pk) is models.AutoField]


def ranges_without_constraint(found: Iterable[type[models.Model]]) -> list[str]:
    return [
        m._meta.label
        for m in found
        if any(isinstance(field, RangeField) for field in m._meta.local_fields)
        and not m._meta.constraints
    ]


class Untitled(models.Model):
    begun = models.DateTimeField()
    sent_by = models.IntegerField()
    id = models.AutoField(primary_key=True)

    class Meta:
        app_label = "shape"
        managed = False
        ordering = ("begun",)


def test_models_have_docstrings() -> None:
    assert undocumented(our_models()) == []


def test_models_name_their_rows() -> None:
    assert nameless(our_models()) == []


def test_models_have_no_hidden_order() -> None:
    assert ordered(our_models()) == []


def test_times_end_in_at() -> None:
    assert misnamed_times(our_models()) == []


def test_who_did_it_also_says_when() -> None:
    assert actors_without_time(our_models()) == []


def test_keys_are_large() -> None:
    assert small_keys(our_models()) == []


def test_ranges_are_guarded() -> None:
    assert ranges_without_constraint(our_models()) == []


def test_audit_points_at_nobody() -> None:
    audit = [m for m in our_models() if m._meta.app_label == "audit"]
    targets = [f.related_model for m in audit for f in m._meta.local_fields if f.is_relation]

    assert audit
    assert all(getattr(t, "_meta").app_label == "audit" for t in targets if t)  # noqa: B009


def test_bad_model_is_found_by_each_check() -> None:
    for check in (undocumented, nameless, ordered, misnamed_times, actors_without_time, small_keys):
        assert check([Untitled]), check.__name__
