from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

import pytest
from sqlalchemy import delete
from sqlalchemy.orm import Session

from lessons.search import embedding, fused, grams, index, known, parts, spelling
from lessons.search.embedder import Child, Remembering, Unreachable
from lessons.search.entries import Entry
from lessons.search.schema import entry, sizes
from lessons.search.spelling import as_meant, other_layout

np = pytest.importorskip("numpy", reason="search by meaning is an extra that set-up installs where it fits")
EVERYTHING = {"lesson": None, "procedure": None}
ALIKE = {"לעזוב": "ביטול", "נטישה": "ביטול", "leave": "ביטול"}


class Meaning:
    """An embedder that knows which words mean the same; counts what it is asked."""

    name = "village"

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, text: str, *, question: bool, seconds: float) -> bytes:  # noqa: ARG002
        self.asked.append(text)
        vector = np.zeros(64, np.float32)
        for word in text.split():
            vector[crc32(ALIKE.get(word, word).encode()) % 64] += 1
        return bytes(vector.tobytes())


class Silent:
    name = "village"

    def embed(self, text: str, *, question: bool, seconds: float) -> bytes:  # noqa: ARG002
        raise Unreachable("nobody is there")


@pytest.fixture
def filled(session: Session) -> Session:
    titles = ["החזרת ממיר תקול", "זיכוי על תקלה", "ביטול", "העברה חמה", "חשבון ראשון", "קוד לקוח",
              "ביטוח מכשיר", "מהירות אינטרנט", "שיחת שימור"]  # fmt: skip
    for n, title in enumerate(titles, 1):
        index.put(session, Entry("lesson", n, "he", title, ""))
    index.put(session, Entry("procedure", 1, "he", "נוהל החזרת ציוד", "סורקים ברקוד"))
    return session


def embedded(session: Session, meaning: Meaning) -> Meaning:
    @contextmanager
    def here() -> Iterator[Session]:
        yield session

    while embedding.embed(meaning, reading=here, transaction=here):
        pass
    return meaning


def first(session: Session, q: str, **more: object) -> tuple[str, int]:
    one = fused.answers(session, q, where=EVERYTHING, **more)[0]
    return one.noun, one.record_id


@pytest.mark.parametrize("typed", ["ביטוך מכשיר", "ביטוח מחשיר", "מהירןת", "אינתרנט"])
def test_a_letter_typed_wrong_is_forgiven(filled: Session, typed: str) -> None:
    assert first(filled, typed)[1] == (7 if "מ" in typed and " " in typed else 8)


def test_what_means_the_same_is_found_without_one_common_word(filled: Session) -> None:
    meaning = embedded(filled, Meaning())
    (best, *_) = fused.answers(filled, "לעזוב", where=EVERYTHING, embedder=meaning)
    assert (best.record_id, best.legs) == (3, frozenset({fused.MEANING}))


def test_a_word_that_stands_everywhere_is_no_answer_to_a_question_of_more(filled: Session) -> None:
    """Nobody wrote of anger: the card about something else that speaks of a customer, as all do, is no help."""
    for n in range(20, 32):
        index.put(filled, Entry("lesson", n, "he", f"שיחה {n}", "אומרים ללקוח מה קורה"))
    asked = ["לקוח", "לקוח כועס", "לקוח מבקש שימור", "לקוח קורה"]
    found = {q: [one.record_id for one in fused.answers(filled, q, where=EVERYTHING)] for q in asked}
    assert found["לקוח"][0] == 6
    assert found["לקוח כועס"] == []
    assert found["לקוח מבקש שימור"] == [9]
    assert set(found["לקוח קורה"]) == {6, *range(20, 32)}


def test_a_list_of_labels_has_no_meaning_of_its_own() -> None:
    examples = ["Space Shuttle · Implementation » Phase D", "Cassini", "the bill came twice"]
    stretches = list(parts.of(Entry("lesson", 1, "en", "A title", "", examples=examples)))
    assert stretches == [("A title", 0), ("the bill came twice", 1)]


@pytest.mark.parametrize(("lang", "found"), [("en", [1]), ("he", [])])
def test_another_language_answers_though_it_is_less_near(session: Session, lang: str, found: list[int]) -> None:
    index.put(session, Entry("lesson", 1, lang, "leave leave leave early early", ""))
    meaning = embedded(session, Meaning())
    assert [one.record_id for one in fused.answers(session, "לעזוב", where=EVERYTHING, embedder=meaning)] == found


def test_without_an_embedder_that_answers_words_and_triples_carry_on(filled: Session) -> None:
    assert first(filled, "חשבון", embedder=Silent()) == ("lesson", 5)


