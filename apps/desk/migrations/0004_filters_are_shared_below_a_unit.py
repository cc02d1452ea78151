"""Share a filter with a unit and what is under it, no longer with every unit of the province."""

import django.db.models.deletion
from django.db import migrations, models

# A filter that was shared with all goes to a unit at which its owner has a post today.
FILL = """
    UPDATE desk_savedfilter filter
    SET shared_with_id = (
        SELECT min(post.unit_id) FROM units_membership post
        WHERE post.user_id = filter.owner_id AND post.valid @> CURRENT_DATE
    )
    WHERE filter.is_shared
"""
EMPTY = "UPDATE desk_savedfilter SET is_shared = shared_with_id IS NOT NULL"


class Migration(migrations.Migration):
    """Add the unit, fill it, drop the mark that it replaces."""

    dependencies = [("desk", "0003_previews_expire"), ("units", "0003_forces")]

    operations = [
        migrations.AddField(
            model_name="savedfilter",
            name="shared_with",
            field=models.ForeignKey(
                blank=True,
                help_text="Đơn vị này và các đơn vị trực thuộc cùng dùng; trống: chỉ người lưu.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="units.unit",
                verbose_name="dùng chung với",
            ),
        ),
        migrations.RunSQL(FILL, EMPTY),
        migrations.RemoveField(model_name="savedfilter", name="is_shared"),
    ]
