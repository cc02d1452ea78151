"""Users in the Django admin: every write goes through a service, no password is stored or shown.

The admin site itself has no sign-in, sign-out or password page of its own: it uses the portal's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.models import Group
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render, resolve_url
from django.utils import timezone

from apps.accounts import services
from apps.accounts.models import User
from apps.accounts.rules import USERNAME_FORM, NewAccount, normal_username
from apps.accounts.services import IssuedPassword

SLIPS_AT_ONCE = 20
TYPED = ("username", "full_name", "title", "phone", "email", "is_active", "is_staff")
KNOWN = ("must_change_password", "font_size", "last_login", "created_at", "is_demo")

AdminView = Callable[..., HttpResponseBase]


class UserForm(forms.ModelForm):  # type: ignore[type-arg]
    """What an administrator may type about a user."""

    class Meta:
        """The fields; none of them is a password."""

        model = User
        fields = TYPED

    def clean_username(self) -> str:
        """Bring the name to its stored form."""
        username = normal_username(self.cleaned_data["username"])
        if not USERNAME_FORM.match(username):
            raise ValidationError("Chỉ gồm chữ thường không dấu, chữ số, dấu chấm, gạch.")
        return username


@admin.register(User)
class UserAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """List, open and close accounts, and issue one-time passwords."""

    form = UserForm
    list_display = (
        "username",
        "full_name",
        "title",
        "phone",
        "is_active",
        "is_staff",
        "last_login",
    )
    list_filter = ("is_active", "is_staff", "must_change_password", "is_demo")
    search_fields = ("username", "full_name", "phone")
    ordering = ("username",)
    actions = ("issue_passwords",)

    def get_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Ask little of a new account, show what is known of an old one."""
        return TYPED if obj is None else TYPED + KNOWN

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Keep user names for life, and administrators from locking themselves out."""
        if obj is None:
            return ("is_active", *KNOWN)
        own = ("is_active", "is_staff") if obj.pk == request.user.pk else ()
        return ("username", *own, *KNOWN)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Delete nobody: reports and the log name their authors."""
        return False

    def save_model(
        self, request: HttpRequest, obj: User, form: forms.ModelForm[User], change: bool
    ) -> None:
        """Hand what was typed to the services."""
        by, at = _admin_of(request), timezone.now()
        if not change:
            issued = services.create_user(new=_new_account(obj), by=by, at=at)
            obj.__dict__.update(issued.user.__dict__)
            request.issued = issued  # type: ignore[attr-defined]
            return
        services.change_profile(user=obj, fields=form.changed_data, by=by, at=at)
        if "is_active" in form.changed_data:
            _set_active(obj, obj.is_active, by)
        if "is_staff" in form.changed_data:
            is_admin, obj.is_staff = obj.is_staff, not obj.is_staff
            services.set_admin(user=obj, is_admin=is_admin, by=by, at=at)

    def response_add(
        self, request: HttpRequest, obj: User, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Show the one-time password this once."""
        return _slips(request, [request.issued])  # type: ignore[attr-defined]

    @admin.action(description="Cấp mật khẩu một lần cho người dùng đã chọn")
    def issue_passwords(self, request: HttpRequest, users: QuerySet[User]) -> HttpResponse | None:
        """Replace the passwords of the chosen users; their sessions end."""
        chosen = list(users.by_name()[: SLIPS_AT_ONCE + 1])  # type: ignore[attr-defined]
        if len(chosen) > SLIPS_AT_ONCE:
            messages.error(request, f"Mỗi lần chỉ cấp cho {SLIPS_AT_ONCE} người.")
            return None
        by, at = _admin_of(request), timezone.now()
        return _slips(
            request, [services.reset_password(user=user, by=by, at=at) for user in chosen]
        )


def guard_admin_site(site: admin.AdminSite) -> None:
    """Let the admin site use the portal's sign-in and audit; to others it does not exist."""
    inner_view = site.admin_view

    def admin_view(view: AdminView, cacheable: bool = False) -> AdminView:
        guarded = inner_view(view, cacheable)

        def checked(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            refusal = _refusal(site, request, request.get_full_path())
            return refusal or guarded(request, *args, **kwargs)

        return checked

    @login_not_required
    def login(
        request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        index = resolve_url("admin:index")
        return _refusal(site, request, request.GET.get("next", index)) or redirect(index)

    def logout(
        request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return redirect("accounts:sign_out", preserve_request=True)

    def password_change(
        request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        return redirect("accounts:change_password")

    replaced = {
        "admin_view": admin_view,
        "login": login,
        "logout": logout,
        "password_change": password_change,
    }
    for name, function in replaced.items():
        setattr(site, name, function)


def _refusal(site: admin.AdminSite, request: HttpRequest, wanted: str) -> HttpResponseBase | None:
    if not request.user.is_authenticated:
        return redirect_to_login(wanted)
    if not site.has_permission(request):
        raise Http404
    return None


def _admin_of(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


def _new_account(user: User) -> NewAccount:
    return NewAccount(
        username=user.username,
        full_name=user.full_name,
        title=user.title,
        phone=user.phone,
        email=user.email,
        is_admin=user.is_staff,
    )


def _set_active(user: User, is_active: bool, by: User) -> None:
    user.is_active = not is_active
    service = services.activate_user if is_active else services.deactivate_user
    service(user=user, by=by, at=timezone.now())


def _slips(request: HttpRequest, issued: list[IssuedPassword]) -> HttpResponse:
    response = render(request, "accounts/one_time_passwords.html", {"issued": issued})
    response.headers["Cache-Control"] = "no-store"
    return response


admin.site.site_header = admin.site.site_title = "Quản trị Cổng ANTQ"
admin.site.index_title = "Danh mục và tài khoản"
# Roles are dated memberships and the table of rights; Django's groups play no part.
if isinstance(admin.site.get_model_admin(Group), GroupAdmin):
    admin.site.unregister(Group)
guard_admin_site(admin.site)
