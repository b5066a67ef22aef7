"""Finishes what is known of lessons into what templates lay out: words on the desk, cards, tables, charts."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session

from lessons import web
from lessons.access import Tree
from lessons.debriefs.shown import tree
from lessons.i18n import Sentence, Word, direction, say
from lessons.models import Lesson
from lessons.repository.outcome import outcome
from lessons.repository.queries import Listed, Story, Wanted
from lessons.web import options
from lessons.workflow.promised import promised
from lessons.workflow.states import Direction, LessonState

ON_DESK: dict[str, Sentence] = {
    "accepted": say("new – not yet proven"),
    "implementing": say("being embedded"),
    "watching": say("being watched"),
    "verified": say("proved itself"),
    "due_for_review": say("waiting for a check that it still holds"),
    "retired": say("out of use"),
    "merged": say("replaced"),
}


def desk_word(lesson: Lesson) -> Any:
    """How a lesson stands, in the word that agents see."""
    if lesson.team_until is not None and lesson.state in ("accepted", "implementing", "watching"):
        return say("team experience, until %(day)s", day=_day(lesson.team_until))
    if lesson.state == LessonState.RISK_ACCEPTED:
        return say("accepted risk until %(day)s", day=_day(lesson.risk_until))
    if lesson.state == LessonState.VERIFIED and lesson.proved_elsewhere:
        return say("imported – proved elsewhere")
    if lesson.state == LessonState.IMPLEMENTING and lesson.cycle > 1:
        return say("under re-examination")
    return ON_DESK.get(lesson.state.value, Word("lessons.state", lesson.state.value))


def _day(day: Any) -> str:
    return f"{day.day}.{day.month}.{day.year}" if day else ""


def meanwhile(lesson: Lesson) -> str:
    """The line that agents go by until there is a new answer; "" where there is one."""
    unanswered = lesson.cycle > 1 and lesson.state in (LessonState.ACCEPTED, LessonState.IMPLEMENTING)
    return lesson.meanwhile if unanswered else ""


def desk_state(lesson: Lesson) -> dict[str, Any]:
    return {**web.state_of(lesson), "word": desk_word(lesson)}


def row(one: Listed) -> dict[str, Any]:
    lesson = one.lesson
    return {
        "href": f"/lessons/{lesson.code}",
        "title": lesson.title,
        "code": lesson.code,
        "state": desk_state(lesson),
        "kind": lesson.direction.value if lesson.direction else "",
        "direction": Word("direction", lesson.direction.value) if lesson.direction else "",
        "unit": web.name_of(one.unit),
        "owner": web.name_of(one.owner),
        "topics": " · ".join(one.topics),
        "when": web.when(lesson.accepted_at or lesson.created_at),
    }


def filters(session: Session, wanted: Wanted) -> list[dict[str, Any]]:
    states = [{"value": s.value, "label": Word("lessons.state", s.value)} for s in LessonState]
    directions = [{"value": d.value, "label": Word("direction", d.value)} for d in Direction]
    return [
        {"name": "q", "label": say("Words"), "kind": "text", "value": wanted.q},
        {"name": "topic", "label": say("Topic"), "kind": "text", "value": wanted.topic},
        {"name": "state", "label": say("State"), "kind": "choice", "options": states,
         "value": wanted.states[0] if len(wanted.states) == 1 else ""},
        {"name": "direction", "label": say("Direction"), "kind": "choice", "options": directions,
         "value": wanted.direction},
        {"name": "unit", "label": say("Unit"), "kind": "choice", "options": options.units(session),
         "value": wanted.unit.code if wanted.unit else ""},
        {"name": "new", "label": say("New this month"), "kind": "bool", "value": wanted.since is not None},
    ]  # fmt: skip


def card(lesson: Lesson, owner: str = "", seal: str = "") -> dict[str, Any]:
    """The card as the kit draws it; the lesson's own texts in their own language and direction. `seal` as on paper."""
    footer = [
        (say("Owner"), owner),
        (say("Valid until"), web.when(lesson.review_on) if lesson.review_on else ""),
        (say("Card edition"), str(lesson.edition)),
        (say("Seal"), seal),
    ]
    return {
        "direction": lesson.direction.value if lesson.direction else "do",
        "direction_word": Word("direction", lesson.direction.value if lesson.direction else "do"),
        "state": desk_state(lesson),
        "code": lesson.code,
        "title": lesson.title,
        "lang": lesson.lang,
        "dir": direction(lesson.lang),
        "meanwhile": meanwhile(lesson),
        "avoid": [line for line in lesson.avoid_saying.split("\n") if line.strip()],
        "footer": footer,
        "href": f"/lessons/{lesson.code}",
        **{n: getattr(lesson, n) for n in ("applies_when", "steps", "say", "limits", "transfer_to", "exceptions")},
        **{n: getattr(lesson, n) for n in ("why", "background")},
    }


