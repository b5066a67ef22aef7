"""What holds after every step, told by rules of their own: each function yields a line for whatever is broken."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import SYSTEM, facts, tree
from lessons.duties.away import standing_in_for
from lessons.models import (
    RECORDS,
    Absence,
    Action,
    Briefing,
    DueChange,
    Duty,
    Event,
    EventDetail,
    Lesson,
    News,
    Person,
    Revision,
    RevisionLesson,
    Verification,
)
from lessons.steps import offers
from lessons.steps.chains import faults
from lessons.workflow.lives import LIVES
from lessons.workflow.states import LESSON_SETTLED, VERIFICATION_OPEN, LessonState, RevisionState

BORN = ("import", "report", "write", "assign", "create", "draft", "plan", "open")
HELD = {"debriefs": ("leader_id",), "lessons": ("owner_id", "author_id"), "actions": ("owner_id",),
        "revisions": ("editor_id",)}  # fmt: skip
EDITS = ("draft", "edit", "submit")


def all_rows(session: Session) -> Iterator[tuple[str, list[Any]]]:
    for noun, model in RECORDS.items():
        yield noun, list(session.scalars(sa.select(model).order_by(model.id)))


# ── history ──────────────────────────────────────────────────────────────────────────────────────────────────────────
def history_tells_the_state(session: Session) -> Iterator[str]:
    """The events, replayed over the tables, lead to what the record says; and their chain is whole."""
    yield from faults(session)
    told = defaultdict(list)
    for event in session.execute(sa.select(Event.__table__).order_by(Event.id)):
        told[event.noun, event.record_id].append(event)
    for noun, rows in all_rows(session):
        for row in rows:
            yield from _replayed(row, told[noun, row.id])


def _replayed(row: Any, events: list[Any]) -> Iterator[str]:
    state = ""
    for n, event in enumerate(events, 1):
        if event.from_state != state or event.n != n:
            yield f"{row.code}: event {n} begins at {event.from_state}, the one before ended at {state}"
        if n == 1 and event.trigger not in {*BORN, "publish", "ask", "offer"}:
            yield f"{row.code}: it began with {event.trigger}"
        leads = {step.target or event.from_state for step in LIVES[row.noun].candidates(state, event.trigger)}
        if n > 1 and event.to_state not in leads:
            yield f"{row.code}: {event.trigger} led from {state} to {event.to_state}"
        state = event.to_state
    if state != row.state or len(events) != row.event_n:
        yield f"{row.code}: its history ends at {state}, it is {row.state}"


# ── duties and dates ─────────────────────────────────────────────────────────────────────────────────────────────────
def duties_are_what_is_owed(session: Session, at: datetime) -> Iterator[str]:
    """Exactly the duties of the present state are open, each with a holder who is here and may do it."""
    present = defaultdict(list)
    for duty in session.scalars(sa.select(Duty).where(Duty.closed_at.is_(None), Duty.after_id.is_(None))):
        present[duty.of_noun, duty.of_id].append(duty)
    gone = set(session.scalars(sa.select(Person.id).where(Person.closed_at.is_not(None))))
    for noun, rows in all_rows(session):
        known = facts(session, rows, by=SYSTEM, at=at)
        for row, its in zip(rows, known, strict=True):
            yield from _owed(session, row, its, present.pop((noun, row.id), []), gone)
    yield from (f"a duty on {noun} {record_id} that is not there" for noun, record_id in present)


def _owed(session: Session, row: Any, known: Any, duties: list[Any], gone: set[int]) -> Iterator[str]:
    owes = {one.kind: one for one in LIVES[row.noun].owes if one.holds(row, known)}
    kinds = sorted(duty.kind for duty in duties)
    if kinds != sorted(owes):
        yield f"{row.code} ({row.state}): owes {sorted(owes)}, open are {kinds}"
        return
    for duty in duties:
        if duty.person_id in gone:
            yield f"{row.code}: {duty.kind} is owed by somebody who left"
        barred = owes[duty.kind].barred(row, known)
        if duty.person_id in barred | standing_in_for(session, barred, known.today):
            yield f"{row.code}: {duty.kind} is owed by somebody who may not"


def decisions_are_of_what_is_late(session: Session) -> Iterator[str]:
    """A manager decides about a duty that is open and has the day that they were asked about; one at a time."""
    open_ = session.scalars(sa.select(Duty).where(Duty.closed_at.is_(None))).all()
    by_id, asked = {duty.id: duty for duty in open_}, [duty for duty in open_ if duty.after_id is not None]
    for decision in asked:
        late = by_id.get(decision.after_id)
        if late is None or late.due_on != decision.asked_on or late.kind != decision.about:
            yield f"{decision.of_code}: a decision about {decision.about}, which is not late any more"
    if len({decision.after_id for decision in asked}) != len(asked):
        yield "two decide about one late duty"


def dates_have_their_lines(session: Session) -> Iterator[str]:
    last = {(line.noun, line.record_id): line.new_due_on for line in session.scalars(_LINES)}
    for noun in ("debriefs", "actions", "briefings"):
        for row in session.scalars(sa.select(RECORDS[noun])):
            if row.due_on is not None and last.get((noun, row.id)) != row.due_on:
                yield f"{row.code}: due {row.due_on}, its last line says {last.get((noun, row.id))}"


_LINES = sa.select(DueChange).where(DueChange.duty == "").order_by(DueChange.id)


# ── nothing stands still ─────────────────────────────────────────────────────────────────────────────────────────────
def one_text_is_in_force(session: Session) -> Iterator[str]:
    many = sa.select(Revision.procedure_id).where(Revision.state == RevisionState.EFFECTIVE)
    for procedure in session.scalars(many.group_by(Revision.procedure_id).having(sa.func.count() > 1)):
        yield f"procedure {procedure} has two texts in force"


def everything_can_go_on(session: Session, at: datetime) -> Iterator[str]:
    """A record under way is owed by somebody, or waits for something that is itself under way."""
    owed = {(d.of_noun, d.of_id) for d in session.scalars(sa.select(Duty).where(Duty.closed_at.is_(None)))}
    for lesson in session.scalars(sa.select(Lesson)):
        if ("lessons", lesson.id) not in owed and not _lesson_waits(session, lesson, at):
            yield f"{lesson.code} ({lesson.state}) waits for nothing and is owed by nobody"
    for plan in session.scalars(sa.select(Verification).where(Verification.state.in_(VERIFICATION_OPEN))):
        lesson = session.get_one(Lesson, plan.lesson_id)
        if lesson.state not in ("accepted", "implementing", "watching") or plan.cycle != lesson.cycle:
            yield f"{plan.code} ({plan.state}) checks {lesson.code}, which is {lesson.state} in cycle {lesson.cycle}"
        if (plan.state == "planned") != (plan.due_on is None):
            yield f"{plan.code} is {plan.state} with the date {plan.due_on}"
    for briefing in session.scalars(sa.select(Briefing).where(Briefing.state == "open")):
        of = _subject(session, briefing)
        if not LIVES[of.noun].is_live(of.state):
            yield f"{briefing.code} asks to read what is not in use"
    yield from _closed_in_time(session)


def _subject(session: Session, briefing: Briefing) -> Any:
    if briefing.lesson_id is not None:
        return session.get_one(Lesson, briefing.lesson_id)
    if briefing.news_id is not None:
        return session.get_one(News, briefing.news_id)
    return session.get_one(Revision, briefing.revision_id)


def _lesson_waits(session: Session, lesson: Lesson, at: datetime) -> bool:
    """Whether what comes next is somebody else's turn, or a day's."""
    known = facts(session, [lesson], by=SYSTEM, at=at)[0]
    waits = {
        LessonState.DRAFT: known.debrief_state in ("reported", "investigating", "in_review"),
        LessonState.ACCEPTED: lesson.team_until is not None,
        LessonState.IMPLEMENTING: any(not way.reached or way.state == "open" for way in known.ways),
        LessonState.WATCHING: any(plan in ("scheduled", "due") for plan in known.plans),
        LessonState.VERIFIED: lesson.review_on is not None,
        LessonState.RISK_ACCEPTED: lesson.risk_until is not None,
    }
    return waits.get(lesson.state, lesson.state in LESSON_SETTLED and lesson.state != LessonState.DUE_FOR_REVIEW)


def _closed_in_time(session: Session) -> Iterator[str]:
    for debrief in session.scalars(sa.select(RECORDS["debriefs"]).where(RECORDS["debriefs"].state == "issued")):
        mine = session.scalars(sa.select(Lesson).where(Lesson.debrief_id == debrief.id)).all()
        own = session.scalars(sa.select(Action).where(Action.debrief_id == debrief.id)).all()
        under_way = any(one.state not in LESSON_SETTLED for one in mine)
        if not under_way and not any(one.state not in ("confirmed", "cancelled") for one in own):
            yield f"{debrief.code} is issued and has nothing left to wait for"


def somebody_can_move_it(session: Session, at: datetime, actors: list[Any]) -> Iterator[str]:
    """Whatever is under way has a button that is open to somebody, unless the next step is the system's."""
    for noun, rows in all_rows(session):
        live = [row for row in rows if LIVES[noun].is_live(row.state) and noun != "procedures"]
        moved = {row.id for row in live if any(step.by == ("system",) and row.state in step.source for step in
                 LIVES[noun].steps)}  # fmt: skip
        for by in actors:
            left = [row for row in live if row.id not in moved]
            for row, its in zip(left, offers(session, left, by=by, at=at), strict=True):
                if any(offer.open for offer in its):
                    moved.add(row.id)
        yield from (f"{row.code} ({row.state}) is open to nobody" for row in live if row.id not in moved)


