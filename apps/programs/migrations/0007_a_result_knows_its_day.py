"""Keep when a result was noted, so that taking back other news of a site leaves its own."""

from django.db import migrations, models

# What is known of older results: not after their year, nor after the last news of their site.
FILL = """
    UPDATE programs_siteresult result
    SET noted_on = LEAST(make_date(result.year, 12, 31), site.last_news_on)
    FROM programs_siteobjective objective
    JOIN programs_modelsite site ON site.id = objective.site_id
    WHERE objective.id = result.objective_id
"""


class Migration(migrations.Migration):
    """Add the day, fill it from what is known, then ask for it always."""

    dependencies = [("programs", "0006_a_site_may_be_older_than_its_unit")]

    operations = [
        migrations.AddField(
            model_name="siteresult",
            name="noted_on",
            field=models.DateField(null=True, verbose_name="ghi ngày"),
        ),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="siteresult",
            name="noted_on",
            field=models.DateField(
                help_text="Ghi sau khi năm đã hết thì là ngày cuối cùng của năm.",
                verbose_name="ghi ngày",
            ),
        ),
    ]
