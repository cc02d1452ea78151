"""Count the sites of a filtered list from an index alone; the latest launches first."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the indexes of the list of sites."""

    dependencies = [("programs", "0001_initial")]

    operations = [
        migrations.AddIndex(
            model_name="modelsite",
            index=models.Index(
                models.OrderBy(models.F("launched_on"), descending=True, nulls_last=True),
                name="site_by_late_launch",
            ),
        ),
        migrations.AddIndex(
            model_name="modelsite",
            index=models.Index(
                condition=models.Q(("removed_at", None)),
                fields=["unit", "state"],
                include=(
                    "id",
                    "level",
                    "host_kind",
                    "model_type",
                    "launched_on",
                    "last_news_on",
                ),
                name="site_counted",
            ),
        ),
    ]