def asked(history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was asked of whoever wrote it and what was answered, out of its history, first to last."""
    return [one for one in history if one["trigger"] in ("ask_author", "answer")]


def story(found: Story) -> dict[str, Any]:
    """Everything that the page of one lesson lays out."""
    lesson = found.lesson
    ways = [*_actions(found), *_revisions(found)]
    return {
        "state": web.state_of(lesson),
        "on_desk": desk_word(lesson),
        "card": card(lesson, web.name_of(found.person(lesson.owner_id))),
        "causes": tree(found.causes, None),
        "ways": ways,
        "revise": f"/procedures?because_of={lesson.code}" if _may_revise(found) else "",
        "briefings": [_briefing(b, of, read) for b, of, read in found.briefings],
        "decided": _decided(found),
        "owner": web.name_of(found.person(lesson.owner_id)),
        "facts_of": _facts_of(found),
        **outcome(found, ways),
    }


def _may_revise(found: Story) -> bool:
    """Whether a procedure can be revised because of it, by this person."""
    under_way = found.lesson.state in (LessonState.ACCEPTED, LessonState.IMPLEMENTING)
    return under_way and bool(found.relations & {"owner", "editor_role"})


def _actions(found: Story) -> list[dict[str, Any]]:
    return [
        {
            "href": f"/actions/{a.code}",
            "title": a.text,
            "note": Word("action_kind", a.kind.value),
            "code": a.code,
            "owner": web.name_of(found.person(a.owner_id)),
            "waiting": web.name_of(found.person(a.waiting_on_id)),
            "due": web.when(a.due_on) if a.due_on else "—",
            "promised": promised(a) or "",
            "late": bool(a.due_on and a.due_on < web.today() and a.state in ("assigned", "in_progress", "blocked")),
            "state": web.state_of(a),
            "cycle": a.cycle,
        }
        for a in found.actions
    ]


def _revisions(found: Story) -> list[dict[str, Any]]:
    return [
        {
            "href": f"/revisions/{revision.code}",
            "title": procedure.title,
            "note": say("procedure, edition %(n)s", n=revision.number),
            "code": revision.code,
            "owner": "",
            "waiting": "",
            "due": web.when(revision.effective_on) if revision.effective_on else "—",
            "promised": "",
            "late": False,
            "state": web.state_of(revision),
            "cycle": cycle,
        }
        for revision, procedure, cycle in found.revisions
    ]


def _briefing(briefing: Any, of: int, read: int) -> dict[str, Any]:
    share = read / of if of else 1.0
    return {
        "href": f"/briefings/{briefing.code}",
        "code": briefing.code,
        "state": web.state_of(briefing),
        "due": web.when(briefing.due_on),
        "read": read,
        "of": of,
        "percent": round(share * 100),
        "share": share,
        "target": briefing.share,
        "target_percent": round(briefing.share * 100),
    }


def _decided(found: Story) -> list[tuple[Any, Any]]:
    """Who adopted it, when, and for whom."""
    lesson = found.lesson
    if lesson.accepted_at is None:
        return []
    return [
        (say("Adopted by"), web.name_of(found.person(lesson.accepted_by_id))),
        (say("On"), web.when(lesson.accepted_at)),
        (say("Meant for"), audience_words(found.units, lesson.audience)),
        (say("Level"), Word("level", str(lesson.level)) if lesson.level else ""),
        (say("Next check"), web.when(lesson.review_on) if lesson.review_on else ""),
    ]


def _facts_of(found: Story) -> list[tuple[Any, Any]]:
    lesson = found.lesson
    return [
        (say("Written by"), web.name_of(found.person(lesson.author_id))),
        (say("Unit"), web.name_of(found.unit)),
        (say("Topics"), " · ".join(found.topics)),
        (say("Meant for"), audience_words(found.units, lesson.audience) if lesson.accepted_at is None else ""),
        (say("Source"), lesson.source),
    ]


def audience_words(units: Tree, audience: dict[str, list[str]]) -> str:
    """Whom it is meant for: units by their names, then roles."""
    named = [web.name_of(units.by_code(code)) or code for code in audience.get("units", [])]
    roles = [str(web.spoken(Word("role", role))) for role in audience.get("roles", [])]
    return " · ".join([*named, *roles])
