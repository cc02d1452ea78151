"""Addresses of the core: the gallery of components."""

from django.urls import path

from apps.core import views

app_name = "core"

urlpatterns = [path("giao-dien/", views.gallery, name="gallery")]
