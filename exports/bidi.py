"""The one filter that every text of a printed page goes through: what cannot be seen is taken out, and what reads
from left to right inside Hebrew (codes, dates, times, phones, addresses, sums) is set apart.

`<bdi>`, `dir=auto` and `unicode-bidi` do nothing in the print engine, so a run becomes `<span dir="ltr">`.
"""

from __future__ import annotations

import re
import unicodedata

from markupsafe import Markup

RTL = frozenset({"ar", "fa", "he", "yi"})

# Each repetition is over one class of characters that what follows does not share, so that time stays linear.
NUMBER = r"[0-9][0-9,.]*(?:[–-][0-9][0-9,.]*)?(?<![,.])"
SUM = rf"₪[ \u00a0]?(?P<after>{NUMBER})|(?P<before>{NUMBER})[ \u00a0]?₪"
WORD = r"[A-Za-z][A-Za-z0-9_.+#&/@:'’-]*(?<![.:/'’&@-])"
RUN = rf"""
    (?:https?://|www\.)[!-'*-~]*(?:\([!-'*-~]*\)[!-'*-~]*)+(?<![.,;:!?\]'"])  # an address that holds brackets
  | (?:https?://|www\.)[!-~]+(?<![.,;:!?)\]'"])     # an address
  | (?:(?<!\w)[A-Za-z]:|\\)\\[\w.\\$-]+(?<![.\\-])    # C:\Users\dana, \\server\share: names in any script
  | (?<![\w/.~])~?/[A-Za-z0-9_.][\w./@+-]*(?<![./-])  # /srv/files/he.csv
  | (?<!\w)[*+\#][0-9][0-9-]{{2,}}(?<!-)            # *6050, +972-3-555-0199
  | (?<!\w)[-−][0-9][0-9.,]*(?<![.,])%?             # below zero; after a letter it is a hyphen
  | {WORD}(?:[ ](?:{WORD}|[0-9]+\b))*               # L-0031, Wi-Fi 6
  | [0-9][0-9A-Za-z.,:/@_-]*(?<![.,:/@_-])[%+]?     # 4417-2093, 8.11.2026, 17:00, 24/7, 79%
"""
APART = re.compile(f"(?P<sum>{SUM})|(?P<run>{RUN})", re.VERBOSE)

LIKE_A_SPACE = [0x09, 0x0B, 0x0C, *range(0x2000, 0x200B), 0x3000]
LIKE_A_NEWLINE = [0x85, 0x2028, 0x2029]
PLAINLY: dict[int, str | None] = {0x202F: "\u00a0", 0xFFFE: None, 0xFFFF: None}
PLAINLY |= dict.fromkeys(LIKE_A_SPACE, " ") | dict.fromkeys(LIKE_A_NEWLINE, "\n")
# Embeddings, overrides and isolates would turn round the text after them; a letter for private use has no shape here.
UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs"})
KEPT = frozenset("\n\u200c\u200d")  # joiners: an emoji family, Persian


def clean(text: str) -> str:
    """Without what cannot be seen, its lines parted by single newlines."""
    text = re.sub(r"\r\n?", "\n", text).translate(PLAINLY)
    text = "".join(each for each in text if each in KEPT or unicodedata.category(each) not in UNSEEN)
    return "\n".join(line for line in map(str.strip, text.split("\n")) if line)


def lines(text: str) -> list[str]:
    return clean(text).splitlines()


def direction(lang: str) -> str:
    return "rtl" if lang in RTL else "ltr"


def told(text: str, lang: str) -> Markup:
    """The text as markup for a block whose direction is that of `lang`."""
    shown = _set_apart if lang in RTL else Markup.escape
    return Markup("<br>").join(map(shown, clean(text).split("\n")))


def run(text: str, lang: str) -> Markup:
    """A run of a longer text as markup: the blanks and line ends at its edges stay."""
    shown = _set_apart if lang in RTL else Markup.escape
    seen = "".join(c for c in text.translate(PLAINLY) if c in KEPT or unicodedata.category(c) not in UNSEEN)
    return Markup("\n").join(map(shown, seen.split("\n")))


def together(text: str) -> str:
    """A sentence whose last word is not left alone on a line. Words of codes and numbers stay as they are."""
    return re.sub(r"(?<=[^\W\d_]) ([^\W\d_]{1,14}\W?)$", "\u00a0\\1", clean(text))


def _set_apart(line: str) -> Markup:
    parts, done = [], 0
    for found in APART.finditer(line):
        parts += [Markup.escape(line[done : found.start()]), _run(found)]
        done = found.end()
    return Markup("").join([*parts, Markup.escape(line[done:])])


def _run(found: re.Match[str]) -> Markup:
    if found["sum"]:
        # A Hebrew reader expects the sign after its number, and never on the next line.
        ends = (found["before"] or found["after"]).split("–")
        return Markup("–").join(Markup('<span dir="ltr">{}</span>').format(end) for end in ends) + "\u00a0₪"
    if found["run"].isalnum() and (found["run"].isdigit() or found["run"].isalpha()):
        return Markup.escape(found["run"])  # a bare number or word turns round by itself
    return Markup('<span dir="ltr">{}</span>').format(found["run"])
