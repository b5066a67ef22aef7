"""What somebody proves anew before a way in of theirs is changed: an open page alone is no proof of who sits before
it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import request

from lessons import db, web
from lessons.errors import NotAllowed
from lessons.i18n import say
from lessons.models import Person
from lessons.people import keys, passwords
from lessons.people.operations import wrong
from lessons.web import who

FRESH = timedelta(minutes=10)
AGAIN = "again"
"""How somebody came in whom the provider asked anew, whether it still knew them or not."""
PROVED = (*who.STRONG, AGAIN)
ONCE_MORE = say("Please sign in once more first: what lets you in is changed by whoever just did.")
Field = dict[str, Any]


def fields(person: Person) -> list[Field]:
    """The present password, where there is one."""
    asked = {"name": "present", "label": say("Present password"), "kind": "password", "required": True,
             "autocomplete": "current-password"}  # fmt: skip
    return [asked] if person.password_hash else []


def again(person: Person, onward: str) -> str:
    """Where whoever has no password signs in once more first; "" where nothing is to be proved like that."""
    signed = who.asking().sign_in
    if person.password_hash or not db.settings().oidc_issuer or signed is None:
        return ""
    just = signed.how in PROVED and web.moment() <= signed.created_at + FRESH
    return "" if just else web.with_args("/sign-in/provider", again="1", next=onward)


def check(person: Person) -> None:
    """Raises Invalid for another password, NotAllowed where signing in was too long ago, TooMany."""
    if again(person, "/account"):
        raise NotAllowed(ONCE_MORE)
    if person.password_hash is None:
        return
    count(person.pid)
    if not passwords.fits(person.password_hash, request.form.get("present", "")):
        raise wrong("/present", "wrong", say("This is not the present password."))


def count(of: str) -> None:
    """One more attempt, kept whatever follows. Raises TooMany."""
    with db.transaction() as session:
        keys.count_attempts(session, of, request.remote_addr or "", at=web.moment())