def test_nobody_finds_by_any_leg_what_they_may_not_see(filled: Session) -> None:
    meaning = embedded(filled, Meaning())
    where = {"lesson": index.record_id != 3}
    for q in ("ביטול שירות", "ביטוך שירות", "לעזוב"):
        assert 3 not in [one.record_id for one in fused.answers(filled, q, where=where, embedder=meaning)]
    assert fused.answers(filled, "ביטול", where={}) == []


def test_a_text_is_embedded_once_however_often_it_is_written(filled: Session) -> None:
    meaning = embedded(filled, Meaning())
    before = len(meaning.asked)
    index.put(filled, Entry("lesson", 1, "he", "החזרת ממיר תקול", ""))
    embedded(filled, meaning)
    assert len(meaning.asked) == before
    index.put(filled, Entry("lesson", 1, "he", "נטישה", ""))
    embedded(filled, meaning)
    assert meaning.asked[before:] == ["נטישה"]
    assert first(filled, "leave", embedder=meaning, legs=["meaning"])[1] in (1, 3)


def test_what_is_taken_out_is_found_by_no_leg_and_its_vector_is_forgotten(filled: Session) -> None:
    meaning = embedded(filled, Meaning())
    index.drop(filled, "lesson", 3)
    found = fused.answers(filled, "ביטול שירות", where=EVERYTHING, embedder=meaning)
    assert 3 not in [one.record_id for one in found if one.noun == "lesson"]
    assert embedding.forget(filled) == 1


def test_written_anew_a_record_is_found_by_its_present_triples_alone(filled: Session) -> None:
    connection = filled.connection()
    index.put(filled, Entry("lesson", 7, "he", "משהו אחר לגמרי", ""))
    assert 7 not in _records(filled, grams.find(connection, "ביטוך מכשיר", [entry.c.noun == "lesson"], 9))


def _records(session: Session, found: list[tuple[int, float]]) -> list[int]:
    ids = dict(session.connection().execute(entry.select().with_only_columns(entry.c.id, entry.c.record_id)).all())
    return [ids[n] for n, _ in found]


def test_entries_of_an_earlier_version_get_their_triples(filled: Session) -> None:
    rows = [Entry("lesson", 1, "he", "ביטוח מכשיר", "")]
    index.rebuild(filled, rows)
    assert not index.is_behind(filled)
    if filled.get_bind().dialect.name == "sqlite":
        filled.connection().exec_driver_sql("INSERT INTO search_grams (search_grams) VALUES ('delete-all')")
    else:
        filled.connection().exec_driver_sql("DELETE FROM search_grams")
    filled.connection().execute(delete(sizes))
    assert index.is_behind(filled)
    assert index.catch_up(filled) == 1
    assert first(filled, "ביטוך", legs=["grams"]) == ("lesson", 1)


def test_whose_title_holds_the_word_comes_before_whose_body_repeats_it(filled: Session) -> None:
    for n in range(20, 24):
        index.put(filled, Entry("lesson", n, "he", f"עניין {n}", "הלקוח שואל, הלקוח שומע, הלקוח עונה"))
    index.put(filled, Entry("lesson", 19, "he", "מה עונים כשהלקוח שותק", "ממתינים חמש שניות ואז ממשיכים בשיחה כרגיל"))
    assert first(filled, "הלקוח")[1] in (6, 19)


def test_the_letters_of_many_words_are_no_answer_to_a_word_that_nobody_wrote(filled: Session) -> None:
    body = "משלימים בשלב הזה את הליווי, ענייני לקוחות ועניינים, ופולט את הקלט"
    index.put(filled, Entry("lesson", 20, "he", "עניין אחר", body))
    assert fused.answers(filled, "שלט לווייני", where=EVERYTHING) == []
    assert fused.answers(filled, "גן חיות", where=EVERYTHING) == []


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [("ביטוכ", "ביטוח", True), ("אינתרנט", "אינטרנט", True), ("מחשיר", "מכשיר", True), ("מכשרי", "מכשיר", True),
     ("חיות", "הנחיות", False), ("שלט", "שלב", False), ("זברה", "חברה", False),
     ("refnud", "refund", True), ("לויני", "עניני", False)],
)  # fmt: skip
def test_words_are_spelled_alike_with_one_letter_wrong_or_another_ending(one: str, other: str, alike: bool) -> None:
    assert spelling.is_alike(one, other) is alike


