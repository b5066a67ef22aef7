from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import column, delete, insert, select, table, text
from sqlalchemy.orm import Session

from lessons.search import fts5, index, tsvector
from lessons.search.entries import Entry
from lessons.search.schema import drop as drop_tables
from lessons.search.words import query_terms


def put(session: Session, record_id: int, title: str, body: str = "", topics: tuple[str, ...] = ()) -> None:
    index.put(session, Entry("lesson", record_id, "he", title, body, topics))


def found(session: Session, q: str, **more: object) -> list[int]:
    return [hit.record_id for hit in index.find(session, q, **more)]


def test_a_record_is_found_by_every_part_of_it(session: Session) -> None:
    put(session, 1, "החזר על ממיר", "לבדוק את החשבונית", ("חיוב",))
    assert found(session, "ממירים") == found(session, "חשבונית") == found(session, "חיובים") == [1]
    assert found(session, "ממיר חשבוניות חיוב") == [1]
    assert found(session, "טכנאי") == []


def test_only_records_that_hold_every_word_are_found(session: Session) -> None:
    put(session, 1, "החזר על ממיר")
    put(session, 2, "החזר על טלפון")
    assert found(session, "החזר ממיר") == [1]
    (hit,) = index.find(session, "החזר ממיר")
    assert not hit.partial
    assert (hit.matched, hit.asked) == (2, 2)


def test_where_none_holds_every_word_those_that_hold_some_are_found_and_say_so(session: Session) -> None:
    put(session, 1, "החזר על ממיר", "הלקוח התקשר")
    put(session, 2, "החזר על טלפון")
    put(session, 3, "משמרת לילה")
    hits = index.find(session, "החזר ממיר משאית")
    assert [(hit.record_id, hit.matched, hit.asked, hit.partial) for hit in hits] == [(1, 2, 3, True), (2, 1, 3, True)]


def test_a_title_weighs_more_than_topics_and_topics_more_than_the_rest(session: Session) -> None:
    put(session, 1, "אחר", "לקוח חיוב משמרת לילה")
    put(session, 2, "אחר", "לקוח לילה משמרת", ("חיוב",))
    put(session, 3, "חיוב", "לקוח אחר לילה משמרת")
    for other in range(10, 20):
        put(session, other, "דבר שונה", "לקוח אחר לילה משמרת")
    assert found(session, "חיוב") == [3, 2, 1]


def test_among_equals_the_newer_record_comes_first(session: Session) -> None:
    for record_id in (5, 9, 2, 7):
        put(session, record_id, "תדריך בוקר")
    assert found(session, "תדריך") == [9, 7, 5, 2]


def test_a_record_put_again_is_found_by_its_new_words_alone(session: Session) -> None:
    put(session, 1, "החזר על ממיר", "ישן")
    put(session, 1, "החזר על טלפון", "חדש")
    assert found(session, "ממיר") == found(session, "ישן") == []
    assert found(session, "טלפון חדש") == [1]


def test_a_dropped_record_is_gone_and_dropping_nothing_is_nothing(session: Session) -> None:
    put(session, 1, "החזר")
    put(session, 2, "החזר")
    index.drop(session, "lesson", 1)
    index.drop(session, "lesson", 77)
    assert found(session, "החזר") == [2]
    put(session, 1, "שיחה")
    assert found(session, "החזר") == [2]
    assert found(session, "שיחה") == [1]


def test_each_noun_is_searched_by_itself(session: Session) -> None:
    put(session, 1, "החזר")
    index.put(session, Entry("procedure", 1, "he", "החזר אחר", ""))
    index.put(session, Entry("procedure", 2, "he", "החזר נוסף", ""))
    assert found(session, "החזר") == [1]
    assert found(session, "החזר", noun="procedure") == [2, 1]
    index.drop(session, "lesson", 1)
    assert found(session, "החזר", noun="procedure") == [2, 1]


def test_what_may_not_be_seen_is_not_found_and_takes_no_place(session: Session) -> None:
    shown = table("shown", column("id"))
    session.execute(text("CREATE TABLE shown (id INTEGER PRIMARY KEY)"))
    session.execute(insert(shown), [{"id": 1}, {"id": 2}])
    for record_id in range(1, 30):
        put(session, record_id, "החזר")
    assert found(session, "החזר", where=select(shown.c.id), limit=5) == [2, 1]
    assert found(session, "החזר", where=index.record_id == 3) == [3]
    assert found(session, "החזר", where=index.record_id.in_(select(shown.c.id))) == [2, 1]
    session.execute(delete(shown))
    assert found(session, "החזר", where=select(shown.c.id)) == []


