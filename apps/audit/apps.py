"""Django's handle on the audit app."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """Name the app for the admin."""

    name = "apps.audit"
    label = "audit"
    verbose_name = "Nhật ký"
