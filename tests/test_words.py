"""What people read is whole in both languages and says what HEBREW.md says."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest

from lessons import i18n
from lessons.i18n import LOCALES, Sentence, has_word, ngettext, say, word
from lessons.translations import extract
from lessons.workflow.faults import FAULTS, OTHER
from lessons.workflow.faults import sentence as of_fault
from lessons.workflow.lives import LIVES

HEBREW_WORDS = {
    "debriefs.state": "reported דיווח חדש · investigating בתחקור · in_review בבדיקה · issued הלקחים בטיפול · closed "
    "הושלם · declined לא נפתח תחקיר · merged אוחד",
    "debriefs.trigger": "report דיווח על אירוע · open פתיחת תחקיר · decline סגירה ללא תחקיר · merge איחוד עם "
    "תחקיר קיים · submit שליחה לבדיקה · send_back החזרה להשלמה · issue אישור התחקיר · close התחקיר הושלם · reopen "
    "פתיחה מחדש · widen הרחבה לתחקיר מלא · import ייבוא · hand_over העברת אחריות",
    "lessons.state": "draft טיוטה · proposed ממתין להחלטה · accepted אומץ · implementing בהטמעה · watching במעקב "
    "· verified הוכיח את עצמו · due_for_review ממתין לבדיקת תוקף · rejected לא אומץ · merged אוחד "
    "· risk_accepted סיכון מקובל · retired יצא משימוש",
    "lessons.trigger": "propose הצעת הלקח · accept אימוץ הלקח · reject אי־אימוץ · merge איחוד עם לקח קיים "
    "· start תחילת הטמעה · accept_risk קבלת הסיכון · implemented ההטמעה הושלמה · proceed המשך לפי שיעור הקריאה בפועל "
    "· verify הבדיקה: אפקטיבי · fail הבדיקה: לא אפקטיבי – חזרה להטמעה · recur דיווח על אירוע חוזר "
    "· age הגיע מועד בדיקת התוקף · revalidate אישור שהלקח עדיין תקף "
    "· expire תום תקופת הסיכון המקובל – נדרשת החלטה · replan חזרה לתכנון · promote הרחבה מעבר לצוות "
    "· renew הארכה ב־30 יום · retire הוצאה משימוש · import ייבוא · hand_over העברת אחריות",
    "actions.state": "assigned טרם התחילה · in_progress בביצוע · done בוצעה, ממתינה לאישור · confirmed הושלמה "
    "· blocked מעוכבת · declined הוחזרה · cancelled בוטלה",
    "actions.trigger": "assign הקצאת משימה · start התחלה · decline החזרה למי שהקצה · block דיווח על עיכוב "
    "· unblock הסרת העיכוב · report_done דיווח על ביצוע · confirm אישור הביצוע · send_back החזרה להשלמה "
    "· reassign העברת אחריות · cancel ביטול · ask_extension בקשת דחיית מועד · grant_extension אישור הדחייה "
    "· deny_extension השארת המועד · import ייבוא",
    "revisions.state": "drafting בכתיבה · in_review ממתינה לאישור · approved אושרה, טרם בתוקף · effective בתוקף "
    "· superseded הוחלפה · withdrawn הוסרה · cancelled טיוטה שבוטלה",
    "revisions.trigger": "draft פתיחת מהדורה · submit שליחה לאישור · send_back החזרה לעריכה · approve אישור המהדורה "
    "· publish כניסה לתוקף · approve_money אישור כספי · supersede הוחלפה במהדורה חדשה · cancel ביטול הטיוטה "
    "· withdraw הסרה מתוקף",
    "briefings.state": "open פתוח · ended הסתיים",
    "briefings.trigger": "open פתיחת תדריך · end סיום התדריך · acknowledge קראתי והבנתי",
    "news.state": "reported ממתין לאישור נוסף · live בעמדה · withdrawn הוסר · expired הסתיים",
    "sentences.state": "offered ממתין להחלטה · live בעמדה · withdrawn הוסר · declined לא נכנס לעמדה",
    "sentences.trigger": "keep הוספה לעמדה · decline לא הפעם, עם הסבר · withdraw הסרה מהעמדה",
    "verifications.state": "planned מתוכננת · scheduled נקבעה · due הגיע המועד · effective אפקטיבי "
    "· not_effective לא אפקטיבי · inconclusive לא חד־משמעי · void בוטלה",
    "verifications.trigger": "plan תכנון הבדיקה · arm הבדיקה נקבעה · fall_due הגיע מועד הבדיקה · conclude רישום תוצאה "
    "· void הבדיקה בוטלה",
    "role": "debrief_leader הובלת תחקירים · lessons_manager ניהול לקחים · manager ניהול היחידה · editor עריכת נהלים "
    "· finance כספים · auditor ביקורת פנים · admin ניהול המערכת · agent נציגים",
    "severity": "1 קלה · 2 בינונית · 3 גבוהה · 4 קריטית",
    "level": "1 בסיסי · 2 מתקדם · 3 מומחה",
    "direction": "do לעשות · dont לא לעשות · keep להמשיך כך",
}
ENGLISH_WORDS = {
    ("lessons.state", "verified"): "Proved itself",
    ("lessons.state", "accepted"): "Adopted",
    ("actions.trigger", "confirm"): "Confirm it was done",
    ("briefings.trigger", "acknowledge"): "I have read and understood",
    ("severity", "4"): "Critical",
}
# Never said to anybody; "לחץ", "לחצי" and the like are commands to one man or one woman.
COMMANDS = "לחץ לחצי הקלד הקלידי בחר בחרי הזן הזיני שלח שלחי נסה נסי".split()
UNKIND = re.compile(rf"אין הרשאה|שגיאה|לא ניתן\b|\b(?:{'|'.join(COMMANDS)})\b")
SLASHED = re.compile(r"[\u05d0-\u05ea]/[\u05d0-\u05ea]")
PLACEHOLDER = re.compile(r"%%|%\(\w+\)[sd]|\{\w+\}")


def _entries(locale: str) -> list[tuple[str | None, tuple[str, ...], tuple[str, ...]]]:
    """(context, what is said, its words) of a catalogue."""
    return [(m.context, _each(m.id), _each(m.string)) for m in extract.read(locale) if m.id]


def _each(texts: Any) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


@pytest.mark.parametrize("locale", LOCALES)
def test_everything_that_is_said_has_its_words(locale: str) -> None:
    assert extract.missing(locale) == []


@pytest.mark.parametrize("locale", LOCALES)
def test_the_catalogue_holds_nothing_that_nobody_says(locale: str) -> None:
    said, words = extract.expected()
    known = {(None, one) for one, _ in said} | words
    held = {(context, said[0]) for context, said, _ in _entries(locale) if context != "hint"}
    assert held - known == set()


@pytest.mark.parametrize("context", HEBREW_WORDS)
def test_the_words_are_those_that_were_agreed(context: str) -> None:
    for pair in HEBREW_WORDS[context].split(" · "):
        value, _, agreed = pair.partition(" ")
        assert word(context, value, "he") == agreed


def test_english_says_it_as_plainly() -> None:
    assert {pair: word(*pair, "en") for pair in ENGLISH_WORDS} == ENGLISH_WORDS


@pytest.mark.parametrize("noun", LIVES)
def test_every_state_and_every_step_of_a_life_has_a_word_in_both_languages(noun: str) -> None:
    life = LIVES[noun]
    wanted = [(f"{noun}.state", state.value) for state in life.states]
    wanted += [(f"{noun}.{what}", trigger) for trigger in life.triggers for what in ("trigger", "event")]
    assert [(*pair, locale) for pair in wanted for locale in LOCALES if not has_word(*pair, locale)] == []


def test_every_field_of_every_form_is_called_something_in_both_languages() -> None:
    fields = extract.sources().fields
    assert [(name, at) for name in sorted(fields) for at in LOCALES if not has_word("field", name, at)] == []


def test_no_page_looks_a_word_up_where_nobody_keeps_one() -> None:
    assert extract.sources().contexts - {context for context, _ in extract.expected()[1]} - {"hint"} == set()


def test_a_hint_stands_by_a_field_that_exists_and_in_both_languages() -> None:
    he, en = ({said[0] for context, said, _ in _entries(at) if context == "hint"} for at in LOCALES)
    assert he == en
    choices = {context for context, _ in extract.expected()[1]}  # a hint may stand by a kind of choice
    called = {value for context, value in extract.expected()[1] if context == "field"}  # or by a name of its own
    assert he <= extract.sources().fields | choices | called


def test_what_is_filled_in_is_the_same_in_both_languages() -> None:
    wrong = []
    for context, said, words in _entries("he"):
        if context is None:
            wanted = set(PLACEHOLDER.findall(said[-1]))
            wrong += [(said, text) for text in words[-1:] if text and set(PLACEHOLDER.findall(text)) != wanted]
            wrong += [(said, text) for text in words[:-1] if not set(PLACEHOLDER.findall(text)) <= wanted]
    assert wrong == []


def test_hebrew_is_courteous_and_has_no_slashed_forms() -> None:
    texts = [text for _, _, words in _entries("he") for text in words]
    assert [text for text in texts if UNKIND.search(text) or SLASHED.search(text)] == []


def test_hebrew_is_written_with_its_own_signs() -> None:
    inner = re.compile(r"[\u05d0-\u05ea][\"'][\u05d0-\u05ea]|[\u05d0-\u05ea]-[\u05d0-\u05ea]")
    texts = [text for _, _, words in _entries("he") for text in words]
    assert [text for text in texts if inner.search(text)] == []


@pytest.mark.parametrize("locale", LOCALES)
def test_no_two_buttons_of_a_record_are_called_the_same(locale: str) -> None:
    for noun, life in LIVES.items():
        for state in life.states:
            names = Counter(word(f"{noun}.trigger", trigger, locale) for trigger in life.open_triggers(state))
            assert [name for name, count in names.items() if count > 1] == []


def test_hebrew_counts_one_two_and_many() -> None:
    one, many = "One thing waits for you", "%(n)d things wait for you"
    assert [ngettext(one, many, n, "he") % {"n": n} for n in (1, 2, 3)] == [
        "דבר אחד לטיפולך",
        "שני דברים לטיפולך",
        "3 דברים לטיפולך",
    ]


def test_every_fault_of_our_own_is_answered_with_a_sentence() -> None:
    assert extract.sources().faults - set(FAULTS) == set()


def test_a_fault_says_its_numbers() -> None:
    short = of_fault({"type": "string_too_long", "ctx": {"max_length": 300}})
    assert str(short) == "This is too long: at most 300 characters fit."
    assert short.in_("he") == "זה ארוך מדי: אפשר 300 תווים לכל היותר."


def test_a_cleaned_text_that_is_too_long_is_not_called_a_list() -> None:
    found = of_fault({"type": "too_long", "ctx": {"field_type": "Value", "max_length": 300, "actual_length": 301}})
    assert str(found) == "This is too long: at most 300 characters fit."


def test_a_fault_that_nobody_thought_of_is_still_answered() -> None:
    assert of_fault({"type": "callable_type"}) is OTHER
    assert of_fault({"type": "string_too_long"}) is OTHER


def test_a_sentence_in_a_sentence_speaks_the_same_language() -> None:
    inner = say("It is urgent")
    outer = Sentence("%(says)s (%(code)s)", {"says": inner, "code": "D-2026-0007"})
    assert outer.in_("he") == "דחוף (D-2026-0007)"


def test_no_hebrew_sentence_runs_into_an_english_one() -> None:
    """Names of programs and of places to fill are Latin; three words in a row are a sentence."""
    code = re.compile(r"`[^`]*`|%\(\w+\)[sd]")
    english = re.compile(r"(?:\b[A-Za-z]{2,}\b[ ,.:]+){3}")
    said = [form for key in i18n.entries() for form in _forms(i18n.original(key, "he"))]
    mixed = [one for one in said if re.search("[א-ת]", one) and english.search(code.sub("", one))]
    assert mixed == []


def _forms(forms: i18n.Forms) -> tuple[str, ...]:
    return (forms,) if isinstance(forms, str) else forms
