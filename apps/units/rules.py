"""Say what kinds of units, areas, blocks and lineage there are; nothing here needs a database."""

from __future__ import annotations

from datetime import date

from django.db import models

END_OF_TIME = date(9999, 12, 31)
MAX_DEPTH = 15


class AreaKind(models.TextChoices):
    """List the two levels of territory since 2025-07-01 and their types."""

    PROVINCE = "province", "Tỉnh, thành phố"
    COMMUNE = "commune", "Xã"
    WARD = "ward", "Phường"
    SPECIAL_ZONE = "special_zone", "Đặc khu"


class UnitKind(models.TextChoices):
    """List what an organisation that takes part in the movement can be."""

    PROVINCE = "province", "Tỉnh, thành phố"
    POLICE_PROVINCE = "police_province", "Công an tỉnh"
    POLICE_DEPARTMENT = "police_department", "Phòng thuộc Công an tỉnh"
    POLICE_COMMUNE = "police_commune", "Công an xã, phường, đặc khu"
    COMMUNE = "commune", "Xã, phường, đặc khu"
    AGENCY = "agency", "Cơ quan"
    ENTERPRISE = "enterprise", "Doanh nghiệp"
    SCHOOL = "school", "Cơ sở giáo dục"
    HOSPITAL = "hospital", "Cơ sở y tế"
    MASS_ORGANISATION = "mass_organisation", "Mặt trận, đoàn thể"
    RESIDENTIAL_AREA = "residential_area", "Khu dân cư"


POLICE_KINDS = frozenset(
    {UnitKind.POLICE_PROVINCE, UnitKind.POLICE_DEPARTMENT, UnitKind.POLICE_COMMUNE}
)


class LineageKind(models.TextChoices):
    """List how one unit can pass into another."""

    MERGE = "merge", "Sáp nhập"
    SPLIT = "split", "Chia tách"
    TRANSFER = "transfer", "Chuyển giao"
    RENAME = "rename", "Đổi tên"
    LEVEL_REMOVED = "level_removed", "Bỏ cấp trung gian"


# The whole unit, and so all its papers, passed into the other.
WHOLE_LINEAGE = (LineageKind.MERGE, LineageKind.RENAME)


class BlockKind(models.TextChoices):
    """List what units group themselves into beside the tree."""

    EMULATION_BLOCK = "emulation_block", "Khối thi đua"
    EMULATION_CLUSTER = "emulation_cluster", "Cụm thi đua"
    SECURITY_CLUSTER = "security_cluster", "Cụm liên kết bảo đảm an ninh, trật tự"


class BlockRole(models.TextChoices):
    """List the parts a unit can play in a block."""

    HEAD = "head", "Khối trưởng"
    DEPUTY = "deputy", "Khối phó"
    MEMBER = "member", "Thành viên"
