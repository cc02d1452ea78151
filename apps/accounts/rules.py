"""THE table of roles and rights, and the pure rules of names, passwords and sign-in limits."""

import ipaddress
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from functools import cache

from django.contrib.auth.password_validation import CommonPasswordValidator

from apps.core.text import search_key

FONT_SIZES = (16, 18, 20)

ADDRESS_LIMIT = 300
ADDRESS_WINDOW = timedelta(minutes=1)
FREE_FAILURES = 5
LONGEST_DELAY = timedelta(minutes=15)
FAILURES_FORGOTTEN_AFTER = timedelta(hours=24)

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 128
SHORTEST_WORD = 4
FEW_LETTERS = 6
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
# What Vietnamese offices choose first; digits and signs around them do not help.
COMMON_TEXT = """
    admin administrator anhyeuem annin antq baocao baomat canbo congan congandongthap conganhuyen
    conganphuong congantinh conganvietnam conganxa dongthap dongthapmuoi emyeuanh giadinh hanoi
    hochiminh iloveyou khongco letmein matkhau matkhaumoi mytho nguoidung password phongtrao
    quantri quantrivien qwerty qwertyuiop qwertyuiopasdfghjkl asdfghjkl zxcvbnm saigon
    thanhphohochiminh tiengiang toandanbaoveanninhtoquoc toiyeuvietnam tongdai uybannhandan
    vietnam vietnamvodich welcome xinchao
"""
COMMON_BASES = frozenset(COMMON_TEXT.split())

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

USERNAME_FORM = re.compile(r"^[a-z0-9][a-z0-9._-]{1,63}$")


class Role(StrEnum):
    """What somebody is in a unit, for a time."""

    CLERK = "clerk"
    LEADER = "leader"
    BLOCK_HEAD = "block_head"
    REVIEWER = "reviewer"
    PROVINCE_LEADER = "province_leader"
    AUDITOR = "auditor"
    ADMIN = "admin"


class Permission(StrEnum):
    """What a page or a service asks for."""

    REPORT_VIEW = "report_view"
    REPORT_ENTER = "report_enter"
    REPORT_SUBMIT = "report_submit"
    REPORT_REVIEW = "report_review"
    REPORT_ENTER_ON_BEHALF = "report_enter_on_behalf"
    PROGRESS_VIEW = "progress_view"
    REMIND = "remind"
    CONSOLIDATE_VIEW = "consolidate_view"
    CONSOLIDATE = "consolidate"
    DOCUMENT_VIEW = "document_view"
    DOCUMENT_ISSUE = "document_issue"
    PEOPLE_MANAGE = "people_manage"
    AUDIT_VIEW = "audit_view"
    ADMIN_SITE = "admin_site"
    JOBS_VIEW = "jobs_view"
    REGISTER_VIEW = "register_view"
    REGISTER_ENTER = "register_enter"
    REGISTER_DECIDE = "register_decide"
    REGISTER_MANAGE = "register_manage"


@dataclass(frozen=True, slots=True)
class Wording:
    """A name on screen and one sentence for the one who signs the table."""

    name: str
    sentence: str


ROLE_WORDS: dict[Role, Wording] = {
    Role.CLERK: Wording("Cán bộ nhập liệu", "Nhập số liệu báo cáo của đơn vị mình."),
    Role.LEADER: Wording("Lãnh đạo đơn vị", "Duyệt và nộp báo cáo của đơn vị mình."),
    Role.BLOCK_HEAD: Wording(
        "Khối trưởng", "Lập báo cáo của khối thi đua và theo dõi các đơn vị thành viên."
    ),
    Role.REVIEWER: Wording(
        "Cán bộ tiếp nhận, tổng hợp",
        "Cán bộ phòng hoặc Ban chỉ đạo: tiếp nhận, trả lại, tổng hợp và phát hành báo cáo.",
    ),
    Role.PROVINCE_LEADER: Wording("Lãnh đạo tỉnh", "Xem tiến độ, số liệu và văn bản, không sửa."),
    Role.AUDITOR: Wording("Thanh tra", "Xem nhật ký, không xem và không sửa số liệu."),
    Role.ADMIN: Wording("Quản trị", "Quản trị danh mục và tài khoản, không nhập và không duyệt."),
}

