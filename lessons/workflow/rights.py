"""Who may what: which roles a page is for, and every step of every life by the roles and relations that may take it.

The door asks the steps, the guard before every request asks the pages, and both are drawn from here.
"""

from __future__ import annotations

from dataclasses import dataclass

from lessons.i18n import Sentence, Word, say, word
from lessons.workflow.engine import ANYONE, SYSTEM, Step
from lessons.workflow.lives import LIVES, births
from lessons.workflow.states import Role
from lessons.workflow.telling import ROLES, who_word

KEEPERS = ("admin", "lessons_manager")
LEAD_QUICK = ("debrief_leader", "lessons_manager", "manager")
HEADS = ("lessons_manager", "manager", "auditor")
PURPOSE = {
    Role.AGENT: say("Reads the cards, says that a briefing was read, and reports what happened."),
    Role.DEBRIEF_LEADER: say("Opens quick debriefs, and leads debriefs as far as their lessons."),
    Role.LESSONS_MANAGER: say("Opens debriefs, decides about lessons, and keeps the insight repository."),
    Role.MANAGER: say("Decides in the unit: dates, accepted risks, procedures, and what waited for too long."),
    Role.EDITOR: say("Writes procedures and their revisions, and brings them to people."),
    Role.FINANCE: say("Approves the sums in the tables of procedures."),
    Role.AUDITOR: say("Reads everything and changes nothing."),
    Role.ADMIN: say("Keeps people, units, roles and settings; has no power over content."),
}
"""What each role is for."""
WHOLE = say("over the whole organisation")
OF_THE_WHOLE = say("This page is for whoever administers the whole organisation.")
EVERYBODYS = say("This is everybody's, and kept by whoever manages lessons or administers in the whole organisation.")
ADMINISTERED = say("People and units are kept by whoever administers the system there.")


@dataclass(frozen=True)
class Page:
    """A page and all below it, or with `alone` itself only, for whoever has one of the roles at any unit. What they see
    there is of their units."""

    address: str
    name: Sentence
    by: tuple[str, ...]
    refusal: Sentence
    alone: bool = False
    whole: bool = False
    """For whoever has the role over the whole organisation: what is kept there is everybody's."""

    def holds(self, rule: str) -> bool:
        return rule == self.address or (not self.alone and rule.startswith(f"{self.address}/"))


PAGES = (
    Page("/admin", say("People, units and settings"), ("admin",), ADMINISTERED),
    Page("/admin/topics", say("Topics"), KEEPERS, EVERYBODYS, whole=True),
    Page("/admin/synonyms", say("Words that mean the same"), KEEPERS, EVERYBODYS, whole=True),
    Page("/admin/mappings", say("Places of the CRM"), KEEPERS, EVERYBODYS, whole=True),
    Page("/admin/questions", say("What an inquiry asks"), ("admin",), OF_THE_WHOLE, whole=True),
    Page("/admin/security", say("Security"), ("admin",), OF_THE_WHOLE, whole=True),
    Page("/admin/privacy", say("Privacy"), ("admin",), OF_THE_WHOLE, whole=True),
    Page("/admin/style", say("The kit of pages"), (ANYONE,), ADMINISTERED),
    Page("/bench", say("The bench of lessons management"), ("lessons_manager",),
         say("This page is for whoever manages lessons.")),
    Page("/managers", say("The managers' page"), HEADS,
         say("This page is for whoever manages a unit or its lessons.")),
    Page("/managers/calendars", say("Calendars of the units one manages"), (ANYONE,), ADMINISTERED),
    Page("/cases", say("The list of cases"), HEADS,
         say("Cases of a unit are looked through by those who manage it or its lessons."), alone=True),
    Page("/debriefs/quick", say("A quick debrief"), LEAD_QUICK,
         say("A quick debrief is led by whoever leads debriefs or manages the unit. Anyone can report what happened.")),
    Page("/procedures/new", say("A new procedure"), ("editor", "manager"),
         say("New procedures are entered by editors of procedures, or by the unit's manager.")),
)  # fmt: skip


