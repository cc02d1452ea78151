"""The real cases that can be loaded, by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from apps.desk.models import Job
from apps.home.services import case, case_dong_nai, case_nam_dinh, case_thanh_hoa
from apps.home.services.demo_reports import Cast

_FROM_REGISTERS: dict[str, Callable[..., Job]] = {
    case_nam_dinh.CASE: case_nam_dinh.load_nam_dinh_2022,
    case_dong_nai.CASE: case_dong_nai.load_dong_nai_2023,
    case_thanh_hoa.CASE: case_thanh_hoa.load_thanh_hoa_2022,
}
CASES = (case.CASE, *_FROM_REGISTERS)


def load_case(*, name: str, facts_file: Path, cast: Cast, at: datetime) -> Job:
    """Build one case through the services that the pages use; return the job of its document."""
    if name == case.CASE:
        return case.load_dong_thap_2022(facts_file=facts_file, cast=cast, at=at)
    return _FROM_REGISTERS[name](cast=cast, at=at)
