"""A lesson as the press prints it: the agent's lines first, then the history, in finished words and days."""

from __future__ import annotations

from datetime import date, datetime
from functools import cache

import sqlalchemy as sa
from sqlmodel import Session

from exports import signs
from exports.sheet import CardSheet, CardWords
from lessons import db
from lessons.access import tree
from lessons.i18n import Name, Sentence, Word, say
from lessons.models import Event, Lesson, Person, Procedure, Revision, RevisionLesson, Seal, Unit, Verification
from lessons.repository.outcome import measure, number
from lessons.repository.shown import desk_word, meanwhile
from lessons.steps import seals
from lessons.web.looks import state_of
from lessons.workflow.states import LESSON_PUBLIC, LessonState, RevisionState, VerificationState

WORDS: dict[str, Sentence] = {
    "lesson": say("Lesson"),
    "edition": say("edition"),
    "meanwhile": say("Meanwhile:"),
    "applies_when": say("When it applies"),
    "steps": say("What we do"),
    "say": say("What we say"),
    "avoid": say("What we avoid"),
    "limits": say("Your limit, and whom to pass it to"),
    "exceptions": say("When it does not apply"),
    "what_happened": say("What happened"),
    "why": say("Why it happened"),
    "what_changed": say("What changed"),
    "how_we_know": say("How we know it works"),
    "source": say("Source"),
    "owner": say("Owner"),
    "valid_until": say("Valid until"),
    "card_edition": say("Card edition"),
    "printed": say("Printed"),
    "seal": say("Seal"),
    "scan": say("A printed copy. Before use, scan it to see whether it still holds"),
}
DRAFT, VOID = say("draft"), say("not in force")
CHANGED = say("Since %(day)s by procedure %(title)s (%(code)s).")
LESSON: sa.BindParameter[int] = sa.bindparam("lesson")
IN_FORCE = (
    sa.select(Procedure.title, Procedure.code, Revision.effective_on)
    .join(Revision, Revision.procedure_id == Procedure.id)
    .join(RevisionLesson, RevisionLesson.revision_id == Revision.id)
    .where(RevisionLesson.lesson_id == LESSON, Revision.state == RevisionState.EFFECTIVE)
    .order_by(Revision.id)
)
LAST_CHECK = (
    sa.select(Verification.__table__)
    .where(Verification.lesson_id == LESSON, Verification.state != VerificationState.VOID)
    .order_by(Verification.id.desc())
    .limit(1)
)
SEAL_OVER = (
    sa.select(Seal.root).where(Seal.last_id >= Event.id).order_by(Seal.last_id, Seal.day).limit(1).scalar_subquery()
)
CAME_BY = (
    sa.select(
        Event.hash,
        SEAL_OVER,
    )
    .where(Event.noun == "lessons", Event.record_id == LESSON, Event.at <= sa.bindparam("since"))
    .order_by(Event.n.desc())
    .limit(1)
)
BEFORE, TARGET, AFTER = say("before %(n)s"), say("target %(n)s"), say("after %(n)s")


@cache
def words(locale: str) -> CardWords:
    return CardWords(**{name: sentence.in_(locale) for name, sentence in WORDS.items()})


def sheet(session: Session, lesson: Lesson, *, locale: str, at: datetime) -> CardSheet:
    """Everything of the lesson's own; its debrief is not read. Labels in `locale`, its words as they are written."""
    direction = lesson.direction.value if lesson.direction else "do"
    owner = session.get(Person, lesson.owner_id) if lesson.owner_id else None
    return CardSheet(
        lang=locale,
        text_lang=lesson.lang,
        words=words(locale),
        direction=direction,
        direction_word=Word("direction", direction).in_(locale),
        state_shape=_shape(lesson),
        state_word=desk_word(lesson).in_(locale),
        units=tuple(_units(session, lesson, locale)),
        code=lesson.code,
        edition=str(lesson.edition),
        edition_date=written(_local(session, lesson, lesson.edition_at or lesson.created_at)),
        short=lesson.short,
        url=f"{db.settings().base_url}/c/{lesson.short}",
        meanwhile=meanwhile(lesson),
        watermark=_watermark(lesson, locale),
        what_changed=_what_changed(session, lesson, locale),
        how_we_know=_how_we_know(session, lesson, locale),
        owner=_function(owner, locale),
        valid_until=written(lesson.review_on),
        printed_on=written(_local(session, lesson, at)),
        seal=seal_of(session, lesson),
        **_texts(lesson),
    )


def _shape(lesson: Lesson) -> str:
    shape = str(state_of(lesson)["shape"])
    return shape if shape in signs.STATES else "open"


def _texts(lesson: Lesson) -> dict[str, str | tuple[str, ...]]:
    same = ("title", "applies_when", "say", "limits", "transfer_to", "exceptions", "why", "source")
    found: dict[str, str | tuple[str, ...]] = {name: getattr(lesson, name) for name in same}
    return found | {
        "avoid": lesson.avoid_saying,
        "what_happened": lesson.background,
        "steps": tuple(lesson.steps),
    }


def written(day: date | None) -> str:
    return f"{day.day}.{day.month}.{day.year}" if day else ""


def _local(session: Session, lesson: Lesson, at: datetime) -> date:
    return tree(session).today(lesson.unit_id, at)


def _units(session: Session, lesson: Lesson, locale: str) -> list[str]:
    known = tree(session)
    named = [known.by_code(code) for code in lesson.audience.get("units") or ()]
    return [_name(unit, locale) for unit in named if unit] or [_name(known.units[lesson.unit_id], locale)]


def _name(one: Unit | Person, locale: str) -> str:
    return Name.of(one).in_(locale)


def _function(owner: Person | None, locale: str) -> str:
    """What the owner does, which outlives who it is; the name where the function is not told."""
    if owner is None:
        return ""
    told = owner.function_en if locale == "en" and owner.function_en else owner.function
    return told or _name(owner, locale)


def _watermark(lesson: Lesson, locale: str) -> str:
    if lesson.state in (LessonState.DRAFT, LessonState.PROPOSED):
        return DRAFT.in_(locale)
    return "" if lesson.state in LESSON_PUBLIC else VOID.in_(locale)


def _what_changed(session: Session, lesson: Lesson, locale: str) -> str:
    return " ".join(
        CHANGED.with_(title=title, code=code, day=written(day)).in_(locale)
        for title, code, day in db.connection(session).execute(IN_FORCE, {"lesson": lesson.id})
    )


def _how_we_know(session: Session, lesson: Lesson, locale: str) -> str:
    """The last measure, with what it was before: it shows a difference and claims no cause."""
    plan = db.connection(session).execute(LAST_CHECK, {"lesson": lesson.id}).first()
    if plan is None:
        return ""
    said = measure(plan)
    what = said if isinstance(said, str) else said.in_(locale)
    figures = ((BEFORE, plan.baseline), (TARGET, plan.target), (AFTER, plan.measured))
    told = [one.with_(n=number(value)).in_(locale) for one, value in figures if value is not None]
    return f"{what}: {' · '.join(told)}" if told else what


def seal_of(session: Session, lesson: Lesson) -> str:
    """The beginning of the seal of the day by which this edition was in force; until that day is over, of the hash of
    the event by which it came into force. `lessons audit verify --head` takes either."""
    since = lesson.edition_at or lesson.created_at
    found = db.connection(session).execute(CAME_BY, {"lesson": lesson.id, "since": since}).first()
    event, root = found or (lesson.event_hash, None)
    return str(root or event)[: seals.SHORT]
