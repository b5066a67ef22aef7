"""The one place where the legs meet: words, letter triples and meaning, each with its own order of what answers.

They are fused by reciprocal rank: an entry counts 1 / (NEAR_TOP + its rank) for each leg that names it. Scores of
different legs never meet, so that a leg may be missing or be replaced.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, and_, false, or_, select
from sqlalchemy.orm import Session

from lessons.i18n import language_of
from lessons.search import grams, index, spelling, vectors
from lessons.search.embedder import ASKED_SECONDS, Embedder, Unreachable
from lessons.search.schema import entry
from lessons.search.synonyms import Groups, instead, widened
from lessons.search.words import Term, query_terms

WORDS, GRAMS, MEANING = "words", "grams", "meaning"
LEGS = (WORDS, GRAMS, MEANING)
NEAR_TOP = 10
DEEP = 60
"""Entries that each leg names at most."""
ALIKE, ACROSS, BEHIND = 0.57, 0.25, 0.1
"""Nearness by meaning of an entry that answers although nothing answers by a word or triple; of such a one in another
language, where words never could; and how far behind the nearest of all one may be that has none, where others have."""
ASKED = {WORDS: 1.0, GRAMS: 1.0, MEANING: 0.7}
ASKED_IN_ENGLISH = {WORDS: 1.0, GRAMS: 0.3, MEANING: 1.0}
LIKE = "like"
SAID = {WORDS: 0.3, GRAMS: 0.3, MEANING: 1.0, LIKE: 1.0}
"""How much each leg counts where somebody asks, and where a customer's own words are given. English words are stemmed
whole, so that triples add noise to them and to Hebrew ones what stems miss. Where LIKE counts, meaning
is ordered less what all texts have in common: like is compared with like."""
MOST_LIKE, LOOKED_AT = 0.5, 20
"""Share of a question's letters whose words are spelled like those of an entry that answers by its letters alone; and
how many of these are looked at."""
TITLED = 0.5
"""What a title counts that holds all words of the question, in first places of a leg: of a common word it says little
where it is frequent, and much what is called so."""
WHOLE = 0.2
"""What holding all words counts so, where one asks for several: more than what meaning makes of one that holds some."""
Weigh = Callable[[Sequence["Answer"]], Mapping[tuple[str, int], float]]


@dataclass(frozen=True)
class Answer:
    """A record that answers, the legs that found it, and how many of the `asked` words stand in it."""

    noun: str
    record_id: int
    score: float
    legs: frozenset[str]
    matched: int
    asked: int

    @property
    def partial(self) -> bool:
        return self.matched < self.asked


def answers(
    session: Session,
    q: str,
    *,
    where: Mapping[str, index.Where | None],
    legs: Collection[str] = LEGS,
    limit: int = 20,
    embedder: Embedder | None = None,
    groups: Groups = (),
    weigh: Weigh | None = None,
    counts: Mapping[str, float] = ASKED,
    seconds: float = ASKED_SECONDS,
) -> list[Answer]:
    """The best records of the nouns in `where`, each within its criterion, the newer first among equals. `weigh` says
    by how much a record counts more or less than 1 for what else is known of it. Where no word is known, what the keys
    mean in the other layout is asked."""
    connection = session.connection()
    conditions = [or_(*(_of(noun, may) for noun, may in where.items()), false())]
    q, terms, telling, by_words = _by_words(connection, q, conditions, groups, legs=legs, counts=counts)
    counts = ASKED_IN_ENGLISH if counts == ASKED and language_of(q) == "en" else counts
    hits, far = dict[str, list[tuple[int, float]]](), set[int]()
    if WORDS in legs:
        hits[WORDS] = by_words
    if GRAMS in legs:
        by_others = bool(by_words and instead(q, groups)) and not index.is_known(connection, q, conditions)
        common = {term.word for term in terms} - {term.word for term in telling}
        hits[GRAMS] = grams.find(connection, q, conditions, DEEP, whole=by_others or not by_words, common=common)
        if by_others or hits.get(WORDS) == []:
            hits[GRAMS] = _spelled_alike(connection, [term.word for term in telling], hits[GRAMS])
    if MEANING in legs:
        held = {n for hit in hits.values() for n, _ in hit} if hits else None
        like = bool(counts.get(LIKE))
        hits[MEANING], far = _by_meaning(connection, q, conditions, embedder, seconds=seconds, held=held, like=like)
    named = {leg: [n for n, _ in hit] for leg, hit in hits.items()}
    found = _records(connection, terms, named, counts, without=far)
    if weigh is not None and found:
        weights = weigh(found)
        found = [_weighed(one, weights.get((one.noun, one.record_id), 1.0)) for one in found]
    return sorted(found, key=lambda one: (-one.score, -one.record_id))[: max(1, limit)]


def _by_words(
    connection: Connection, q: str, conditions: list[ColumnElement[bool]], groups: Groups, *, legs: Collection[str],
    counts: Mapping[str, float],
) -> tuple[str, list[Term], list[Term], list[tuple[int, float]]]:  # fmt: skip
    """What is asked, its terms, those of them that tell records apart, and what answers by them."""
    terms = widened(query_terms(q), q, groups)
    telling = terms if counts.get(LIKE) else index.telling(connection, terms)
    found = index.by_words(connection, terms, telling, conditions, DEEP) if WORDS in legs else []
    if not found and (meant := spelling.as_meant(connection, q, conditions, groups)) != q:
        return _by_words(connection, meant, conditions, groups, legs=legs, counts=counts)
    return q, terms, telling, found


def _of(noun: str, may: index.Where | None) -> ColumnElement[bool]:
    return and_(entry.c.noun == noun, *index.allowed(may))


def _weighed(one: Answer, weight: float) -> Answer:
    return Answer(one.noun, one.record_id, one.score * weight, one.legs, one.matched, one.asked)


def _spelled_alike(
    connection: Connection, words: Sequence[str], hits: list[tuple[int, float]]
) -> list[tuple[int, float]]:
    """Where no word is known: those alone that have words like most of the question, not the letters of many words."""
    tokens = index.tokens(connection, [n for n, _ in hits[:LOOKED_AT]])
    return [hit for hit in hits[:LOOKED_AT] if spelling.likeness(words, tokens.get(hit[0], ())) >= MOST_LIKE]


def _by_meaning(
    connection: Connection,
    q: str,
    conditions: Sequence[ColumnElement[bool]],
    embedder: Embedder | None,
    *,
    seconds: float,
    held: Collection[int] | None,
    like: bool,
) -> tuple[list[tuple[int, float]], set[int]]:
    """The nearest; and those of them that answer no more, though the others keep their places. `held` are those that
    other legs found; None where none was asked."""
    if embedder is None or not q.strip():
        return [], set()
    try:
        asked = embedder.embed(q, question=True, seconds=seconds)
    except Unreachable:
        return [], set()
    alone = held is not None and not held
    least, lang = (ACROSS, language_of(q)) if alone else (0.0, "")
    near = [one for one in vectors.near(connection, embedder.name, asked) if one[1] >= least]
    found: list[tuple[int, float]] = []
    for at in range(0, len(near), 400):
        some = near[at : at + 400]
        wanted = select(entry.c.id, entry.c.lang).where(entry.c.id.in_([n for n, _ in some]), *conditions)
        langs = dict(connection.execute(wanted).all())
        found += [one for one in some if one[0] in langs and (langs[one[0]] != lang or one[1] >= ALIKE)]
        like = like or (alone and any(of != lang for of in langs.values()))
        if len(found) >= DEEP:
            break
    found = found[:DEEP]
    far = {n for n, nearness in found if held and n not in held and nearness < found[0][1] - BEHIND}
    if not like:
        return found, far
    apart = vectors.apart(connection, embedder.name, asked, [n for n, _ in found])
    return sorted(apart.items(), key=lambda one: (-one[1], -one[0])), far


def _records(
    connection: Connection, terms: Sequence[Term], named: Mapping[str, Sequence[int]], counts: Mapping[str, float],
    *, without: Collection[int],
) -> list[Answer]:  # fmt: skip
    score: defaultdict[int, float] = defaultdict(float)
    legs: defaultdict[int, set[str]] = defaultdict(set)
    for leg, ids in named.items():
        for rank, entry_id in enumerate(ids, 1):
            score[entry_id] += counts[leg] / (NEAR_TOP + rank)
            legs[entry_id].add(leg)
    ids = [entry_id for entry_id in score if entry_id not in without]
    held = index.matched(connection, ids, terms) if ids else {}
    for entry_id, (words, titled) in held.items():
        whole = TITLED * (titled == len(terms)) + WHOLE * (words == len(terms) > 1)
        score[entry_id] += whole / (NEAR_TOP + 1) if terms else 0
    rows = connection.execute(select(entry.c.id, entry.c.noun, entry.c.record_id).where(entry.c.id.in_(ids)))
    return [
        Answer(row.noun, row.record_id, score[row.id], frozenset(legs[row.id]), held.get(row.id, (0, 0))[0], len(terms))
        for row in rows
    ]
