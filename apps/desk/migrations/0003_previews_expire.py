"""Previews of imports that nobody applied expire."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Add the state, in which nothing of the file is kept."""

    dependencies = [
        ("desk", "0002_saved_filters"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(model_name="importbatch", name="import_state_times"),
        migrations.AlterField(
            model_name="importbatch",
            name="state",
            field=models.CharField(
                choices=[
                    ("previewed", "Đã xem trước"),
                    ("applied", "Đã ghi nhận"),
                    ("undone", "Đã hoàn tác"),
                    ("expired", "Đã hết hạn"),
                ],
                default="previewed",
                max_length=10,
                verbose_name="trạng thái",
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("applied_at", None), ("state", "previewed"), ("undone_at", None)),
                    models.Q(
                        ("applied_at", None),
                        ("state", "expired"),
                        ("summary", {}),
                        ("undone_at", None),
                    ),
                    models.Q(
                        ("applied_at__isnull", False), ("state", "applied"), ("undone_at", None)
                    ),
                    models.Q(
                        ("applied_at__isnull", False),
                        ("state", "undone"),
                        ("undone_at__isnull", False),
                    ),
                    _connector="OR",
                ),
                name="import_state_times",
            ),
        ),
    ]
