"""Everything an agent may look for, a line a kind: how it is found, how it shows itself on the desk and to programs.

A kind that joins is a `found` in its room, a function here that says how it shows itself, and its line in KINDS.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from lessons import web
from lessons.debriefs import found as topics
from lessons.doors.shapes import ROOT, links
from lessons.i18n import Word
from lessons.models import Lesson, News, Sentence, Topic
from lessons.news import found as news
from lessons.procedures import found as procedures
from lessons.repository import found as repository
from lessons.repository.shown import desk_state
from lessons.search import kinds
from lessons.sentences import found as sentences


@dataclass(frozen=True)
class Shown:
    """`noun` as programs name it; `sort` the word for what it is, or for a lesson's `direction` (do, dont, keep).
    `when` it applies, in its own words. `state`: word, shape and tone as the kit draws them, `standing` its name;
    neither where it has none."""

    noun: str
    code: str
    title: str
    sort: Any
    links: Mapping[str, str]
    lang: str
    direction: str = ""
    when: str = ""
    standing: str | None = None
    state: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Kind:
    """`opens`: whether its whole text lies open on the desk, or is a page of its own; `whole`: it answers only where
    every word that was asked stands in it; `documents`: a case may have been handled by it."""

    found: kinds.Kind
    show: Callable[[Any], Shown]
    opens: bool = True
    whole: bool = False
    documents: bool = False


def _lesson(row: Lesson) -> Shown:
    direction = row.direction.value if row.direction else ""
    sort = Word("direction", direction) if direction else Word("noun", row.noun)
    return Shown(row.noun, row.code, row.title, sort, links(row), row.lang, direction, row.applies_when,
                 row.state.value, desk_state(row))  # fmt: skip


def _procedure(row: procedures.InForce) -> Shown:
    one, revision = row.procedure, row.revision
    return Shown(one.noun, one.code, one.title, Word("noun", one.noun), links(one), one.lang, when=revision.summary,
                 standing=revision.state.value, state=web.state_of(revision))  # fmt: skip


def _news(row: News) -> Shown:
    return Shown(row.noun, row.code, row.title, Word("news_kind", row.kind.value), links(row), row.lang,
                 standing=row.state.value, state=web.state_of(row))  # fmt: skip


def _sentence(row: Sentence) -> Shown:
    return Shown(row.noun, row.code, row.text, Word("noun", row.noun), links(row), row.lang, when=row.said_when,
                 standing=row.state.value, state=web.state_of(row))  # fmt: skip


def _topic(row: Topic) -> Shown:
    """Called by its name, and open in the repository at its lessons."""
    places = {"self": f"{ROOT}/topics/{quote(row.key, safe='')}", "page": web.with_args("/lessons", topic=row.name)}
    return Shown("topics", row.key, row.name, Word("noun", "topics"), places, row.lang)


KINDS: Mapping[str, Kind] = {
    repository.NOUN: Kind(repository, _lesson, documents=True),
    procedures.NOUN: Kind(procedures, _procedure, documents=True),
    news.NOUN: Kind(news, _news),
    sentences.NOUN: Kind(sentences, _sentence, opens=False),
    topics.NOUN: Kind(topics, _topic, opens=False, whole=True),
}
SEARCHED = tuple(one.found for one in KINDS.values())
DOCUMENTING = tuple(noun for noun, one in KINDS.items() if one.documents)
