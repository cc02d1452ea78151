"""Valid papers, files and issuing bodies."""

import hashlib
from datetime import UTC, date, datetime

import factory
from django.db.backends.postgresql.psycopg_any import DateRange

from apps.core.codes import new_code
from apps.papers.models import IssuingBody, Paper, PaperFile
from tests.factories.accounts import UserFactory
from tests.factories.units import UnitFactory

NOON = datetime(2026, 11, 18, 2, 0, tzinfo=UTC)


class PaperFactory(factory.django.DjangoModelFactory):
    """A draft of a summary report."""

    class Meta:
        model = Paper

    kind = "report"
    unit = factory.SubFactory(UnitFactory)
    title = "Kết quả phong trào tháng 11/2026"
    symbol = "BC-BCĐ"
    year = 2026
    place = "Đồng Tháp"
    signer_name = "Nguyễn Văn Ký"
    signer_title = "Trưởng ban"
    verification_code = factory.LazyFunction(new_code)
    created_by = factory.SubFactory(UserFactory)
    created_at = NOON


class PaperFileFactory(factory.django.DjangoModelFactory):
    """A PDF of a draft; its bytes are not on disk."""

    class Meta:
        model = PaperFile

    paper = factory.SubFactory(PaperFactory)
    format = "pdf"
    sha256 = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    size = 1000
    path = factory.LazyAttribute(lambda o: f"{o.sha256[:2]}/{o.sha256}.pdf")
    created_at = NOON


class IssuingBodyFactory(factory.django.DjangoModelFactory):
    """A steering committee since 2025-07-01."""

    class Meta:
        model = IssuingBody

    unit = factory.SubFactory(UnitFactory)
    superior_name = "UBND TỈNH ĐỒNG THÁP"
    name = "CÔNG AN TỈNH"
    committee_name = "BAN CHỈ ĐẠO 138"
    place = "Đồng Tháp"
    symbol = "BC-BCĐ"
    signer_title = "KT. TRƯỞNG BAN\nPHÓ TRƯỞNG BAN"
    signer_name = "Nguyễn Văn Ký"
    recipients = "- Bộ Công an;\n- Lưu: VT."
    valid = DateRange(date(2025, 7, 1), None)
