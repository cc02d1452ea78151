"""Put the value beside the key of stored sums."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    """Replace the key's constraint by one whose index carries the value."""

    dependencies = [("reports", "0002_frozen_rows")]

    operations = [
        migrations.RemoveConstraint(model_name="rollup", name="one_rollup_per_key"),
        migrations.AddConstraint(
            model_name="rollup",
            constraint=models.UniqueConstraint(
                fields=("unit", "period", "indicator", "breakdown"),
                include=("value",),
                name="one_rollup_per_key",
            ),
        ),
    ]
