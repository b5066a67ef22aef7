from __future__ import annotations

import time
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lessons.search import words
from lessons.search.words import LONGEST, QUESTION, TERMS, index_tokens, query_terms


def finds(q: str, text: str) -> bool:
    """Every word of the question stands in the text."""
    terms = query_terms(q)
    return bool(terms) and all(term.found_in(index_tokens(text)) for term in terms)


def _families() -> list[tuple[str, list[str]]]:
    lines = (Path(__file__).parent / "families.txt").read_text(encoding="utf-8").splitlines()
    pairs = (line.split(": ") for line in lines if not line.startswith("#"))
    return [(lemma, forms.split()) for lemma, forms in pairs]


FAMILIES = _families()


def test_there_are_forty_families_of_words_and_more() -> None:
    assert len(FAMILIES) >= 40


@pytest.mark.parametrize(("lemma", "forms"), FAMILIES, ids=[lemma for lemma, _ in FAMILIES])
def test_a_hebrew_word_finds_every_form_of_its_family(lemma: str, forms: list[str]) -> None:
    assert [form for form in forms if not finds(lemma, f"לפני {form} ואחרי")] == []


def test_nearly_every_form_finds_the_plain_word() -> None:
    asked = [(form, lemma) for lemma, forms in FAMILIES for form in forms]
    missed = [pair for pair in asked if not finds(*pair)]
    assert len(missed) <= len(asked) * 0.02, missed


@pytest.mark.parametrize("written", ['צה"ל', "צה״ל", "צהל", "צה''ל", "צה”ל", 'לצה"ל', "בצה״ל", 'ובצה"ל'])
@pytest.mark.parametrize("asked", ['צה"ל', "צה״ל", "צהל"])
def test_an_acronym_is_one_word_however_its_gershayim_are_written(asked: str, written: str) -> None:
    assert finds(asked, f"שירת {written}, ואז")


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("שלום", "שָׁלוֹם"),
        ("שָׁלוֹם", "שלום"),
        (unicodedata.normalize("NFD", "שּׁלום"), unicodedata.normalize("NFC", "שּׁלום")),
        ("שלום", "\ufb2aלום"),  # the presentation form of שׁ
        ("שלום", "ש\u200fלו\u200bם"),
        ("לקוח", "\u2067לקוח\u2069"),
        ("ספר", "בית־ספר"),
        ("בית ספר", "בית־הספר"),
        ("בית-ספר", "בית ספר"),
        ("צק", "צ'ק"),
        ("ג׳ירפה", "ג'ירפה"),
        ("רח", "רח' הרצל"),
        ("תז", "ת.ז."),
        ("ת.ז.", 'ת"ז'),
        ("ועדה", "הוועדה"),
        ("ענין", "בעניין"),
        ("מחבר", 'ה"מחבר"'),
        ("VIP", "ה-VIP"),
        ("vip", "לקוחות VIPים"),
        ("תדר", "תדריכים"),  # half a word, as it is being typed
    ],
)
def test_spellings_of_one_hebrew_word_find_each_other(asked: str, written: str) -> None:
    assert finds(asked, f"אתמול {written} בבוקר")


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("refund", "Refunding"),
        ("refunds", "was refunded twice"),
        ("policies", "the policy says"),
        ("RUNNING", "it runs"),
        ("customer", "the customer's bill"),
        ("dont", "don’t promise"),
        ("café", "cafe"),
        ("cafe", "CAFÉ"),
        ("email", "an e-mail came"),
        ("e-mail", "an email came"),
        ("follow-up", "follow up tomorrow"),
        ("followup", "a follow-up call"),
        ("usa", "in the U.S.A. today"),
        ("refu", "refund"),
        ("FULL", "\uff26\uff35\uff2c\uff2c width"),
    ],
)
def test_spellings_of_one_english_word_find_each_other(asked: str, written: str) -> None:
    assert finds(asked, written)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("L-2026-0001", "ראו L-2026-0001 ו-D-2026-0002"),
        ("l-2026-0001", "בL-2026-0001"),
        ("L-2026-00", "L-2026-0001"),
        ("2026", "L-2026-0001"),
        ("1923", "הגיעה ב-1923"),
        ("50%", "הנחה של 50% לכולם"),
        ("50", "50%"),
        ("1200", "1,200 ₪"),
        ("1,200", "1200"),
        ("3.5", "גרסה 3.5"),
        ("08:30", "בשעה 08:30."),
        ("0541234567", "054-1234567"),
        ("054-1234567", "0541234567"),
        ("max_connections", "set max_connections=60"),
        ("C++", "written in C++."),
        ("C", "written in C++."),
    ],
)
def test_numbers_and_codes_are_found_as_typed(asked: str, written: str) -> None:
    assert finds(asked, written)


