"""The table of rights, names, passwords, delays and addresses."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.rules import (
    LONGEST_DELAY,
    PERMISSION_WORDS,
    ROLE_WORDS,
    TABLE,
    Permission,
    Role,
    client_address,
    delay_after,
    normal_username,
    password_faults,
    permissions_of,
    rights_table,
    wait_text,
)

WORDS = ("lan.mytho", "Trần Thị Lan", "Công an xã Mỹ Thọ", "0912345678")


def test_every_role_and_permission_has_words_and_a_place() -> None:
    assert set(TABLE) == set(Role) == set(ROLE_WORDS)
    assert set(PERMISSION_WORDS) == set(Permission)
    assert frozenset().union(*TABLE.values()) == set(Permission)


def test_words_are_whole_sentences() -> None:
    for words in [*ROLE_WORDS.values(), *PERMISSION_WORDS.values()]:
        assert words.name
        assert words.sentence.endswith(".")


def test_permissions_of_adds_up_roles_given_as_text_too() -> None:
    assert permissions_of([]) == frozenset()
    assert permissions_of(["clerk", Role.AUDITOR]) == TABLE[Role.CLERK] | TABLE[Role.AUDITOR]


def test_nobody_but_the_reviewer_accepts_and_issues() -> None:
    for permission in (Permission.REPORT_REVIEW, Permission.DOCUMENT_ISSUE):
        assert [role for role in Role if permission in TABLE[role]] == [Role.REVIEWER]


@pytest.mark.parametrize("role", [Role.PROVINCE_LEADER, Role.AUDITOR, Role.ADMIN])
def test_leaders_auditors_and_administrators_change_no_figures(role: Role) -> None:
    changing = {
        Permission.REPORT_ENTER,
        Permission.REPORT_SUBMIT,
        Permission.REPORT_REVIEW,
        Permission.REPORT_ENTER_ON_BEHALF,
        Permission.CONSOLIDATE,
        Permission.DOCUMENT_ISSUE,
    }
    assert not TABLE[role] & changing


def test_rights_table_marks_each_right_of_each_role() -> None:
    text = rights_table()

    assert text.count("    x") == sum(len(rights) for rights in TABLE.values())
    for words in [*ROLE_WORDS.values(), *PERMISSION_WORDS.values()]:
        assert words.name in text
        assert words.sentence in text


@pytest.mark.parametrize(
    ("typed", "stored"), [(" Lan.MyTho ", "lan.mytho"), ("ADMIN", "admin"), ("", "")]
)
def test_normal_username(typed: str, stored: str) -> None:
    assert normal_username(typed) == stored


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [(0, 0), (5, 0), (6, 2), (7, 4), (8, 8), (14, 512), (15, 900), (4000, 900)],
)
def test_delay_after_grows_to_a_quarter_of_an_hour(failures: int, seconds: int) -> None:
    assert delay_after(failures) == timedelta(seconds=seconds)


@given(st.integers(min_value=0, max_value=10**9))
def test_delay_after_never_locks_for_good(failures: int) -> None:
    assert delay_after(failures) <= delay_after(failures + 1) <= LONGEST_DELAY


@pytest.mark.parametrize(
    ("seconds", "text"), [(1, "1 giây"), (59, "59 giây"), (60, "1 phút"), (61, "2 phút")]
)
def test_wait_text(seconds: int, text: str) -> None:
    assert wait_text(seconds) == text


@pytest.mark.parametrize(
    "password",
    [
        "Congan@2026",
        "Congan@20262026",
        "Công an Đồng Tháp 2026",
        "congancongan99",
        "lan.mytho2026",
        "Tran Thi Lan 90",
        "CongAnXaMyTho1",
        "0912345678-123",
        "ngan qua",
        "aaaaaaaaaaaaaa",
        "ababababababab",
        "123456789012345",
        "qwertyuiop1234",
        "abcdefghijklmn",
        "1q2w3e4r5t6y",
        "x" * 129,
    ],
)
def test_password_faults_refuse_what_is_guessed_first(password: str) -> None:
    assert password_faults(password, words=WORDS)


@pytest.mark.parametrize(
    "password",
    [
        "con mèo ngủ trên mái nhà",
        "chiếc xe đạp màu xanh của bà ngoại để ngoài hiên nhà suốt mùa mưa",
        "k7qm-2r9d-xw4t",
        "trời mưa bong bóng",
    ],
)
def test_password_faults_accept_sentences_without_capitals_or_signs(password: str) -> None:
    assert password_faults(password, words=WORDS) == []


def test_password_faults_name_every_fault() -> None:
    faults = password_faults("lanmytho1", words=["lan.mytho"])

    assert faults == [
        "Mật khẩu phải có ít nhất 12 ký tự.",
        "Mật khẩu quá giống tên đăng nhập, họ tên hoặc đơn vị.",
    ]


PROXY = ("10.0.0.1", "172.16.0.0/12")


@pytest.mark.parametrize(
    ("remote", "forwarded", "proxies", "address"),
    [
        ("203.0.113.9", "", (), "203.0.113.9"),
        ("203.0.113.9", "1.2.3.4", (), "203.0.113.9"),
        ("203.0.113.9", "1.2.3.4", PROXY, "203.0.113.9"),
        ("10.0.0.1", "1.2.3.4", PROXY, "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4", PROXY, "1.2.3.4"),
        ("10.0.0.1", "6.6.6.6, 1.2.3.4, 172.18.0.5", PROXY, "1.2.3.4"),
        ("10.0.0.1", "1.2.3.4, nonsense", PROXY, "10.0.0.1"),
        ("10.0.0.1", "", PROXY, "10.0.0.1"),
        ("::ffff:203.0.113.9", "", (), "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "", (), "2001:db8:1:2::/64"),
        ("", "1.2.3.4", (), "unknown"),
    ],
)
def test_client_address_believes_only_our_own_proxies(
    remote: str, forwarded: str, proxies: tuple[str, ...], address: str
) -> None:
    assert client_address(remote=remote, forwarded=forwarded, proxies=proxies) == address


@given(st.text(), st.text())
def test_client_address_survives_anything(remote: str, forwarded: str) -> None:
    assert client_address(remote=remote, forwarded=forwarded, proxies=["0.0.0.0/0", "::/0"])
