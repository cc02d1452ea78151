"""Addresses of the life of a site, kinds of models, exemplars."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.programs.views import exemplars, force_reminders, life, ratings, replication, types

urlpatterns: list[URLPattern] = [
    path("don-vi/luc-luong/nhac/", force_reminders.forces_remind, name="forces_remind"),
    path("mo-hinh/xep-loai/", ratings.year_rating, name="year_rating"),
    path("mo-hinh/xep-loai/<int:pk>/bo/", ratings.rating_remove, name="rating_remove"),
    path("mo-hinh/<int:pk>/trang-thai/", life.site_move, name="site_move"),
    path("mo-hinh/<int:pk>/trang-thai/hoan-tac/", life.site_move_undo, name="site_move_undo"),
    path("mo-hinh/<int:pk>/nhan-rong/", replication.replicate, name="replicate"),
    path("mo-hinh/<int:pk>/xep-loai/", ratings.rate, name="rate"),
    path("mo-hinh/<int:pk>/chuoi/", life.site_chain, name="site_chain"),
    path("mo-hinh/<int:pk>/de-nghi/", life.site_refer, name="site_refer"),
    path("de-nghi-bo/<int:pk>/bo/", life.referral_remove, name="referral_remove"),
    path("loai-mo-hinh/", types.types, name="types"),
    path("loai-mo-hinh/them/", types.type_add, name="type_add"),
    path("loai-mo-hinh/gan-giong/", types.similar, name="similar_types"),
    path("loai-mo-hinh/<int:pk>/", types.type_page, name="type"),
    path("loai-mo-hinh/<int:pk>/sua/", types.type_edit, name="type_edit"),
    path("loai-mo-hinh/<int:pk>/ten-khac/", types.alias_add, name="alias_add"),
    path(
        "loai-mo-hinh/<int:pk>/ten-khac/<int:alias_pk>/bo/",
        types.alias_remove,
        name="alias_remove",
    ),
    path("loai-mo-hinh/<int:pk>/gop/", types.type_merge, name="type_merge"),
    path("loai-mo-hinh/<int:pk>/tach-lai/", types.type_unmerge, name="type_unmerge"),
    path("loai-mo-hinh/<int:pk>/de-nghi/", life.type_refer, name="type_refer"),
    path("dien-hinh/", exemplars.exemplars, name="exemplars"),
    path("dien-hinh/them/", exemplars.exemplar_add, name="exemplar_add"),
    path("dien-hinh/<int:pk>/", exemplars.exemplar, name="exemplar"),
]
