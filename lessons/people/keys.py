"""Passwords, invitations, sign-ins and tokens: what lets a person in. Every secret is shown once and kept hashed."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.actor import Actor
from lessons.access.counted import A_MINUTE, tally
from lessons.errors import Forbidden, NotAllowed, NotFound, TooMany
from lessons.i18n import Name, Sentence, say
from lessons.models.base import hashed
from lessons.models.feeds import Feed
from lessons.models.people import Invitation, Person, SignIn, Token
from lessons.models.ways_in import HalfSignIn, Passkey
from lessons.people.operations import may_let_in, wrong

INVITED, RESET = timedelta(days=7), timedelta(hours=1)
HANDLE = 20  # letters of a hash that name a sign-in or token to its owner
PER_ACCOUNT, PER_ADDRESS = 5, 20
AN_HOUR = 3600
MOST_TOKENS = 20
"""Of one person: how often programs may call is counted by token."""
TOKEN_PREFIX = "lsn_"  # noqa: S105 - scanners of leaked secrets know a token by it
OTHERS: dict[str, Any] = {"tokens": Token, "passkeys": Passkey, "calendars": Feed}
"""Lets a person in, or others in their name, whatever becomes of the password."""
NO_LONGER = say("This link was used or is too old. Whoever invited you can send another.")
NOT_TOGETHER = say("This number or address and this password do not go together.")
SLOWER = say("There were many attempts. In a minute it is possible again.")
MUCH_SLOWER = say("There were many attempts. Within an hour it is possible again.")


def invite(session: Session, person: Person, *, by: Actor, at: datetime) -> str:
    """The token of a link that sets a password: good once, for a week, or for an hour where it replaces one.
    Earlier links end. Raises Forbidden, NotAllowed."""
    may_let_in(session, person, by=by)
    if person.closed_at is not None:
        raise NotAllowed(say("%(name)s has left.", name=Name.of(person)))
    open_ = (Invitation.person_id == person.id, Invitation.used_at.is_(None))
    session.execute(sa.update(Invitation).where(*open_).values(used_at=at))
    token = secrets.token_urlsafe(24)
    lasts = RESET if person.password_hash else INVITED
    session.add(Invitation(token_hash=hashed(token), person_id=person.id or 0, created_at=at, expires_at=at + lasts))
    if by.kind == "person" or person.password_hash:  # a newcomer has nothing to lose by it
        _note(session, person, "invite", by=by, at=at)
    return token


def invited(session: Session, token: str, *, at: datetime) -> Person:
    """Whom the link is for. Raises NotFound once it was used or is over."""
    return session.get_one(Person, _invitation(session, token, at).person_id)


def _invitation(session: Session, token: str, at: datetime) -> Invitation:
    found = session.scalars(sa.select(Invitation).where(Invitation.token_hash == hashed(token))).first()
    if found is None or found.used_at is not None or at >= found.expires_at:
        raise NotFound(NO_LONGER)
    return found


def accept_invitation(session: Session, token: str, password_hash: str, *, at: datetime) -> Person:
    """Set the password; all that let the person in before ends. Raises NotFound."""
    person = use_invitation(session, token, at=at)
    set_password(session, person, password_hash, at=at, by_link=True, all_ends=True)
    return person


def use_invitation(session: Session, token: str, *, at: datetime) -> Person:
    """Whom the link was for; it is used by this. Raises NotFound."""
    invitation = _invitation(session, token, at)
    used = sa.update(Invitation).where(Invitation.id == invitation.id, Invitation.used_at.is_(None))
    if session.execute(used.values(used_at=at)).rowcount != 1:
        raise NotFound(NO_LONGER)
    return session.get_one(Person, invitation.person_id)


def set_password(
    session: Session, person: Person, password_hash: str, *, at: datetime, but: str = "", by_link: bool = False,
    all_ends: bool = False,
) -> None:  # fmt: skip
    """Sign-ins end everywhere, begun ones too, but for the one of this hash: whoever knew the old password is out. With
    `all_ends` so do tokens, passkeys and calendar addresses, which they may have made. It is an event of the person's
    chain, and whoever was in before is told."""
    from lessons.post import notices
    from lessons.post.outbox import Whom

    was_in, person.password_hash = person.password_hash is not None, password_hash
    session.add(person)
    session.execute(sa.delete(HalfSignIn).where(HalfSignIn.person_id == person.id))
    open_ = (SignIn.person_id == person.id, SignIn.ended_at.is_(None), SignIn.token_hash != but)
    ended = session.execute(sa.update(SignIn).where(*open_).values(ended_at=at)).rowcount
    told = {"by_link": by_link, **(_end_others(session, person, at) if all_ends else {})}
    _note(session, person, "set_password", told, by=Actor("person", person), at=at)
    if was_in or ended or any(told.values()):
        kind = "password_by_link" if by_link else "password_changed"
        notices.tell(session, [person.id], kind, Whom(person), at=at, urgent=True)


def _note(
    session: Session, person: Person, trigger: str, told: dict[str, Any] | None = None, *, by: Actor, at: datetime
) -> None:  # fmt: skip
    from lessons.people.noted import note
    from lessons.steps.history import Happened

    note(session, person, Happened(trigger, "", "", by, at, told=told))


def others(session: Session, person: Person) -> dict[str, int]:
    """What lets the person in beside password and sign-ins, by its name how many of them."""
    counts = {
        name: session.scalar(sa.select(sa.func.count()).select_from(table).where(*_live(table, person)))
        for name, table in OTHERS.items()
    }
    return {name: count or 0 for name, count in counts.items()}


def _live(table: Any, person: Person) -> tuple[Any, ...]:
    mine = table.person_id == person.id
    return (mine,) if table is Passkey else (mine, table.ended_at.is_(None))


def _end_others(session: Session, person: Person, at: datetime) -> dict[str, int]:
    """End them; how many of each. A passkey that ended is kept nowhere."""
    ended = others(session, person)
    for table in OTHERS.values():
        mine = _live(table, person)
        gone = sa.delete(table).where(*mine) if table is Passkey else sa.update(table).where(*mine).values(ended_at=at)
        session.execute(gone)
    return ended


def renew_hash(session: Session, person: Person, password_hash: str) -> None:
    """The same password by today's parameters; nothing ends by it."""
    same = sa.update(Person).where(Person.id == person.id, Person.password_hash == person.password_hash)
    session.execute(same.values(password_hash=password_hash))


