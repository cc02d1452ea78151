"""Every factory makes a valid row without arguments, and two rows never have the same name."""

import importlib
import inspect
from pathlib import Path
from typing import Any

import factory
import pytest

FOLDER = Path(__file__).resolve().parent.parent / "factories"


def factories() -> list[Any]:
    found: list[Any] = []
    for path in sorted(FOLDER.glob("[a-z]*.py")):
        module = importlib.import_module(f"tests.factories.{path.stem}")
        for _, item in inspect.getmembers(module, inspect.isclass):
            is_ours = item.__module__ == module.__name__
            if is_ours and issubclass(item, factory.django.DjangoModelFactory):
                found.append(item)
    return [item for item in found if not item._meta.abstract]


@pytest.mark.django_db
@pytest.mark.parametrize("make", factories(), ids=lambda make: make.__name__)
def test_factory_makes_valid_rows_with_names_of_their_own(make: Any) -> None:
    one: Any = make()
    other: Any = make()

    one.validate_constraints()
    assert one.pk != other.pk
    assert str(one) != str(other)
