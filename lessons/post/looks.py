"""Brings the templates of letters, their styles written into the elements: once for all letters, as they are loaded."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from css_inline import CSSInliner
from jinja2 import Environment, FileSystemLoader

TEMPLATES = Path(__file__).parents[1] / "templates" / "letters"
SHEET = "letter.css"
COMMENT, TAG = re.compile(r"{#.*?#}\n?", re.DOTALL), re.compile(r"{{.*?}}|{%.*?%}", re.DOTALL)
OPEN, SHUT = "\ue000", "\ue001"
ELEMENT = re.compile("<[^>]*>")
STANDING = re.compile(f"{OPEN}([0-9]+){SHUT}")
DOCUMENT = "<!doctype"


class Letters(FileSystemLoader):
    """The folder of letters. What Jinja reads stands where text may stand, never between a table and its rows: an HTML
    parser would move it."""

    def __init__(self) -> None:
        super().__init__(TEMPLATES)

    def get_source(self, environment: Environment, template: str) -> tuple[str, str, Callable[[], bool]]:
        source, path, is_fresh = super().get_source(environment, template)
        return dressed(source) if template.endswith(".html") else source, path, is_fresh


def dressed(source: str) -> str:
    """A template with each element's style on it. Raises ValueError where a tag of Jinja's does not stand in text."""
    tags: list[str] = []

    def kept(found: re.Match[str]) -> str:
        tags.append(found.group())
        return f"{OPEN}{len(tags) - 1}{SHUT}"

    plain = TAG.sub(kept, COMMENT.sub("", source))
    html = _inlined(plain)
    if _in_text(html) != _in_text(plain) or len(STANDING.findall(html)) != len(tags):
        raise ValueError("a tag of the template was moved: it stood where no text may stand")
    return STANDING.sub(lambda found: tags[int(found.group(1))], html)


def _in_text(html: str) -> list[str]:
    """Those that stand outside elements' heads, where attributes may change places."""
    return STANDING.findall(ELEMENT.sub("", html))


def _inlined(html: str) -> str:
    css = (TEMPLATES / SHEET).read_text()
    if html.lstrip().lower().startswith(DOCUMENT):
        return CSSInliner(
            extra_css=css, inline_style_tags=False, keep_style_tags=True, load_remote_stylesheets=False
        ).inline(html)
    return CSSInliner(load_remote_stylesheets=False).inline_fragment(html, css)
