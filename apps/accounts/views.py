"""Signing in and out, passwords, the first-time page, and the font size."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts import services
from apps.accounts.forms import BeginForm, ChangePasswordForm, FontSizeForm, SignInForm
from apps.accounts.models import User
from apps.accounts.rules import client_address
from apps.accounts.services import PasswordTooWeak, SignInOutcome
from apps.core.access import open_to_all, signed_in
from apps.core.middleware import page_looked_at

NO_WAY_BACK = ("accounts:sign_in", "accounts:sign_out", "accounts:switch_user", "accounts:begin")


@open_to_all
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for name and password; Enter sends, a wait is said in words and as status 429."""
    if request.user.is_authenticated:
        return redirect(_way_back(request))
    form, outcome = SignInForm(request.POST or None), SignInOutcome()
    if form.is_valid():
        outcome = services.sign_in(
            **form.cleaned_data, address=_address_of(request), at=timezone.now()
        )
        if outcome.user:
            login(request, outcome.user)
            return redirect(_way_back(request))
        form.add_error(None, outcome.message)
    response = render(
        request, "accounts/sign_in.html", {"form": form}, status=429 if outcome.wait else 200
    )
    if outcome.wait:
        response.headers["Retry-After"] = str(outcome.wait)
    return response


@open_to_all
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session."""
    if isinstance(request.user, User):
        services.record_sign_out(user=request.user, at=timezone.now())
        logout(request)
    messages.success(request, "Đã đăng xuất.")
    return redirect("accounts:sign_in")


@open_to_all
@require_POST
def switch_user(request: HttpRequest) -> HttpResponse:
    """Make room for a colleague at the same computer, who comes back to the same page."""
    page = _way_back(request, default=page_looked_at(request))
    if isinstance(request.user, User):
        services.record_sign_out(user=request.user, at=timezone.now(), is_switch=True)
        logout(request)
    messages.info(request, "Mời người dùng tiếp theo đăng nhập. Bản nháp vẫn còn trên máy này.")
    return redirect(f"{reverse('accounts:sign_in')}?{urlencode({'next': page})}")


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change_password(request: HttpRequest) -> HttpResponse:
    """Let somebody change the password; this session stays, the others end."""
    user, at = _user_of(request), timezone.now()
    form = ChangePasswordForm(request.POST or None, user=user, address=_address_of(request), at=at)
    if form.is_valid():
        try:
            services.change_password(
                user=user, new=form.cleaned_data["new_password"], by=user, at=at
            )
        except PasswordTooWeak as error:
            form.refuse(error, "new_password")
        else:
            update_session_auth_hash(request, user)
            messages.success(request, "Đã đổi mật khẩu. Các phiên ở máy khác đã kết thúc.")
            return redirect(_way_back(request))
    return render(request, "accounts/change_password.html", {"form": form})


@signed_in
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest) -> HttpResponse:
    """Take the first own password and the font size; without need, lead on."""
    user = _user_of(request)
    if not user.must_change_password:
        return redirect(_way_back(request))
    form = BeginForm(request.POST or None, initial={"font_size": user.font_size})
    if form.is_valid():
        typed = form.cleaned_data
        try:
            services.finish_first_sign_in(
                user=user,
                password=typed["new_password"],
                font_size=typed["font_size"],
                by=user,
                at=timezone.now(),
            )
        except PasswordTooWeak as error:
            form.refuse(error, "new_password")
        else:
            update_session_auth_hash(request, user)
            return redirect(_way_back(request))
    return render(request, "accounts/begin.html", {"form": form})


@signed_in
@require_POST
def font_size(request: HttpRequest) -> HttpResponse:
    """Keep the font size and show the same page again."""
    user = _user_of(request)
    form = FontSizeForm(request.POST)
    if not form.is_valid():
        return HttpResponseBadRequest("Cỡ chữ chỉ có 16, 18 hoặc 20.")
    services.set_font_size(
        user=user, font_size=form.cleaned_data["font_size"], by=user, at=timezone.now()
    )
    return redirect(_way_back(request, default=page_looked_at(request)))


def _user_of(request: HttpRequest) -> User:
    user = request.user
    if not isinstance(user, User):
        raise PermissionDenied
    return user


def _address_of(request: HttpRequest) -> str:
    return client_address(
        remote=request.META.get("REMOTE_ADDR", ""),
        forwarded=request.headers.get("X-Forwarded-For", ""),
        proxies=settings.TRUSTED_PROXIES,
    )


def _way_back(request: HttpRequest, default: str = "") -> str:
    """Give the page that was wanted: a path of this site that can be opened, else the home page."""
    page = request.POST.get("next") or request.GET.get("next") or default
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    if not is_ours or page.split("?")[0] in {reverse(name) for name in NO_WAY_BACK}:
        return resolve_url(settings.LOGIN_REDIRECT_URL)
    return page
