"""Addresses of the units app, under /don-vi/."""

from django.urls import path

from apps.units.views import contacts, forces, imports, people

app_name = "units"

urlpatterns = [
    path("tai-khoan/", people.people, name="people"),
    path("tai-khoan/them/", people.person_add, name="person_add"),
    path("tai-khoan/<int:pk>/cap-lai-mat-khau/", people.password_reset, name="password_reset"),
    path("tai-khoan/<int:pk>/phieu/", people.slip_pdf, name="slip_pdf"),
    path("tai-khoan/<int:pk>/khoa/", people.person_lock, name="person_lock"),
    path("tai-khoan/<int:pk>/mo-khoa/", people.person_unlock, name="person_unlock"),
    path("tai-khoan/nhap/", imports.import_upload, name="import_upload"),
    path("tai-khoan/nhap/mau/", imports.import_template, name="import_template"),
    path("tai-khoan/nhap/<int:pk>/", imports.import_preview, name="import_preview"),
    path("tai-khoan/nhap/<int:pk>/ghi/", imports.import_apply, name="import_apply"),
    path("tai-khoan/nhap/<int:pk>/phieu/<int:part>/", imports.import_slips, name="import_slips"),
    path("luc-luong/", forces.forces, name="forces"),
    path("luc-luong/xuat-excel/", forces.forces_export, name="forces_export"),
    path("luc-luong/<int:pk>/", forces.unit_forces, name="unit_forces"),
    path("luc-luong/<int:pk>/khong-thay-doi/", forces.forces_unchanged, name="forces_unchanged"),
    path("luc-luong/<int:pk>/bo-xac-nhan/", forces.forces_reopen, name="forces_reopen"),
    path("luc-luong/<int:pk>/dong/<int:stock_pk>/bo/", forces.stock_remove, name="stock_remove"),
    path("<int:pk>/lien-he/", contacts.contacts, name="contacts"),
    path("<int:pk>/lien-he/<int:contact_pk>/bo/", contacts.contact_remove, name="contact_remove"),
    path("<int:pk>/lien-he/<int:contact_pk>/chinh/", contacts.contact_main, name="contact_main"),
]
