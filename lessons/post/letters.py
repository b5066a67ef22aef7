"""Turns finished lines into a letter – subject, text, HTML – in its reader's language; templates only lay out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from lessons.i18n import Sentence, Word, direction, say, say_n

TEMPLATES = Path(__file__).parents[1] / "templates" / "letters"
LONGEST = 90


Note = Sentence | Word | str


@dataclass(frozen=True)
class Line:
    """One thing that is told, of which record, and where to go; `quote` is what a person wrote. `alone` is what it
    says as a subject, where under its section's title fewer words do. `steps` are (words, address) of what can be done
    about it; an address shows, and does nothing. `calendar` is where its day is had as a file."""

    says: Note
    code: str
    href: str
    notes: tuple[Note, ...] = ()
    quote: str = ""
    alone: Sentence | None = None
    steps: tuple[tuple[Note, str], ...] = ()
    calendar: str = ""


@dataclass(frozen=True)
class Section:
    """Lines under a title of their own, and how many there are besides."""

    title: Sentence
    lines: tuple[Line, ...]
    more: int = 0


@dataclass(frozen=True)
class Contents:
    """What a letter says before it is put into a language."""

    kind: str
    subject: Sentence
    reader: str
    sections: tuple[Section, ...]
    home: str

    @property
    def lines(self) -> list[Line]:
        return [line for section in self.sections for line in section.lines]


@dataclass(frozen=True)
class Written:
    """A letter in its reader's language."""

    kind: str
    lang: str
    subject: str
    text: str
    html: str


def written(contents: Contents, lang: str, *, organisation: str = "") -> Written:
    """The letter's three parts."""

    def spoken(what: Note) -> str:
        return what if isinstance(what, str) else what.in_(lang)

    values = {
        "lang": lang,
        "dir": direction(lang),
        "subject": one_line(contents.subject.in_(lang)),
        "greeting": say("Hello %(name)s,", name=contents.reader).in_(lang),
        "sections": [_section(section, spoken) for section in contents.sections],
        "to_calendar": say("Add to calendar").in_(lang),
        "home": contents.home,
        "to_home": say("Everything that waits for you").in_(lang),
        "foot": say("This letter was sent automatically; it needs no answer.").in_(lang),
        "organisation": organisation,
    }
    folder = _environment(), contents.kind
    subject, text, html = (_rendered(*folder, name, values) for name in ("subject.txt", "body.txt", "body.html"))
    return Written(contents.kind, lang, one_line(subject), text.strip() + "\n", html)


def _rendered(templates: Environment, kind: str, name: str, values: dict[str, object]) -> str:
    return templates.get_template(f"{kind}/{name}").render(values)


def _section(section: Section, spoken: Callable[[Note], str]) -> dict[str, object]:
    lines = [
        {
            "says": spoken(line.says),
            "code": line.code,
            "href": line.href,
            "notes": [spoken(note) for note in line.notes if note],
            "quote": line.quote,
            "steps": [{"label": spoken(label), "href": href} for label, href in line.steps],
            "calendar": line.calendar,
        }
        for line in section.lines
    ]
    more = spoken(say_n("and one thing more", "and %(n)d things more", section.more)) if section.more else ""
    return {"title": spoken(section.title), "lines": lines, "more": more}


def subject_of(line: Line) -> Sentence:
    """A subject that is one line's: its sentence, then the code."""
    return say("%(says)s (%(code)s)", says=line.alone or line.says, code=line.code)


def shortened(text: str) -> str:
    text = one_line(text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1].rstrip()}…"


def one_line(text: str) -> str:
    """Without line breaks: a header that a title could add to would be a door."""
    return " ".join(text.split())


def spoken_day(day: date, lang: str) -> str:
    """10.9.2026, or 10 Sep 2026."""
    from babel.dates import format_date

    return format_date(day, "d.M.y" if lang == "he" else "d MMM y", locale=lang)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
