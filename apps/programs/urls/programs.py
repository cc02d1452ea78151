"""Addresses of programmes and their targets."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.programs.views import (
    program_ends,
    program_papers,
    program_sending,
    program_units,
    programs,
)

_ONE = "chuong-trinh/<int:pk>/"

urlpatterns: list[URLPattern] = [
    path("chuong-trinh/", programs.programs, name="programs"),
    path("chuong-trinh/them/", programs.program_add, name="program_add"),
    path(_ONE, programs.program, name="program"),
    path(f"{_ONE}sua/", programs.program_edit, name="program_edit"),
    path(f"{_ONE}xoa/", program_ends.program_delete, name="program_delete"),
    path(f"{_ONE}thu-hoi/", program_ends.program_withdraw, name="program_withdraw"),
    path(f"{_ONE}tong-ket/", program_ends.program_close, name="program_close"),
    path(f"{_ONE}mo-lai/", program_ends.program_reopen, name="program_reopen"),
    path(f"{_ONE}gui/", program_sending.program_send, name="program_send"),
    path(f"{_ONE}nhac/", program_units.program_remind, name="program_remind"),
    path(f"{_ONE}trien-khai.xlsx", program_units.program_sheet, name="program_sheet"),
    path(f"{_ONE}trien-khai/lap/", program_units.program_sheet_order, name="program_sheet_order"),
    path(f"{_ONE}tep/", program_papers.program_attach, name="program_attach"),
    path(f"{_ONE}tep/<int:file_pk>/", program_papers.program_file, name="program_file"),
    path(
        f"{_ONE}tep/<int:file_pk>/rut/",
        program_papers.program_file_remove,
        name="program_file_remove",
    ),
    path(f"{_ONE}chi-tieu/", program_papers.target_add, name="target_add"),
    path(f"{_ONE}chi-tieu/<int:target_pk>/bo/", program_papers.target_drop, name="target_drop"),
    path(
        f"{_ONE}don-vi/<int:recipient_pk>/nhan/",
        program_units.program_receive,
        name="program_receive",
    ),
    path(f"{_ONE}don-vi/<int:recipient_pk>/", program_units.program_plan, name="program_plan"),
    path(
        f"{_ONE}don-vi/<int:recipient_pk>/tep/<int:file_pk>/rut/",
        program_units.program_plan_file_remove,
        name="program_plan_file_remove",
    ),
    path(
        f"{_ONE}ke-hoach/<int:file_pk>/", program_units.program_plan_file, name="program_plan_file"
    ),
]
