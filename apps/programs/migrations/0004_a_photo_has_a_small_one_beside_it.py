"""Let the page of a site show small copies of its photos."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add where the small copy of a photo lies; older photos have none and are shown as they are."""

    dependencies = [("programs", "0003_programs_end_and_papers_are_withdrawn")]

    operations = [
        migrations.AddField(
            model_name="sitefile",
            name="small_path",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="Bản nhỏ của ảnh, để hiện trên trang.",
                max_length=200,
            ),
        ),
    ]
