"""Which lesson a case shows: said by a person's click, or proposed and then confirmed or refused by one."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, tree, visible_to
from lessons.cases.places import category_of
from lessons.errors import Forbidden, NotAllowed, NotFound
from lessons.i18n import say
from lessons.models import Case, Lesson, Proposal
from lessons.repository import found
from lessons.repository.cases import link
from lessons.repository.operations import recur_by_cases
from lessons.workflow.states import LESSON_LIVE

DECIDING = ("agent", "debrief_leader", "lessons_manager", "manager")
CONFIRMED, REFUSED = "confirmed", "refused"
NOT_YOURS = say("Which lesson a case shows is said by those who answer, lead and manage in its unit.")
NOT_PROPOSED = say("This lesson was not proposed for this case.")
NOT_IN_USE = say("This lesson is not in use any more, so a case cannot be matched to it.")


def may_match(session: Session, case: Case, lesson: Lesson, by: Actor) -> bool:
    """Those of the case's unit and above, whoever entered it, and whoever keeps the lesson."""
    if by.kind == "system" or case.entered_by_id in by.acting or lesson.owner_id in by.acting:
        return True
    return bool(by.units_of(*DECIDING) & set(tree(session).above[case.unit_id]))


def match(session: Session, case: Case, lesson: Lesson, *, by: Actor, at: datetime) -> None:
    """The lesson was of use in this case or, where it had reached people before, the case shows that it came back; at
    the limit of such cases the system starts a new cycle. The case takes the card's category where it has none.
    Raises Forbidden, NotAllowed."""
    if not may_match(session, case, lesson, by):
        raise Forbidden(NOT_YOURS)
    if lesson.state not in LESSON_LIVE:
        raise NotAllowed(NOT_IN_USE, lesson.state.value, "match")
    if not case.category:
        case.category = category_of(session, case, lesson)
        session.add(case)
    link(session, lesson, [case], by=by, at=at)
    found.keep(session, lesson)  # it is found by what its customers say
    open_one = _proposal(session, case, lesson)
    if open_one is not None:
        _answer(session, open_one, CONFIRMED, by=by, at=at)
    recur_by_cases(session, lesson, at=at)


def confirm(session: Session, case: Case, lesson: Lesson, *, by: Actor, at: datetime) -> None:
    """The proposal is right. Raises Forbidden, NotFound, NotAllowed."""
    _proposed(session, case, lesson)
    match(session, case, lesson, by=by, at=at)


def refuse(session: Session, case: Case, lesson: Lesson, *, by: Actor, at: datetime) -> None:
    """The proposal is wrong, and it is not made again. Raises Forbidden, NotFound."""
    proposal = _proposed(session, case, lesson)
    if not may_match(session, case, lesson, by):
        raise Forbidden(NOT_YOURS)
    if not proposal.answer:
        _answer(session, proposal, REFUSED, by=by, at=at)


def _proposal(session: Session, case: Case, lesson: Lesson) -> Proposal | None:
    return session.get(Proposal, (case.id, lesson.id))


def _proposed(session: Session, case: Case, lesson: Lesson) -> Proposal:
    found = _proposal(session, case, lesson)
    if found is None:
        raise NotFound(NOT_PROPOSED)
    return found


def _answer(session: Session, proposal: Proposal, answer: str, *, by: Actor, at: datetime) -> None:
    proposal.answer, proposal.answered_by_id, proposal.answered_at = answer, by.id, at
    session.add(proposal)


def find(session: Session, name: str, *, by: Actor) -> Case:
    """By its own id or the CRM's, where it may be seen. Raises NotFound."""
    called = sa.or_(Case.pid == name[:300], Case.external_id == name[:300])
    case = session.scalars(sa.select(Case).where(called, visible_to(session, "cases", by))).first()
    if case is None:
        raise NotFound(say("There is no such case, or it is not open to this account."))
    return case
