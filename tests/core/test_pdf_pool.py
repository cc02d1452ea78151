"""Children are limited, refuse the outside, are replaced when dead and end with their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from apps.core.pdf.errors import PdfFailed, PdfTooLarge
from apps.core.pdf.pool import ROOT, Limits, Pool

SMALL = '<html lang="vi"><title>a</title><p>Một trang</p></html>'
LONG = f'<html lang="vi"><title>a</title>{"<p>Nhiều trang giấy để đọc</p>" * 4000}</html>'
MakePool = Callable[..., Pool]


@pytest.fixture
def make_pool() -> Iterator[MakePool]:
    """Return a maker of pools that are closed after the test."""
    pools: list[Pool] = []

    def make(size: int = 1, **limits: float) -> Pool:
        pools.append(Pool(size, Limits(**limits)))
        return pools[-1]

    yield make
    for pool in pools:
        pool.close()


def only_pid(pool: Pool) -> int:
    """Return the process id of the only child."""
    (child,) = pool.children
    return child.process.pid


def test_one_warm_child_serves_many_small_papers(make_pool: MakePool) -> None:
    pool = make_pool(2)

    pieces = [pool.render_one(SMALL, "a") for _ in range(5)]

    assert len(pool.children) == 1
    assert {piece.pages for piece in pieces} == {1}
    assert len({piece.content for piece in pieces}) == 1


def test_children_work_side_by_side_and_answers_keep_their_order(make_pool: MakePool) -> None:
    pool = make_pool(2)
    lengths = (3, 1, 2, 1, 4)
    htmls = [SMALL.replace("Một trang", "<p>dòng</p>" * 100 * length) for length in lengths]

    pieces = pool.render_all(htmls, [str(index) for index in range(len(htmls))])

    assert len(pool.children) == 2
    alone = [pool.render_one(html, "a").pages for html in htmls]
    assert [piece.pages for piece in pieces] == alone
    assert len(set(alone)) == 4


def test_a_killed_child_is_replaced_unseen(make_pool: MakePool) -> None:
    pool = make_pool()
    pool.render_one(SMALL, "a")
    first = only_pid(pool)

    os.kill(first, signal.SIGKILL)
    piece = pool.render_one(SMALL, "a")

    assert piece.pages == 1
    assert only_pid(pool) != first


def test_a_child_killed_in_mid_render_costs_time_only(make_pool: MakePool) -> None:
    pool = make_pool()
    pool.render_one(SMALL, "a")
    killer = threading.Timer(0.4, os.kill, (only_pid(pool), signal.SIGKILL))
    killer.start()

    piece = pool.render_one(LONG, "a")

    killer.join()
    assert piece.pages > 20


def test_a_child_that_cannot_live_ends_in_words(
    make_pool: MakePool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(PdfFailed, match="Không lập được tệp PDF"):
        make_pool().render_one(SMALL, "a")


def test_too_much_memory_is_refused_and_the_next_paper_is_served(make_pool: MakePool) -> None:
    pool = make_pool(memory=420 * 1024 * 1024)
    pool.render_one(SMALL, "a")

    with pytest.raises(PdfTooLarge, match="quá lớn"):
        pool.render_one(LONG.replace("<p>", "<p><b><i>") * 12, "a")

    assert pool.render_one(SMALL, "a").pages == 1


def test_too_much_processor_time_is_refused(make_pool: MakePool) -> None:
    with pytest.raises(PdfTooLarge, match="chia nhỏ"):
        make_pool(cpu_seconds=1).render_one(LONG, "a")


def test_too_much_time_is_refused_even_when_the_child_is_stopped(make_pool: MakePool) -> None:
    pool = make_pool()
    pool.render_one(SMALL, "a")
    pool.children[0].limits = Limits(wall_seconds=0.3)
    os.kill(only_pid(pool), signal.SIGSTOP)

    with pytest.raises(PdfTooLarge):
        pool.render_one(LONG, "a")


def test_a_child_that_grew_is_retired(make_pool: MakePool) -> None:
    pool = make_pool(retire_at=1)

    pool.render_one(SMALL, "a")

    assert not pool.children


@pytest.mark.parametrize(
    "canary",
    [
        '<img src="file:///etc/passwd">',
        '<img src="http://127.0.0.1:9/x.png">',
        '<img src="https://example.org/x.png">',
        '<img src="data:image/svg+xml,%3Csvg/%3E">',
        '<img src="asset:../../manage.py">',
        '<img src="asset:absent.png">',
        '<link rel="attachment" href="file:///etc/passwd">',
        '<link rel="stylesheet" href="file:///etc/passwd">',
        "<style>@import url(http://169.254.169.254/);</style>",
        "<style>@font-face{font-family:x;src:url(file:///etc/passwd)}p{font:9pt x}</style><p>a",
        "<style>p::before{content:url(file:///etc/passwd)}</style><p>a</p>",
        "<style>p{background:url(ftp://127.0.0.1/a)}</style><p>a</p>",
        '<svg width="9" height="9"><image href="file:///etc/passwd" width="9" height="9"/></svg>',
        '<object data="file:///etc/passwd"></object>',
        '<embed src="file:///etc/passwd">',
    ],
)
def test_nothing_outside_is_fetched(make_pool_once: Pool, canary: str) -> None:
    try:
        piece = make_pool_once.render_one(f'<html lang="vi"><title>a</title>{canary}</html>', "a")
    except PdfFailed as refusal:
        assert "Không lập được" in str(refusal)
        return
    # Not asked for at all: then nothing of it may be inside.
    assert b"root:" not in piece.content
    assert b"/EmbeddedFile" not in piece.content


@pytest.fixture(scope="module")
def make_pool_once() -> Iterator[Pool]:
    """Return one pool for all canaries."""
    pool = Pool(1, Limits())
    yield pool
    pool.close()


@pytest.mark.parametrize("css", ["font-size:1e30px", "width:-1e99px", "margin:1e308mm"])
def test_absurd_sizes_fail_in_words_and_the_child_lives(make_pool_once: Pool, css: str) -> None:
    try:
        make_pool_once.render_one(f'<html lang="vi"><p style="{css}">a</p></html>', "a")
    except PdfFailed as refusal:
        assert str(refusal)
    assert make_pool_once.render_one(SMALL, "a").pages == 1


def test_a_child_knows_no_secret(make_pool: MakePool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://canary-secret@x/y")
    pool = make_pool()
    pool.render_one(SMALL, "a")

    environment = psutil.Process(only_pid(pool)).environ()

    assert not any("canary" in value for value in environment.values())
    assert "DJANGO_SETTINGS_MODULE" not in environment


SCRIPT = """
import multiprocessing, os, sys
from apps.core.pdf.pool import shared_pool
SMALL = '<html lang="vi"><title>a</title><p>a</p></html>'