def test_a_select_of_ids_may_be_cut_short_or_made_of_two(session: Session) -> None:
    shown = table("shown", column("id"))
    session.execute(text("CREATE TABLE shown (id INTEGER PRIMARY KEY)"))
    session.execute(insert(shown), [{"id": n} for n in range(1, 6)])
    for record_id in range(1, 8):
        put(session, record_id, "החזר")
    ids = select(shown.c.id)
    assert found(session, "החזר", where=ids.order_by(shown.c.id.desc()).limit(2)) == [5, 4]
    assert found(session, "החזר", where=ids.where(shown.c.id < 2).union(ids.where(shown.c.id > 4))) == [5, 1]


def test_a_word_that_everything_holds_is_ranked_among_the_newest(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fts5, "NEWEST", 3)
    monkeypatch.setattr(tsvector, "NEWEST", 3)
    put(session, 1, "החזר", "ממיר")
    for record_id in range(2, 6):
        put(session, record_id, "שיחה", "החזר")
    assert found(session, "החזר") == [5, 4, 3]
    assert found(session, "החזר ממיר") == [1], "the bound is on what answers, not on what stands in the index"
    assert found(session, "החזר", where=index.record_id < 3) == [1, 2]


def test_no_more_are_given_than_asked_for(session: Session) -> None:
    for record_id in range(1, 12):
        put(session, record_id, "החזר")
    assert found(session, "החזר", limit=4) == [11, 10, 9, 8]
    assert found(session, "החזר", limit=0) == found(session, "החזר", limit=-3) == [11]
    assert len(found(session, "החזר", limit=10**9)) == 11


def test_rebuilding_leaves_what_was_given_and_nothing_else(session: Session) -> None:
    put(session, 99, "ישן")
    rows = (Entry("lesson", n, "he", f"שיעור {n}", "החזר", ("חיוב",)) for n in range(1, 1_203))
    assert index.rebuild(session, rows) == 1_202
    assert found(session, "ישן") == []
    assert found(session, "1202") == [1202]
    assert found(session, "החזר", limit=3) == [1202, 1201, 1200]
    put(session, 2_000, "שיעור חדש", "החזר")
    put(session, 7, "שיעור שונה", "זיכוי")
    assert found(session, "זיכוי") == [7]
    assert found(session, "החזר חדש") == [2_000]


def test_nothing_is_left_when_the_transaction_is_undone(session: Session) -> None:
    put(session, 1, "החזר")
    with session.begin_nested() as undone:
        put(session, 2, "החזר")
        index.drop(session, "lesson", 1)
        undone.rollback()
    assert found(session, "החזר") == [1]


@pytest.mark.parametrize(
    "q",
    [
        "50%",
        "C++",
        "%",
        "_",
        '"',
        "*",
        "NEAR(a b)",
        "-",
        "a:b",
        "title:החזר",
        "'",
        "\\",
        "החזר*",
        "a AND",
        "&",
        "|",
        "!",
        "<->",
        "~~25",
        "~run",
    ],
)
def test_signs_in_a_question_mean_themselves(session: Session, q: str) -> None:
    put(session, 1, "כותרת", "טקסט")
    put(session, 2, f"כותרת {q} סוף")
    assert found(session, q) == [2]


@pytest.mark.parametrize("q", ["", " ", "\u200f", "\x00", "\ud800"])
def test_a_question_without_words_finds_nothing(session: Session, q: str) -> None:
    put(session, 1, "כותרת")
    assert found(session, q) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(title=st.text(st.characters(), max_size=50), q=st.text(st.characters(), max_size=50))
def test_any_text_can_be_put_and_any_question_asked(session: Session, title: str, q: str) -> None:
    put(session, 1, title)
    index.find(session, q)
    if query_terms(title):
        assert found(session, title) == [1], "a record is found by its own title"


def test_a_text_too_large_for_the_database_is_indexed_as_far_as_it_goes(session: Session) -> None:
    put(session, 1, "כותרת", " ".join(f"מילה{n:x}אחרת" for n in range(60_000)))
    assert found(session, "כותרת") == [1]


def test_the_tables_can_be_dropped_twice(session: Session) -> None:
    for _ in range(2):
        for statement in drop_tables:
            session.execute(text(statement))
