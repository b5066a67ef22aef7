"""What reads from left to right inside Hebrew, and what cannot be seen, in the texts of a printed page."""

import re
import unicodedata

import pytest

from exports.bidi import clean, lines, together, told


def apart(text: str) -> list[str]:
    return re.findall(r'<span dir="ltr">(.*?)</span>', told(text, "he"))


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("מספר האישור הוא 4417-2093, והוא", ["4417-2093"]),
        ("מ־8.11.2026 (נוהל P-0003, מהדורה 2).", ["8.11.2026", "P-0003"]),
        ("חייגו *6050 או +972-3-555-0199 עד 17:00", ["*6050", "+972-3-555-0199", "17:00"]),
        ("שירות 24/7, ירד ב-5% אל -3%", ["24/7", "5%", "-3%"]),
        ("נתב Wi-Fi 6 של ACME", ["Wi-Fi 6"]),
        ("ראו https://example.org/a?b=1.", ["https://example.org/a?b=1"]),
        ("כתבו אל dana@example.org!", ["dana@example.org"]),
        ("בתוך 1–3 ימים", []),
        (
            "ראו https://example.org/a_(b)?c=1&d=(2). וגם (https://example.org/x)",
            ["https://example.org/a_(b)?c=1&amp;d=(2)", "https://example.org/x"],
        ),
        ("הקובץ ב־C:\\Users\\dana\\דוח.xlsx, או ב־\\\\srv\\דוחות.", ["C:\\Users\\dana\\דוח.xlsx", "\\\\srv\\דוחות"]),
        ("הקובץ /srv/files/דוח-1.csv, או ~/he.csv. כן /לא, ו/או 3/4", ["/srv/files/דוח-1.csv", "~/he.csv", "3/4"]),
    ],
)
def test_codes_numbers_phones_and_addresses_are_set_apart(text: str, runs: list[str]) -> None:
    assert apart(text) == runs


@pytest.mark.parametrize("written", ["20 ₪", "20₪", "₪20", "₪ 20", "20\u00a0₪"])
def test_a_sum_in_hebrew_is_its_number_alone_and_then_the_sign_on_the_same_line(written: str) -> None:
    assert told(f"החזר {written}, מיד", "he") == 'החזר <span dir="ltr">20</span>\u00a0₪, מיד'


@pytest.mark.parametrize("written", ["₪1,200–1,500", "1,200–1,500 ₪"])
def test_a_range_of_sums_is_read_from_right_to_left_and_ends_with_its_sign(written: str) -> None:
    assert told(written, "he") == '<span dir="ltr">1,200</span>–<span dir="ltr">1,500</span>\u00a0₪'


def test_english_needs_no_setting_apart() -> None:
    assert told("Refund ₪20 by 8.11.2026", "en") == "Refund ₪20 by 8.11.2026"


@pytest.mark.parametrize("lang", ["he", "en"])
def test_what_people_wrote_is_never_markup(lang: str) -> None:
    shown = told("<script>x</script> & \"a\" {{ 7*7 }} <b dir='rtl'>", lang)
    assert re.sub(r'<span dir="ltr">|</span>', "", shown).count("<") == 0


def test_overrides_of_direction_and_control_characters_are_taken_out() -> None:
    unseen = "\u202e\u202d\u2066\u2069\u200f\x00\x1b\ufeff\ufffe\ud800"
    assert clean(f"לפני{unseen}אחרי") == "לפניאחרי"


def test_an_emoji_family_and_points_stay_whole() -> None:
    assert clean("👨‍👩‍👧‍👦 שָׁלוֹם") == "👨‍👩‍👧‍👦 שָׁלוֹם"


def test_lines_are_told_apart_however_they_were_broken() -> None:
    assert lines("אחת\r\nשתיים\rשלוש\u2028ארבע\n\n  \nחמש\x0b") == ["אחת", "שתיים", "שלוש", "ארבע", "חמש"]
    assert told("אחת\nשתיים", "he") == "אחת<br>שתיים"


def test_a_sentence_does_not_leave_its_last_word_alone() -> None:
    assert together("עד הסוף ממש.") == "עד הסוף\u00a0ממש."
    assert together("מהדורה 2") == "מהדורה 2"


@pytest.mark.parametrize(
    "hostile",
    [
        "1,",
        "a ",
        "a-",
        "-",
        "*1-",
        "₪",
        "http://",
        "a 1",
        "a 1x",
        "1.",
        "+1",
        "a.",
        " ",
        "http://(",
        "(http://a)",
        "C:\\",
        "/a",
        "~/",
        "1–",
    ],
)
def test_no_text_makes_the_filter_wander(hostile: str) -> None:
    """Were the time not linear, a text of this length would take hours."""
    text = hostile * (200_000 // len(hostile)) + "!"
    shown = re.sub(r"<[^>]*>", "", told(text, "he"))
    assert len(shown.replace("\u00a0", "")) >= len(text.strip()) - text.count(" ") - 1
    assert all(unicodedata.category(letter) != "Cc" for letter in shown)
