"""Everything of a clone has its place, secrets are private, sockets have paths that work."""

import stat
from pathlib import Path

import pytest

from frontdoor import places


def test_socket_stays_in_the_clone() -> None:
    assert places.socket_folder(Path("/srv/antq/var/run"), "redis") == Path("/srv/antq/var/run")


@pytest.mark.parametrize("path", ["/home/lan/" + "x" * 90, "/home/lan/Công an tỉnh/var/run"])
def test_socket_moves_where_its_path_is_unfit(path: str) -> None:
    folder = places.socket_folder(Path(path), "redis")

    assert str(folder).startswith("/tmp/antq-")  # noqa: S108
    assert len(str(folder)) < places.LONGEST_SOCKET_FOLDER


def test_clones_have_names_of_their_own(monkeypatch: pytest.MonkeyPatch) -> None:
    here = places.clone_hash()
    monkeypatch.setattr(places, "BASE_DIR", Path("/elsewhere"))

    assert places.clone_hash() != here


def test_secret_is_private_and_replaced_whole(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    folder.mkdir()
    file = folder / "x.url"

    places.write_secret(file, "one")
    places.write_secret(file, "two")

    assert file.read_text(encoding="utf-8") == "two\n"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [p.name for p in folder.iterdir()] == ["x.url"]


def test_private_folder_refuses_a_link(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path)

    with pytest.raises(OSError, match="symbolic link"):
        places.private_folder(tmp_path / "link")


def test_private_folder_is_closed_to_others(tmp_path: Path) -> None:
    places.private_folder(tmp_path / "x")

    assert stat.S_IMODE((tmp_path / "x").stat().st_mode) == 0o700
