"""Passkeys: a device that knows its owner, by finger, face or number, proves it to this site alone."""

from __future__ import annotations

import json
from datetime import datetime
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
import webauthn
from sqlmodel import Session
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from lessons import db
from lessons.errors import NotAllowed
from lessons.i18n import say
from lessons.models import Passkey, Person
from lessons.people import half
from lessons.people.operations import wrong
from lessons.post import notices
from lessons.post.outbox import Whom

SIGN_IN, NEW = "passkey", "new_passkey"
LONGEST, MOST = 20_000, 20
NEEDED = UserVerificationRequirement.REQUIRED
NOT_TAKEN = say("The passkey was not taken. Please try once more.")


def site() -> tuple[str, str]:
    """For whom passkeys are (the host), and the origin of our pages: both from the setting, and from no request."""
    parts = urlsplit(db.settings().base_url)
    return parts.hostname or "", f"{parts.scheme}://{parts.netloc}"


def fit_here() -> bool:
    """Whether our address is a name: browsers make no passkey for one of numbers."""
    try:
        ip_address(site()[0])
    except ValueError:
        return True
    return False


def of(session: Session, person: Person) -> list[Passkey]:
    return list(session.scalars(sa.select(Passkey).where(Passkey.person_id == person.id).order_by(Passkey.id)))


def ask_new(session: Session, person: Person, *, at: datetime) -> tuple[str, str]:
    """What the browser is asked to make, and the secret of the cookie that the answer has to come with."""
    options = webauthn.generate_registration_options(
        rp_id=site()[0], rp_name=db.settings().organisation or "Lessons", user_id=person.pid.encode(),
        user_name=person.email or person.number or person.pid, user_display_name=person.name,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED, user_verification=NEEDED
        ),
        exclude_credentials=[
            PublicKeyCredentialDescriptor(id=base64url_to_bytes(one.credential)) for one in of(session, person)
        ],
    )  # fmt: skip
    said = {"challenge": bytes_to_base64url(options.challenge)}
    return webauthn.options_to_json(options), half.begin(session, NEW, person=person, said=said, at=at)


def add(session: Session, person: Person, challenge: str, answer: str, name: str, *, at: datetime) -> None:
    """Keep what the device made for this challenge; the person is told. Raises Invalid, NotAllowed."""
    if len(of(session, person)) >= MOST:
        raise NotAllowed(say("There are many passkeys already. One that is not used can be removed."))
    rp_id, origin = site()
    try:
        made = webauthn.verify_registration_response(
            credential=_read(answer), expected_challenge=base64url_to_bytes(challenge), expected_rp_id=rp_id,
            expected_origin=origin, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise wrong("/name", "passkey", NOT_TAKEN) from error
    credential = bytes_to_base64url(made.credential_id)
    if session.scalar(sa.select(Passkey.id).where(Passkey.credential == credential)) is not None:
        raise wrong("/name", "passkey", NOT_TAKEN)
    session.add(
        Passkey(
            person_id=person.id or 0, credential=credential, name=name, sign_count=made.sign_count, made_at=at,
            public_key=bytes_to_base64url(made.credential_public_key),
        )
    )  # fmt: skip
    notices.tell(session, [person.id], "passkey_added", Whom(person), at=at, urgent=True)


def ask(session: Session, *, at: datetime) -> tuple[str, str]:
    """What any device that has a passkey of ours is asked, and the secret of the cookie."""
    options = webauthn.generate_authentication_options(rp_id=site()[0], user_verification=NEEDED)
    said = {"challenge": bytes_to_base64url(options.challenge)}
    return webauthn.options_to_json(options), half.begin(session, SIGN_IN, said=said, at=at)


def owner(session: Session, challenge: str, answer: str, *, at: datetime) -> Person | None:
    """Who proved to be there; None for whatever does not hold. A device whose count went back was copied."""
    rp_id, origin = site()
    try:
        sent = _read(answer)
        known = session.scalars(sa.select(Passkey).where(Passkey.credential == str(sent.get("id"))[:2000])).first()
        if known is None:
            return None
        proved = webauthn.verify_authentication_response(
            credential=sent, expected_challenge=base64url_to_bytes(challenge), expected_rp_id=rp_id,
            expected_origin=origin, credential_public_key=base64url_to_bytes(known.public_key),
            credential_current_sign_count=known.sign_count, require_user_verification=True,
        )  # fmt: skip
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    person = session.get_one(Person, known.person_id)
    handle = sent.get("response", {}).get("userHandle")
    if person.closed_at is not None or (handle and base64url_to_bytes(handle) != person.pid.encode()):
        return None
    known.sign_count, known.seen_at = proved.new_sign_count, at
    session.add(known)
    return person


def remove(session: Session, person: Person, number: int) -> bool:
    """One of the person's own; whether it was there. `number`: any."""
    mine = (Passkey.person_id == person.id, Passkey.id == min(number, 2**31 - 1))
    return bool(session.execute(sa.delete(Passkey).where(*mine)).rowcount)


def _read(answer: str) -> dict[str, Any]:
    """Raises ValueError."""
    if len(answer) > LONGEST:
        raise ValueError("too long")
    read = json.loads(answer)
    if not isinstance(read, dict) or not isinstance(read.get("response"), dict):
        raise ValueError("no object")  # noqa: TRY004 - what was sent is at fault
    return read
