"""Whose account at the provider is whose here, and the roles that its groups bring."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM, tree
from lessons.access.actor import forget_tree
from lessons.errors import NotFound
from lessons.i18n import say
from lessons.models import Grant, Person, ProviderAccount, Unit
from lessons.people import keys, operations
from lessons.people.provider import Account
from lessons.post import notices
from lessons.post.outbox import Whom
from lessons.settings import Settings
from lessons.workflow.states import Role

UNKNOWN = say(
    "Nobody here is connected with this account yet. Whoever administers the system can send a link that connects it."
)


def person_of(session: Session, account: Account, settings: Settings, *, invitation: str = "", at: datetime) -> Person:
    """The person who is connected with the account. The first time by an invitation that came with it, else, where the
    installation trusts that, by an address that the provider verified. Raises NotFound."""
    this = (ProviderAccount.issuer == account.issuer, ProviderAccount.sub == account.sub)
    known = session.scalars(sa.select(ProviderAccount).where(*this)).first()
    if known is None:
        person = _first_time(session, account, settings, invitation, at)
        known = ProviderAccount(issuer=account.issuer, sub=account.sub, person_id=person.id or 0, linked_at=at)
        session.add(known)
        # whoever was sent the link may have handed it on: from now on that account comes in as them
        notices.tell(session, [person.id], "account_connected", Whom(person), at=at, urgent=True)
    person = session.get_one(Person, known.person_id)
    if person.closed_at is not None:
        raise NotFound(UNKNOWN)
    return person


def _first_time(session: Session, account: Account, settings: Settings, invitation: str, at: datetime) -> Person:
    if invitation:
        return keys.use_invitation(session, invitation, at=at)
    by_address = settings.oidc_link == "email" and account.email
    person = keys.called(session, account.email) if by_address else None
    if person is None or person.email != account.email.casefold() or is_linked(session, person, account.issuer):
        raise NotFound(UNKNOWN)
    return person


def is_linked(session: Session, person: Person, issuer: str) -> bool:
    this = (ProviderAccount.issuer == issuer, ProviderAccount.person_id == person.id)
    return session.scalar(sa.select(ProviderAccount.id).where(*this)) is not None


def roles_of(settings: Settings) -> list[tuple[str, Role, str]]:
    """(group, role, unit's code) as the installation maps them. Raises ValueError naming what cannot be read."""
    found = []
    for one in filter(None, map(str.strip, settings.oidc_roles.split(";"))):
        group, _, given = one.rpartition("=")
        role, _, code = given.partition("@")
        if not group.strip() or role.strip() not in set(Role) or not code.strip():
            raise ValueError(one)
        found.append((group.strip(), Role(role.strip()), code.strip()))
    return found


def take_roles(session: Session, person: Person, account: Account, settings: Settings, *, at: datetime) -> None:
    """Give what the account's groups bring and take back what they no longer do; roles given here stay as they are."""
    mapped = roles_of(settings)
    wanted = {(role, unit.id): unit for group, role, code in mapped if group in account.groups
              for unit in [tree(session).by_code(code)] if unit is not None}  # fmt: skip
    brought = (Grant.person_id == person.id, Grant.source == account.issuer, Grant.until_at.is_(None))
    for held in session.scalars(sa.select(Grant).where(*brought)).all():
        if (held.role, held.unit_id) not in wanted:
            operations.revoke(session, held, by=SYSTEM, at=at)
    for (role, _), unit in wanted.items():
        operations.grant(session, person, role, session.get_one(Unit, unit.id), source=account.issuer, by=SYSTEM, at=at)
    forget_tree(session)
