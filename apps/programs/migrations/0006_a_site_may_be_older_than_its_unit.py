"""Let a unit keep sites that an earlier unit launched: most communes of today began in 2025."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Add from whom a site was taken over; a site without it was launched by its own unit."""

    dependencies = [("programs", "0005_a_level_goes_out_of_use")]

    operations = [
        migrations.AddField(
            model_name="modelsite",
            name="taken_over_from",
            field=models.CharField(
                "tiếp nhận từ",
                blank=True,
                db_default="",
                default="",
                help_text="Đơn vị cũ đã lập điểm này, nếu điểm có trước đơn vị đang giữ.",
                max_length=200,
            ),
        ),
    ]
