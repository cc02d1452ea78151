"""After a test that commits nothing is left, and the guards of the tables stand again."""

import pytest
from django.db import IntegrityError, connection, transaction

from apps.audit.models import AuditEntry
from apps.units.models import Unit
from tests.emptying import LASTING, empty_tables
from tests.factories.audit import AuditEntryFactory
from tests.factories.reports import ReportFactory, said, sent


def rows_by_table() -> dict[str, int]:
    names = connection.introspection.django_table_names(only_existing=True, include_views=False)
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(f"SELECT '{n}', count(*) FROM {n}" for n in names))
        return {name: count for name, count in cursor.fetchall() if count}


@pytest.mark.django_db(transaction=True)
def test_emptying_leaves_only_what_lasts_and_every_guard() -> None:
    sent(ReportFactory(), {"F1": said(12)})
    AuditEntryFactory()
    assert len(rows_by_table()) > 10

    empty_tables()

    assert set(rows_by_table()) == LASTING
    ReportFactory()
    AuditEntryFactory()
    for model in (Unit, AuditEntry):
        with pytest.raises(IntegrityError), transaction.atomic():
            model.objects.all()._raw_delete("default")
