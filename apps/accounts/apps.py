"""Django's handle on the accounts app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Name the app for the admin."""

    name = "apps.accounts"
    label = "accounts"
    verbose_name = "Tài khoản"