def own_words(person: Person) -> tuple[str, ...]:
    """What everybody knows of a person, and no password is."""
    local = (person.email or "").partition("@")[0]
    return tuple(word for word in (person.email, local, person.number, person.name, person.name_en) if word)


def called(session: Session, who: str) -> Person | None:
    """By number or e-mail, whatever the case; someone who left is not there."""
    folded = who.strip().casefold()[:255]
    named = sa.or_(Person.email == folded, sa.func.lower(Person.number) == folded)
    return session.scalars(sa.select(Person).where(named, Person.closed_at.is_(None))).first()


def sign_in(session: Session, person: Person, *, how: str = "password", at: datetime) -> str:
    """A new session of the browser; the secret for its cookie. `how` they came in: password, code, passkey, provider,
    demo."""
    secret = secrets.token_urlsafe(32)
    session.add(
        SignIn(
            token_hash=hashed(secret),
            person_id=person.id or 0,
            csrf=secrets.token_urlsafe(32),
            how=how,
            created_at=at,
            seen_at=at,
        )
    )
    return secret


def sign_out(session: Session, secret: str, *, at: datetime) -> None:
    known = sa.update(SignIn).where(SignIn.token_hash == hashed(secret), SignIn.ended_at.is_(None))
    session.execute(known.values(ended_at=at))


def end_sign_in(session: Session, person: Person, handle: str, *, at: datetime) -> None:
    """End one of the person's own sign-ins; `handle` is as `queries.sign_ins_of` gives it."""
    mine = (
        SignIn.person_id == person.id,
        SignIn.ended_at.is_(None),
        _handle(SignIn) == handle,
    )
    session.execute(sa.update(SignIn).where(*mine).values(ended_at=at))


def _handle(table: type[SignIn | Token]) -> Any:
    return sa.func.substr(table.token_hash, 1, HANDLE)


def create_token(
    session: Session,
    person: Person,
    *,
    name: str,
    scope: str,
    expires_at: datetime | None = None,
    by: Actor,
    at: datetime,
) -> str:
    """The secret, shown this once. `scope`: read or write. Raises Forbidden, Invalid, NotAllowed."""
    own = by.kind == "operator" or by.id == person.id
    if not own:
        raise Forbidden(say("A token is made by the person whose name it acts in."))
    if scope not in ("read", "write"):
        raise wrong("/scope", "choice", say("A token's scope is read or write."))
    if person.closed_at is not None:
        raise NotAllowed(say("%(name)s has left.", name=Name.of(person)))
    if _live_tokens(session, person, at) >= MOST_TOKENS:
        raise NotAllowed(say("There are many tokens already. One that is not used can be ended."))
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    session.add(
        Token(
            token_hash=hashed(secret), person_id=person.id or 0, name=name[:200], scope=scope, created_at=at,
            expires_at=expires_at,
        )
    )  # fmt: skip
    return secret


def _live_tokens(session: Session, person: Person, at: datetime) -> int:
    lasts = sa.or_(Token.expires_at.is_(None), Token.expires_at > at)
    live = (Token.person_id == person.id, Token.ended_at.is_(None), lasts)
    return session.scalar(sa.select(sa.func.count()).select_from(Token).where(*live)) or 0


def end_token(session: Session, person: Person, handle: str, *, at: datetime) -> None:
    """End one of the person's own tokens."""
    mine = (
        Token.person_id == person.id,
        Token.ended_at.is_(None),
        _handle(Token) == handle,
    )
    session.execute(sa.update(Token).where(*mine).values(ended_at=at))


def count_attempts(session: Session, who: str, address: str, *, at: datetime) -> None:
    """Count one attempt to sign in, for the account and for the address it comes from; commit it whatever follows.
    Raises TooMany."""
    for kind, value, most in (("who", who.strip().casefold(), PER_ACCOUNT), ("from", address, PER_ADDRESS)):
        _count(session, f"{kind}:{hashed(value)[:40]}", most, seconds=A_MINUTE, told=SLOWER, at=at)


def count_codes(session: Session, person: Person, *, most: int, at: datetime) -> None:
    """Count one code that was typed within the hour; what six digits may be is tried for less than for long. Raises
    TooMany."""
    _count(session, f"code:{hashed(person.pid)[:40]}", most, seconds=AN_HOUR, told=MUCH_SLOWER, at=at)


def _count(session: Session, key: str, most: int, *, seconds: int, told: Sentence, at: datetime) -> None:
    now = int(at.timestamp())
    start = now // seconds * seconds
    if tally(session, key, start) > most:
        raise TooMany(told, wait=max(start + seconds - now, 1))
