"""The one stylesheet of every page: the faces, the tokens and the kit, under a name that changes with what it says."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path

from exports import fonts

PARTS = ("tokens", "frame", "controls", "components", "card", "charts", "print")
STATIC = Path(__file__).parents[1] / "static"


@cache
def text() -> str:
    """Everything in its order; the faces by their own address."""
    faces = (fonts.folder() / "fonts.css").read_text(encoding="utf-8").replace('url("', 'url("/fonts/')
    return "\n".join([faces, *((STATIC / f"{part}.css").read_text(encoding="utf-8") for part in PARTS)])


@cache
def faces() -> list[str]:
    """Where the faces are: a page asks for them along with the sheet, so that they are there when it is drawn."""
    return re.findall(r'url\("([^"]+)"\)', text())


@cache
def name() -> str:
    """What the sheet is called today: browsers keep it for as long as it says the same."""
    return f"kit-{hashlib.sha256(text().encode()).hexdigest()[:16]}.css"
