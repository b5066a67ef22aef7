"""Every stored value that people meet, by the context it is looked up in, drawn from the tables themselves."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from enum import StrEnum
from pathlib import Path

from lessons.post.kinds import KINDS
from lessons.workflow import states
from lessons.workflow.lives import LIVES

POLICY = Path(states.__file__).with_name("policy.toml")
Pair = tuple[str, str]

# How a record comes into the world; every other event is a trigger of its life.
BORN = {
    "debriefs": "report import",
    "lessons": "write import",
    "actions": "assign import",
    "procedures": "create import",
    "revisions": "draft import",
    "verifications": "plan import",
    "briefings": "open import",
    "news": "publish report import",
    "questions": "ask import",
    "sentences": "publish offer import",
}
# What no table lists: the contexts of values that are kept as plain text.
PLAIN = {
    "action_choice": "keep cancel",
    "actor_kind": "person system operator anonymous",
    "authority": "situation tier agent debrief_leader manager finance",
    "choice": "keep cancel role not_a_name same related different",
    "decision": "new_date hand_over cancel accept_risk",
    "desk.state": "new accepted implementing watching verified again due_for_review risk_accepted team imported "
    "superseded merged retired",
    "due_change": "opened assigned extended reassigned widened reopened decided imported edited",
    "duty.closed": "ended done fulfilled cancelled handed_on handed_over lapsed",
    "file_kind": "picture recording video document file",
    "digest_every": "day week",
    "how": "password code passkey provider again demo",
    "language": "he en",
    "lesson.lacks": "title applies_when direction topics",
    "level": "1 2 3",
    "locale": "he en",
    "name.where": "title what_happened expected actual why why_it_worked differently elsewhere no_lesson_because "
    "applies_when steps say avoid_saying limits transfer_to exceptions background debrief debriefs fact facts finding "
    "findings cause causes lesson lessons file",
    "name_choice": "role not_a_name",
    "news.tab": "live ended",
    "noun": "debriefs lessons actions procedures revisions verifications briefings news questions sentences cases "
    "people units duties findings facts causes attachments evidence extensions feedback policy_cards topics jobs",
    "nouns": "debriefs lessons actions procedures revisions verifications briefings news questions sentences cases "
    "people units duties",
    "field": "files items origin milliseconds news_body news_urgent sentence_text sentence_topic "
    "question_answered baseline_unknown.reason briefing.share briefing.due_on briefing.check no_action.reason",
    "part.add": "facts findings causes no_action feedback votes attachments",
    "part.edit": "facts findings causes attachments",
    "part": "feedback fact finding cause lesson action evidence facts findings causes lessons actions attachments",
    "people.event": "give_role take_role invite set_password take_second_step take_passkey hold release erase",
    "relation": "anyone system operator anonymous lesson_owner procedure_owner editor_role member participant named "
    "interviewee reporter author assigner approver opener confirmer delegate accepted_by answered_by approved_by "
    "concluded_by confirmed_by money_approved_by",
    "result": "effective not_effective inconclusive",
    "scope": "read write",
    "severity": "1 2 3 4",
    "theme": "light dark auto",
    "way": "action revision briefing",
    "weekday": "sun mon tue wed thu fri sat",
}


def pairs(fields: Iterable[str]) -> set[Pair]:
    """All (context, value) that need a word; `fields` are the names that forms ask for."""
    plain = ((context, value) for context, values in PLAIN.items() for value in values.split())
    named = (("field", name) for name in fields)
    kept = [*_lives(), *_choices(), *_relations(), *plain, *named]
    return {*kept, *(("duty", kind) for kind in _duties()), *(("notice", kind) for kind in KINDS)}


def _lives() -> Iterator[Pair]:
    for noun, life in LIVES.items():
        born = BORN[noun].split()
        yield from ((f"{noun}.state", state.value) for state in life.states)
        yield from ((f"{noun}.trigger", trigger) for trigger in (*life.triggers, *born))
        yield from ((f"{noun}.event", trigger) for trigger in (*life.triggers, *born))


def _choices() -> Iterator[Pair]:
    """The members of every other enum, under its name in small letters: ("action_kind", "corrective")."""
    of_lives = {life.states for life in LIVES.values()}
    for name, kind in vars(states).items():
        if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum and kind not in of_lives:
            context = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()
            yield from ((context, member.value) for member in kind)


def _relations() -> Iterator[Pair]:
    yield from (("relation", who) for life in LIVES.values() for step in life.steps for who in step.by)
    yield from (("relation", who) for life in LIVES.values() for owes in life.owes for who in owes.to)
    yield from (("relation", role.value) for role in states.Role)


def _duties() -> list[str]:
    return list(tomllib.loads(POLICY.read_text(encoding="utf-8"))["duties"])
