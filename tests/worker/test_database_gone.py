"""The database goes away for a while: a plain page says so, and all is well when it is back."""

from __future__ import annotations

import contextlib
import http.client
import socket
import threading
from collections.abc import Iterator

import pytest
from django.conf import settings

from frontdoor import processes, up
from tests.portal import Portal, dsn, free_port, last_lines, wait_until

pytestmark = [pytest.mark.worker, pytest.mark.xdist_group("portal")]


class Cable:
    """Stands between a portal and PostgreSQL, and can be pulled out."""

    def __init__(self) -> None:
        """Listen on a port of its own."""
        self.port = free_port()
        self.is_in = True
        self.ends: list[socket.socket] = []
        self.door = socket.create_server(("127.0.0.1", self.port))
        threading.Thread(target=self._serve, daemon=True).start()

    def pull(self) -> None:
        """Cut every connection and refuse new ones."""
        self.is_in = False
        for end in self.ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
        self.ends.clear()

    def _serve(self) -> None:
        while True:
            try:
                near, _address = self.door.accept()
            except OSError:
                return
            if not self.is_in:
                near.close()
                continue
            far = server()
            self.ends += [near, far]
            for pair in ((near, far), (far, near)):
                threading.Thread(target=_copy, args=pair, daemon=True).start()


def server() -> socket.socket:
    """Connect to PostgreSQL as the settings say: by its socket file or by host and port."""
    host, port = str(settings.APP_DATABASE["HOST"]), settings.APP_DATABASE["PORT"] or 5432
    if host.startswith("/"):
        far = socket.socket(socket.AF_UNIX)
        far.connect(f"{host}/.s.PGSQL.{port}")
        return far
    return socket.create_connection((host or "127.0.0.1", int(port)))


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while chunk := source.recv(65536):
            target.sendall(chunk)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@pytest.fixture
def cabled(portal: Portal) -> Iterator[tuple[Cable, int]]:
    """Start a second web server that reaches the portal's database by a cable."""
    cable, port = Cable(), free_port()
    login = settings.APP_DATABASE | {"HOST": "127.0.0.1", "PORT": str(cable.port)}
    other = Portal(port, portal.files, portal.database, dict(portal.environment))
    other.environment |= {"DATABASE_URL": dsn(login, portal.database), "PORT": str(port)}
    other.start("cabled", processes.web(port, up.free_hosts(port)))
    wait_until(lambda: up.answers(port), 30, lambda: last_lines(other))
    yield cable, port
    other.stop()
    cable.door.close()
    cable.pull()


def get(port: int, path: str) -> tuple[int, str]:
    """Fetch a page as a stranger."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers={"Host": "localhost", "Cookie": COOKIE.format(port)})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


# A cookie makes the page ask the database whose session this is.
COOKIE = "antq_session_{}=abcdefghijklmnopqrstuvwxyz012345"


def test_a_plain_page_while_the_database_is_gone(cabled: tuple[Cable, int]) -> None:
    cable, port = cabled
    assert get(port, "/dang-nhap/")[0] == 200

    cable.pull()
    status, text = get(port, "/dang-nhap/")
    assert status == 503
    assert "dữ liệu" in text.lower()
    assert "Traceback" not in text
    assert get(port, "/healthz")[0] == 503

    cable.is_in = True
    assert get(port, "/dang-nhap/")[0] == 200
    assert get(port, "/healthz")[0] == 200
