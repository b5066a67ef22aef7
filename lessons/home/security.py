"""What this installation is set to, line by line: in order, or worth a look and what helps. No secret is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access.counted import A_MINUTE
from lessons.duties import signs
from lessons.home import doctor
from lessons.home.health import LOOK, OK, UNKNOWN, Part
from lessons.i18n import Sentence, say, say_n
from lessons.models import Attempt, Authenticator, Passkey, Person, ProviderAccount, SignIn, Token
from lessons.people import definitions, keys, queries
from lessons.settings import Settings

LATELY = timedelta(days=30)
BACKED_UP = timedelta(days=7)
MOST_TOKENS = 100
ON, OFF = say("On."), say("Off.")


@dataclass(frozen=True)
class Doors:
    """By how many ways people come in: who is here; who has a password, a passkey, an account at the provider. Of
    administrators: how many, how many of them a stolen password alone lets in, and when one last signed in."""

    people: int
    passwords: int
    passkeys: int
    accounts: int
    administrators: int
    unguarded: int
    sign_ins: int
    last: datetime | None


def parts(session: Session, settings: Settings, *, at: datetime, forwarded: bool) -> list[Part]:
    """`forwarded`: whether a proxy says so of the request that asks."""
    doors = _doors(session, at)
    return [
        *doctor.address(settings),
        _proxies(settings, forwarded=forwarded),
        *doctor.key(settings),
        _demo(settings),
        _second(settings, doors),
        _provider(settings, doors),
        _ways(doors),
        _tokens(len(lasting(session, at=at))),
        _hooks(session),
        _frames(settings),
        _sign_ins(doors),
        _attempts(session, at),
        _backup(session, at),
    ]


def _doors(session: Session, at: datetime) -> Doors:
    here = Person.closed_at.is_(None)
    people = sa.select(sa.func.count()).select_from(Person).where(here).scalar_subquery()
    passwords = sa.select(sa.func.count(Person.password_hash)).where(here).scalar_subquery()
    ways = [
        sa.select(sa.func.count(sa.distinct(one.person_id))).scalar_subquery() for one in (Passkey, ProviderAccount)
    ]
    all_, known, devices, connected = session.execute(sa.select(people, passwords, *ways)).one()
    who = {one.id: one for one in queries.administrators(session, at=at)}
    stepped = sa.select(Authenticator.person_id).where(
        Authenticator.confirmed_at.is_not(None), Authenticator.ended_at.is_(None), Authenticator.person_id.in_(who)
    )
    guarded = set(session.scalars(stepped))
    unguarded = [one for id_, one in who.items() if one.password_hash and id_ not in guarded]
    lately = sa.select(sa.func.count(), sa.func.max(SignIn.created_at, type_=SignIn.created_at.type))
    count, last = session.execute(lately.where(SignIn.person_id.in_(who), SignIn.created_at > at - LATELY)).one()
    return Doors(all_, known, devices, connected, len(who), len(unguarded), count, last)


def lasting(session: Session, *, at: datetime) -> Sequence[tuple[Token, Person]]:
    """Open tokens of people who are here that no day ends, with whose they are; those not used for longest first."""
    open_ = (Token.ended_at.is_(None), Token.expires_at.is_(None), Token.created_at <= at, Person.closed_at.is_(None))
    rows = sa.select(Token, Person).join(Person, Person.id == Token.person_id).where(*open_)
    used = sa.func.coalesce(Token.seen_at, Token.created_at)
    return [(one, who) for one, who in session.execute(rows.order_by(used, Token.id).limit(MOST_TOKENS))]


# ── what was chosen ──────────────────────────────────────────────────────────────────────────────────────────────────
def _proxies(settings: Settings, *, forwarded: bool) -> Part:
    title, by = say("Proxies in front"), "LESSONS_TRUSTED_PROXIES"
    says = say_n("One is counted.", "%(n)s are counted.", settings.trusted_proxies)
    if settings.trusted_proxies:
        return Part("proxies", title, OK, says)
    if not forwarded:
        return Part("proxies", title, OK, say("None is counted, and none shows."))
    todo = say("How many there are is needed in the settings; else everybody seems to sign in from one address.")
    return Part("proxies", title, LOOK, say("A proxy stands in front, and none is counted."), todo, by)


def _demo(settings: Settings) -> Part:
    title = say("Demo")
    if not settings.demo:
        return Part("demo", title, OK, OFF)
    says = say("On: whoever sits at this machine signs in without a password.")
    return Part("demo", title, LOOK, says, say("Real data needs an installation without it."), "LESSONS_DEMO")


def _second(settings: Settings, doors: Doors) -> Part:
    title = say("A second step for administration")
    facts = (
        (say("Administrators"), doors.administrators),
        (say("… whom a password alone lets in"), doors.unguarded),
    )
    if settings.admin_second_step:
        return Part("second", title, OK, say("Administration opens to a second step alone."), facts=facts)
    if not doors.unguarded:
        return Part("second", title, OK, say("No administrator is let in by a password alone."), facts=facts)
    todo = say("Each switches it on under “My account”; with the setting, administration opens to nobody without it.")
    says = say("It is not required.")
    return Part("second", title, LOOK, says, todo, "LESSONS_ADMIN_SECOND_STEP", facts)


def _provider(settings: Settings, doors: Doors) -> Part:
    facts = ((say("People connected"), doors.accounts), (say("Provider"), settings.oidc_issuer or None))
    return Part("provider", say("Single sign-on"), OK, ON if settings.oidc_issuer else OFF, facts=facts)


def _ways(doors: Doors) -> Part:
    facts = (
        (say("People who are here"), doors.people),
        (say("… with a password"), doors.passwords),
        (say("… with a passkey"), doors.passkeys),
    )
    return Part("ways", say("How people come in"), OK, say("Passwords are kept as argon2id alone."), facts=facts)


# ── what is open ─────────────────────────────────────────────────────────────────────────────────────────────────────
def _tokens(count: int) -> Part:
    title = say("Tokens without an end")
    if not count:
        return Part("tokens", title, OK, say("There is none."))
    says = say_n("One holds until somebody ends it.", "%(n)s hold until somebody ends them.", count)
    return Part("tokens", title, LOOK, says, say("Those that nobody uses are better ended by their owners."))


def _hooks(session: Session) -> Part:
    facts = ((say("Hosts"), ", ".join(sorted(definitions.hooks(session))) or None),)
    says = say("Each message is signed, and tells neither names nor texts.")
    return Part("webhooks", say("Other systems that are told"), OK, says if facts[0][1] else say("There is none."),
                facts=facts)  # fmt: skip


def _frames(settings: Settings) -> Part:
    says = (
        say("These sites alone may show a card in a frame.") if settings.origins else say("No site may frame a page.")
    )
    return Part("frames", say("Frames"), OK, says, facts=((say("Sites"), ", ".join(settings.origins) or None),))


# ── what happened lately ─────────────────────────────────────────────────────────────────────────────────────────────
def _sign_ins(doors: Doors) -> Part:
    says = say_n("One in the last 30 days.", "%(n)s in the last 30 days.", doors.sign_ins)
    return Part("sign_ins", say("Sign-ins of administrators"), OK, says, facts=((say("The last one"), doors.last),))


def _attempts(session: Session, at: datetime) -> Part:
    """Whoever is over a limit: the counts are kept for an hour."""
    title, over = say("Attempts that were refused"), sa.or_(
        sa.and_(Attempt.key.startswith("who:"), Attempt.count > keys.PER_ACCOUNT),
        sa.and_(Attempt.key.startswith("from:"), Attempt.count > keys.PER_ADDRESS),
    )  # fmt: skip
    lately = Attempt.window > int(at.timestamp()) - A_MINUTE * A_MINUTE
    count = session.scalar(sa.select(sa.func.count(sa.distinct(Attempt.key))).where(over, lately)) or 0
    if not count:
        return Part("attempts", title, OK, say("None in the last hour."))
    says = say_n("One account or address in the last hour.", "%(n)s accounts or addresses in the last hour.", count)
    todo = say("Somebody may be guessing; the limits hold. Their owners are well served by a second step.")
    return Part("attempts", title, LOOK, says, todo)


def _backup(session: Session, at: datetime) -> Part:
    title, by, sign = say("Backup"), "lessons backup FILE", signs.seen(session).get(signs.BACKUP)
    made = sign.worked_at if sign else None
    facts = ((say("The last one"), made),)
    if made is None:
        says = say("No backup by this product is known. One made by other means does not show here.")
        return Part("backup", title, UNKNOWN, says, say("It takes one command, while people work."), by)
    if at - made > BACKED_UP:
        return Part("backup", title, LOOK, say("The last one is more than a week old."), None, by, facts)
    return Part("backup", title, OK, say("There is one of the last week."), facts=facts)


def is_in_order(found: Sequence[Part]) -> Sentence:
    """How many lines are worth a look, in one sentence."""
    count = sum(part.state != OK for part in found)
    return say_n("One line is worth a look.", "%(n)s lines are worth a look.", count) if count else say("All in order.")