def work():
    assert shared_pool().render_one(SMALL, "a").pages == 1
    print("forked", flush=True)

if __name__ == "__main__":
    shared_pool().render_one(SMALL, "a")
    process = multiprocessing.get_context("fork").Process(target=work, daemon=True)
    process.start(); process.join(60)
    assert process.exitcode == 0
    assert shared_pool().render_one(SMALL, "a").pages == 1
    (child,) = shared_pool().children
    print(child.process.pid, child.scratch, flush=True)
    sys.stdin.read(1)
"""


def start_script() -> tuple[subprocess.Popen[str], int, Path]:
    """Start a process with a pool and return it, its child's id and its scratch folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", SCRIPT],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "forked\n"
    pid, scratch = process.stdout.readline().split()
    return process, int(pid), Path(scratch)


def is_gone(pid: int) -> bool:
    """Tell whether a process has ended, be it reaped or not."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def wait_until_gone(pid: int) -> None:
    """Wait ten seconds at most."""
    until = time.monotonic() + 10
    while not is_gone(pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert is_gone(pid)


def test_daemonic_forks_have_children_of_their_own_and_all_end_at_exit() -> None:
    process, child, scratch = start_script()
    assert scratch.is_dir()

    process.communicate("x", timeout=30)

    assert process.returncode == 0
    wait_until_gone(child)
    assert not scratch.exists()


def test_children_end_when_their_parent_is_killed() -> None:
    process, child, scratch = start_script()

    process.kill()
    process.communicate(timeout=30)

    wait_until_gone(child)
    assert not scratch.exists()
