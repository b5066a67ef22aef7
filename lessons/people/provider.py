"""Single sign-on: what an OpenID provider is asked, and what has to hold before its word counts."""

from __future__ import annotations

import hmac
import json
import time
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote, urlencode

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from lessons.post.channels.fetching import Request, Unanswered, fetch
from lessons.settings import Settings

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
"""Signatures by a key that only the provider has: `none` and shared secrets are not among them."""
LEEWAY = 60
FRESH, AGAIN = 3600, 30
"""Seconds that what the provider says of itself is kept; and between two looks for a key that is not known."""
WEB = ("https://", "http://")
LONGEST_TOKEN, LONGEST_SUB = 20_000, 255


class NotBelieved(Exception):
    """The provider's answer does not count; its words say why, for the log."""


@dataclass(frozen=True)
class Account:
    """Whom the provider vouches for. The key is (issuer, sub): an address may pass to another person, and it did not
    always verify it."""

    issuer: str
    sub: str
    email: str
    groups: frozenset[str]


@dataclass
class _Known:
    about: dict[str, Any]
    keys: KeySet
    read_at: float


_known: dict[str, _Known] = {}
_silent: dict[str, float] = {}


def forget() -> None:
    """What is kept of providers."""
    _known.clear()
    _silent.clear()


def address(
    settings: Settings, *, back: str, state: str, nonce: str, verifier: str, again: bool = False
) -> str:  # fmt: skip
    """Where the browser goes to sign in there; with `again` the provider asks anew whom it still knows. Raises
    Unanswered."""
    about = _provider(settings).about
    challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    asked = {
        "response_type": "code", "client_id": settings.oidc_client_id, "redirect_uri": back,
        "scope": settings.oidc_scopes, "state": state, "nonce": nonce, "code_challenge": challenge,
        "code_challenge_method": "S256",
        **({"prompt": "login", "max_age": "0"} if again else {}),
    }  # fmt: skip
    return _asking(str(about["authorization_endpoint"]), asked)


def farewell(settings: Settings, *, back: str) -> str:
    """Where the browser goes to sign out there too, and then comes `back`; "" where the provider has no such page.
    Raises Unanswered."""
    to = _provider(settings).about.get("end_session_endpoint")
    if not isinstance(to, str) or not to.startswith(WEB):
        return ""
    return _asking(to, {"client_id": settings.oidc_client_id, "post_logout_redirect_uri": back})


def _asking(to: str, asked: Mapping[str, str]) -> str:
    return f"{to}{'&' if '?' in to else '?'}{urlencode(asked)}"


def redeem(
    settings: Settings, code: str, *, back: str, nonce: str, verifier: str, since: int, at: datetime
) -> Account:  # fmt: skip
    """Whom the code is for. Raises Unanswered, NotBelieved."""
    given = {"grant_type": "authorization_code", "code": code, "redirect_uri": back, "code_verifier": verifier,
             "client_id": settings.oidc_client_id}  # fmt: skip
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    if settings.oidc_client_secret:
        pair = f"{quote(settings.oidc_client_id, safe='')}:{quote(settings.oidc_client_secret, safe='')}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    to = str(_provider(settings).about["token_endpoint"])
    said = _json(settings, Request(to, headers, urlencode(given).encode()))
    return believed(settings, said.get("id_token"), nonce=nonce, since=since, at=at)


def believed(settings: Settings, token: Any, *, nonce: str, since: int = 0, at: datetime) -> Account:
    """Whom the ID token names, once signature and claims hold; `since`: seconds of the epoch before which they may not
    have signed in there, 0 for ever. Raises NotBelieved, Unanswered."""
    if not isinstance(token, str) or len(token) > LONGEST_TOKEN:
        raise NotBelieved("no token")
    try:
        head = jws.extract_compact(token.encode()).headers()
        if head.get("alg") not in ALGORITHMS:
            raise NotBelieved("algorithm")
        claims = jwt.decode(token, _key(settings, head.get("kid")), algorithms=[head["alg"]]).claims
    except (JoseError, ValueError, TypeError) as error:
        raise NotBelieved(f"signature: {type(error).__name__}") from error
    fault = _fault(settings, claims, nonce, int(at.timestamp()))
    if since and not (_is_time(claims.get("auth_time")) and claims["auth_time"] >= since - LEEWAY):
        fault = fault or "auth_time"
    if fault:
        raise NotBelieved(fault)
    return _account(settings, claims)


