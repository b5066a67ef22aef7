"""Reads of lessons: lists with filters, search within what one may read, and one lesson with everything around it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import Actor, Tree, can_see, facts, tree, visible_to
from lessons.access.listing import USUAL, Order, Page, page
from lessons.access.named import by_code, people_by_id
from lessons.access.relations import held
from lessons.access.visible import view_of
from lessons.debriefs.topics import called as topic_called
from lessons.debriefs.topics import topics_of
from lessons.models import (
    Action,
    Briefing,
    BriefingMember,
    Case,
    CaseLink,
    Cause,
    Debrief,
    DebriefPerson,
    Feedback,
    Finding,
    Lesson,
    LessonTopic,
    Person,
    Procedure,
    Question,
    QuestionLesson,
    Revision,
    RevisionLesson,
    Unit,
    Verification,
)
from lessons.repository import searching
from lessons.repository.found import NOUN, readable
from lessons.search.fused import Answer
from lessons.workflow.states import Verdict, VerificationState

NEWEST = Order(backwards=True)
DRAWN, TOLD = 2_000, 140  # cases at most that a curve is drawn of; letters of one that are told
PEOPLE_OF_IT = frozenset({"author", "owner", "verifier", "action_owner", "leader", "reviewer"})
INSIDE = PEOPLE_OF_IT | {"lessons_manager", "manager"}
"""Who reads what was written with its steps."""


@dataclass(frozen=True)
class Wanted:
    """What a list is narrowed to. A unit counts with everything below it, a topic by any name it ever had; `since`: it
    was adopted then or later."""

    states: Sequence[str] = ()
    unit: Unit | None = None
    owner: Person | None = None
    direction: str = ""
    severity: int | None = None
    topic: str = ""
    q: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class Listed:
    lesson: Lesson
    owner: Person | None
    unit: Unit
    topics: Sequence[str] = ()


def lessons(
    session: Session, wanted: Wanted, *, by: Actor, limit: int = USUAL, cursor: str | None = None
) -> Page[Listed]:
    """The lessons that this person may read: the newest first, or with words the best first."""
    narrowed = list(narrowed_by(session, wanted))
    where = [visible_to(session, "lessons", by), *narrowed]
    if wanted.q:
        ids = [hit.record_id for hit in search(session, wanted.q, by=by, limit=limit, where=narrowed)]
        rows = session.scalars(sa.select(Lesson).where(Lesson.id.in_(ids))).all()
        order = {record_id: n for n, record_id in enumerate(ids)}
        return Page(_listed(session, sorted(rows, key=lambda row: order[row.id])))
    found = page(session, Lesson, where, NEWEST, limit=limit, cursor=cursor)
    return Page(_listed(session, found.items), found.next)


def _listed(session: Session, rows: Sequence[Lesson]) -> list[Listed]:
    people = people_by_id(session, (row.owner_id for row in rows))
    names = topics_of(session, [row.id for row in rows]) if rows else {}
    units = tree(session).units
    return [Listed(row, people.get(row.owner_id or 0), units[row.unit_id], names[row.id]) for row in rows]


def narrowed_by(session: Session, wanted: Wanted) -> Iterable[Any]:
    """A criterion for each thing that a list is narrowed to, but for its words."""
    if wanted.states:
        yield Lesson.state.in_(wanted.states)
    if wanted.unit is not None:
        yield Lesson.unit_id.in_(sorted(tree(session).below[wanted.unit.id]))
    if wanted.owner is not None:
        yield Lesson.owner_id == wanted.owner.id
    if wanted.direction:
        yield Lesson.direction == wanted.direction
    if wanted.severity is not None:
        yield Lesson.severity == wanted.severity
    if wanted.since is not None:
        yield Lesson.accepted_at >= wanted.since
    if wanted.topic:
        of_it = sa.select(LessonTopic.lesson_id).where(LessonTopic.topic_id.in_(topic_called(wanted.topic)))
        yield Lesson.id.in_(of_it)


def search(session: Session, q: str, *, by: Actor, limit: int = 20, where: Iterable[Any] = ()) -> list[Answer]:
    """The lessons that answer best, by words, letter triples and meaning, within what this person may read and the
    criteria allow."""
    may = {NOUN: readable(session, by).where(*where)}
    return searching.answers(session, q, where=may, limit=limit, by=by)


def similar(session: Session, lesson: Lesson, *, by: Actor, limit: int = 3) -> list[Lesson]:
    """Lessons already in the repository that resemble this one, the nearest first."""
    hits = [h for h in search(session, lesson.title[:200], by=by, limit=limit + 1) if h.record_id != lesson.id]
    near = [hit.record_id for hit in hits if hit.matched * 2 >= hit.asked][:limit]
    rows = {row.id: row for row in session.scalars(sa.select(Lesson).where(Lesson.id.in_(near)))}
    return [rows[record_id] for record_id in near if record_id in rows]


@dataclass
class Story:
    """One lesson and everything around it, as far as the reader may see."""

    lesson: Lesson
    units: Tree
    people: dict[int, Person]
    topics: Sequence[str]
    relations: frozenset[str]
    source: Debrief | None = None
    causes: Sequence[Cause] = ()
    finding: Finding | None = None
    actions: Sequence[Action] = ()
    actions_hidden: int = 0
    revisions: Sequence[tuple[Revision, Procedure, int]] = ()
    briefings: Sequence[tuple[Briefing, int, int]] = ()
    verifications: Sequence[Verification] = ()
    checks_hidden: int = 0
    cases: Sequence[tuple[str, datetime]] = ()
    case_count: int = 0
    case_moments: Sequence[datetime] = ()
    said: Feedback | None = None
    verdicts: dict[Verdict, int] = field(default_factory=dict)
    waits: int = 0
    successor: Lesson | None = None
    question: Question | None = None
    plans: dict[str, Any] = field(default_factory=dict)

    @property
    def unit(self) -> Unit:
        return self.units.units[self.lesson.unit_id]

    def person(self, person_id: int | None) -> Person | None:
        return self.people.get(person_id or 0)


def story(session: Session, lesson: Lesson, *, by: Actor, at: datetime) -> Story:
    """With a fixed number of queries."""
    known = facts(session, [lesson], by=by, at=at)[0]
    names = topics_of(session, [lesson.id or 0])[lesson.id or 0]
    found = Story(lesson, tree(session), {}, names, known.relations, waits=known.feedback_waits)
    _source(session, found, by)
    _ways(session, found, by)
    after = lesson.successor_id or lesson.merged_into_id
    found.successor = session.get(Lesson, after) if after else None
    ids = [lesson.author_id, lesson.owner_id, lesson.accepted_by_id, lesson.interviewee_id]
    ids += [row.owner_id for row in found.actions] + [row.verifier_id for row in found.verifications]
    ids += [row.waiting_on_id for row in found.actions] + [found.said.answered_by_id if found.said else None]
    found.people = people_by_id(session, ids)
    return found


def _source(session: Session, found: Story, by: Actor) -> None:
    """Its debrief and the causes that it answers, or the question that it was made of. Of a confidential debrief the
    text alone, and no link."""
    lesson = found.lesson
    rows = session.execute(
        sa.select(Debrief, visible_to(session, "debriefs", by), _takes_part(by, "named"),
                  _takes_part(by, "participant"), Finding, Cause, Question)
        .select_from(Lesson)
        .outerjoin(Debrief, Debrief.id == Lesson.debrief_id)
        .outerjoin(Finding, Finding.id == Lesson.finding_id)
        .outerjoin(Cause, Cause.finding_id == Finding.id)
        .outerjoin(QuestionLesson, QuestionLesson.lesson_id == Lesson.id)
        .outerjoin(Question, sa.and_(Question.id == QuestionLesson.question_id, visible_to(session, "questions", by)))
        .where(Lesson.id == lesson.id)
        .order_by(Cause.id)
    ).all()  # fmt: skip
    debrief, seen, named, took_part, finding, _, found.question = rows[0]
    if debrief is None:
        return
    if seen and not debrief.confidential:
        found.source = debrief
    parts = {"named": named, "participant": took_part}
    relations = held(debrief, by, found.units).keys() | {part for part, mine in parts.items() if mine}
    if view_of(debrief, frozenset(relations)) == "full" or found.relations & PEOPLE_OF_IT:
        found.finding, found.causes = finding, [row[5] for row in rows if row[5]]


def _takes_part(by: Actor, part: str) -> Any:
    mine = DebriefPerson.person_id.in_(sorted(by.acting))
    return sa.exists().where(DebriefPerson.debrief_id == Debrief.id, DebriefPerson.part == part, mine)


def _ways(session: Session, found: Story, by: Actor) -> None:
    own = found.lesson.id
    mine = sa.select(Action).where(Action.lesson_id == own, visible_to(session, "actions", by))
    found.actions = session.scalars(mine.order_by(Action.cycle.desc(), Action.due_on, Action.id)).all()
    found.revisions = session.execute(
        sa.select(Revision, Procedure, RevisionLesson.cycle)
        .join(RevisionLesson, RevisionLesson.revision_id == Revision.id)
        .join(Procedure, Procedure.id == Revision.procedure_id)
        .where(RevisionLesson.lesson_id == own, visible_to(session, "revisions", by))
        .order_by(Revision.id)
    ).all()
    count = sa.func.count
    found.briefings = session.execute(
        sa.select(Briefing, count(BriefingMember.person_id), count(BriefingMember.acknowledged_at))
        .join(BriefingMember, BriefingMember.briefing_id == Briefing.id, isouter=True)
        .where(Briefing.lesson_id == own, visible_to(session, "briefings", by))
        .group_by(Briefing.id)
        .order_by(Briefing.id)
    ).all()
    _proofs(session, found, by)
    _cases(session, found, by)


def _proofs(session: Session, found: Story, by: Actor) -> None:
    own = found.lesson.id
    found.verifications = session.scalars(
        sa.select(Verification)
        .where(
            Verification.lesson_id == own,
            Verification.state != VerificationState.VOID,
            visible_to(session, "verifications", by),
        )
        .order_by(Verification.cycle, Verification.attempt)
    ).all()


def _cases(session: Session, found: Story, by: Actor) -> None:
    """The latest cases that the reader may see. When there were any, how many actions and checks, how often readers
    said what of the present edition: all are told. And what this reader said."""
    own, edition = found.lesson.id, (Feedback.lesson_id == found.lesson.id, Feedback.edition == found.lesson.edition)
    not_void = (Verification.state != VerificationState.VOID,)
    counts = [
        sa.select(sa.func.count()).select_from(model).where(model.lesson_id == own, *where).scalar_subquery()
        for model, where in ((Action, ()), (CaseLink, ()), (Verification, not_void))
    ]
    counts += [
        sa.select(sa.func.count()).select_from(Feedback).where(*edition, Feedback.verdict == one).scalar_subquery()
        for one in Verdict
    ]
    seen = visible_to(session, "cases", by)
    told = sa.case((seen, sa.func.substr(Case.text, 1, TOLD)), else_=None)
    rows = session.execute(
        sa.select(*counts, Feedback, Case.opened_at, told)
        .select_from(Lesson)
        .outerjoin(Feedback, sa.and_(*edition, Feedback.person_id == by.id))
        .outerjoin(CaseLink, CaseLink.lesson_id == Lesson.id)
        .outerjoin(Case, Case.id == CaseLink.case_id)
        .where(Lesson.id == own)
        .order_by(Case.opened_at.desc(), Case.id.desc())
        .limit(DRAWN)
    ).all()
    actions, found.case_count, checks = rows[0][:3]
    found.verdicts, found.said = dict(zip(Verdict, rows[0][3:7], strict=True)), rows[0][7]
    found.actions_hidden, found.checks_hidden = actions - len(found.actions), checks - len(found.verifications)
    found.case_moments = [opened for *_, opened, _ in rows if opened]
    found.cases = [(text, opened) for *_, opened, text in rows if text][:10]


def card_of(session: Session, short: str) -> Lesson | None:
    """By the short code that a printed card's QR carries."""
    return session.scalars(sa.select(Lesson).where(Lesson.short == short)).first()


def by_short_or_code(session: Session, named: str, *, by: Actor) -> Lesson | None:
    """However a card is called."""
    row = by_code(session, Lesson, named.upper(), by=by)
    if row is None:
        short = card_of(session, named.lower())
        row = short if short is not None and can_see(session, short, by) else None
    return row
