"""Name what can be refused in the registers, and turn broken constraints into these names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from apps.core.errors import DomainError

Messages = Mapping[str, tuple[str, str]]  # constraint → field and what is wrong there


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, at the field that has to change; no field means the whole."""

    field: str
    message: str


class FaultsRefused(DomainError):
    """What was typed cannot be written so; the faults name the fields."""

    def __init__(self, message: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)

    @classmethod
    def at_field(cls, message: str, field: str) -> DomainError:
        """Return the refusal for one fault."""
        return cls(message, [Fault(field, message)] if field else [])


@contextmanager
def refusing(messages: Messages, refuse: Callable[[str, str], DomainError]) -> Iterator[None]:
    """Run writes in a savepoint and raise the refusal that a broken constraint stands for."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = str(getattr(getattr(error.__cause__, "diag", None), "constraint_name", ""))
        if name not in messages:
            raise
        field, message = messages[name]
        raise refuse(message, field) from error


class RegisterRefused(DomainError):
    """A change of a register cannot be made; `field` says where on the form it belongs."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


_MESSAGES: Messages = {
    "site_one_of_a_type_at_a_place": (
        "on",
        (
            "Đơn vị này đã có một điểm cùng loại hoạt động trong thời gian đó. Nếu là chỗ khác, "
            "hãy sửa điểm và ghi rõ nơi cụ thể (ấp, khóm, chi hội…)."
        ),
    ),
    "site_ends_after_launch": ("on", "Ngày dừng phải sau ngày ra mắt."),
    "model_type_name_once": ("name", "Đã có loại mô hình tên này (không kể dấu, chữ hoa)."),
    "model_type_name_given": ("name", "Tên loại mô hình phải có chữ hoặc số."),
    "programs_modeltypealias_name_key_key": (
        "name",
        "Tên gọi này đã được ghi cho một loại mô hình khác.",
    ),
    "model_alias_name_given": ("name", "Tên gọi khác phải có chữ hoặc số."),
    "site_rated_once_a_year": ("year", "Điểm này đã được xếp loại năm đó."),
    "site_rating_year": ("year", "Năm xếp loại không hợp lệ."),
    "referral_once_a_day": ("sent_on", "Việc này đã được ghi cho ngày đó."),
    "exemplar_days_in_order": (
        "on",
        "Các ngày phải theo thứ tự: chọn, bắt đầu xây dựng, công nhận hoặc dừng.",
    ),
}


def refusing_by_name() -> AbstractContextManager[None]:
    """Refuse what breaks a constraint of a site's life, of kinds, ratings or exemplars."""
    return refusing(_MESSAGES, RegisterRefused)
