"""What is PostgreSQL's own about search: the tsvector that we spell out, its query language and its rank."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Float,
    Integer,
    Select,
    Text,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    table,
    tuple_,
)
from sqlalchemy.dialects.postgresql import TSQUERY, TSVECTOR
from sqlalchemy.dialects.postgresql import insert as insert_or_update

from lessons.search.entries import Entry, Tokens
from lessons.search.schema import entry, sizes
from lessons.search.words import Term

NEWEST = 2_000
"""As on SQLite: of a very common word only the newest hits are ranked."""
ROOM = 900_000
"""A tsvector may take 1 MB; what comes after this many bytes of words is not indexed."""
LAST_PLACE = 16_383
BY_LENGTH_BELOW_ONE = 1 | 32
"""ts_rank divided by the logarithm of the text's length, and brought below 1."""

grams = table("search_grams", column("entry_id", BigInteger), column("grams", TSVECTOR))
written = table(
    "search_entry",
    column("id", BigInteger),
    *(column(name, Text) for name in ("noun", "lang")),
    column("record_id", BigInteger),
    column("words", TSVECTOR),
)
_words: ColumnElement[str] = literal_column("search_entry.words", TSVECTOR)
_weights: ColumnElement[str] = literal_column("'{0.1, 0.2, 0.4, 1.0}'::float4[]")


def write(connection: Connection, row: Entry) -> int:
    tokens = Tokens.of(row)
    values = _spelled(row, tokens)
    upsert = insert_or_update(written).values(values | {"words": cast(values["words"], TSVECTOR)})
    changed = {"lang": upsert.excluded.lang, "words": upsert.excluded.words}
    upsert = upsert.on_conflict_do_update(index_elements=["noun", "record_id"], set_=changed)
    entry_id: int = connection.execute(upsert.returning(written.c.id)).scalar_one()
    erase(connection, entry_id)
    write_grams(connection, {entry_id: tokens.grams})
    return entry_id


def write_all(connection: Connection, rows: Sequence[Entry]) -> list[int]:
    """Rows of records that have no entry yet."""
    spelled = [Tokens.of(row) for row in rows]
    new = insert(written).values(words=cast(bindparam("spelled", type_=Text), TSVECTOR))
    values = [_spelled(row, tokens) for row, tokens in zip(rows, spelled, strict=True)]
    connection.execute(new, [each | {"spelled": each["words"]} for each in values])
    named = written.c.noun, written.c.record_id
    of_these = tuple_(*named).in_([(row.noun, row.record_id) for row in rows])
    there = connection.execute(select(*named, written.c.id).where(of_these))
    known = {(noun, record_id): n for noun, record_id, n in there}
    ids = [known[row.noun, row.record_id] for row in rows]
    write_grams(connection, {n: tokens.grams for n, tokens in zip(ids, spelled, strict=True)})
    return ids


def write_grams(connection: Connection, spelled: Mapping[int, Sequence[str]]) -> None:
    new = insert(grams).values(grams=cast(bindparam("spelled", type_=Text), TSVECTOR))
    values = [{"entry_id": n, "spelled": " ".join(f"'{gram}'" for gram in each)} for n, each in spelled.items()]
    connection.execute(new, values)
    connection.execute(insert(sizes), [{"entry_id": n, "size": len(each)} for n, each in spelled.items()])


def erase(connection: Connection, entry_id: int) -> None:
    """Its grams; the words live in the entry's own row."""
    connection.execute(delete(grams).where(grams.c.entry_id == entry_id))
    connection.execute(delete(sizes).where(sizes.c.entry_id == entry_id))


def token_lists(connection: Connection, entry_ids: Sequence[int]) -> dict[int, list[str]]:
    """The tokens of each entry as they are now."""
    spelled = select(entry.c.id, func.tsvector_to_array(_words)).where(entry.c.id.in_(entry_ids))
    return {entry_id: list(tokens or ()) for entry_id, tokens in connection.execute(spelled)}


def clear(connection: Connection) -> None:
    """Nothing: all of it goes with the entries."""


