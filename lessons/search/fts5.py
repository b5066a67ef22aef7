"""What is SQLite's own about search: the FTS5 table, its query language and its rank."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

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
    text,
)
from sqlalchemy.dialects.sqlite import insert as insert_or_update

from lessons.search.entries import Entry, Tokens
from lessons.search.grams import Known, known, of_tokens
from lessons.search.schema import entry, sizes
from lessons.search.words import Term

NEWEST = 2_000
"""Ranking costs microseconds a hit; of a very common word only the newest hits are ranked."""
TITLE, TOPICS, BODY = 8.0, 4.0, 1.0

words = table(
    "search_words", column("rowid", BigInteger), *(column(part, Text) for part in ("title", "topics", "body"))
)
grams = table("search_grams", column("rowid", BigInteger), column("grams", Text))
_FORGET = text("INSERT INTO search_grams (search_grams, rowid, grams) VALUES ('delete', :entry_id, :grams)")
_FORGET_ALL = text("INSERT INTO search_grams (search_grams) VALUES ('delete-all')")
_LAST = select(func.coalesce(func.max(entry.c.id), 0))
_itself: ColumnElement[str] = literal_column("search_words", Text)
_HELD = _itself.op("MATCH")(bindparam("asked"))
_ENOUGH = select(func.count()).select_from(select(words.c.rowid).where(_HELD).limit(NEWEST).subquery())
_NEWER = select(func.count()).where(_HELD, words.c.rowid > bindparam("since"))


def write(connection: Connection, row: Entry) -> int:
    values = {"noun": row.noun, "record_id": row.record_id, "lang": row.lang}
    upsert = insert_or_update(entry).values(values)
    upsert = upsert.on_conflict_do_update(index_elements=["noun", "record_id"], set_={"lang": row.lang})
    entry_id: int = connection.execute(upsert.returning(entry.c.id)).scalar_one()
    erase(connection, entry_id)
    _write(connection, {entry_id: Tokens.of(row)})
    return entry_id


def write_all(connection: Connection, rows: Sequence[Entry]) -> list[int]:
    """Rows of records that have no entry yet; nobody else writes meanwhile."""
    numbered = dict(enumerate(rows, 1 + connection.execute(_LAST).scalar_one()))
    connection.execute(
        insert(entry),
        [{"id": n, "noun": row.noun, "record_id": row.record_id, "lang": row.lang} for n, row in numbered.items()],
    )
    _write(connection, {n: Tokens.of(row) for n, row in numbered.items()})
    return list(numbered)


def _write(connection: Connection, spelled: Mapping[int, Tokens]) -> None:
    connection.execute(
        insert(words),
        [
            {"rowid": n, "title": " ".join(t.title), "topics": " ".join(t.topics), "body": " ".join(t.body)}
            for n, t in spelled.items()
        ],
    )
    write_grams(connection, {n: tokens.grams for n, tokens in spelled.items()})


def write_grams(connection: Connection, spelled: Mapping[int, Sequence[str]]) -> None:
    connection.execute(insert(grams), [{"rowid": n, "grams": " ".join(each)} for n, each in spelled.items()])
    connection.execute(insert(sizes), [{"entry_id": n, "size": len(each)} for n, each in spelled.items()])


def erase(connection: Connection, entry_id: int) -> None:
    """The table of grams keeps no text: it is told what to forget, and never what it was not told to keep."""
    if connection.execute(delete(sizes).where(sizes.c.entry_id == entry_id)).rowcount:
        forgotten = " ".join(sorted(of_tokens(token_lists(connection, [entry_id])[entry_id])))
        connection.execute(_FORGET, {"entry_id": entry_id, "grams": forgotten})
    connection.execute(delete(words).where(words.c.rowid == entry_id))


def token_lists(connection: Connection, entry_ids: Sequence[int]) -> dict[int, list[str]]:
    """The tokens of each entry as they are now."""
    rows = connection.execute(select(words.c.rowid, *list(words.c)[1:]).where(words.c.rowid.in_(entry_ids)))
    return {row[0]: " ".join(row[1:]).split() for row in rows}


def clear(connection: Connection) -> None:
    connection.execute(delete(words))
    connection.execute(delete(sizes))
    connection.execute(_FORGET_ALL)


def question(terms: Sequence[Term], *, every: bool) -> str:
    """The terms in FTS5's language. Tokens hold no quotes, so nothing in them can mean anything but itself."""
    return (" AND " if every else " OR ").join(f"({' OR '.join(_phrases(term))})" for term in terms)


