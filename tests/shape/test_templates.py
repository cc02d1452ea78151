"""Templates compile, are used, stay short, and bring no code, no style and no outside host."""

import re
from pathlib import Path

import pytest
from django.template import Engine, TemplateSyntaxError
from django.template.loader import get_template

from tests.shape.source import BASE_DIR, sources

FOLDER = BASE_DIR / "templates"
LONGEST_PAGE = 150
FAULTS = {
    "inline style": re.compile(r"\sstyle\s*=", re.IGNORECASE),
    "style block": re.compile(r"<style\b", re.IGNORECASE),
    "inline script": re.compile(r"<script\b(?![^>]*\bsrc\s*=)", re.IGNORECASE),
    "event handler": re.compile(r"\s(on[a-z]+|hx-on[:a-z-]*)\s*=\s*[\"']", re.IGNORECASE),
    "script address": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
    "outside host": re.compile(r"https?://(?!www\.w3\.org/)", re.IGNORECASE),
    "queries": re.compile(r"\.objects\b"),
}
# JSON for our own scripts is data, not code.
DATA_SCRIPT = re.compile(r"<script\b[^>]*type=\"application/json\"[^>]*>", re.IGNORECASE)
COMMENT = re.compile(r"{#.*?#}|{% comment %}.*?{% endcomment %}", re.DOTALL)


def templates() -> list[Path]:
    return sorted(p for p in FOLDER.rglob("*") if p.suffix in {".html", ".txt", ".svg"})


def name_of(path: Path) -> str:
    return path.relative_to(FOLDER).as_posix()


def faults_of(text: str) -> list[str]:
    plain = DATA_SCRIPT.sub("", COMMENT.sub("", text))
    return [name for name, pattern in FAULTS.items() if pattern.search(plain)]


def orphans(names: list[str], texts: list[str]) -> list[str]:
    """Find templates that nothing names; Django and our libraries name the overriding ones."""
    everything = "\n".join(texts)
    return [name for name in names if name not in everything]


def every_text() -> list[str]:
    texts = [path.read_text(encoding="utf-8") for path in templates()]
    return texts + [source.text for source in sources()]


@pytest.mark.parametrize("path", templates(), ids=name_of)
def test_template_compiles(path: Path) -> None:
    get_template(name_of(path))


def test_broken_template_is_found() -> None:
    with pytest.raises(TemplateSyntaxError):
        Engine().from_string("{% if %}")


@pytest.mark.parametrize("path", templates(), ids=name_of)
def test_template_is_clean(path: Path) -> None:
    assert faults_of(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    ("fault", "text"),
    [
        ("inline style", '<p style="color: red">'),
        ("style block", "<style>p {}</style>"),
        ("inline script", "<script>alert(1)</script>"),
        ("event handler", '<a onclick="go()">'),
        ("event handler", '<a hx-on:click="go()">'),
        ("script address", '<a href="javascript:go()">'),
        ("outside host", '<img src="https://example.org/a.png">'),
        ("queries", "{% for row in model.objects.all %}"),
    ],
)
def test_fault_is_found(fault: str, text: str) -> None:
    assert faults_of(text) == [fault]


def test_script_of_our_own_and_json_are_fine() -> None:
    assert faults_of('<script src="{% static "js/x.js" %}"></script>') == []
    assert faults_of('<script type="application/json" id="x">{}</script>') == []


@pytest.mark.parametrize("path", templates(), ids=name_of)
def test_template_is_short(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= LONGEST_PAGE


def test_no_template_is_an_orphan() -> None:
    ours = [name_of(p) for p in templates() if not overrides_a_library(name_of(p))]
    assert orphans(ours, every_text()) == []


def test_orphan_is_found() -> None:
    assert orphans(["x/alone.html"], ["{% include 'x/other.html' %}"]) == ["x/alone.html"]


def overrides_a_library(name: str) -> bool:
    folders = ("admin/", "bootstrap5/", "django/", "django_tables2/", "registration/", "errors/")
    return name.startswith(folders)