# ── separation of duties ─────────────────────────────────────────────────────────────────────────────────────────────
class Hands:
    """Keeps in mind, by looking after every step, who held what; then asks of each decision who took it."""

    def __init__(self) -> None:
        self.ever: dict[tuple[str, str, int], set[int]] = defaultdict(set)
        self.seen = 0

    def look(self, session: Session) -> Iterator[str]:
        """Remember, then judge the decisions taken since the last look."""
        for noun, columns in HELD.items():
            model = RECORDS[noun]
            for row in session.execute(sa.select(model.id, *(getattr(model, c) for c in columns))):
                for column, person in zip(columns, row[1:], strict=True):
                    self.ever[noun, column, row[0]] |= {person} - {None}
        events = session.execute(
            sa.select(Event.id, Event.noun, Event.record_id, Event.code, Event.trigger, Event.at, EventDetail.actor_id)
            .join(EventDetail, EventDetail.event_id == Event.id)
            .where(Event.id > self.seen, EventDetail.actor_id.is_not(None))
            .order_by(Event.id)
        ).all()
        for event in events:
            self.seen = event.id
            if event.noun == "revisions" and event.trigger in EDITS:
                self.ever["revisions", "editor_id", event.record_id].add(event.actor_id)
            yield from self.judged(session, event)

    def judged(self, session: Session, event: Any) -> Iterator[str]:
        barred = _BARRED.get((event.noun, event.trigger))
        if barred is None:
            return
        who = {event.actor_id} | _stood_in_for(session, event)
        if found := who & barred(self, session, event):
            yield f"{event.code}: {event.trigger} by {event.actor_id} acting as {sorted(who)}, barred {sorted(found)}"

    def of(self, noun: str, column: str, record_id: int) -> set[int]:
        return self.ever[noun, column, record_id]


