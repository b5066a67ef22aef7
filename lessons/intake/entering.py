"""What was read becomes records: an event with its lessons and actions, each by one event of history that tells where
it stood. Many at once, by a handful of statements; nothing here asks who may."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlmodel import Session

from lessons import db
from lessons.access import Actor, tree
from lessons.debriefs.topics import key_of, known_topics, topic
from lessons.i18n import language_of
from lessons.intake import document as read
from lessons.intake import placing, synonyms
from lessons.intake.document import Place
from lessons.intake.tables import first_words
from lessons.intake.values import (
    SEVERITY,
    TITLE,
    kind_of,
    line_of,
    moment,
    review_on,
    severity,
    source,
    unread_severity,
)
from lessons.intake.whom import Directory
from lessons.models import (
    Action,
    Attachment,
    Cause,
    Debrief,
    Fact,
    Finding,
    Lesson,
    LessonTopic,
    SimilarAnswer,
    Unit,
)
from lessons.models.base import random_id
from lessons.repository import found
from lessons.steps import make_all
from lessons.steps.fresh import fresh, insert
from lessons.steps.history import Happened
from lessons.workflow.lesson import TITLE_LENGTH
from lessons.workflow.states import (
    ActionKind,
    ActionState,
    CauseKind,
    DebriefKind,
    DebriefState,
    Direction,
    FindingDirection,
    LessonState,
    Path,
    Similarity,
)

_AVOIDS = re.compile(
    r"\W*(?:do\s*n[o'’]?t|never|avoid|stop|must not|should not|אין\s+ל|אל\s|לא\s+ל|אסור|להימנע|לעולם לא|מוטב לא)",
    re.IGNORECASE,
)
AS_WRITTEN = {"he": "במקור", "en": "as written"}
BESIDE = {"he": ("מתי", "חומרה", "יחידה"), "en": ("when", "severity", "unit")}
"""In the record's own language: it is text from then on."""
STATES = {
    "done": ActionState.CONFIRMED,
    "cancelled": ActionState.CANCELLED,
    "in_progress": ActionState.IN_PROGRESS,
}


@dataclass(frozen=True)
class Arriving:
    """One event on its way in: its item (its digest, and what was answered of it), and what was read."""

    item: Any
    debrief: read.Debrief


