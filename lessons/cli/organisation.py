"""`unit add`, `person add`, `token create`: by an administrator, or by the operator of the machine."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from lessons.cli.opening import person, unit_called, writing
from lessons.errors import LessonsError
from lessons.i18n import say

if TYPE_CHECKING:
    from sqlmodel import Session

    from lessons.models.people import Unit
    from lessons.workflow.states import Role


def add_unit(given: Namespace) -> None:
    from lessons.people import operations

    with writing(given.actor) as (session, by, at):
        parent = unit_called(session, given.parent) if given.parent else None
        added = operations.add_unit(session, code=given.code, name=given.name, parent=parent, by=by, at=at)
    print(added.code)


def add_person(given: Namespace) -> None:
    """Prints the link alone, so that a script can hand it on."""
    from lessons import db
    from lessons.people import keys, operations

    with writing(given.actor) as (session, by, at):
        added = operations.add_person(
            session,
            given.who,
            name=given.name,
            unit=unit_called(session, given.unit) if given.unit else None,
            roles=[_role(session, text) for text in given.role],
            manager=person(session, given.manager) if given.manager else None,
            by=by,
            at=at,
        )
        token = keys.invite(session, added, by=by, at=at)
    print(f"{db.settings().base_url}/invitation/{token}")


def erase_person(given: Namespace) -> None:
    """Without --sure nothing changes: what would be looked at is printed, a text a line."""
    from lessons.people import erasing, named_in, queries

    with writing(given.actor) as (session, by, at):
        who = queries.left(session, given.who)
        if given.sure:
            found = erasing.erase(session, who, by=by, at=at)
        else:
            erasing.check(session, who, by=by)
            found = named_in.places(session, who)
    for one in found:
        print(f"{one.code or '-'}\t{one.table}.{one.field}")


def create_token(given: Namespace) -> None:
    """Prints the token alone."""
    from lessons.people import keys

    with writing(given.actor) as (session, by, at):
        owner = person(session, given.person)
        token = keys.create_token(session, owner, name=given.name, scope=given.scope, by=by, at=at)
    print(token)


def _role(session: Session, text: str) -> tuple[Role, Unit]:
    from lessons.workflow.states import Role

    name, _, code = text.partition("@")
    if name not in set(Role) or not code:
        roles = ", ".join(Role)
        raise LessonsError(say("%(given)s: a role is ROLE@UNIT. Roles are: %(roles)s.", given=text, roles=roles))
    return Role(name), unit_called(session, code)
