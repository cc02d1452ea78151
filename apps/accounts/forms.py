"""Check what is typed at sign-in and when a password is changed."""

import unicodedata
from datetime import datetime
from typing import Any

from django import forms

from apps.accounts.models import User
from apps.accounts.rules import FONT_SIZES, LONGEST_PASSWORD, SHORTEST_PASSWORD
from apps.accounts.services import confirm_password
from apps.core.forms import Form

SIZE_NAMES = {16: "Thường", 18: "To", 20: "Rất to"}
PASSWORD_HELP = (
    f"Ít nhất {SHORTEST_PASSWORD} ký tự. Dễ nhớ nhất là một câu ngắn, có dấu cách và dấu tiếng "
    "Việt đều được. Không bắt buộc chữ hoa hay ký hiệu."
)


class PasswordField(forms.CharField):
    """A password exactly as typed, spaces included; paste is allowed."""

    def __init__(self, *, autocomplete: str, **kwargs: Any) -> None:
        attributes = {"autocomplete": autocomplete, "autocapitalize": "none", "spellcheck": "false"}
        kwargs.setdefault("widget", forms.PasswordInput(attrs=attributes))
        super().__init__(strip=False, **kwargs)

    def to_python(self, value: Any) -> str:
        """Compose the letters, so that every Vietnamese keyboard types the same password."""
        return unicodedata.normalize("NFC", super().to_python(value) or "")


class SignInForm(Form):
    """A name and a password."""

    username = forms.CharField(
        label="Tên đăng nhập",
        max_length=150,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "username",
                "autocapitalize": "none",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )
    password = PasswordField(
        label="Mật khẩu", autocomplete="current-password", max_length=LONGEST_PASSWORD
    )
    submit_label = "Đăng nhập"


class NewPasswordForm(Form):
    """A new password, typed twice; whether it is good enough says the service."""

    new_password = PasswordField(
        label="Mật khẩu mới", autocomplete="new-password", help_text=PASSWORD_HELP
    )
    repeated = PasswordField(label="Xác nhận mật khẩu mới", autocomplete="new-password")

    def clean(self) -> dict[str, Any]:
        """Compare the two."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        new, repeated = cleaned.get("new_password"), cleaned.get("repeated")
        if new and repeated and new != repeated:
            self.add_error("repeated", "Hai lần nhập mật khẩu mới không giống nhau.")
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    """The password in use, then the new one."""

    field_order = ["current", "new_password", "repeated"]
    submit_label = "Đổi mật khẩu"

    current = PasswordField(
        label="Mật khẩu đang dùng", autocomplete="current-password", max_length=LONGEST_PASSWORD
    )

    def __init__(self, *args: Any, user: User, address: str, at: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.address, self.at = user, address, at

    def clean_current(self) -> str:
        """Compare with the password in use; wrong ones count and slow down as at sign-in."""
        current: str = self.cleaned_data["current"]
        outcome = confirm_password(
            user=self.user, password=current, address=self.address, at=self.at
        )
        if outcome.user is None:
            raise forms.ValidationError(outcome.message)
        return current


class FontSizeForm(Form):
    """How large somebody wants to read."""

    font_size = forms.TypedChoiceField(
        label="Cỡ chữ",
        coerce=int,
        choices=[(size, f"{SIZE_NAMES[size]} ({size})") for size in FONT_SIZES],
        widget=forms.RadioSelect,
        initial=FONT_SIZES[0],
    )
    submit_label = "Lưu cỡ chữ"


class BeginForm(NewPasswordForm, FontSizeForm):
    """What is asked once, at the first sign-in."""

    field_order = ["new_password", "repeated", "font_size"]
    submit_label = "Bắt đầu sử dụng"