@dataclass
class Entering:
    """Of one import, for any number of its events. `files`: by name those that go with their events, as reports do."""

    session: Session
    unit: Unit
    directory: Directory
    files: Mapping[str, Any]
    by: Actor
    at: datetime

    def enter(self, arriving: Sequence[Arriving]) -> Sequence[Any]:
        """The debriefs that they became. Raises nothing that depends on the words: whatever does not fit a field is
        kept beside it."""
        debriefs = [self._debrief(one) for one in arriving]
        self._make(debriefs, [one.debrief.place for one in arriving])
        lessons: list[tuple[Any, read.Lesson]] = []
        owned: list[Any] = []
        for one, debrief in zip(arriving, debriefs, strict=True):
            told = one.debrief.lessons if one.item.choice != "merge" else ()
            own = [(self._lesson(each, one, debrief), each) for each in told]
            lessons += own
            owned.append(own[0][0] if len(own) == 1 and own[0][0].state == LessonState.PROPOSED else None)
        pairs = list(zip(arriving, debriefs, strict=True))
        self._parts(pairs)
        self._findings(pairs)
        self._make([lesson for lesson, _ in lessons], [each.place for _, each in lessons])
        self._topics(lessons)
        actions = [
            (self._action(each, debrief, lesson), each.place)
            for (one, debrief), lesson in zip(pairs, owned, strict=True)
            for each in one.debrief.actions
        ]
        self._make([action for action, _ in actions], [place for _, place in actions])
        found.keep_all(self.session, [lesson for lesson, _ in lessons if lesson.state == LessonState.VERIFIED])
        return debriefs

    def _make(self, rows: Sequence[Any], places: Sequence[Place]) -> None:
        if rows:
            told = [_told(place) for place in places]
            happened = [Happened("import", "", row.state.value, self.by, self.at, None, one)
                        for row, one in zip(rows, told, strict=True)]  # fmt: skip
            make_all(self.session, rows, by=self.by, at=self.at, happened=happened, quietly=True)

    # ── the event ────────────────────────────────────────────────────────────────────────────────────────────────────
    def _debrief(self, one: Arriving) -> Any:
        told = one.debrief
        text = told.what_happened or told.title
        unit, kind, is_open = self._unit(told.unit), kind_of(told), self._is_open(one)
        return fresh(
            Debrief, state=DebriefState.ISSUED if is_open else DebriefState.CLOSED, kind=kind, path=Path.FULL,
            severity=severity(told.severity) or SEVERITY,
            title=first_words(told.title, TITLE) or first_words(text, TITLE),
            what_happened=text, expected=told.expected, happened_on=told.happened_on, unit_id=unit.id,
            source_ref=source(told), leader_id=self.directory.person(told.leader), lang=language_of(text),
            issued_at=self.at, closed_at=None if is_open else self.at,
            why_it_worked="\n".join(told.went_well) if kind == DebriefKind.SUCCESS else "",
            imported_from=f"import:{one.item.digest}",
        )  # fmt: skip

    def _unit(self, written: str) -> Unit:
        """The unit that is named, where it lies below the one that is imported into; else that one."""
        return placing.meant(self.session, self.directory.units, written, self.unit) or self.unit

    def _unread(self, told: read.Debrief, lang: str) -> Iterator[tuple[None, str, str]]:
        """The day, the severity and the unit as they were written, where they are none here."""
        when, severity_, unit = BESIDE[lang]
        if told.happened_on is None and synonyms.says_something(told.happened):
            yield None, told.happened, f"{when} ({AS_WRITTEN[lang]})"
        if unread_severity(told.severity):
            yield None, told.severity, f"{severity_} ({AS_WRITTEN[lang]})"
        known = placing.meant(self.session, self.directory.units, told.unit, self.unit)
        if known is None and synonyms.says_something(told.unit):
            yield None, told.unit, f"{unit} ({AS_WRITTEN[lang]})"

    def _is_open(self, one: Arriving) -> bool:
        told = one.debrief
        proposed = one.item.choice != "merge" and any(lesson.verified_on is None for lesson in told.lessons)
        return proposed or any(action.status not in ("done", "cancelled") for action in told.actions)

    def _parts(self, pairs: Sequence[tuple[Arriving, Any]]) -> None:
        """Lines of timelines, what is kept as it is, the report itself, and the lesson that an event shows again."""
        facts, files, again = [], [], []
        for one, debrief in pairs:
            told = one.debrief
            zone = ZoneInfo(tree(self.session).units[debrief.unit_id].zone)
            lines = [line_of(one_.at, one_.text, debrief.happened_on, zone) for one_ in told.timeline]
            lines += [(None, kept.text, kept.heading) for kept in told.kept]
            lines += self._unread(told, debrief.lang)
            facts += [
                {**self._own(debrief), "at": at, "text": text, "source": source[:TITLE]} for at, text, source in lines
            ]
            if (file := self.files.get(told.place.file)) is not None:
                files.append(
                    {
                        "pid": random_id(), "of_noun": "debriefs", "of_id": debrief.id, "name": file.name[-TITLE:],
                        "media_type": file.about.get("media", ""), "size": file.size, "sha256": file.sha256,
                        "by_id": self.by.id, "lang": debrief.lang, "created_at": self.at,
                    }
                )  # fmt: skip
            if one.item.choice == "merge" and one.item.alike_id:
                again.append({"debrief_id": debrief.id, "lesson_id": one.item.alike_id, "choice": Similarity.SAME})
        insert(self.session, Fact, facts)
        insert(self.session, Attachment, files)
        if again:
            db.writing(self.session).execute(sa.insert(SimilarAnswer), again)

    def _findings(self, pairs: Sequence[tuple[Arriving, Any]]) -> None:
        """What went well or badly; causes hang on the first of these, or on the event itself as a finding."""
        findings: list[dict[str, Any]] = []
        first: list[tuple[int, Sequence[str], str]] = []
        for one, debrief in pairs:
            told = one.debrief
            if told.causes:
                first.append((len(findings), told.causes, debrief.lang))
            badly = told.went_badly or ((debrief.title,) if told.causes else ())
            said = [(text, FindingDirection.IMPROVE) for text in badly]
            said += [(text, FindingDirection.SUSTAIN) for text in told.went_well]
            findings += [{**self._own(debrief), "n": n, "text": text, "direction": direction}
                         for n, (text, direction) in enumerate(said, 1)]  # fmt: skip
        ids = insert(self.session, Finding, findings)
        causes = [
            {"pid": random_id(), "finding_id": ids[at], "text": text, "kind": CauseKind.SYSTEM, "lang": lang,
             "created_at": self.at}
            for at, texts, lang in first
            for text in texts
        ]  # fmt: skip
        insert(self.session, Cause, causes)

    def _own(self, debrief: Any) -> dict[str, Any]:
        return {"pid": random_id(), "debrief_id": debrief.id, "lang": debrief.lang, "created_at": self.at}

    # ── lessons and actions ──────────────────────────────────────────────────────────────────────────────────────────
    def _lesson(self, told: read.Lesson, one: Arriving, debrief: Any) -> Any:
        title = first_words(told.text, TITLE_LENGTH)
        verified = told.verified_on is not None
        proved = moment(told.verified_on, time(12), UTC) if told.verified_on else None
        unit = tree(self.session).units[debrief.unit_id]
        more: dict[str, Any] = {}
        if verified:
            more = {"accepted_at": self.at, "edition_at": self.at, "proved_at": proved, "proved_elsewhere": True,
                    "review_on": review_on(one.item.digest, self.at)}  # fmt: skip
        return fresh(
            Lesson, state=LessonState.VERIFIED if verified else LessonState.PROPOSED, debrief_id=debrief.id,
            severity=debrief.severity, title=title, why="" if told.text == title else told.text,
            direction=Direction.DONT if _AVOIDS.match(told.text) else Direction.DO, source=debrief.source_ref,
            audience=_audience(unit.code), short=random_id(8), unit_id=debrief.unit_id,
            lang=language_of(told.text), imported_from=debrief.imported_from, **more,
        )  # fmt: skip

    def _topics(self, lessons: Sequence[tuple[Any, read.Lesson]]) -> None:
        """As the source names them; else those known ones whose words stand in the text."""
        known = known_topics(self.session)
        ids: dict[str, int] = {}
        links: list[dict[str, int]] = []
        for lesson, told in lessons:
            names = told.topics or known.within(f"{lesson.title} {lesson.why}")
            mine = {ids.setdefault(key_of(name), 0) or self._topic(ids, name) for name in names if name.strip()}
            links += [{"lesson_id": lesson.id, "topic_id": one} for one in sorted(mine)]
        if links:
            db.writing(self.session).execute(sa.insert(LessonTopic), links)

    def _topic(self, ids: dict[str, int], name: str) -> int:
        ids[key_of(name)] = topic(self.session, name).id or 0
        return ids[key_of(name)]

    def _action(self, told: read.Action, debrief: Any, lesson: Any) -> Any:
        owner = self.directory.person(told.owner)
        state = STATES.get(told.status, ActionState.ASSIGNED)
        if state == ActionState.IN_PROGRESS and owner is None:
            state = ActionState.ASSIGNED
        done = self.at if state == ActionState.CONFIRMED else None
        return fresh(
            Action, state=state, lesson_id=lesson.id if lesson else None, debrief_id=None if lesson else debrief.id,
            text=self._text(told, owner), done_when=told.note, kind=ActionKind.CORRECTIVE, owner_id=owner,
            due_on=told.due_on, first_due_on=told.due_on, done_at=done, confirmed_at=done, unit_id=debrief.unit_id,
            lang=language_of(told.text), imported_from=debrief.imported_from,
        )  # fmt: skip

    def _text(self, told: read.Action, owner: int | None) -> str:
        """With the owner and the day as they were written, where they are nobody and no day here."""
        unread = [told.owner] if told.owner and owner is None else []
        unread += [told.due] if told.due and told.due_on is None else []
        unread = [one for one in unread if one not in told.text]
        return f"{told.text} ({AS_WRITTEN[language_of(told.text)]}: {' · '.join(unread)})" if unread else told.text


@cache
def _audience(unit: str) -> dict[str, list[str]]:
    """Shared by all, so never changed in place."""
    return {"units": [unit], "roles": []}


def _told(place: Place) -> dict[str, Any]:
    told = {
        "source": place.file,
        "sheet": place.sheet,
        "row": place.row,
        "heading": place.heading,
        "digest": place.digest,
    }
    return {name: value for name, value in told.items() if value}
