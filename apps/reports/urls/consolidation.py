"""Addresses of consolidation and documents."""

from __future__ import annotations

from django.urls import path

from apps.reports.views import consolidation, documents, records

urlpatterns = [
    path("tong-hop/", consolidation.consolidations, name="consolidations"),
    path("tong-hop/<int:pk>/", consolidation.consolidation, name="consolidation"),
    path("tong-hop/<int:pk>/don-vi/", consolidation.unit_grid, name="unit_grid"),
    path("tong-hop/<int:pk>/so-thay-doi/", records.drifts, name="drifts"),
    path("tong-hop/<int:pk>/lap-bao-cao/", documents.order, name="order_document"),
    path(
        "tong-hop/<int:pk>/van-ban/<int:document>/phat-hanh/",
        documents.issue,
        name="issue_document",
    ),
    path("tong-hop/<int:pk>/loi-van/<slug:part>/", consolidation.save_words, name="save_words"),
    path(
        "tong-hop/<int:pk>/dieu-chinh/<int:adjustment>/huy/",
        consolidation.undo_adjustment,
        name="undo_adjustment",
    ),
    path("tong-hop/<int:pk>/<slug:code>/", consolidation.drilldown, name="drilldown"),
    path("tong-hop/<int:pk>/<slug:code>/ban-ghi/", records.of_total, name="figure_records"),
    path("tong-hop/<int:pk>/<slug:code>/dieu-chinh/", consolidation.adjust, name="adjust"),
]
