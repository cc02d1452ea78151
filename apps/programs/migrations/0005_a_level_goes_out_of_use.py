"""Let a level of the scale go out of use, so that the past keeps its name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Every level so far is in use."""

    dependencies = [("programs", "0004_a_photo_has_a_small_one_beside_it")]

    operations = [
        migrations.AddField(
            model_name="ratinglevel",
            name="is_active",
            field=models.BooleanField(db_default=True, default=True, verbose_name="đang dùng"),
        ),
    ]
