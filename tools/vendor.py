"""Re-create everything here that other people made: fonts, icons, Bootstrap, axe-core.

Run it by hand (needs network and npm) when a version changes; ``--check`` compares the files with
the lock and needs neither.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tinycss2  # type: ignore[import-untyped]
from fontTools import subset

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "static/vendor/vendor.lock.json"


@dataclass(frozen=True, slots=True)
class Package:
    """One package of the npm registry, pinned by the sha512 of its archive."""

    name: str
    version: str
    licence: str
    integrity: str


BOOTSTRAP = Package(
    "bootstrap",
    "5.3.9",
    "MIT",
    "20cU0rcfw8WdxtVbmfU+xT2EjvVTw9Ror/h1Qvd7DXCujRg8OO9mdBCsmTHdJFf3BuadmBNJtgIuUXsBqSkk/w==",
)
ICONS = Package(
    "bootstrap-icons",
    "1.13.2",
    "MIT",
    "fAU1Ly3dH7hwRg+CB8EZ0Vl0fF80zgXHeUVJyfUOKzoURr+TbwISbCW5tKUoQLERaWYG2emTCybcPbD96hdD1A==",
)
SCREEN_FONT = Package(
    "@expo-google-fonts/be-vietnam-pro",
    "0.4.1",
    "OFL-1.1",
    "4o2bsqU1zcC6NZf5FRYB+7gE49waNWYOGc5c5qLfPgrSqqr61hS2Bz4TVPgxudO038tLydSyPxV8e79g8j5DpQ==",
)
PAPER_FONT = Package(
    "@expo-google-fonts/tinos",
    "0.4.2",
    "OFL-1.1",
    "MQkfvUO1Aw7UP3jRtWLcjda+udanoL8ecrbkjbc3ZdhSI1iW/Uil4uD8O0eOiIxU2v/FeAT2XjGNiz5oYUlucg==",
)
AXE = Package(
    "axe-core",
    "4.14.1",
    "MPL-2.0",
    "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
)

# Letters of Vietnamese in NFC, ASCII, Latin-1 and the punctuation our pages use.
SCREEN_LETTERS = (
    "U+0020-007E,U+00A0-00FF,U+0102-0103,U+0110-0111,U+0128-0129,U+0168-0169,U+01A0-01A1,"
    "U+01AF-01B0,U+1EA0-1EF9,U+2013-2014,U+2018-201D,U+2022,U+2026,U+20AB,U+2212,U+2264-2265"
)

# Parts of Bootstrap that need its JavaScript, a dark theme, wide breakpoints, or that we draw
# ourselves. A rule goes only when every selector of it matches.
UNUSED_CSS = re.compile(
    r"\[data-bs-theme=dark\]|\.(?:carousel|offcanvas|tooltip|bs-|popover|toast|modal|accordion"
    r"|spinner|placeholder|drop(?:down|up|end|start)|navbar|nav\b|nav-|tab-|figure|img-|ratio"
    r"|sticky-(?:sm|md|lg)|fixed-|form-floating|form-range|form-control-color|btn-check"
    r"|btn-group|btn-toolbar|btn-close|icon-link|focus-ring|link-|text-bg-|vr\b|hstack|vstack"
    r"|collaps|fade\b|opacity-|text-opacity|bg-opacity|border-opacity|bg-gradient|order-"
    r"|object-fit|z-|user-select|pe-(?:auto|none)|shadow|translate|top-|bottom-|start-|end-"
    r"|float-|row-cols|column-gap|row-gap|rounded-|fs-|lh-|fst-|font-monospace|initialism"
    r"|blockquote|display-|lead\b|alert|badge|breadcrumb|list-group|card|progress|pagination"
    r"|page-|table-(?:primary|secondary|success|info|warning|danger|light|dark|active)"
    r"|btn-(?:outline-)?(?:info|light|dark|success|warning)|border-(?:primary|secondary"
    r"|success|info|warning|danger|light|dark|black|white)|bg-(?:primary|secondary|success"
    r"|info|warning|danger|light|dark|black|body)|text-(?:info|light|dark|black|warning"
    r"|primary|secondary|success|body|white|reset)|stretched-link|min-v|v[wh]-)"
    r"|\.[a-z-]+-xx?l(?:-|\b)|\.(?:[mp][tbsexy]?|g[xy]?|offset|gap|flex|justify-content"
    r"|align-(?:items|self|content)|d|text)-(?:sm|md|lg)-(?!none|block|flex|start|end|6|8|4)"
    r"|-n[1-5]\b|\.offset-|-subtle|-emphasis"
)

ICON_NAMES = [
    "list-task",
    "file-earmark-text",
    "diagram-3",
    "pen",
    "chat-left-text",
    "award",
    "trophy",
    "bar-chart",
    "building",
    "search",
    "bell",
    "person-circle",
    "box-arrow-right",
    "key",
    "check-circle-fill",
    "exclamation-triangle-fill",
    "x-octagon-fill",
    "info-circle-fill",
    "clock",
    "hourglass-split",
    "lock-fill",
    "arrow-left-right",
    "chevron-right",
    "chevron-left",
    "list",
    "x-lg",
    "download",
    "upload",
    "printer",
    "plus-lg",
    "pencil",
    "trash",
    "calendar3",
    "journal-text",
    "gear",
    "send",
    "arrow-return-left",
    "chat-square-text",
    "file-earmark-pdf",
    "file-earmark-word",
    "file-earmark-excel",
    "dash-circle",
    "eye",
    "telephone",
    "inbox",
    "clipboard-check",
    "geo-alt",
    "arrow-repeat",
    "shield-check",
    "circle",
]


def unpack(package: Package, into: Path) -> Path:
    """Fetch a package through npm, refuse it when its hash is not the pinned one, and open it."""
    answer = subprocess.run(  # noqa: S603
        ["npm", "pack", "--silent", f"{package.name}@{package.version}"],  # noqa: S607
        cwd=into,
        check=True,
        capture_output=True,
        text=True,
    )
    archive = into / answer.stdout.strip().splitlines()[-1]
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if digest != package.integrity:
        sys.exit(f"{package.name} {package.version}: sha512 is {digest}, not the pinned one")
    target = into / archive.stem
    with tarfile.open(archive) as opened:
        opened.extractall(target, filter="data")
    return target / "package"


def without_unused_rules(css: str) -> str:
    """Return the stylesheet without the rules named by UNUSED_CSS and without its map comment."""
    rules = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(kept_rules(rules))


def kept_rules(rules: list[tinycss2.ast.Node]) -> Iterator[str]:
    """Yield each rule that stays, going into media queries."""
    for rule in rules:
        if rule.type == "qualified-rule":
            selectors = tinycss2.serialize(rule.prelude).split(",")
            kept = [part.strip() for part in selectors if not UNUSED_CSS.search(part)]
            if kept:
                yield f"{','.join(kept)}{{{tinycss2.serialize(rule.content).strip()}}}\n"
        elif rule.type == "at-rule" and rule.lower_at_keyword == "media":
            nested = tinycss2.parse_rule_list(rule.content, skip_whitespace=True)
            inside = "".join(kept_rules(nested))
            if inside:
                yield f"@media{tinycss2.serialize(rule.prelude)}{{{inside}}}\n"


def sprite(icons: Path) -> str:
    """Return one SVG whose symbols are the named icons."""
    symbols = []
    for name in ICON_NAMES:
        svg = (icons / f"{name}.svg").read_text(encoding="utf-8")
        body = re.sub(r"\s*\n\s*", "", re.sub(r"^<svg[^>]*>|</svg>\s*$", "", svg.strip()))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 16 16">{body}</symbol>')
    inside = "\n".join(symbols)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{inside}\n</svg>\n'


def screen_font(source: Path, target: Path) -> None:
    """Write a woff2 with Vietnamese letters only, hinting kept for office monitors."""
    subset.main(
        [
            str(source),
            f"--unicodes={SCREEN_LETTERS}",
            "--layout-features=kern,mark,mkmk,ccmp,locl",
            "--flavor=woff2",
            f"--output-file={target}",
        ]
    )


def gather(work: Path) -> Iterator[tuple[str, Package, bytes]]:
    """Yield every vendored file: its path, the package it came from, its bytes."""
    yield from gather_bootstrap(unpack(BOOTSTRAP, work))
    yield from gather_icons(unpack(ICONS, work))
    yield from gather_screen_font(unpack(SCREEN_FONT, work), work)
    yield from gather_paper_font(unpack(PAPER_FONT, work))
    source = unpack(AXE, work)
    yield "tests/vendor/axe.min.js", AXE, (source / "axe.min.js").read_bytes()
    yield "tests/vendor/axe.LICENSE", AXE, (source / "LICENSE").read_bytes()


def gather_bootstrap(source: Path) -> Iterator[tuple[str, Package, bytes]]:
    """Yield the style sheet without what we do not use."""
    folder = f"static/vendor/bootstrap-{BOOTSTRAP.version}"
    css = without_unused_rules((source / "dist/css/bootstrap.min.css").read_text(encoding="utf-8"))
    yield f"{folder}/bootstrap.subset.css", BOOTSTRAP, css.encode()
    yield f"{folder}/LICENSE", BOOTSTRAP, (source / "LICENSE").read_bytes()


def gather_icons(source: Path) -> Iterator[tuple[str, Package, bytes]]:
    """Yield the sprite of the icons in use."""
    yield "static/img/icons.svg", ICONS, sprite(source / "icons").encode()
    yield "static/img/icons.LICENSE", ICONS, (source / "LICENSE").read_bytes()


def gather_screen_font(source: Path, work: Path) -> Iterator[tuple[str, Package, bytes]]:
    """Yield the two weights for the screen."""
    folder = "static/fonts/be-vietnam-pro"
    for weight, name in (("400", "400Regular"), ("600", "600SemiBold")):
        small = work / f"{weight}.woff2"
        screen_font(source / name / f"BeVietnamPro_{name}.ttf", small)
        yield f"{folder}/be-vietnam-pro-{weight}.woff2", SCREEN_FONT, small.read_bytes()
    yield f"{folder}/OFL.txt", SCREEN_FONT, (source / "LICENSE_FONT").read_bytes()


def gather_paper_font(source: Path) -> Iterator[tuple[str, Package, bytes]]:
    """Yield the four whole faces for PDFs; subsets of the web garble Vietnamese there."""
    for name, style in (
        ("400Regular", "Regular"),
        ("400Regular_Italic", "Italic"),
        ("700Bold", "Bold"),
        ("700Bold_Italic", "BoldItalic"),
    ):
        content = (source / name / f"Tinos_{name}.ttf").read_bytes()
        yield f"static/fonts/tinos/Tinos-{style}.ttf", PAPER_FONT, content
    yield "static/fonts/tinos/OFL.txt", PAPER_FONT, (source / "LICENSE_FONT").read_bytes()


def place(path: str, content: bytes) -> None:
    """Write one file of the project."""
    target = ROOT / path
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(content)


def sha256(path: Path) -> str:
    """Return the hexadecimal sha256 of a file."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def vendor(work: Path) -> None:
    """Write every file, and record where it came from and what it must hash to."""
    made = []
    for path, package, content in gather(work):
        place(path, content)
        made.append((path, package))
    rows = [
        {
            "path": path,
            "package": package.name,
            "version": package.version,
            "licence": package.licence,
            "integrity": f"sha512-{package.integrity}",
            "sha256": sha256(ROOT / path),
        }
        for path, package in sorted(made, key=lambda pair: pair[0])
    ]
    LOCK.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def changed_files() -> list[str]:
    """Return the vendored paths that are gone or are not what the lock says."""
    rows = json.loads(LOCK.read_text(encoding="utf-8"))
    return [
        row["path"]
        for row in rows
        if not (ROOT / row["path"]).is_file() or sha256(ROOT / row["path"]) != row["sha256"]
    ]


def main() -> int:
    """Vendor everything again, or with --check only compare with the lock."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare with the lock")
    if parser.parse_args().check:
        wrong = changed_files()
        sys.stdout.write("".join(f"changed: {path}\n" for path in wrong))
        return 1 if wrong else 0
    with tempfile.TemporaryDirectory() as folder:
        vendor(Path(folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
