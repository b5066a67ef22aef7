"""Turns finished lines into a letter – subject, text, HTML – in its reader's language; templates only lay out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import SimpleNamespace as Values  # a template finds an attribute sooner than a key

from jinja2 import Environment, StrictUndefined, select_autoescape

from lessons.i18n import Sentence, Word, direction, say, say_n
from lessons.post.looks import Letters
from lessons.post.plain import apart, laid

LONGEST = 90
AUTOMATIC = say("This letter was sent automatically; it needs no answer.")


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
    """Lines under a title of their own, and how many there are besides. `under` is the title of the group that it
    belongs to, said before the first of its sections; `link` are words and address of where the rest is seen."""

    title: Sentence | None
    lines: tuple[Line, ...]
    more: int = 0
    under: Sentence | None = None
    is_late: bool = False
    link: tuple[Note, str] | None = None


@dataclass(frozen=True)
class Foot:
    """What stands below: why a letter came, and where that is changed."""

    says: Sentence
    label: Sentence | None = None
    href: str = ""


@dataclass(frozen=True)
class Contents:
    """What a letter says before it is put into a language."""

    kind: str
    subject: Sentence
    reader: str
    sections: tuple[Section, ...]
    home: str
    foot: tuple[Foot, ...] = ()

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
        told = apart(what, lang)
        return told if isinstance(told, str) else told.in_(lang)

    values = {
        "lang": lang,
        "dir": direction(lang),
        "start": "right" if direction(lang) == "rtl" else "left",
        "subject": one_line(contents.subject.in_(lang)),
        "greeting": spoken(say("Hello %(name)s,", name=contents.reader)),
        "sections": _sections(contents.sections, spoken),
        "to_calendar": say("Add to calendar").in_(lang),
        "home": contents.home,
        "to_home": say("Everything that waits for you").in_(lang),
        "foot": [_foot(one, spoken) for one in (*contents.foot, Foot(AUTOMATIC))],
        "organisation": organisation,
    }
    folder = _environment(), contents.kind
    subject, text, html = (_rendered(*folder, name, values) for name in ("subject.txt", "body.txt", "body.html"))
    return Written(contents.kind, lang, one_line(subject), laid(text, lang), html)


def _rendered(templates: Environment, kind: str, name: str, values: dict[str, object]) -> str:
    return templates.get_template(f"{kind}/{name}").render(values)


def _sections(sections: Sequence[Section], spoken: Callable[[Note], str]) -> list[dict[str, object]]:
    before = (None, *(section.under for section in sections))
    return [_section(one, spoken, heads=one.under != under) for one, under in zip(sections, before, strict=False)]


def _foot(foot: Foot, spoken: Callable[[Note], str]) -> dict[str, str]:
    return {"says": spoken(foot.says), "label": spoken(foot.label) if foot.label else "", "href": foot.href}


def _section(section: Section, spoken: Callable[[Note], str], *, heads: bool) -> dict[str, object]:
    lines = [
        Values(
            says=spoken(line.says),
            code=line.code,
            href=line.href,
            notes=[spoken(note) for note in line.notes if note],
            quote=line.quote,
            steps=[Values(label=spoken(label), href=href) for label, href in line.steps],
            calendar=line.calendar,
        )
        for line in section.lines
    ]
    more = spoken(say_n("and one thing more", "and %(n)d things more", section.more)) if section.more else ""
    return {
        "under": spoken(section.under) if section.under and heads else "",
        "title": spoken(section.title) if section.title else "",
        "is_late": section.is_late,
        "lines": lines,
        "more": more,
        "link": {"label": spoken(section.link[0]), "href": section.link[1]} if section.link else None,
    }


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
        loader=Letters(),
        autoescape=select_autoescape(("html",)),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
