"""The second step of signing in: codes of an authenticator, and recovery codes for the day when it is lost."""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta

import pyotp
import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.errors import NotAllowed
from lessons.i18n import say
from lessons.models import Authenticator, Person, RecoveryCode, SignIn
from lessons.models.base import hashed
from lessons.people import sealed
from lessons.people.operations import wrong

STEP, AROUND = 30, 1
"""Seconds that a code lasts; how many steps a clock may be off."""
BEGUN = timedelta(hours=1)
TRIED = 20
"""Codes of one person within an hour: whoever has the password needs more than a year to hit one by chance half the
time."""
HOW_MANY, LETTERS, GROUP = 10, 16, 4
ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
ISSUER = "Lessons"
WRONG = say("This code does not fit, or it was used. The app shows a new one every half minute.")
ON = say("A second step is on already. It is switched off first, with a code of it.")
NOT_BEGUN = say("This began too long ago. Please begin again.")
IS_ON = (Authenticator.confirmed_at.is_not(None), Authenticator.ended_at.is_(None))


def of(session: Session, person: Person) -> Authenticator | None:
    """The authenticator that is asked at sign-in."""
    return _latest(session, person, *IS_ON)


def begun(session: Session, person: Person, *, at: datetime) -> Authenticator | None:
    """One that was shown within the hour, and waits for its first code."""
    waits = (
        Authenticator.confirmed_at.is_(None),
        Authenticator.ended_at.is_(None),
        Authenticator.begun_at > at - BEGUN,
    )
    return _latest(session, person, *waits)


def _latest(session: Session, person: Person, *where: sa.ColumnElement[bool]) -> Authenticator | None:
    mine = sa.select(Authenticator).where(Authenticator.person_id == person.id, *where)
    return session.scalars(mine.order_by(Authenticator.id.desc())).first()


def last_taken_away(session: Session, person: Person) -> Authenticator | None:
    """The latest that somebody else ended."""
    taken = (Authenticator.ended_by_id.is_not(None), Authenticator.ended_by_id != Authenticator.person_id)
    mine = sa.select(Authenticator).where(Authenticator.person_id == person.id, *taken)
    return session.scalars(mine.order_by(Authenticator.ended_at.desc())).first()


def begin(session: Session, person: Person, *, at: datetime) -> None:
    """A new secret to show; it asks for nothing until a code was typed. Others that wait end. Raises NotAllowed while
    one is on: whoever has the password alone would put their own in its place."""
    if of(session, person) is not None:
        raise NotAllowed(ON)
    waits = (Authenticator.person_id == person.id, Authenticator.confirmed_at.is_(None))
    session.execute(sa.delete(Authenticator).where(*waits))
    kept = sealed.seal(pyotp.random_base32(), of=person.pid)
    session.add(Authenticator(person_id=person.id or 0, sealed=kept, begun_at=at))


def secret_of(person: Person, row: Authenticator) -> str:
    """As it is typed into an app; "" where another key of the installation sealed it."""
    return sealed.unseal(row.sealed, of=person.pid) or ""


def address_of(person: Person, secret: str) -> str:
    """What the app reads from the QR sign."""
    issuer = db.settings().organisation or ISSUER
    return pyotp.TOTP(secret).provisioning_uri(name=person.email or person.number or person.pid, issuer_name=issuer)


def confirm(session: Session, person: Person, code: str, *, but: str, at: datetime) -> list[str]:
    """From now on a code is asked at sign-in; the recovery codes, shown this once. Other sign-ins than that of the hash
    `but` end: they came without a code. Raises Invalid, NotAllowed."""
    if of(session, person) is not None:
        raise NotAllowed(ON)
    row = begun(session, person, at=at)
    if row is None:
        raise wrong("/one_time", "over", NOT_BEGUN)
    if not _take(session, person, row, code, at):
        raise wrong("/one_time", "wrong", WRONG)
    row.confirmed_at = at
    session.add(row)
    mine = (SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    session.execute(sa.update(SignIn).where(*mine, SignIn.token_hash != but).values(ended_at=at))
    session.execute(sa.update(SignIn).where(*mine, SignIn.token_hash == but).values(how="code"))
    return new_codes(session, person)


def fits(session: Session, person: Person, code: str, *, at: datetime) -> bool:
    """Whether it is the authenticator's of now or a recovery code; either is used up by this."""
    row = of(session, person)
    if row is None:
        return False
    return _take(session, person, row, code, at) or _recovers(session, person, code, at)


def _take(session: Session, person: Person, row: Authenticator, code: str, at: datetime) -> bool:
    """A step is taken once: of two at the same moment with one code, one goes on."""
    secret, typed, now = secret_of(person, row), "".join(code.split()), int(at.timestamp()) // STEP
    if not secret:
        return False
    made = pyotp.TOTP(secret)
    fitting = [
        step
        for step in range(now - AROUND, now + AROUND + 1)
        if hmac.compare_digest(made.generate_otp(step).encode(), typed.encode("utf-8", "replace"))
    ]
    if not fitting:
        return False
    once = sa.update(Authenticator).where(Authenticator.id == row.id, Authenticator.last_step < fitting[-1])
    return bool(session.execute(once.values(last_step=fitting[-1])).rowcount)


def _recovers(session: Session, person: Person, code: str, at: datetime) -> bool:
    plain = "".join(char for char in code.casefold() if char.isalnum())[:100]
    this = (RecoveryCode.person_id == person.id, RecoveryCode.code_hash == _of_code(person, plain))
    used = sa.update(RecoveryCode).where(*this, RecoveryCode.used_at.is_(None)).values(used_at=at)
    return bool(session.execute(used).rowcount)


def _of_code(person: Person, plain: str) -> str:
    return hashed(f"{person.pid}:{plain}")


def new_codes(session: Session, person: Person) -> list[str]:
    """Ten recovery codes in groups; those before count no more."""
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    codes = ["".join(secrets.choice(ALPHABET) for _ in range(LETTERS)) for _ in range(HOW_MANY)]
    session.add_all(RecoveryCode(code_hash=_of_code(person, one), person_id=person.id or 0) for one in codes)
    return [in_groups(one, "-") for one in codes]


def codes_left(session: Session, person: Person) -> int:
    left = (RecoveryCode.person_id == person.id, RecoveryCode.used_at.is_(None))
    return session.scalar(sa.select(sa.func.count()).select_from(RecoveryCode).where(*left)) or 0


def in_groups(text: str, between: str) -> str:
    return between.join(text[n : n + GROUP] for n in range(0, len(text), GROUP))


def switch_off(session: Session, person: Person, code: str, *, at: datetime) -> None:
    """By the person, with a code. Raises Invalid."""
    if not fits(session, person, code, at=at):
        raise wrong("/one_time", "wrong", WRONG)
    end(session, person, ended_by=person.id, at=at)


def end(session: Session, person: Person, *, ended_by: int | None, at: datetime) -> bool:
    """It is off, and no code counts any more; whether it was on. `ended_by` is kept with it."""
    mine = sa.update(Authenticator).where(Authenticator.person_id == person.id, *IS_ON)
    session.execute(sa.delete(RecoveryCode).where(RecoveryCode.person_id == person.id))
    by_code = sa.update(SignIn).where(SignIn.person_id == person.id, SignIn.how == "code")
    session.execute(by_code.values(how="password"))
    return bool(session.execute(mine.values(ended_at=at, ended_by_id=ended_by, sealed="")).rowcount)
