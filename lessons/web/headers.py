"""What every answer carries: which scripts and frames are allowed, and that signed-in pages are kept nowhere."""

from __future__ import annotations

import re
import secrets

from flask import Response, request

from lessons import db, logs
from lessons.web import answers, who

PLAIN = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self'; font-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors {ancestors}"
)
A_YEAR = "max-age=31536000; includeSubDomains"

NUMBER = re.compile(r"[\w-]{8,64}")
"""How a proxy may number requests."""


def number() -> None:
    """Before every request: its number, the proxy's own where one is trusted."""
    told = request.headers.get("X-Request-Id", "") if db.settings().trusted_proxies else ""
    logs.REQUEST.set(told if NUMBER.fullmatch(told) else secrets.token_hex(8))


def unlisted(response: Response) -> Response:
    """An answer at a secret address: kept nowhere, and found by no search."""
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def dress(response: Response) -> Response:
    """After every request. A page that may be framed names its `frame-ancestors` in its own policy beforehand."""
    for name, value in PLAIN.items():
        response.headers.setdefault(name, value)
    response.headers["X-Request-Id"] = logs.REQUEST.get()
    response.headers.setdefault("Content-Security-Policy", POLICY.format(nonce=answers.nonce(), ancestors="'none'"))
    if db.settings().base_url.startswith("https://"):
        response.headers.setdefault("Strict-Transport-Security", A_YEAR)
    if request.endpoint not in ("static", "web.font", "web.kit", "web.htmx"):
        private = who.actor().kind != "anonymous" or request.method != "GET" or response.status_code >= 400
        response.headers.setdefault("Cache-Control", "no-store" if private else "no-cache")
    return response
