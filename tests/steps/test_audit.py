from __future__ import annotations

import hashlib
import json
import random
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session

from lessons.actions.operations import VERBS
from lessons.models import RECORDS, Event, EventDetail, Notice, Seal
from lessons.steps import audit, merkle, seals, take
from lessons.steps.audit import Audit
from lessons.steps.history import canonical
from lessons.workflow.states import Role
from tests.village import AT, TODAY, Village

EVENTS, DETAILS = Event.__table__, EventDetail.__table__
EACH = 200
LATER = AT + timedelta(days=3)


def verified(session: Session, head: str = "") -> Audit:
    session.flush()
    session.expire_all()
    return audit.verify(session, until=audit.settled(session), head=head)


def steps(village: Village, count: int) -> None:
    """Actions that are assigned and begun: each is a chain of two events with private details."""
    lesson, naomi = village.lesson(), village.by("naomi")
    for n in range(count):
        asked = {"text": f"משימה {n}", "done_when": "בוצע", "owner": village.yossi, "due_on": TODAY + timedelta(days=9)}
        made = VERBS["lessons", "assign"](village.session, lesson, asked, by=naomi, at=AT + timedelta(hours=6 * n))
        take(village.session, made, "start", by=village.by("yossi"), at=AT + timedelta(hours=6 * n))


@pytest.fixture
def history(session: Session) -> Session:
    """Some days of work, each sealed, and the rules of the database taken away as whoever holds it could."""
    steps(Village(session), 9)
    assert [one.day for one in seals.seal(session, at=LATER)] == [
        TODAY,
        TODAY + timedelta(days=1),
        TODAY + timedelta(days=2),
    ]
    for name in session.scalars(sa.text("SELECT name FROM sqlite_master WHERE type = 'trigger'")).all():
        session.execute(sa.text(f'DROP TRIGGER "{name}"'))
    session.commit()
    return session


