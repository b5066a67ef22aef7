"""The search index as the rooms use it: put a record's words in, take them out, find what holds a question's words.

Nothing here knows who may read what: `find` is given a criterion for that and applies it before it ranks, so that
what a person may not see neither shows nor takes the place of what they may.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Protocol

from sqlalchemy import ColumnElement, Connection, Select, SelectBase, delete, exists, select
from sqlalchemy.orm import Session

from lessons.search import fts5, grams, parts, tsvector
from lessons.search.entries import Entry
from lessons.search.schema import entry, part, sizes
from lessons.search.synonyms import Groups, widened
from lessons.search.words import Term, query_terms

MOST = 200
BATCH = 500
record_id = entry.c.record_id
"""The column that a criterion given to `find` may speak of."""
_LACKING = select(entry.c.id).where(~exists().where(sizes.c.entry_id == entry.c.id))
Where = SelectBase | ColumnElement[bool]


@dataclass(frozen=True)
class Hit:
    """A record that answers: `matched` of the question's `asked` terms stand in it. Greater scores are better, and
    compare within one answer only."""

    record_id: int
    score: float
    matched: int
    asked: int

    @property
    def partial(self) -> bool:
        return self.matched < self.asked


def put(session: Session, row: Entry) -> None:
    """From this transaction's commit on the record is found by these words, and by no others of before; by its meaning
    as soon as an embedder has seen it."""
    connection = session.connection()
    parts.write(connection, _database(connection).write(connection, row), row)


def keep(session: Session, noun: str, ids: Sequence[int], rows: Iterable[Entry]) -> None:
    """Of these records those that have a row are found by it, and the others are not. What is new comes in by a handful
    of statements, however much it is."""
    present, connection = {row.record_id: row for row in rows}, session.connection()
    theirs = entry.c.noun == noun, entry.c.record_id.in_(list(ids))
    known = set(connection.scalars(select(entry.c.record_id).where(*theirs)))
    _write_new(connection, [row for record_id, row in present.items() if record_id not in known])
    for record_id in sorted(known):
        if record_id in present:
            put(session, present[record_id])
        else:
            drop(session, noun, record_id)


def drop(session: Session, noun: str, record_id: int) -> None:
    """The record is no longer found; nothing where it never was."""
    connection = session.connection()
    this = (entry.c.noun == noun, entry.c.record_id == record_id)
    for entry_id in connection.scalars(select(entry.c.id).where(*this)).all():
        _database(connection).erase(connection, entry_id)
        parts.erase(connection, [entry_id])
        connection.execute(delete(entry).where(entry.c.id == entry_id))


def rebuild(session: Session, rows: Iterable[Entry]) -> int:
    """The index holds these rows and nothing else; give the oldest first. How many there were."""
    connection = session.connection()
    _database(connection).clear(connection)
    connection.execute(delete(part))
    connection.execute(delete(entry))
    return sum(_write_new(connection, batch) for batch in _batches(rows))


def _write_new(connection: Connection, rows: Sequence[Entry]) -> int:
    """Rows of records that have no entry yet; how many they are."""
    if rows:
        ids = _database(connection).write_all(connection, rows)
        parts.write_all(connection, list(zip(ids, rows, strict=True)))
    return len(rows)


def is_behind(session: Session) -> bool:
    """Whether an earlier version wrote entries that have no grams yet."""
    return session.connection().execute(_LACKING.limit(1)).first() is not None


def catch_up(session: Session, most: int = BATCH) -> int:
    """Entries that an earlier version wrote get the grams they lack; how many did."""
    connection = session.connection()
    ids = connection.scalars(_LACKING.order_by(entry.c.id).limit(most)).all()
    if ids:
        database = _database(connection)
        spelled = database.token_lists(connection, ids)
        database.write_grams(connection, {n: sorted(grams.of_tokens(each)) for n, each in spelled.items()})
    return len(ids)


def find(
    session: Session,
    q: str,
    *,
    noun: str = "lesson",
    limit: int = 20,
    where: Where | None = None,
) -> list[Hit]:
    """The best records that hold every word of q; where none does, those that hold some, marked partial.

    Best first, the newer record first among equals. `where` is a select of the ids that may be found, or a
    criterion on `record_id`.
    """
    terms = query_terms(q)
    conditions = [entry.c.noun == noun, *allowed(where)]
    most = max(1, min(limit, MOST))
    connection = session.connection()
    hits = _hits(connection, terms, conditions, most, every=True) if terms else []
    if hits or len(terms) < 2:
        return hits
    return _hits(connection, terms, conditions, most, every=False)


def telling(connection: Connection, terms: Sequence[Term]) -> list[Term]:
    """Those that tell records apart. What one record in four holds does not, beside words that fewer hold or nobody:
    of “customer furious” what speaks of customers is no answer. Alone it is all that is asked."""
    if len(terms) < 2:
        return list(terms)
    known, holders = grams.known(connection), _database(connection).holders

    def is_common(term: Term) -> bool:
        held = known.once(("newest", term), lambda: holders(connection, term, known.since))
        return held >= max(grams.FEW, known.newest // grams.COMMON)

    return [term for term in terms if not is_common(term)] or list(terms)


def by_words(
    connection: Connection,
    terms: Sequence[Term],
    telling: Sequence[Term],
    conditions: list[ColumnElement[bool]],
    most: int,
) -> list[tuple[int, float]]:
    """(entry id, score): those that hold every term, then those that hold one of the telling, each the best first."""
    if not terms:
        return []
    hits = {row.id: row.score for row in _best(connection, terms, conditions, most, every=True)}
    if len(terms) > 1 and len(hits) < most:
        some = {row.id: row.score for row in _best(connection, terms, conditions, most, every=False)}
        if some and len(telling) < len(terms):
            held = matched(connection, list(some), telling)
            some = {entry_id: score for entry_id, score in some.items() if held.get(entry_id, (0, 0))[0]}
        hits = hits | {entry_id: score for entry_id, score in some.items() if entry_id not in hits}
    return list(hits.items())[:most]


def is_known(connection: Connection, q: str, conditions: Sequence[ColumnElement[bool]], groups: Groups = ()) -> bool:
    """Whether an entry that meets the conditions holds any word of q; looks no further than the first."""
    terms = widened(query_terms(q), q, groups)
    return bool(terms) and _database(connection).holds_any(connection, terms, conditions)


def matched(connection: Connection, entry_ids: Sequence[int], terms: Sequence[Term]) -> dict[int, tuple[int, int]]:
    """How many of the terms each of these few entries holds, and how many of them its title."""
    return _database(connection).matched(connection, entry_ids, terms)


def tokens(connection: Connection, entry_ids: Sequence[int]) -> dict[int, set[str]]:
    """The words of each of these few entries, without stems."""
    spelled = _database(connection).token_lists(connection, entry_ids)
    return {entry_id: {token for token in each if token[0] != "~"} for entry_id, each in spelled.items()}


def _hits(
    connection: Connection, terms: Sequence[Term], conditions: list[ColumnElement[bool]], most: int, *, every: bool
) -> list[Hit]:
    rows = _best(connection, terms, conditions, most, every=every)
    every_one = len(terms), 0
    held = {} if every or not rows else matched(connection, [row.id for row in rows], terms)
    return [Hit(row.record_id, row.score, held.get(row.id, every_one)[0], len(terms)) for row in rows]


def _best(
    connection: Connection, terms: Sequence[Term], conditions: list[ColumnElement[bool]], most: int, *, every: bool
) -> Sequence[Any]:
    """(id, record_id, score) of those that hold all terms, or any."""
    best = _database(connection).ranked(connection, terms, conditions, every=every).subquery()
    found = (
        select(entry.c.id, entry.c.record_id, best.c.score)
        .join_from(best, entry, entry.c.id == best.c.id)
        .order_by(best.c.score.desc(), entry.c.record_id.desc())
        .limit(most)
    )
    return connection.execute(found).all()


def allowed(where: Where | None) -> list[ColumnElement[bool]]:
    """A select of ids is asked about each hit, newest first, instead of being listed whole before the first."""
    if where is None:
        return []
    if not isinstance(where, SelectBase):
        return [where]
    (wanted,) = (may_be_found := where.subquery()).columns
    return [exists().where(wanted == entry.c.record_id).select_from(may_be_found)]


class Database(Protocol):
    """What `fts5` and `tsvector` both offer. Conditions speak of the columns of `entry`."""

    def write(self, connection: Connection, row: Entry) -> int: ...
    def write_all(self, connection: Connection, rows: Sequence[Entry]) -> list[int]: ...
    def write_grams(self, connection: Connection, spelled: Mapping[int, Sequence[str]]) -> None: ...
    def token_lists(self, connection: Connection, entry_ids: Sequence[int]) -> dict[int, list[str]]: ...
    def erase(self, connection: Connection, entry_id: int) -> None: ...
    def clear(self, connection: Connection) -> None: ...
    def ranked(
        self, connection: Connection, terms: Sequence[Term], conditions: Sequence[ColumnElement[bool]], *, every: bool
    ) -> Select[int, float]: ...
    def holders(self, connection: Connection, term: Term, since: int) -> int: ...
    def holds_any(
        self, connection: Connection, terms: Sequence[Term], conditions: Sequence[ColumnElement[bool]]
    ) -> bool: ...
    def matched(
        self, connection: Connection, entry_ids: Sequence[int], terms: Sequence[Term]
    ) -> dict[int, tuple[int, int]]: ...


def _database(connection: Connection) -> Database:
    return fts5 if connection.dialect.name == "sqlite" else tsvector


def _batches(rows: Iterable[Entry]) -> Iterator[list[Entry]]:
    waiting = iter(rows)
    while batch := list(islice(waiting, BATCH)):
        yield batch
