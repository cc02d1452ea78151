"""Django configuration of the core."""

from django.apps import AppConfig


class CoreConfig(AppConfig):
    """The core has no models; it is an app for its template tags."""

    name = "apps.core"
    label = "core"
    verbose_name = "Nền tảng"
