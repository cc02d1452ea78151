"""The site's addresses: each app brings its own; Django admin stands beside them."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from antq_portal.health import healthz
from apps.core import views

MOUNTS = (
    ("accounts", ""),
    ("home", ""),
    ("units", "don-vi/"),
    ("reports", ""),
    ("desk", ""),
    ("papers", "van-ban/"),
)

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("giao-dien/", views.gallery, name="gallery"),
    path("quan-tri/", admin.site.urls),
]
urlpatterns += [
    path(prefix, include(f"apps.{name}.urls"))
    for name, prefix in MOUNTS
    if any((settings.BASE_DIR / "apps" / name / place).exists() for place in ("urls.py", "urls"))
]
