"""The composition root: settings, URLs, Celery; it imports the apps and nobody imports it."""

from antq_portal.celery import app as celery_app

__all__ = ["celery_app"]
