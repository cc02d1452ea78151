"""Closed lists of the catalogue: what an indicator is, who is asked, in which period."""

from __future__ import annotations

from django.db.models import TextChoices


class IndicatorKind(TextChoices):
    """How a value of the indicator adds up over units and over time."""

    FLOW = "flow", "Phát sinh trong kỳ"
    STOCK = "stock", "Hiện có đến cuối kỳ"
    YEARLY = "yearly", "Theo năm thi đua"
    DISTINCT = "distinct", "Đếm một lần ở mỗi cấp"
    RATIO = "ratio", "Tỷ lệ (hệ thống tính)"
    CLASS = "class", "Phân loại"
    TEXT = "text", "Lời văn"


class AskedOf(TextChoices):
    """Which kind of body is asked for an indicator."""

    COMMUNE = "commune", "Xã, phường, đặc khu"
    ORGANISATION = "organisation", "Cơ quan, doanh nghiệp, cơ sở giáo dục"
    MASS_ORGANISATION = "mass_organisation", "Mặt trận, tổ chức chính trị - xã hội"
    BLOCK_HEAD = "block_head", "Khối trưởng"
    PROVINCE = "province", "Cấp tỉnh"


class PeriodKind(TextChoices):
    """The kinds of window a calendar may have (NĐ 09/2019/NĐ-CP Điều 12, and weeks)."""

    MONTH = "month", "Tháng"
    QUARTER = "quarter", "Quý"
    HALF_YEAR = "half_year", "6 tháng"
    NINE_MONTHS = "nine_months", "9 tháng"
    YEAR = "year", "Năm"
    WEEK = "week", "Tuần"
