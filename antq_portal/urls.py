"""The site's addresses: each app brings its own; Django admin stands beside them."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from antq_portal.health import healthz
from apps.core import views

handler400 = views.bad_request
handler403 = views.permission_denied
handler404 = views.page_not_found
handler500 = views.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("quan-tri/", admin.site.urls),
    path("", include("apps.accounts.urls")),
    path("", include("apps.home.urls")),
    path("don-vi/", include("apps.units.urls")),
    path("", include("apps.reports.urls")),
    path("", include("apps.programs.urls")),
    path("", include("apps.desk.urls")),
    path("van-ban/", include("apps.papers.urls")),
    path("", include("apps.core.urls")),
]
