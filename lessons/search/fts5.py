"""What is SQLite's own about search: the FTS5 table, its query language and its rank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Float,
    Select,
    Text,
    bindparam,
    column,
    delete,
    exists,
    func,
    insert,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from lessons.search.entries import Entry, Tokens
from lessons.search.schema import entry
from lessons.search.words import Term

NEWEST = 2_000
"""Ranking costs microseconds a hit; of a very common word only the newest hits are ranked."""
TITLE, TOPICS, BODY = 8.0, 4.0, 1.0

words = table(
    "search_words", column("rowid", BigInteger), *(column(part, Text) for part in ("title", "topics", "body"))
)
_itself: ColumnElement[str] = literal_column("search_words", Text)


def write(connection: Connection, row: Entry) -> None:
    values = {"noun": row.noun, "record_id": row.record_id, "lang": row.lang}
    upsert = insert_or_update(entry).values(values)
    upsert = upsert.on_conflict_do_update(index_elements=["noun", "record_id"], set_={"lang": row.lang})
    entry_id = connection.execute(upsert.returning(entry.c.id)).scalar_one()
    erase(connection, entry_id)
    connection.execute(insert(words), _spelled(entry_id, row))


def write_all(connection: Connection, rows: Sequence[Entry], *, after: int) -> None:
    """New rows for an index that holds `after` of them and has never lost one."""
    numbered = list(enumerate(rows, after + 1))
    connection.execute(
        insert(entry),
        [{"id": n, "noun": row.noun, "record_id": row.record_id, "lang": row.lang} for n, row in numbered],
    )
    connection.execute(insert(words), [_spelled(n, row) for n, row in numbered])


def erase(connection: Connection, entry_id: int) -> None:
    connection.execute(delete(words).where(words.c.rowid == entry_id))


def clear(connection: Connection) -> None:
    connection.execute(delete(words))


def _spelled(entry_id: int, row: Entry) -> dict[str, str | int]:
    tokens = Tokens.of(row)
    parts = {"title": tokens.title, "topics": tokens.topics, "body": tokens.body}
    return {"rowid": entry_id} | {part: " ".join(words) for part, words in parts.items()}


def question(terms: Sequence[Term], *, every: bool) -> str:
    """The terms in FTS5's language. Tokens hold no quotes, so nothing in them can mean anything but itself."""
    return (" AND " if every else " OR ").join(f"({' OR '.join(_phrases(term))})" for term in terms)


def _phrases(term: Term) -> Iterator[str]:
    yield from (f'"{prefix}"*' for prefix in term.prefixes)
    yield from (f'"{token}"' for token in term.exact)


def ranked(
    connection: Connection, terms: Sequence[Term], conditions: Sequence[ColumnElement[bool]], *, every: bool
) -> Select[int, float]:
    """(entry id, score) of the newest entries that answer and meet the conditions; a greater score is better.

    The rank is taken inside, row by row from the newest: SQLite would otherwise rank every hit before it cuts.
    """
    asked = question([_without_needless_prefixes(connection, term) for term in terms], every=every)
    score: ColumnElement[float] = -func.bm25(_itself, TITLE, TOPICS, BODY, type_=Float)
    newest = (
        select(words.c.rowid.label("id"), score.label("score"))
        .where(_itself.op("MATCH")(bindparam("asked", asked)))
        .where(exists().where(entry.c.id == words.c.rowid, *conditions))
        .order_by(words.c.rowid.desc())
        .limit(NEWEST)
        .subquery()
    )
    return select(newest.c.id, newest.c.score)


def _without_needless_prefixes(connection: Connection, term: Term) -> Term:
    """A prefix costs by all that begins with it (70 ms where 100,000 texts hold "לקוח"): it is left out where the
    whole word and its stems are common enough to fill what is ranked."""
    if not (term.prefixes and term.exact):
        return term
    whole = replace(term, prefixes=())
    same = select(words.c.rowid).where(_itself.op("MATCH")(question([whole], every=True))).limit(NEWEST)
    held = connection.execute(select(func.count()).select_from(same.subquery())).scalar_one()
    return whole if held == NEWEST else term


def matched(connection: Connection, entry_ids: Sequence[int], terms: Sequence[Term]) -> dict[int, int]:
    """How many of the terms each of these few entries holds."""
    rows = connection.execute(select(words).where(words.c.rowid.in_(entry_ids)))
    texts = {row.rowid: f" {row.title} {row.topics} {row.body} " for row in rows}
    return {entry_id: sum(_holds(text, term) for term in terms) for entry_id, text in texts.items()}


def _holds(text: str, term: Term) -> bool:
    return any(f" {prefix}" in text for prefix in term.prefixes) or any(f" {token} " in text for token in term.exact)
