"""Name what can be refused when units change, and turn broken constraints into these names."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from apps.core.errors import DomainError


class UnitRefused(DomainError):
    """A change of a unit, block or membership cannot be made."""


class UnitCodeTaken(UnitRefused):
    """Another unit has this code."""


class UnitNotAlive(UnitRefused):
    """The unit does not exist on that day."""


class UnitStillNeeded(UnitRefused):
    """Other units depend on the unit on the day it should end."""


class UnitCycle(UnitRefused):
    """A unit would stand above itself."""


class NotAPoliceUnit(UnitRefused):
    """Only a police unit can be in charge."""


_MESSAGES: dict[str, tuple[type[UnitRefused], str]] = {
    "unit_code_unique": (UnitCodeTaken, "Mã đơn vị này đã được dùng cho một đơn vị khác."),
    "unit_code_given": (UnitRefused, "Chưa nhập mã đơn vị."),
    "unit_never_deleted": (
        UnitRefused,
        "Không xóa đơn vị: số liệu các năm gắn với đơn vị đó. Hãy cho đơn vị kết thúc hoạt động.",
    ),
    "unitspan_name_given": (UnitRefused, "Chưa nhập tên đơn vị."),
    "unitspan_one_at_a_time": (
        UnitRefused,
        "Khoảng thời gian bị chồng lên một tên gọi khác của đơn vị.",
    ),
    "unitparent_one_at_a_time": (
        UnitRefused,
        "Khoảng thời gian bị chồng lên: đơn vị đã có đơn vị cấp trên trong khoảng này.",
    ),
    "unitparent_not_itself": (UnitCycle, "Đơn vị không thể là cấp trên của chính mình."),
    "unitclosure_no_cycle": (
        UnitCycle,
        "Không đặt được cấp trên này: đơn vị sẽ nằm dưới chính đơn vị trực thuộc của mình.",
    ),
    "unitclosure_depth_is_bounded": (
        UnitCycle,
        "Không đặt được cấp trên này: cây đơn vị có quá nhiều cấp hoặc đi vòng.",
    ),
    "block_code_unique": (UnitRefused, "Mã khối này đã được dùng."),
    "block_name_given": (UnitRefused, "Chưa nhập tên khối."),
    "blockmember_one_at_a_time": (
        UnitRefused,
        "Đơn vị đã là thành viên của khối trong khoảng thời gian này.",
    ),
    "blockmember_one_head_at_a_time": (
        UnitRefused,
        "Khối đã có khối trưởng trong khoảng thời gian này. Hãy kết thúc khối trưởng cũ trước.",
    ),
    "policeincharge_one_per_unit": (
        UnitRefused,
        "Đơn vị đã có đơn vị Công an phụ trách trong khoảng thời gian này.",
    ),
    "policeincharge_one_per_block": (
        UnitRefused,
        "Khối đã có đơn vị Công an phụ trách trong khoảng thời gian này.",
    ),
    "policeincharge_not_itself": (NotAPoliceUnit, "Đơn vị không thể tự phụ trách chính mình."),
    "membership_once_at_a_time": (
        UnitRefused,
        "Người dùng đã có vai trò này tại đơn vị trong khoảng thời gian này.",
    ),
    "membership_role_is_known": (UnitRefused, "Vai trò không có trong danh mục."),
    "lineage_unique": (UnitRefused, "Nguồn gốc này đã được ghi cho ngày đó."),
    "lineage_share_is_a_part": (UnitRefused, "Phần chuyển sang phải lớn hơn 0 và không quá 1."),
    "lineage_between_two_units": (UnitRefused, "Hai đơn vị của nguồn gốc phải khác nhau."),
    "contact_name_given": (UnitRefused, "Chưa nhập họ và tên."),
    "contact_phone_given": (UnitRefused, "Chưa nhập số điện thoại."),
}


@contextmanager
def refusing_by_name() -> Iterator[None]:
    """Run writes in a savepoint and raise the named refusal when a constraint breaks."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
        if name not in _MESSAGES:
            raise
        refusal, message = _MESSAGES[name]
        raise refusal(message) from error
