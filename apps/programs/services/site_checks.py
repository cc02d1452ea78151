"""Say what is wrong with a site before it is written: for one form or for thousands of rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date

from apps.core.dates import format_date
from apps.core.numbers import format_number
from apps.desk.models import ImportBatch
from apps.programs.models import ModelSite, ModelType
from apps.programs.rules import DISTRICTS_ENDED, Amount, Level, day_to_exist, place_key
from apps.programs.services.refusals import Fault, FaultsRefused, refusing
from apps.programs.services.types import NewType
from apps.units.models import Unit, UnitSpan

MAX_NAME, MAX_PLACE, MAX_COUNT = 250, 200, 10_000_000
SAME_PLACE = (
    "Đơn vị này đã có một điểm cùng loại đang hoạt động. Nếu là chỗ khác, ghi rõ nơi cụ thể "
    "(ấp, khóm, chi hội…)."
)

SAME_DRAFT = (
    "Đơn vị này đã có một bản nháp cùng loại. Hãy mở bản nháp đó để ghi tiếp; nếu là chỗ khác, ghi "
    "rõ nơi cụ thể (ấp, khóm, chi hội…)."
)

EARLIER = (
    "Nếu đơn vị cũ đã lập điểm này rồi giao lại, ghi tên đơn vị cũ ở ô “Tiếp nhận từ”; nếu không, "
    "sửa ngày ra mắt."
)
LATER = "Hãy sửa ngày ra mắt, hoặc chọn đơn vị đã có vào ngày đó."

Spot = tuple[int, int, str]
Days = tuple[date | None, date | None]  # launched, ended
Taken = dict[Spot, list[tuple[date | None, date | None, str]]]
Lives = dict[int, list[UnitSpan]]


@dataclass(frozen=True, slots=True)
class NewSite:
    """What a site is when it is recorded; without a launch date it is a draft.

    A new kind of model is opened with the site; `model_type` then only carries its field. A site
    that is older than its unit says which earlier unit it was taken over from.
    """

    model_type: ModelType
    unit: Unit
    level: str
    host_kind: str
    name: str = ""
    place: str = ""
    launched_on: date | None = None
    taken_over_from: str = ""
    is_pilot: bool = False
    owners: tuple[Unit, ...] = ()
    coordinators: tuple[Unit, ...] = ()
    n_teams: int = 0
    members: int | None = None
    qualifier: str = Amount.EXACT
    note: str = ""
    new_type: NewType | None = None
    replicated_from: ModelSite | None = None
    is_demo: bool = False
    import_batch: ImportBatch | None = None


class SiteRefused(FaultsRefused):
    """A site, or a part of it, cannot be written so; it may name the fields."""


class SiteChangedMeanwhile(SiteRefused):
    """Somebody else saved the site after it was opened here."""

    def __init__(self) -> None:
        super().__init__(
            "Người khác vừa sửa điểm này sau khi bạn mở. Hãy so sánh rồi lưu lại; những gì bạn "
            "nhập vẫn còn bên dưới."
        )


class SiteRemovedMeanwhile(SiteRefused):
    """Somebody took the site back after it was opened here."""

    def __init__(self) -> None:
        super().__init__("Điểm này vừa bị bỏ nên chưa lưu. Những gì bạn nhập vẫn còn.")


_MESSAGES = {
    "site_one_of_a_type_at_a_place": ("place", SAME_PLACE),
    "site_ends_after_launch": ("", "Ngày dừng phải sau ngày ra mắt."),
    "site_party_once": ("", "Một đơn vị chỉ ghi một lần: hoặc chủ trì, hoặc phối hợp."),
    "site_team_one_at_a_time": ("", "Tổ này đã có số liệu cho khoảng thời gian đó."),
    "site_team_amount_needs_members": ("", "Ghi “hơn” hoặc “gần” thì phải có số thành viên."),
    "site_result_once_a_year": ("", "Mục tiêu này đã có kết quả của năm đó."),
    "site_file_once": ("", "Tệp này đã có ở điểm mô hình này rồi."),
}


def refusing_sites() -> AbstractContextManager[None]:
    """Run writes in a savepoint and say in words which constraint broke."""
    return refusing(_MESSAGES, SiteRefused.at_field)


def site_faults(
    rows: Sequence[NewSite], *, on: date, known: ModelSite | None = None
) -> list[list[Fault]]:
    """Return the faults of each row, in two queries however many rows there are.

    Nothing may be launched after the day `on`; `known` is the site that a single row changes.
    """
    lives = _lives_of({unit.pk for row in rows for unit in _units_of(row)})
    taken = _taken_spots(rows, known)
    found: list[list[Fault]] = []
    for row in rows:
        faults = [*_own_faults(row, on), *_unit_faults(row, on, lives)]
        faults += _spot_faults(row, taken, known)
        found.append(faults)
    return found


def amount_faults(n_teams: int, members: int | None, qualifier: str) -> Iterator[Fault]:
    """Yield what is wrong with numbers of teams and members."""
    if n_teams < 0:
        yield Fault("n_teams", "Số tổ không thể âm.")
    if members is not None and members < 0:
        yield Fault("members", "Số thành viên không thể âm.")
    limit = f"Số này lớn hơn mức cho phép ({format_number(MAX_COUNT)})."
    if n_teams > MAX_COUNT:
        yield Fault("n_teams", limit)
    if members is not None and members > MAX_COUNT:
        yield Fault("members", limit)
    if qualifier != Amount.EXACT and not members:
        yield Fault("members", "Ghi “hơn” hoặc “gần” thì phải có số thành viên.")


def _units_of(row: NewSite) -> Iterator[Unit]:
    yield row.unit
    yield from row.owners
    yield from row.coordinators


def _lives_of(unit_ids: set[int]) -> Lives:
    """Return what each unit was called from when to when, the earliest first."""
    lives: Lives = {}
    spans = UnitSpan.objects.filter(unit_id__in=unit_ids).order_by("unit_id", "valid")
    for span in spans.only("unit_id", "valid", "name"):
        lives.setdefault(span.unit_id, []).append(span)
    return lives


def _own_faults(row: NewSite, on: date) -> Iterator[Fault]:
    """Yield what a row says about itself, without any other row."""
    if row.model_type.merged_into_id is not None:
        yield Fault("model_type", "Tên này đã gộp vào một loại mô hình khác. Hãy chọn tên đó.")
    if len(row.name) > MAX_NAME:
        yield Fault("name", f"Tên dài quá {MAX_NAME} ký tự.")
    if len(row.place) > MAX_PLACE:
        yield Fault("place", f"Nơi cụ thể dài quá {MAX_PLACE} ký tự.")
    if len(row.taken_over_from) > MAX_PLACE:
        yield Fault("taken_over_from", f"Tên đơn vị cũ dài quá {MAX_PLACE} ký tự.")
    if row.launched_on is not None and row.launched_on > on:
        yield Fault(
            "launched_on",
            "Ngày ra mắt còn ở tương lai. Chưa ra mắt thì để trống ngày và lưu bản nháp.",
        )
    if row.level == Level.DISTRICT and (row.launched_on or on) >= DISTRICTS_ENDED:
        yield Fault("level", "Cấp huyện đã kết thúc từ 01/7/2025. Hãy chọn cấp tỉnh hoặc cấp xã.")
    yield from amount_faults(row.n_teams, row.members, row.qualifier)


def _unit_faults(row: NewSite, on: date, lives: Lives) -> Iterator[Fault]:
    """Yield what is wrong with the units that take part."""
    day = row.launched_on or on
    for field, units in (
        ("unit", (row.unit,)),
        ("owners", row.owners),
        ("coordinators", row.coordinators),
    ):
        spans = {unit: lives.get(unit.pk, []) for unit in units}
        said = [
            _not_alive(unit, _day_needed(row, day, lived), lived) for unit, lived in spans.items()
        ]
        if any(said):
            too_early = any(found and day < found[0].valid_from for found in spans.values())
            yield Fault(field, " ".join([*filter(None, said), EARLIER if too_early else LATER]))
        if len({unit.pk for unit in units}) < len(units):
            yield Fault(field, "Một đơn vị được ghi hai lần.")
    owner_ids = {unit.pk for unit in row.owners or (row.unit,)}
    if owner_ids & {unit.pk for unit in row.coordinators}:
        yield Fault("coordinators", "Đơn vị đã chủ trì thì không ghi thêm là phối hợp.")


def _day_needed(row: NewSite, launched_on: date, lived: Sequence[UnitSpan]) -> date:
    first_day = lived[0].valid_from if lived else launched_on
    return day_to_exist(launched_on, first_day, is_taken_over=bool(row.taken_over_from))


def _not_alive(unit: Unit, day: date, spans: Sequence[UnitSpan]) -> str:
    """Say that a unit does not exist on a day and from when to when it does; "" when it does."""
    if any(s.valid_from <= day and (s.valid_to is None or day < s.valid_to) for s in spans):
        return ""
    if not spans:
        return f"{unit.code} không tồn tại vào ngày {format_date(day)}."
    name, end = spans[-1].name, spans[-1].valid_to
    if day < spans[0].valid_from:
        bound = f"có từ ngày {format_date(spans[0].valid_from)}"
    else:
        bound = f"đã kết thúc từ ngày {format_date(end)}" if end else "bị ngắt quãng"
    return f"{name} không tồn tại vào ngày {format_date(day)} ({bound})."


def _spot(row: NewSite) -> Spot:
    return row.model_type.pk, row.unit.pk, place_key(row.place)


def _taken_spots(rows: Sequence[NewSite], known: ModelSite | None) -> Taken:
    """Return which sites stand at the spots of the rows, with their days and codes."""
    sites = ModelSite.objects.kept().filter(
        model_type_id__in={row.model_type.pk for row in rows},
        unit_id__in={row.unit.pk for row in rows},
    )
    taken: Taken = {}
    for site in sites.only("model_type_id", "unit_id", "place_key", "launched_on", "ended_on"):
        if known is None or site.pk != known.pk:
            spot = (site.model_type_id, site.unit_id, site.place_key)
            taken.setdefault(spot, []).append((site.launched_on, site.ended_on, site.code))
    return taken


def _spot_faults(row: NewSite, taken: Taken, known: ModelSite | None) -> Iterator[Fault]:
    """Yield the clash with a site that stands there already, also with an earlier row.

    Drafts clash with drafts only: the same thing saved twice.
    """
    ended_on = known.ended_on if known else None
    if row.launched_on and ended_on and row.launched_on >= ended_on:
        yield Fault("launched_on", "Ngày ra mắt phải trước ngày dừng.")
    there = taken.setdefault(_spot(row), [])
    said = SAME_PLACE if row.launched_on else SAME_DRAFT
    for start, end, code in there:
        if _overlap((row.launched_on, ended_on), (start, end)):
            yield Fault("place", f"{said} Đã có: {code}." if code else said)
            break
    there.append((row.launched_on, ended_on, ""))


def _overlap(mine: Days, other: Days) -> bool:
    """Tell whether two sites stand there at one time; two drafts do, a draft and a site do not."""
    if mine[0] is None or other[0] is None:
        return mine[0] is other[0]
    return (other[1] is None or other[1] > mine[0]) and (mine[1] is None or other[0] < mine[1])