def _phrases(term: Term) -> Iterator[str]:
    yield from (f'"{prefix}"*' for prefix in term.prefixes)
    yield from (f'"{token}"' for token in term.exact)
    yield from (f"({question(phrase, every=True)})" for phrase in term.phrases)


def ranked(
    connection: Connection, terms: Sequence[Term], conditions: Sequence[ColumnElement[bool]], *, every: bool
) -> Select[int, float]:
    """(entry id, score) of the newest entries that answer and meet the conditions; a greater score is better.

    The rank is taken inside, row by row from the newest: SQLite would otherwise rank every hit before it cuts.
    """
    counted = known(connection)
    needed = [_without_needless_prefixes(connection, term, counted) for term in terms]
    score: ColumnElement[float] = -func.bm25(_itself, TITLE, TOPICS, BODY, type_=Float)
    holding = _holding(needed, conditions, every=every).add_columns(score.label("score"))
    newest = holding.order_by(words.c.rowid.desc()).limit(NEWEST).subquery()
    return select(newest.c.id, newest.c.score)


def holds_any(connection: Connection, terms: Sequence[Term], conditions: Sequence[ColumnElement[bool]]) -> bool:
    """Whether an entry that meets the conditions holds one of the terms. Prefixes cost by all that begins with them,
    so that whole words are asked for first."""
    whole = [replace(term, prefixes=()) if term.exact else term for term in terms]
    return any(connection.execute(_holding(each, conditions).limit(1)).first() is not None for each in (whole, terms))


def _holding(terms: Sequence[Term], conditions: Sequence[ColumnElement[bool]], *, every: bool = False) -> Select[Any]:
    return (
        select(words.c.rowid.label("id"))
        .where(_itself.op("MATCH")(bindparam("asked", question(terms, every=every))))
        .where(exists().where(entry.c.id == words.c.rowid, *conditions))
    )


def _without_needless_prefixes(connection: Connection, term: Term, counted: Known) -> Term:
    """A prefix costs by all that begins with it (70 ms where 100,000 texts hold "לקוח"): it is left out where the
    whole word and its stems are common enough to fill what is ranked."""
    if not (term.prefixes and term.exact) or counted.entries < NEWEST:
        return term
    whole = replace(term, prefixes=())
    asked = {"asked": question([whole], every=True)}
    held = counted.once(("enough", whole), lambda: int(connection.execute(_ENOUGH, asked).scalar_one()))
    return whole if held == NEWEST else term


def holders(connection: Connection, term: Term, since: int) -> int:
    """How many of the newer entries hold it: the whole word or its stems, where it has any. Prefixes cost more."""
    whole = replace(term, prefixes=()) if term.exact else term
    asked = {"asked": question([whole], every=True), "since": since}
    return int(connection.execute(_NEWER, asked).scalar_one())


def matched(connection: Connection, entry_ids: Sequence[int], terms: Sequence[Term]) -> dict[int, tuple[int, int]]:
    """How many of the terms each of these few entries holds, and how many of them its title."""
    rows = connection.execute(select(words).where(words.c.rowid.in_(entry_ids)))
    texts = {row.rowid: (f" {row.title} {row.topics} {row.body} ", f" {row.title} ") for row in rows}
    return {
        entry_id: (sum(_holds(whole, term) for term in terms), sum(_holds(title, term) for term in terms))
        for entry_id, (whole, title) in texts.items()
    }


def _holds(text: str, term: Term) -> bool:
    return (
        any(f" {prefix}" in text for prefix in term.prefixes)
        or any(f" {token} " in text for token in term.exact)
        or any(all(_holds(text, one) for one in phrase) for phrase in term.phrases)
    )