PERMISSION_WORDS: dict[Permission, Wording] = {
    Permission.REPORT_VIEW: Wording("Xem báo cáo", "Mở báo cáo của đơn vị trong phạm vi."),
    Permission.REPORT_ENTER: Wording("Nhập báo cáo", "Nhập và sửa số liệu của đơn vị mình."),
    Permission.REPORT_SUBMIT: Wording("Nộp báo cáo", "Duyệt trong đơn vị và nộp lên cấp trên."),
    Permission.REPORT_REVIEW: Wording(
        "Tiếp nhận báo cáo", "Tiếp nhận hoặc trả lại báo cáo mà chính mình không nhập."
    ),
    Permission.REPORT_ENTER_ON_BEHALF: Wording(
        "Nhập thay", "Nhập thay đơn vị không có máy tính, khi là Công an phụ trách đơn vị đó."
    ),
    Permission.PROGRESS_VIEW: Wording("Xem tiến độ", "Xem đơn vị nào đã nộp, đơn vị nào chưa."),
    Permission.REMIND: Wording("Nhắc nộp", "Gửi thông báo nhắc đơn vị chưa nộp."),
    Permission.CONSOLIDATE_VIEW: Wording("Xem tổng hợp", "Xem số liệu tổng hợp trong phạm vi."),
    Permission.CONSOLIDATE: Wording("Tổng hợp", "Chốt số liệu, điều chỉnh và lập báo cáo."),
    Permission.DOCUMENT_VIEW: Wording("Xem văn bản", "Xem và tải báo cáo tổng hợp đã lập."),
    Permission.DOCUMENT_ISSUE: Wording("Phát hành văn bản", "Ghi số, ngày ký và phát hành."),
    Permission.PEOPLE_MANAGE: Wording(
        "Quản lý tài khoản", "Nhập danh sách tài khoản, cấp lại mật khẩu cho đơn vị phụ trách."
    ),
    Permission.AUDIT_VIEW: Wording("Xem nhật ký", "Xem ai đã làm gì và kiểm tra niêm phong."),
    Permission.ADMIN_SITE: Wording("Trang quản trị", "Sửa danh mục dùng chung."),
    Permission.JOBS_VIEW: Wording("Xem tác vụ", "Xem tác vụ và tệp do mình yêu cầu."),
    Permission.REGISTER_VIEW: Wording(
        "Xem sổ", "Xem chương trình, mô hình, hoạt động, lực lượng trong phạm vi."
    ),
    Permission.REGISTER_ENTER: Wording(
        "Ghi sổ", "Ghi và sửa mô hình, hoạt động, lực lượng của đơn vị mình."
    ),
    Permission.REGISTER_DECIDE: Wording(
        "Quyết định về mô hình", "Đổi trạng thái, xếp loại, nhân rộng mô hình trong phạm vi."
    ),
    Permission.REGISTER_MANAGE: Wording(
        "Quản lý sổ",
        "Ban hành chương trình, chọn điển hình, gộp tên mô hình, đề nghị với Bộ.",
    ),
}

TABLE: dict[Role, frozenset[Permission]] = {
    Role.CLERK: frozenset(
        {
            Permission.REPORT_VIEW,
            Permission.REPORT_ENTER,
            Permission.REPORT_ENTER_ON_BEHALF,
            Permission.JOBS_VIEW,
            Permission.REGISTER_VIEW,
            Permission.REGISTER_ENTER,
        }
    ),
    Role.LEADER: frozenset(
        {
            Permission.REPORT_VIEW,
            Permission.REPORT_ENTER,
            Permission.REPORT_SUBMIT,
            Permission.PROGRESS_VIEW,
            Permission.CONSOLIDATE_VIEW,
            Permission.DOCUMENT_VIEW,
            Permission.JOBS_VIEW,
            Permission.REGISTER_VIEW,
            Permission.REGISTER_ENTER,
            Permission.REGISTER_DECIDE,
        }
    ),
    Role.BLOCK_HEAD: frozenset(
        {
            Permission.REPORT_VIEW,
            Permission.REPORT_ENTER,
            Permission.REPORT_SUBMIT,
            Permission.PROGRESS_VIEW,
            Permission.REMIND,
            Permission.CONSOLIDATE_VIEW,
            Permission.DOCUMENT_VIEW,
            Permission.JOBS_VIEW,
            Permission.REGISTER_VIEW,
            Permission.REGISTER_ENTER,
            Permission.REGISTER_DECIDE,
        }
    ),
    Role.REVIEWER: frozenset(
        {
            Permission.REPORT_VIEW,
            Permission.REPORT_REVIEW,
            Permission.REPORT_ENTER_ON_BEHALF,
            Permission.PROGRESS_VIEW,
            Permission.REMIND,
            Permission.CONSOLIDATE_VIEW,
            Permission.CONSOLIDATE,
            Permission.DOCUMENT_VIEW,
            Permission.DOCUMENT_ISSUE,
            Permission.PEOPLE_MANAGE,
            Permission.JOBS_VIEW,
            Permission.REGISTER_VIEW,
            Permission.REGISTER_ENTER,
            Permission.REGISTER_DECIDE,
            Permission.REGISTER_MANAGE,
        }
    ),
    Role.PROVINCE_LEADER: frozenset(
        {
            Permission.REPORT_VIEW,
            Permission.PROGRESS_VIEW,
            Permission.CONSOLIDATE_VIEW,
            Permission.DOCUMENT_VIEW,
            Permission.JOBS_VIEW,
            Permission.REGISTER_VIEW,
        }
    ),
    Role.AUDITOR: frozenset({Permission.AUDIT_VIEW, Permission.JOBS_VIEW}),
    Role.ADMIN: frozenset(
        {
            Permission.ADMIN_SITE,
            Permission.PEOPLE_MANAGE,
            Permission.AUDIT_VIEW,
            Permission.JOBS_VIEW,
        }
    ),
}


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What is known about somebody before the account exists."""

    username: str
    full_name: str
    title: str = ""
    phone: str = ""
    email: str = ""
    is_admin: bool = False
    is_demo: bool = False


def permissions_of(roles: Iterable[Role | str]) -> frozenset[Permission]:
    """Add up what the roles allow."""
    return frozenset().union(*(TABLE[Role(role)] for role in roles))


def rights_table() -> str:
    """Print the table of roles and rights as text, for the province to sign."""
    width = max(len(words.name) for words in PERMISSION_WORDS.values())
    lines = ["BẢNG VAI TRÒ VÀ QUYỀN", ""]
    lines += [
        f"[{number}] {words.name}: {words.sentence}"
        for number, words in enumerate(ROLE_WORDS.values(), start=1)
    ]
    lines += ["", " " * width + "".join(f"  [{n}]" for n in range(1, len(ROLE_WORDS) + 1))]
    for permission, words in PERMISSION_WORDS.items():
        marks = "".join("    x" if permission in TABLE[role] else "    ." for role in ROLE_WORDS)
        lines.append(f"{words.name:<{width}}{marks}")
    lines += ["", "Giải thích các quyền:"]
    lines += [f"- {words.name}: {words.sentence}" for words in PERMISSION_WORDS.values()]
    return "\n".join(lines)


def normal_username(typed: str) -> str:
    """Bring a typed user name to the one form that is stored."""
    return unicodedata.normalize("NFC", typed).strip().lower()


def delay_after(failures: int) -> timedelta:
    """Give the wait after so many failures: five are free, then 2, 4, 8 … seconds to 15 minutes."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    exponent = min(failures - FREE_FAILURES, 20)
    return min(timedelta(seconds=2**exponent), LONGEST_DELAY)


