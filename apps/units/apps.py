"""Declare the units app."""

from django.apps import AppConfig


class UnitsConfig(AppConfig):
    """Hold areas, units in time, blocks, the police in charge and memberships."""

    name = "apps.units"
    label = "units"
    verbose_name = "Địa bàn và đơn vị"
    default_auto_field = "django.db.models.BigAutoField"
