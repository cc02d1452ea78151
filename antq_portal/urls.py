"""The site's addresses: each app brings its own; Django admin stands beside them."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from antq_portal.health import healthz

MOUNTS = (
    ("accounts", ""),
    ("home", ""),
    ("units", "don-vi/"),
    ("reports", ""),
    ("desk", ""),
    ("papers", "van-ban/"),
)

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("quan-tri/", admin.site.urls),
]
urlpatterns += [
    path(prefix, include(f"apps.{name}.urls"))
    for name, prefix in MOUNTS
    if (settings.BASE_DIR / "apps" / name / "urls.py").is_file()
]