def page_of(rule: str) -> Page | None:
    """Whose page it is at this address; None where anyone signed in may come, and sees what is theirs."""
    return max((page for page in PAGES if page.holds(rule)), key=lambda page: len(page.address), default=None)


# ── drawn ────────────────────────────────────────────────────────────────────────────────────────────────────────────
@dataclass(frozen=True)
class Line:
    """A step, and who may take it, each with their mark."""

    name: str
    may: tuple[bool, ...]
    separated: bool = False


@dataclass(frozen=True)
class Table:
    """The steps of a noun down, roles and relations across. `columns` are (role or relation, its word)."""

    noun: str
    columns: tuple[tuple[str, Word], ...]
    lines: tuple[Line, ...]


def table(noun: str, locale: str) -> Table:
    """Quiet steps too; what the system alone does is no right of anybody's."""
    all_steps = (*births(noun), *((noun, step) for step in LIVES[noun].steps))
    steps = [(of, step) for of, step in all_steps if step.by_people]
    names = sorted({who for _, step in steps for who in step.by if who != SYSTEM}, key=_place)
    lines: dict[str, Line] = {}
    for of, step in steps:
        line = _line(of, step, names, locale)
        lines[line.name] = _both(lines[line.name], line) if line.name in lines else line
    return Table(noun, tuple((who, who_word(noun, who)) for who in names), tuple(lines.values()))


def _place(who: str) -> tuple[bool, bool, str]:
    """Everyone first, then relations of the record, then roles of the unit."""
    return who != ANYONE, who in ROLES, who


def _line(of: str, step: Step, names: list[str], locale: str) -> Line:
    may = tuple(who in step.by for who in names)
    return Line(word(f"{of}.trigger", step.trigger, locale), may, any(need.separation for need in step.needs))


def _both(one: Line, other: Line) -> Line:
    may = tuple(a or b for a, b in zip(one.may, other.may, strict=True))
    return Line(one.name, may, one.separated or other.separated)


# ── docs/rights.md ───────────────────────────────────────────────────────────────────────────────────────────────────
HEAD = """# Who may what

Written by `python -m lessons.workflow.diagram docs` from the tables in `lessons/workflow/`; nobody edits it by hand.
The same stands at `/process/rights`, in both languages. ● may take the step; ◐ may, unless the step needs somebody who
had no hand in it and they had. A role holds at its unit and below; whoever owes a duty may take the steps that fulfil
it; what somebody may not see is not there for them (`lessons/access/visible.py`). Who gets what from each address is
written out in `tests/doors/rights.txt`, and asked of the product.
"""
PAGES_HEAD = "## Pages that are for some\n\nAll others are for everyone signed in, who see there what is theirs.\n"


def document() -> str:
    tables = (_chapter(table(noun, "en")) for noun in LIVES)
    pages = "".join(f"| `{page.address}` | {page.name.in_('en')} | {_roles(page)} |\n" for page in PAGES)
    return f"{HEAD}\n{PAGES_HEAD}\n| address | page | for |\n|---|---|---|\n{pages}" + "".join(tables)


def _roles(page: Page) -> str:
    roles = ", ".join(who_word("", who).in_("en") for who in page.by)
    return f"{roles}: {WHOLE.in_('en')}" if page.whole else roles


def _chapter(of: Table) -> str:
    heads = " | ".join(["step", *(name.in_("en") for _, name in of.columns)])
    lines = "".join(f"| {line.name} | {' | '.join(_sign(line, may) for may in line.may)} |\n" for line in of.lines)
    return f"\n## {word('nouns', of.noun, 'en')}\n\n| {heads} |\n|---|{':-:|' * len(of.columns)}\n{lines}"


def _sign(line: Line, may: bool) -> str:
    return ("◐" if line.separated else "●") if may else ""