def _stood_in_for(session: Session, event: Any) -> set[int]:
    """For whom the actor could act at that moment."""
    person = session.get_one(Person, event.actor_id)
    today = tree(session).today(person.unit_id, event.at)
    away = sa.select(Absence.person_id).where(
        Absence.delegate_id == person.id, Absence.from_on <= today, Absence.until_on >= today,
        Absence.cancelled_at.is_(None),
    )  # fmt: skip
    return set(session.scalars(away))


def _owners(hands: Hands, session: Session, event: Any) -> set[int]:
    return hands.of("actions", "owner_id", event.record_id)


def _own_now(hands: Hands, session: Session, event: Any) -> set[int]:
    return {session.get_one(Action, event.record_id).owner_id or 0}


def _editors(hands: Hands, session: Session, event: Any) -> set[int]:
    return hands.of("revisions", "editor_id", event.record_id)


def _author(hands: Hands, session: Session, event: Any) -> set[int]:
    return hands.of("lessons", "author_id", event.record_id)


def _leaders(hands: Hands, session: Session, event: Any) -> set[int]:
    return hands.of("debriefs", "leader_id", event.record_id)


def _workers(hands: Hands, session: Session, event: Any) -> set[int]:
    """Whoever had a hand in the lesson that is verified."""
    lesson = session.get_one(Lesson, session.get_one(Verification, event.record_id).lesson_id)
    found = set(hands.of("lessons", "owner_id", lesson.id or 0))
    if not tree(session).units[lesson.unit_id].small:
        found |= hands.of("lessons", "author_id", lesson.id or 0)
    for action in session.scalars(sa.select(Action.id).where(Action.lesson_id == lesson.id)):
        found |= hands.of("actions", "owner_id", action)
    because = sa.select(RevisionLesson.revision_id).where(RevisionLesson.lesson_id == lesson.id)
    for revision in session.scalars(because):
        found |= hands.of("revisions", "editor_id", revision)
    return found


_BARRED = {
    ("actions", "confirm"): _owners,
    ("actions", "cancel"): _own_now,
    ("actions", "grant_extension"): _own_now,
    ("revisions", "approve"): _editors,
    ("revisions", "approve_money"): _editors,
    ("revisions", "withdraw"): _editors,
    ("lessons", "accept"): _author,
    ("debriefs", "issue"): _leaders,
    ("verifications", "conclude"): _workers,
}