def test_what_is_near_by_meaning_alone_answers_where_nothing_is_much_nearer(session: Session) -> None:
    index.put(session, Entry("lesson", 1, "he", "ביטול שירות", ""))
    index.put(session, Entry("lesson", 2, "he", "נטישה", ""))
    meaning = embedded(session, Meaning())
    for q, there in (("ביטול", [2, 1]), ("ביטול שירות", [1])):
        found = fused.answers(session, q, where=EVERYTHING, embedder=meaning)
        assert sorted(one.record_id for one in found) == sorted(there)
    alone = fused.answers(session, "ביטול שירות", where=EVERYTHING, embedder=meaning, legs=["meaning"])
    assert [one.record_id for one in alone] == [1, 2]


def test_the_organisations_own_synonyms_find_each_other(filled: Session) -> None:
    assert fused.answers(filled, "התנתקות", where=EVERYTHING, legs=["words"]) == []
    assert first(filled, "התנתקות", legs=["words"], groups=[["ביטול", "התנתקות"]]) == ("lesson", 3)


def test_a_phrase_stands_for_a_word_whole_and_a_word_for_a_phrase(session: Session) -> None:
    index.put(session, Entry("lesson", 1, "he", "סיום התקשרות עם לקוח", ""))
    index.put(session, Entry("lesson", 2, "he", "התקשרות לפני ביקור", ""))
    index.put(session, Entry("lesson", 3, "he", "נטישה אחרי עדכון מחיר", ""))
    groups = [["נטישה", "סיום התקשרות"]]

    def found(q: str) -> list[int]:
        hits = fused.answers(session, q, where=EVERYTHING, legs=["words"], groups=groups)
        return [one.record_id for one in hits if not one.partial]

    assert sorted(found("נטישה")) == [1, 3], "one word of a phrase is not what it means"
    assert sorted(found("סיום התקשרות")) == [1, 3]
    assert sorted(found("התקשרות")) == [1, 2], "part of a phrase stands for nothing"
    assert found("נטישה אחרי התקשרות") == [], "the other words of a question stand for themselves"


def test_letters_of_a_word_that_stands_nowhere_bring_nothing_beside_what_it_stands_for(filled: Session) -> None:
    index.put(filled, Entry("lesson", 20, "he", "התנדבות", ""))
    groups = [["ביטול", "התנתקות"]]
    found = fused.answers(filled, "התנתקות", where=EVERYTHING, legs=["words", "grams"], groups=groups)
    assert [one.record_id for one in found] == [3]


def test_the_other_keyboard_layout_is_understood_where_its_words_are_known(filled: Session) -> None:
    assert other_layout("akuo") == "שלום"
    assert first(filled, "chyuj", legs=["words"]) == first(filled, "ביטוח", legs=["words"])
    asked = filled.connection()
    assert as_meant(asked, "chyuj", []) == "ביטוח"
    assert as_meant(asked, "refund", []) == "refund"
    assert as_meant(asked, "ביטוח", []) == "ביטוח"


def test_a_sentence_of_another_language_is_not_taken_for_the_other_layout_by_one_of_its_words(filled: Session) -> None:
    assert other_layout("sad") == "דשג"
    index.put(filled, Entry("lesson", 31, "he", "דשג", ""))
    assert as_meant(filled.connection(), "a very sad traveller", []) == "a very sad traveller"
    assert as_meant(filled.connection(), "sad", []) == "דשג"


def test_a_case_is_recognised_with_its_evidence_or_not_at_all(session: Session) -> None:
    asked = ["the converter that I returned is on my bill", "charged for a converter I gave back"]
    index.put(session, Entry("lesson", 1, "en", "Scan the barcode", "", examples=asked))
    for n in range(2, 14):
        index.put(session, Entry("lesson", n, "en", f"Topic {n * 7919}", f"nothing alike {n * 104729}"))
    found = known.known(session, "I gave the converter back and was charged", where={"lesson": None})
    assert found is not None
    assert (found.record_id, found.evidence) == (1, asked[1])
    assert 0.5 <= found.confidence <= 1
    assert known.known(session, "my screen is cracked", where={"lesson": None}) is None


def test_a_text_is_capped_before_it_is_embedded() -> None:
    meaning = Meaning()
    Remembering(meaning).embed("א" * 100_000, question=True, seconds=1)
    assert len(meaning.asked[0]) == parts.LONGEST


@pytest.mark.parametrize("body", ["import time; time.sleep(60)", "raise SystemExit(3)", "print('no vector!')"])
def test_a_process_that_hangs_dies_or_babbles_is_ended_and_started_again(body: str) -> None:
    child = Child([sys.executable, "-c", body])
    for _ in range(2):
        with pytest.raises(Unreachable):
            child.embed("שלום", question=True, seconds=0.5)
        assert child._process is None