def wait_text(seconds: int) -> str:
    """Say a wait in words."""
    if seconds < 60:
        return f"{seconds} giây"
    return f"{-(-seconds // 60)} phút"


def client_address(*, remote: str, forwarded: str, proxies: Sequence[str]) -> str:
    """Find the caller's address: X-Forwarded-For is read from the right, past our own proxies only.

    IPv6 callers are counted by their /64, which one household holds whole.
    """
    trusted = [ipaddress.ip_network(proxy, strict=False) for proxy in proxies]
    hops = [_address(hop) for hop in forwarded.split(",") if hop.strip()]
    address = _address(remote)
    while hops and _is_one_of(address, trusted):
        nearer = hops.pop()
        if nearer is None:
            break
        address = nearer
    if address is None:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def password_faults(password: str, *, words: Iterable[str] = ()) -> list[str]:
    """Say what is wrong with a new password: its length, its fame, its likeness to its owner.

    No rule asks for capitals or signs: a sentence is the best password.
    """
    faults = []
    if len(password) < SHORTEST_PASSWORD:
        faults.append(f"Mật khẩu phải có ít nhất {SHORTEST_PASSWORD} ký tự.")
    if len(password) > LONGEST_PASSWORD:
        faults.append(f"Mật khẩu chỉ được dài đến {LONGEST_PASSWORD} ký tự.")
    key = _letters_and_digits(password)
    if any(_is_like(key, _letters_and_digits(word)) for word in words):
        faults.append("Mật khẩu quá giống tên đăng nhập, họ tên hoặc đơn vị.")
    if _is_common(password, key):
        faults.append("Mật khẩu quá dễ đoán. Hãy ghép vài từ không liên quan với nhau.")
    return faults


def _address(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_one_of(address: Address | None, networks: Iterable[Network]) -> bool:
    return address is not None and any(address in network for network in networks)


def _letters_and_digits(text: str) -> str:
    return "".join(letter for letter in search_key(text) if letter.isalnum())


def _is_like(key: str, word: str) -> bool:
    """Tell whether little is left of a password without the word."""
    return len(word) >= SHORTEST_WORD and word in key and len(key) - len(word) < FEW_LETTERS


def _is_common(password: str, key: str) -> bool:
    letters = "".join(letter for letter in key if letter.isalpha())
    base = letters[: (letters + letters).find(letters, 1)] if letters else ""
    return (
        not letters
        or len(set(key)) < FEW_LETTERS
        or base in COMMON_BASES
        or letters in ALPHABET
        or password.lower() in _common_passwords()
    )


@cache
def _common_passwords() -> frozenset[str]:
    return frozenset(CommonPasswordValidator().passwords)