def _fault(settings: Settings, claims: Mapping[str, Any], nonce: str, now: int) -> str:
    """The first claim that does not hold, "" where all do."""
    aud, us = claims.get("aud"), settings.oidc_client_id
    audience = [aud] if isinstance(aud, str) else aud if isinstance(aud, list) else []
    sub, sent = claims.get("sub"), claims.get("nonce")
    holds = {
        "iss": claims.get("iss") == settings.oidc_issuer,
        "aud": us in audience,
        "azp": claims.get("azp") == us or ("azp" not in claims and len(audience) == 1),
        "exp": _is_time(claims.get("exp")) and claims["exp"] > now - LEEWAY,
        "iat": _is_time(claims.get("iat")) and claims["iat"] <= now + LEEWAY,
        "nbf": "nbf" not in claims or (_is_time(claims["nbf"]) and claims["nbf"] <= now + LEEWAY),
        "nonce": isinstance(sent, str) and hmac.compare_digest(sent.encode(), nonce.encode()),
        "sub": isinstance(sub, str) and 0 < len(sub) <= LONGEST_SUB,
    }
    return next((name for name, held in holds.items() if not held), "")


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _account(settings: Settings, claims: Mapping[str, Any]) -> Account:
    email = claims.get("email") if claims.get("email_verified") is True else ""
    groups = claims.get(settings.oidc_groups)
    named = [groups] if isinstance(groups, str) else groups if isinstance(groups, list) else []
    return Account(
        settings.oidc_issuer,
        claims["sub"],
        email if isinstance(email, str) else "",
        frozenset(one for one in named if isinstance(one, str)),
    )


# ── what the provider says of itself ─────────────────────────────────────────────────────────────────────────────────
def _provider(settings: Settings) -> _Known:
    known = _known.get(settings.oidc_issuer)
    if known is None or time.monotonic() - known.read_at > FRESH:
        known = _known[settings.oidc_issuer] = _read(settings)
    return known


def _key(settings: Settings, kid: Any) -> Any:
    """The key of that name; where it is not known, the provider is asked once more. Raises NotBelieved, Unanswered."""
    known = _provider(settings)
    found = _named(known.keys, kid)
    if found is None and time.monotonic() - known.read_at > AGAIN:
        known = _known[settings.oidc_issuer] = _read(settings)
        found = _named(known.keys, kid)
    if found is None:
        raise NotBelieved("key")
    return found


def _named(keys: KeySet, kid: Any) -> Any | None:
    """A token without a name of its key is by the only one there is."""
    if kid is None:
        return keys.keys[0] if len(keys.keys) == 1 else None
    return next((key for key in keys.keys if key.kid == kid), None)


def _read(settings: Settings) -> _Known:
    """Raises Unanswered; where it did not answer a moment ago, at once: anybody may press the button."""
    if time.monotonic() - _silent.get(settings.oidc_issuer, -AGAIN) < AGAIN:
        raise Unanswered("it did not answer a moment ago")
    try:
        return _asked(settings)
    except Unanswered:
        _silent[settings.oidc_issuer] = time.monotonic()
        raise


def _asked(settings: Settings) -> _Known:
    issuer, plain = settings.oidc_issuer, {"Accept": "application/json"}
    about = _json(settings, Request(f"{issuer.rstrip('/')}/.well-known/openid-configuration", plain))
    needed = ("authorization_endpoint", "token_endpoint", "jwks_uri")
    if about.get("issuer") != issuer or not all(isinstance(about.get(name), str) for name in needed):
        raise Unanswered("the provider calls itself something else, or lacks an endpoint")
    if not about["authorization_endpoint"].startswith(WEB):
        raise Unanswered("its authorization endpoint is no address")
    try:
        keys = KeySet.import_key_set(_json(settings, Request(about["jwks_uri"], plain)))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise Unanswered(f"its keys cannot be read: {type(error).__name__}") from error
    return _Known(about, keys, time.monotonic())


def _json(settings: Settings, asked: Request) -> dict[str, Any]:
    try:
        read = json.loads(fetch(asked, allow=settings.oidc_allow))
    except ValueError as error:
        raise Unanswered(f"{asked.url}: no JSON") from error
    if not isinstance(read, dict):
        raise Unanswered(f"{asked.url}: no JSON object")
    return read
