"""Secrets that have to be read again: sealed by a key made of the installation's, so that the database alone is not
enough."""

from __future__ import annotations

import hmac
import os
from base64 import b64decode, b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from lessons import db

NONCE = 12


def seal(secret: str, *, of: str) -> str:
    """What to keep. `of`: whose it is; it opens for nobody else."""
    nonce = os.urandom(NONCE)
    return b64encode(nonce + _by_key().encrypt(nonce, secret.encode(), of.encode())).decode()


def unseal(kept: str, *, of: str) -> str | None:
    """The secret; None where another key or another person's name sealed it."""
    raw = b64decode(kept)
    try:
        return _by_key().decrypt(raw[:NONCE], raw[NONCE:], of.encode()).decode()
    except InvalidTag:
        return None


def _by_key() -> AESGCM:
    return AESGCM(hmac.digest(db.settings().secret, b"sealed secrets of people", "sha256"))
