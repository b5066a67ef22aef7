"""What names a person is not kept; what names nobody stays."""

from __future__ import annotations

from random import Random

import pytest

from lessons.access.personal import is_card, is_identity, stripped

HEBREW = ("לקוחה מסרה {x} ומבקשת חזרה", "ת״ז {x}, חויבה פעמיים", "הפרטים: {x}.", "({x}) לא קיבל מענה",
          "לחזור ל{x} עד מחר",
          "הלקוח: «{x}» ומחכה", "{x} – כועס מאוד", "נציג רשם {x}/נוסף", "פנה אלינו ב־{x} אתמול", "של {x}?")  # fmt: skip
ENGLISH = ("the customer gave {x} and asks for a call", "ID {x}, billed twice", "details: {x}.", "({x}) no answer",
           "call {x} before noon", "customer “{x}” waits", "{x} – very angry", "noted: {x}; later",
           "about {x} yesterday", "is it {x}?")  # fmt: skip
ORDINARY = (
    "שולמו 1,290 ₪ ועוד 89.90 ₪", "הזמנה ORD-20261124-0007", "לקח L-2026-0001, תחקיר D-2026-0007",
    "ביום 24.11.2026 בשעה 14:05",
    "24/11/2026", "2026-11-24T14:05:00Z", "מהירות 1000/100", "מבצע 99.90 לשנה, אחריה 149.90", "חשבונית 2026/118872",
    "120,000,000 ₪", "דגם XR-500G2", "IMEI 490154203237519", "פנייה CRM-90417", "סניף 12, עמדה 3",
    "טלפון נוסף: 3 שיחות",     "עד 31.12.26 – 24 תשלומים של 49.90", "order 100200300",
    "invoice 7788990011", "version 10.0.19045", "20 %",
)  # fmt: skip


def with_checksum(body: str) -> str:
    """The digits with the one more that makes Luhn's sum right."""
    return next(body + last for last in "0123456789" if _sums(body + last))


def _sums(digits: str) -> bool:
    doubled = [int(one) * (2 if n % 2 else 1) for n, one in enumerate(reversed(digits))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def identity(chance: Random) -> str:
    number = with_checksum(f"{chance.randrange(10**7, 10**8):08}")
    return chance.choice((number, f"{number[:8]}-{number[8]}"))


def phone(chance: Random) -> str:
    rest = f"{chance.randrange(10**7):07}"
    area = chance.choice(("050", "052", "054", "058", "072", "077", "02", "03", "04", "08", "09"))
    return chance.choice((
        f"{area}{rest}", f"{area}-{rest}", f"{area}-{rest[:3]}-{rest[3:]}", f"{area} {rest[:3]} {rest[3:]}",
        f"+972{area[1:]}{rest}", f"+972-{area[1:]}-{rest}", f"({area}) {rest}",
        f"+972 {area[1:]} {rest[:3]} {rest[3:]}",
    ))  # fmt: skip


def card(chance: Random) -> str:
    if chance.random() < 0.2:
        number = with_checksum(f"37{chance.randrange(10**12):012}")
        return chance.choice((number, f"{number[:4]} {number[4:10]} {number[10:]}"))
    number = with_checksum(f"{chance.choice(('4580', '4111', '5326', '3569'))}{chance.randrange(10**11):011}")
    parts = [number[n : n + 4] for n in range(0, 16, 4)]
    return chance.choice((number, " ".join(parts), "-".join(parts)))


def address(chance: Random) -> str:
    name = "".join(chance.choices("abcdefghijklmnop._", k=8)).strip("._") or "dana"
    return f"{name}@{chance.choice(('example.co.il', 'mail.example', 'village-net.example'))}"


@pytest.mark.parametrize(("kind", "word"), [
    (identity, "[id number]"), (phone, "[phone]"), (card, "[payment card]"), (address, "[e-mail]"),
])  # fmt: skip
def test_five_hundred_made_examples_are_not_kept(kind, word) -> None:  # type: ignore[no-untyped-def]
    chance = Random(kind.__name__)  # noqa: S311 - the same examples every time
    left = []
    for n in range(125):
        secret, around = kind(chance), (HEBREW + ENGLISH)[n % 20]
        kept = stripped(around.format(x=secret), "en")
        if kept != around.format(x=word):
            left.append((around.format(x=secret), kept))
    assert not left


@pytest.mark.parametrize("text", ORDINARY)
def test_ordinary_numbers_stay(text: str) -> None:
    assert stripped(text, "he") == text


def test_a_number_is_an_id_or_a_card_by_its_checksum_alone() -> None:
    assert is_identity("123456782")
    assert not is_identity("123456789")
    assert is_card("4111111111111111")
    assert not is_card("4111111111111112")
    assert stripped("מספר 123456789 וכרטיס 4111111111111112", "he") == "מספר 123456789 וכרטיס 4111111111111112"


def test_a_shorter_number_is_an_id_where_a_word_says_so() -> None:
    assert stripped('ת"ז 12345674', "he") == 'ת"ז [מספר זהות]'
    assert stripped("הזמנה 12345674", "he") == "הזמנה 12345674"


def test_what_stood_in_its_place_is_said_in_the_language_of_the_text() -> None:
    assert stripped("לחזור ל054-1234567", "he") == "לחזור ל[טלפון]"
    assert stripped("call 054-1234567", "en") == "call [phone]"


def test_a_card_among_other_numbers_goes_and_they_stay() -> None:
    assert stripped("3 4111 1111 1111 1111 12", "en") == "3 [payment card] 12"