# ── the hash of many ─────────────────────────────────────────────────────────────────────────────────────────────────
def by_the_book(leaves: list[bytes]) -> bytes:
    """RFC 6962, 2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + by_the_book(leaves[:k]) + by_the_book(leaves[k:])).digest()


def test_the_tree_is_that_of_rfc_6962() -> None:
    for count in range(70):
        tree, leaves = merkle.Tree(), [str(n).encode() for n in range(count)]
        for leaf in leaves:
            tree.add(leaf)
        assert tree.root() == by_the_book(leaves).hex()


# ── seals ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_each_day_that_is_over_is_sealed_once_and_what_was_missed_is_caught_up(session: Session) -> None:
    village = Village(session)
    assert seals.seal(session, at=AT) == []
    steps(village, 1)
    assert seals.seal(session, at=AT) == []
    (first,) = seals.seal(session, at=AT + timedelta(days=1))
    assert (first.day, first.previous) == (TODAY, "")
    assert seals.seal(session, at=AT + timedelta(days=1)) == []
    quiet = seals.seal(session, at=AT + timedelta(days=4))
    assert [one.day - TODAY for one in quiet] == [timedelta(days=n) for n in (1, 2, 3)]
    assert quiet[0].previous == first.root
    assert {one.events for one in quiet} == {first.events}
    assert len({one.root for one in quiet}) == 3
    assert verified(session, first.root[: seals.SHORT]).faults == ()


def test_an_administrator_without_a_mailbox_reads_the_last_seal_on_the_screen(session: Session) -> None:
    village = Village(session)
    for who in (village.michal, village.omer):
        village.grant(who, Role.ADMIN, "CUS")
    village.omer.email = None
    steps(village, 1)
    seals.seal(session, at=AT + timedelta(days=1))
    (last,) = seals.seal(session, at=AT + timedelta(days=2))
    session.flush()
    (told,) = session.scalars(sa.select(Notice).where(Notice.kind == "day_sealed", Notice.dropped == ""))
    assert (told.person_id, told.due_on, told.facts) == (village.omer.id, last.day, {"reason": last.root})


def test_the_database_itself_keeps_seals_as_they_are(session: Session) -> None:
    steps(Village(session), 1)
    seals.seal(session, at=LATER)
    for change in (sa.update(Seal).values(events=1), sa.delete(Seal)):
        with pytest.raises(sa.exc.DBAPIError, match="history is only added to"), session.begin_nested():
            session.execute(change)


def test_what_a_seal_is_asked_by_is_named(session: Session) -> None:
    steps(Village(session), 1)
    (made,) = seals.seal(session, at=AT + timedelta(days=1))
    last = session.scalars(sa.select(Event).order_by(Event.id.desc())).first()
    assert last is not None
    assert verified(session, made.root[:12]).known == f"the seal of {TODAY}"
    assert verified(session, last.hash[:8].upper()).known == f"event {last.n} of {last.code}"


# ── whoever bends it is found out ────────────────────────────────────────────────────────────────────────────────────
Rows = list[dict[str, Any]]


COLUMNS = ("body", "previous", "hash", "code", "trigger", "from_state", "to_state", "actor_kind", "at", "noun")


def changed_byte(chance: random.Random, session: Session, rows: Rows) -> None:
    """One letter somewhere: of what was hashed, of a hash, of a column beside it, of a detail."""
    row, place = chance.choice(rows), chance.choice([*COLUMNS, "private", "salt"])
    if place in COLUMNS:
        old = row[place]
        new = old + timedelta(microseconds=1) if place == "at" else bent(chance, old) if old else "x"
        session.execute(sa.update(EVENTS).where(EVENTS.c.id == row["id"]).values({place: new}))
        return
    beside = chance.choice(session.execute(sa.select(DETAILS)).all())
    text = canonical(beside.private) if place == "private" else beside.salt
    new = bent(chance, text, only=place == "private")
    value = json.loads(new) if place == "private" else new
    session.execute(sa.update(DETAILS).where(DETAILS.c.event_id == beside.event_id).values({place: value}))


def bent(chance: random.Random, text: str, *, only: bool = False) -> str:
    """Another letter in one place; `only` in place of one, so that JSON stays JSON."""
    places = [n for n, letter in enumerate(text) if letter.isalnum() or not only]
    at = chance.choice(places)
    return text[:at] + ("x" if text[at] != "x" else "y") + text[at + 1 :]


def dropped(chance: random.Random, session: Session, rows: Rows) -> None:
    gone(session, chance.choice(rows)["id"])


def gone(session: Session, *ids: int) -> None:
    session.execute(sa.delete(DETAILS).where(DETAILS.c.event_id.in_(ids)))
    session.execute(sa.delete(EVENTS).where(EVENTS.c.id.in_(ids)))


def swapped(chance: random.Random, session: Session, rows: Rows) -> None:
    """Two events change places, each with all that it says."""
    one, other = chance.sample(rows, 2)
    for id_, values in ((one["id"], {"noun": "aside"}), (other["id"], one), (one["id"], other)):
        session.execute(sa.update(EVENTS).where(EVENTS.c.id == id_).values(values | {"id": id_}))


def inserted(chance: random.Random, session: Session, rows: Rows) -> None:
    """One more at the end of a record, rightly chained, and the record says so too."""
    row = chance.choice([one for one in rows if one["noun"] == "actions" and one["n"] == 2])
    new = rechained(row | {"n": 3, "id": None, "previous": row["hash"]})
    earlier = chance.choice([True, False])
    new["id"] = -chance.randrange(1, 9) if earlier else rows[-1]["id"] + 1
    session.execute(sa.insert(EVENTS).values(new))
    if earlier:
        at_end(session, new)


def at_end(session: Session, row: dict[str, Any]) -> None:
    model = RECORDS[row["noun"]]
    values = {"event_n": row["n"], "event_hash": row["hash"]}
    session.execute(sa.update(model).where(model.id == row["record_id"]).values(values))


def rechained(row: dict[str, Any]) -> dict[str, Any]:
    body = json.loads(row["body"]) | {"n": row["n"], "previous": row["previous"]}
    text = canonical(body)
    return row | {"body": text, "hash": hashlib.sha256(text.encode()).hexdigest()}


def tail_cut(chance: random.Random, session: Session, rows: Rows) -> None:
    """The last ones are gone, records and seals go no further: nothing that is left is at odds with anything."""
    first = chance.randrange(1, len(rows))
    session.execute(sa.delete(Seal).where(Seal.last_id >= rows[first]["id"]))
    gone(session, *(row["id"] for row in rows[first:]))
    for row in rows[first:]:
        before = [one for one in rows[:first] if (one["noun"], one["record_id"]) == (row["noun"], row["record_id"])]
        at_end(session, before[-1] if before else row | {"n": 0, "hash": ""})


def rewritten(chance: random.Random, session: Session, rows: Rows) -> None:
    """From some event on everything is told otherwise: hashes, records' ends and seals are made to fit."""
    ends: dict[Any, str] = {}
    first = chance.randrange(len(rows))
    for n, old in enumerate(rows):
        chain, row = (old["noun"], old["record_id"]), old
        if n >= first:
            body = json.loads(old["body"])
            body["facts"] |= {"otherwise": n} if n == first else {}
            row = rechained(old | {"body": canonical(body), "previous": ends.get(chain, "")})
            session.execute(sa.update(EVENTS).where(EVENTS.c.id == row["id"]).values(row))
            at_end(session, row)
        ends[chain] = row["hash"]
    session.execute(sa.delete(Seal).where(Seal.last_id >= rows[first]["id"]))
    seals.seal(session, at=LATER)


SEEN_FROM_INSIDE = (changed_byte, dropped, swapped, inserted)
SEEN_BY_WHO_KEPT_A_SEAL = (tail_cut, rewritten)


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("bend", [*SEEN_FROM_INSIDE, *SEEN_BY_WHO_KEPT_A_SEAL])
def test_each_of_two_hundred_ways_to_bend_the_history_is_found(history: Session, bend: Any) -> None:
    rows = [dict(row) for row in history.execute(sa.select(EVENTS).order_by(EVENTS.c.id)).mappings()]
    whole, kept = verified(history), seals.latest(history)
    assert whole.faults == ()
    assert kept is not None
    for n in range(EACH):
        chance, trial = random.Random(f"{bend.__name__}{n}"), history.begin_nested()  # noqa: S311 - no secret
        bend(chance, history, rows)
        if bend in SEEN_FROM_INSIDE:
            assert verified(history).faults, n
        else:  # by what was kept, and by nothing else
            head = chance.choice([whole.head, kept.root[: seals.SHORT]])
            assert verified(history, head).faults == (f"{head}: this head is not part of the history",), n
        trial.rollback()
    assert verified(history).faults == ()
