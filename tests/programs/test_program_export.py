"""The units of a programme as an Excel file by a job, when they are too many for a click."""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from apps.accounts.rules import Role
from apps.desk.models import Job
from apps.programs.models import Program
from apps.programs.rules import ProgramState
from apps.programs.services.program_export import PROGRAM_UNITS
from apps.programs.tasks import export_program
from apps.units.models import Membership
from tests.factories.programs import ProgramFactory, ProgramRecipientFactory
from tests.factories.units import MembershipFactory, UnitFactory

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]
RECEIVED = datetime(2026, 11, 17, 1, 30, tzinfo=UTC)  # 8.30 in Viet Nam


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Program:
    """Return a programme of a province for two communes; two are many here."""
    monkeypatch.setattr(PROGRAM_UNITS, "at_once", 1)
    monkeypatch.setattr(settings, "MEDIA_ROOT", str(tmp_path))
    province = UnitFactory()
    program: Program = ProgramFactory(unit=province, state=ProgramState.SENT, sent_at=RECEIVED)
    for name, received_at in (("Xã Mỹ Hòa", RECEIVED), ("Xã Tân Thạnh", None)):
        unit = UnitFactory(name=name, parent=province)
        ProgramRecipientFactory(program=program, unit=unit, received_at=received_at)
    return program


def ordered(client: Client, program: Program) -> Job:
    """Return the job that the manager of the programme ordered on its page."""
    manager = MembershipFactory(unit=program.unit, role=Role.REVIEWER).user
    client.force_login(manager)
    page = reverse("programs:program", args=[program.pk])
    order = reverse("programs:program_sheet_order", args=[program.pk])
    assert f'action="{order}"' in client.get(page).content.decode()
    client.post(order)
    return Job.objects.get()


def test_many_units_come_by_a_job(client: Client, program: Program) -> None:
    job = ordered(client, program)
    export_program(job_id=job.pk)
    answer = client.get(reverse("desk:export", args=[job.pk]))
    content: Iterable[bytes] = answer.streaming_content
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(content))).worksheets[0]
    rows = {str(row[1].value): row for row in sheet.iter_rows(min_row=2)}

    assert job.title.startswith("Danh sách 2 đơn vị thực hiện “")
    assert set(rows) == {"Xã Mỹ Hòa", "Xã Tân Thạnh"}
    received = rows["Xã Mỹ Hòa"][4]
    assert f"{received.value:%d/%m/%Y %H:%M}" == "17/11/2026 08:30"
    assert received.number_format == "dd/mm/yyyy hh:mm"
    short = client.get(reverse("programs:program_sheet", args=[program.pk]), follow=True)
    assert "Danh sách này dài" in short.content.decode()


def test_who_left_the_scope_meanwhile_gets_no_file(client: Client, program: Program) -> None:
    job = ordered(client, program)
    Membership.objects.update(unit=UnitFactory())
    export_program(job_id=job.pk)
    job.refresh_from_db()

    assert (job.state, job.result) == ("failed", {})
    assert "không còn trong phạm vi" in job.error