@pytest.mark.parametrize(
    ("asked", "written"),
    [
        ("20", "2026"),
        ("50%", "50 לקוחות ו-500 שיחות"),
        ("max_connections", "maxXconnections max connections"),
        ("תקלה", "תקליט"),
        ("שלום", "הוא לומד"),
        ("L-2026-0001", "L-2026-0002"),
        ("3.5", "35 and 3 and 5"),
        ("C++", "C and C#"),
        ("port", "report"),
    ],
)
def test_another_word_is_not_found(asked: str, written: str) -> None:
    assert not finds(asked, written)


def test_words_that_only_frame_a_question_are_asked_for_when_nothing_else_is() -> None:
    assert [term.word for term in query_terms("מה עושים עם ההחזר של הלקוח?")] == ["עושימ", "ההחזר", "הלקוח"]
    assert [term.word for term in query_terms("how is the refund done")] == ["refund", "done"]
    assert [term.word for term in query_terms("של")] == ["של"]
    assert query_terms("ב-1923") == query_terms("1923")


@pytest.mark.parametrize("sign", [*"%_\"*\\-:()^+#$&@'!?.,;~|<>=/[]{}`", "₪", "…", "«"])
def test_a_sign_alone_means_itself(sign: str) -> None:
    assert finds(sign, f"before {sign} after")
    assert not finds(sign, "neither before nor after")


@pytest.mark.parametrize("q", ["a AND", "NEAR(a b, 3)", '"', '"" OR "', "title:x", "-x", "x*", "{a}", "^a", "'", "\\"])
def test_the_query_languages_of_databases_are_only_words(q: str) -> None:
    for term in query_terms(q):
        for token in (*term.prefixes, *term.exact):
            assert not set(token) & set(" \"'*()^{}\\&|!<>,;")


def test_a_question_is_read_up_to_its_bounds() -> None:
    assert len(query_terms(" ".join(f"w{n}" for n in range(1_000)))) == TERMS
    assert query_terms(" " * QUESTION + "late") == []


@pytest.mark.parametrize("q", ["", " ", "\u200f\u200b", "\ud800", "\x00", "\u05b0"])
def test_what_shows_nothing_asks_nothing(q: str) -> None:
    assert query_terms(q) == []


@given(st.text(st.characters(), max_size=60))
def test_any_text_has_tokens_and_any_question_has_terms(text: str) -> None:
    tokens = index_tokens(text)
    assert all(token and not token.isspace() and len(token) <= LONGEST + 1 for token in tokens)
    terms = query_terms(text)
    assert len(terms) <= TERMS
    assert all(term.found_in(tokens) for term in terms), "a text holds the words it asks for"


@given(st.text(st.sampled_from("אבגדהוימנלכשתץםיו\"'-. \u05b0a1"), max_size=40))
def test_points_bidi_marks_and_final_letters_change_no_word(text: str) -> None:
    pointed = "".join(f"{letter}\u05b7\u200f" if "א" <= letter <= "ת" else letter for letter in text)
    plain = text.translate(str.maketrans("םץ", "מצ"))
    assert index_tokens(text) == index_tokens(pointed) == index_tokens(plain)


SLOW_IF_ANYTHING_IS = [
    "!",
    "a!",
    "-a",
    "ו",
    'י"',
    "\u0301\u0316",
    "a\u0301\u0316",
    "\ufdfa",
    "1,",
    "'s",
    "a_",
    'ש"',
    "\u202e",
    "א-",
]


@pytest.mark.parametrize("part", SLOW_IF_ANYTHING_IS, ids=ascii)
def test_twice_the_text_takes_about_twice_the_time(part: str) -> None:
    def seconds(size: int) -> float:
        text = (part * size)[:size] + "a"
        taken = []
        for _ in range(3):
            begun = time.perf_counter()
            index_tokens(text)
            query_terms(text)
            taken.append(time.perf_counter() - begun)
        return min(taken)

    assert seconds(40_000) < 10 * seconds(10_000) + 0.02  # four times is linear, sixteen is not


def test_of_a_million_letters_that_somebody_may_send_few_are_remembered() -> None:
    words.index_tokens("".join(map(chr, range(0x4E00, 0x4E00 + 3 * words._Marks.MOST))))
    assert len(words._MARKS) <= words._Marks.MOST
