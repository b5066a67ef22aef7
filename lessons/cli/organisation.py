"""`unit add`, `person add`, `token create`: by an administrator, or by the operator of the machine."""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from lessons.cli.opening import person, writing
from lessons.errors import LessonsError
from lessons.i18n import say

if TYPE_CHECKING:
    from sqlmodel import Session

    from lessons.models.people import Unit
    from lessons.workflow.states import Role


def add_unit(given: Namespace) -> None:
    from lessons.people import operations

    with writing(given.actor) as (session, by, at):
        parent = _unit(session, given.parent) if given.parent else None
        unit = operations.add_unit(session, code=given.code, name=given.name, parent=parent, by=by, at=at)
    print(unit.code)


def add_person(given: Namespace) -> None:
    """Prints the link alone, so that a script can hand it on."""
    from lessons import db
    from lessons.people import keys, operations

    with writing(given.actor) as (session, by, at):
        added = operations.add_person(
            session,
            given.who,
            name=given.name,
            unit=_unit(session, given.unit) if given.unit else None,
            roles=[_role(session, text) for text in given.role],
            manager=person(session, given.manager) if given.manager else None,
            by=by,
            at=at,
        )
        token = keys.invite(session, added, by=by, at=at)
    print(f"{db.settings().base_url}/invitation/{token}")


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
    return Role(name), _unit(session, code)


def _unit(session: Session, code: str) -> Unit:
    from lessons.access.actor import tree

    found = tree(session).by_code(code)
    if found is None:
        raise LessonsError(say("No unit is called %(code)s. `lessons unit add %(code)s NAME` makes it.", code=code))
    return found
