"""Addresses of entering and sending a report."""

from __future__ import annotations

from django.urls import URLPattern, path

from apps.reports.views import cells, contents, entry, papers, records, sending, texts

urlpatterns: list[URLPattern] = [
    path("bao-cao/", contents.report_list, name="list"),
    path("bao-cao/xuat-excel/", contents.export_list, name="export_list"),
    path("bao-cao/<int:pk>/", contents.contents, name="contents"),
    path("bao-cao/<int:pk>/in/", papers.print_report, name="print"),
    path("bao-cao/<int:pk>/ban-ky/", papers.upload_scan, name="upload_scan"),
    path("bao-cao/<int:pk>/ban-ky/<int:scan_id>/", papers.download_scan, name="download_scan"),
    path("bao-cao/<int:pk>/kiem-tra/", sending.check, name="check"),
    path("bao-cao/<int:pk>/gui-duyet/", sending.hand_up, name="hand_up"),
    path("bao-cao/<int:pk>/tra-nguoi-nhap/", sending.give_back, name="give_back"),
    path("bao-cao/<int:pk>/nop/", sending.submit, name="submit"),
    path("bao-cao/<int:pk>/da-nop/", sending.receipt, name="receipt"),
    path("bao-cao/<int:pk>/nhap-thay/", sending.take_over, name="take_over"),
    path("bao-cao/<int:pk>/y-kien/<int:remark_id>/", sending.answer, name="answer"),
    path("bao-cao/<int:pk>/loi-van/<slug:part>/", texts.narrative, name="narrative"),
    path("bao-cao/<int:pk>/o/<int:line_id>/", cells.cell, name="cell"),
    path("bao-cao/<int:pk>/o/<int:line_id>/chi-tiet/", cells.cell_panel, name="cell_panel"),
    path("bao-cao/<int:pk>/o/<int:line_id>/ghi-khac/", cells.override, name="override"),
    path("bao-cao/<int:pk>/o/<int:line_id>/lay-lai-so/", cells.restore, name="restore"),
    path("bao-cao/<int:pk>/o/<int:line_id>/ban-ghi/", records.of_cell, name="cell_records"),
    path("bao-cao/<int:pk>/<slug:code>/", entry.section, name="section"),
    path("bao-cao/<int:pk>/<slug:code>/dan/", cells.paste, name="paste"),
    path("bao-cao/<int:pk>/<slug:code>/khong-phat-sinh/", entry.declare, name="declare"),
    path("bao-cao/<int:pk>/<slug:code>/khong-thay-doi/", entry.carry, name="carry"),
]