def _spelled(row: Entry, tokens: Tokens) -> dict[str, str | int]:
    vector = spelled(("A", tokens.title), ("B", tokens.topics), ("D", tokens.body))
    return {"noun": row.noun, "record_id": row.record_id, "lang": row.lang, "words": vector}


def spelled(*parts: tuple[str, Sequence[str]]) -> str:
    """The tokens as the text of a tsvector, `'refund':3A,17D`: each with its places and the weight of its part."""
    places: defaultdict[str, list[str]] = defaultdict(list)
    place = room = 0
    for weight, tokens in parts:
        for token in tokens:
            place += 1
            room += 2 if token in places else len(token.encode()) + 8
            if room > ROOM:
                break
            places[token].append(f"{min(place, LAST_PLACE)}{weight}")
    return " ".join(f"'{token}':{','.join(at)}" for token, at in places.items())


def question(terms: Sequence[Term], *, every: bool) -> str:
    """The terms as the text of a tsquery. Tokens hold no quotes and no backslashes, so each means itself."""
    return (" & " if every else " | ").join(f"({' | '.join(_lexemes(term))})" for term in terms)


def _query(terms: Sequence[Term], *, every: bool) -> ColumnElement[str]:
    """The question written into the statement: a plan made once for any words reads the whole table for a rare one
    and the whole index for a common one (800 ms instead of 1 and 20 at 100,000 texts)."""
    return cast(bindparam(None, question(terms, every=every), literal_execute=True), TSQUERY)


def _lexemes(term: Term) -> Iterator[str]:
    yield from (f"'{prefix}':*" for prefix in term.prefixes)
    yield from (f"'{token}'" for token in term.exact)
    yield from (f"({question(phrase, every=True)})" for phrase in term.phrases)


def ranked(
    connection: Connection,  # noqa: ARG001 needs no look at the words first
    terms: Sequence[Term],
    conditions: Sequence[ColumnElement[bool]],
    *,
    every: bool,
) -> Select[int, float]:
    """(entry id, score) of the newest entries that answer and meet the conditions; a greater score is better.

    ts_rank knows no rare words from common ones; how many of the terms a text holds says more, and goes first.
    """
    asked = _query(terms, every=every)
    newest = (
        select(entry.c.id, _words.label("words"))
        .where(_words.op("@@")(asked), *conditions)
        .order_by(entry.c.id.desc())
        .limit(NEWEST)
        .subquery()
    )
    rank = func.ts_rank(_weights, newest.c.words, asked, BY_LENGTH_BELOW_ONE, type_=Float)
    held = literal(len(terms)) if every else _held(newest.c.words, terms)
    return select(newest.c.id, (held + rank).label("score"))


def holders(connection: Connection, term: Term, since: int) -> int:
    """How many of the newer entries hold it."""
    held = select(func.count(entry.c.id)).where(_words.op("@@")(_query([term], every=True)), entry.c.id > since)
    return int(connection.execute(held).scalar_one())


def holds_any(connection: Connection, terms: Sequence[Term], conditions: Sequence[ColumnElement[bool]]) -> bool:
    """Whether an entry that meets the conditions holds one of the terms."""
    holding = select(entry.c.id).where(_words.op("@@")(_query(terms, every=False)), *conditions)
    return connection.execute(holding.limit(1)).first() is not None


def matched(connection: Connection, entry_ids: Sequence[int], terms: Sequence[Term]) -> dict[int, tuple[int, int]]:
    """How many of the terms each of these few entries holds, and how many of them its title."""
    title = func.ts_filter(_words, literal_column("'{a}'::\"char\"[]"), type_=TSVECTOR)
    counted = select(entry.c.id, _held(_words, terms), _held(title, terms)).where(entry.c.id.in_(entry_ids))
    return {entry_id: (held, titled) for entry_id, held, titled in connection.execute(counted)}


def _held(words: ColumnElement[str], terms: Sequence[Term]) -> ColumnElement[int]:
    held: ColumnElement[int] = literal(0)
    for term in terms:
        held = held + cast(words.op("@@")(_query([term], every=True)), Integer)
    return held
