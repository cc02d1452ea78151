"""Addresses of receiving reports and following progress."""

from __future__ import annotations

from django.urls import path

from apps.reports.views import progress, review

urlpatterns = [
    path("tiep-nhan/", review.inbox, name="inbox"),
    path("tiep-nhan/<int:pk>/", review.review, name="review"),
    path("tiep-nhan/<int:pk>/nhan/", review.accept, name="accept"),
    path("tiep-nhan/<int:pk>/tra-lai/", review.return_back, name="return"),
    path("tiep-nhan/<int:pk>/mo-lai/", review.reopen, name="reopen"),
    path("tien-do/", progress.progress, name="progress"),
    path("tien-do/chua-nop/", progress.missing_sheet, name="missing_sheet"),
    path("tien-do/nhac-nop/", progress.reminder, name="reminder"),
    path("tien-do/nhac-nop/gui/", progress.send_reminder, name="send_reminder"),
]
