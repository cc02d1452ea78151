"""What is true of programmes, models and activities without a database."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import TextChoices

from apps.core.numbers import NumberError, format_number, parse_number
from apps.core.text import nfc, search_key

# From this day on the country has two levels, provinces and communes, and no districts.
DISTRICTS_ENDED = date(2025, 7, 1)


class Level(TextChoices):
    """Who directs it; the district level ended on 30/06/2025 and stays as history."""

    MINISTRY = "ministry", "Bộ, Trung ương"
    PROVINCE = "province", "Cấp tỉnh"
    DISTRICT = "district", "Cấp huyện (đến 30/6/2025)"
    COMMUNE = "commune", "Cấp xã"


class HostKind(TextChoices):
    """Where a model lives."""

    RESIDENTIAL = "residential", "Khu dân cư"
    AGENCY = "agency", "Cơ quan"
    ENTERPRISE = "enterprise", "Doanh nghiệp"
    SCHOOL = "school", "Cơ sở giáo dục"
    HOSPITAL = "hospital", "Cơ sở y tế"
    MASS_ORGANISATION = "mass_organisation", "Đoàn thể"
    RELIGION = "religion", "Cơ sở, cộng đồng tôn giáo"
    ETHNIC = "ethnic", "Vùng đồng bào dân tộc thiểu số"
    CLAN = "clan", "Dòng họ, liên gia"
    BORDER_SEA = "border_sea", "Biên giới, biển đảo"
    CLUSTER = "cluster", "Cụm liên kết, địa bàn giáp ranh"


class SiteState(TextChoices):
    """The life of a site (điểm); replication is an event, not a state."""

    DRAFT = "draft", "Bản nháp"
    PILOT = "pilot", "Thí điểm"
    ACTIVE = "active", "Đang hoạt động"
    CONSOLIDATING = "consolidating", "Cần củng cố"
    ENDED = "ended", "Đã dừng"


# A draft becomes a site by its launch (ra mắt); an ended one never comes back: a new one is opened.
LAWFUL_MOVES: dict[str, tuple[str, ...]] = {
    SiteState.DRAFT: (SiteState.PILOT, SiteState.ACTIVE),
    SiteState.PILOT: (SiteState.ACTIVE, SiteState.ENDED),
    SiteState.ACTIVE: (SiteState.CONSOLIDATING, SiteState.ENDED),
    SiteState.CONSOLIDATING: (SiteState.ACTIVE, SiteState.ENDED),
    SiteState.ENDED: (),
}
IN_OPERATION = (SiteState.PILOT, SiteState.ACTIVE, SiteState.CONSOLIDATING)
STATE_TONES = {
    SiteState.DRAFT: ("neutral", "pencil"),
    SiteState.PILOT: ("info", "circle"),
    SiteState.ACTIVE: ("done", "check-circle-fill"),
    SiteState.CONSOLIDATING: ("wait", "exclamation-triangle-fill"),
    SiteState.ENDED: ("neutral", "lock-fill"),
}


class PartyRole(TextChoices):
    """What a unit is to a joint record: every owner counts it, a coordinator only helps."""

    OWNER = "owner", "Chủ trì"
    COORDINATOR = "coordinator", "Phối hợp"


class Amount(TextChoices):
    """How exact a counted number is; the same words as in reports."""

    EXACT = "exact", "đúng bằng"
    OVER = "over", "hơn, trên"
    NEARLY = "nearly", "gần"


class FundingSource(TextChoices):
    """Where money came from; only `social` is counted by E14."""

    SOCIAL = "social", "Xã hội hóa"
    STATE = "state", "Ngân sách nhà nước"
    OWN = "own", "Kinh phí của đơn vị"
    OTHER = "other", "Nguồn khác"


class EquipmentKind(TextChoices):
    """What a site works with; only cameras are counted by E13 (mắt camera)."""

    CAMERA = "camera", "Camera (mắt)"
    BELL = "bell", "Kẻng, chuông, trống"
    LOUDSPEAKER = "loudspeaker", "Loa, thiết bị truyền thanh"
    RADIO = "radio", "Bộ đàm, thiết bị liên lạc"
    LIGHT = "light", "Đèn chiếu sáng"
    VEHICLE = "vehicle", "Phương tiện"
    FIRE = "fire", "Thiết bị chữa cháy"
    OTHER = "other", "Thiết bị khác"


class FileKind(TextChoices):
    """What a kept file shows."""

    DOCUMENT = "document", "Văn bản"
    PHOTO = "photo", "Ảnh địa điểm, thiết bị, hoạt động"


# In a sensitive field no photos and no tables: only a paper as it was issued (design.md section 1).
SENSITIVE_MIME = "application/pdf"


class ReferralKind(TextChoices):
    """Two different things that reports count apart: E12a and E12b."""

    PROPOSAL = "proposal", "Đề nghị Bộ Công an nhân rộng toàn quốc"
    INTRODUCTION = "introduction", "Giới thiệu Bộ Công an là điển hình tiên tiến"


class ExemplarState(TextChoices):
    """The way of an exemplar (điển hình tiên tiến)."""

    CHOSEN = "chosen", "Được chọn"
    BUILDING = "building", "Đang xây dựng"
    RECOGNISED = "recognised", "Đã công nhận"
    DROPPED = "dropped", "Không tiếp tục"


EXEMPLAR_MOVES: dict[str, tuple[str, ...]] = {
    ExemplarState.CHOSEN: (ExemplarState.BUILDING, ExemplarState.DROPPED),
    ExemplarState.BUILDING: (ExemplarState.RECOGNISED, ExemplarState.DROPPED),
    ExemplarState.RECOGNISED: (),
    ExemplarState.DROPPED: (),
}


class ActivityKind(TextChoices):
    """What was done; each kind feeds its own indicators (see figures)."""

    PROPAGANDA = "propaganda", "Tuyên truyền"
    FESTIVAL = "festival", "Ngày hội toàn dân bảo vệ ANTQ"
    FORUM = "forum", "Diễn đàn công an lắng nghe ý kiến nhân dân"
    TRAINING = "training", "Tập huấn, bồi dưỡng"
    CONTEST = "contest", "Hội thi, tọa đàm"
    INSPECTION = "inspection", "Kiểm tra, hướng dẫn"
    CONFERENCE = "conference", "Hội nghị"


class OrganiserRole(TextChoices):
    """Who held an activity: every organiser counts it, their common total counts it once."""

    MAIN = "main", "Chủ trì"
    CO = "co", "Phối hợp tổ chức"


class ProgramKind(TextChoices):
    """What a programme is on paper."""

    DIRECTIVE = "directive", "Chỉ thị, chỉ đạo"
    PLAN = "plan", "Kế hoạch"
    CAMPAIGN = "campaign", "Phong trào, cuộc vận động"
    COORDINATION = "coordination", "Chương trình, quy chế phối hợp"


class ProgramState(TextChoices):
    """Whether units have been told."""

    DRAFT = "draft", "Đang soạn"
    SENT = "sent", "Đã gửi"
    CLOSED = "closed", "Đã tổng kết"
    REPLACED = "newer", "Đã được thay thế"
    WITHDRAWN = "recall", "Đã thu hồi"


class TargetSign(TextChoices):
    """How a figure is held against a target: "100 %", "> 90 %", "không có"."""

    AT_LEAST = "at_least", "từ … trở lên"
    MORE_THAN = "more_than", "trên"
    AT_MOST = "at_most", "không quá"
    EXACTLY = "exactly", "đúng bằng"


def place_key(place: str) -> str:
    """Return what makes two places of one unit the same place."""
    return search_key(place)


def silent_quarters(last_news_on: date | None, on: date) -> int:
    """Return for how many whole quarters of the year nothing was heard of a site."""
    if last_news_on is None:
        return 0
    return max(
        0,
        (on.year - last_news_on.year) * 4 + (on.month - 1) // 3 - (last_news_on.month - 1) // 3 - 1,
    )


# Units are asked for their sơ kết and tổng kết so long before the day that the programme names.
REVIEW_OPENS_BEFORE = timedelta(days=45)


def review_calendar(program_id: int) -> str:
    """Return the code of the calendar that holds the review periods of a programme."""
    return f"ct-{program_id}"


class RecipientStep(TextChoices):
    """What a unit does with a programme that was sent to it, in this order."""

    RECEIVED = "nhan", "Đã nhận"
    PLAN = "ke-hoach", "Có kế hoạch"
    LAUNCHED = "phat-dong", "Đã phát động"


def target_text(sign: str, value: Decimal, measure_unit: str) -> str:
    """Write a target as plans do: "trên 90 %", "100 %", "không có"."""
    if not value and sign in {TargetSign.EXACTLY, TargetSign.AT_MOST}:
        return "không có"
    decimals = 0 if value == value.to_integral_value() else 1 if value * 10 % 1 == 0 else 2
    level = f"{format_number(value, decimals)} {measure_unit}".strip()
    if sign == TargetSign.MORE_THAN:
        return f"trên {level}"
    if sign == TargetSign.AT_MOST:
        return f"không quá {level}"
    if sign == TargetSign.EXACTLY or (measure_unit == "%" and value == 100):
        return level
    return f"từ {level} trở lên"


def is_reached(sign: str, value: Decimal, figure: Decimal) -> bool:
    """Say whether a figure meets a target; a rate is held against it before it is rounded."""
    if sign == TargetSign.AT_LEAST:
        return figure >= value
    if sign == TargetSign.MORE_THAN:
        return figure > value
    if sign == TargetSign.AT_MOST:
        return figure <= value
    return figure == value


@dataclass(frozen=True, slots=True)
class Counted:
    """A counted number and how exact it is; nothing typed is no number."""

    value: int | None = None
    qualifier: str = Amount.EXACT


_AMOUNT_WORDS = {"hon": Amount.OVER, "tren": Amount.OVER, ">": Amount.OVER}
_AMOUNT_WORDS |= {"gan": Amount.NEARLY, "<": Amount.NEARLY}


def read_amount(text: str) -> Counted:
    """Read "1.250", "hơn 1.000" or "gần 300", as people write them in reports."""
    typed = nfc(text)
    if not typed:
        return Counted()
    found = re.match(r"(hon|tren|gan|>|<)\s*(?=\d)", search_key(typed))
    value = int(parse_number(re.sub(r"^[^\d]+", "", typed) if found else typed, 0))
    if not found:
        return Counted(value)
    if not value:
        raise NumberError("Số 0 không đi cùng “hơn” hay “gần”. Chỉ gõ 0.")
    return Counted(value, _AMOUNT_WORDS[found.group(1)])


def amount_text(value: int | None, qualifier: str) -> str:
    """Write a counted number as people type it; read_amount reads it back."""
    if value is None:
        return ""
    word = {Amount.OVER: "hơn ", Amount.NEARLY: "gần "}.get(Amount(qualifier), "")
    return f"{word}{format_number(value)}"


@dataclass(frozen=True, slots=True)
class Feed:
    """An indicator that a number of an activity adds to; without a kind, of every activity."""

    code: str
    column: str
    kind: str = ""
    word: str = ""


# The same as the figures of the register count (apps/programs/figures/activities.py).
ACTIVITY_FEEDS = (
    Feed("B1", "sessions", ActivityKind.PROPAGANDA, "buổi"),
    Feed("B1", "points", ActivityKind.PROPAGANDA, "điểm"),
    Feed("B2", "attendances", ActivityKind.PROPAGANDA),
    Feed("B6", "sessions", ActivityKind.FORUM),
    Feed("B7", "points", ActivityKind.FESTIVAL),
    Feed("B8", "attendances", ActivityKind.FESTIVAL),
    Feed("B9", "cost", ActivityKind.FESTIVAL),
    Feed("B10", "sessions", ActivityKind.CONTEST),
    Feed("A12", "attendances", ActivityKind.TRAINING),
    Feed("A14", "sessions", ActivityKind.INSPECTION),
    Feed("B3", "materials"),
    Feed("B4", "news"),
    Feed("B5", "posts"),
)
_SOME_ACTIVITIES = {
    "sessions": frozenset(ActivityKind.values) - {ActivityKind.FESTIVAL},
    "points": frozenset({ActivityKind.PROPAGANDA, ActivityKind.FESTIVAL}),
    "attendances": frozenset(ActivityKind.values) - {ActivityKind.INSPECTION},
    "materials": frozenset(ActivityKind.values) - {ActivityKind.INSPECTION},
    "cost": frozenset(ActivityKind.values) - {ActivityKind.INSPECTION, ActivityKind.PROPAGANDA},
}


def kinds_with(column: str) -> tuple[str, ...]:
    """Return the kinds of activity for which a field matters, in their order."""
    some = _SOME_ACTIVITIES.get(column, frozenset(ActivityKind.values))
    return tuple(kind for kind in ActivityKind.values if kind in some)


def added_by_activity(feed: Feed, kind: str, number: Decimal | int | None) -> Decimal | int:
    """Return what an activity of a kind adds to an indicator; a festival is one point at least."""
    if feed.kind and feed.kind != kind:
        return 0
    if feed.kind == ActivityKind.FESTIVAL and feed.column == "points":
        return max(number or 0, 1)
    return number or 0


def day_to_exist(launched_on: date, first_day: date, *, is_taken_over: bool) -> date:
    """Return on which day a unit of a site must exist: that of the launch.

    Of a site that was taken over from an earlier unit it is at the latest the unit's first day.
    """
    return max(launched_on, first_day) if is_taken_over else launched_on
