"""Addresses of signing in and of one's own account."""

from django.urls import path

from apps.accounts import views

app_name = "accounts"

urlpatterns = [
    path("dang-nhap/", views.sign_in, name="sign_in"),
    path("dang-xuat/", views.sign_out, name="sign_out"),
    path("doi-nguoi-dung/", views.switch_user, name="switch_user"),
    path("doi-mat-khau/", views.change_password, name="change_password"),
    path("bat-dau/", views.begin, name="begin"),
    path("co-chu/", views.font_size, name="font_size"),
]
