"""Address of the first page."""

from __future__ import annotations

from django.urls import path

from apps.home import views

app_name = "home"

urlpatterns = [path("", views.show_work_list, name="work_list")]
