"""htmx, from its package: for pages of which a part changes by itself. Under a name that changes with what it says."""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files


@cache
def text() -> str:
    return files("js_lib_htmx").joinpath("static", "htmx", "htmx.min.js").read_text(encoding="utf-8")


@cache
def name() -> str:
    return f"htmx-{hashlib.sha256(text().encode()).hexdigest()[:16]}.js"
