"""Going back, expired previews are dropped: the states of before have no word for them."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def drop_expired(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Drop empty previews; nothing refers to them."""
    apps.get_model("desk", "ImportBatch").objects.filter(state="expired").delete()


class Migration(migrations.Migration):
    """Do nothing on the way here."""

    dependencies = [("desk", "0003_previews_expire")]

    operations = [migrations.RunPython(migrations.RunPython.noop, drop_expired)]
