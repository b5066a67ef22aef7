"""The words for what was found in a file: what would be taken, what was odd, which rows cannot be taken and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from lessons.errors import FieldError, Invalid
from lessons.i18n import Sentence, say, say_n
from lessons.intake.faults import Fault
from lessons.intake.oddities import Oddities, Oddity
from lessons.intake.operations import Plan
from lessons.intake.reasons import NOTED, WHOLE

NAMED = 20
"""So many rows are named one by one; of the rest it is told how many they are."""

ODD: dict[str, Sentence] = {
    "no_title": say_n("One row has no title; its first words stand for it.",
                      "%(n)s rows have no title; their first words stand for it."),
    "long_title": say_n("One title is longer than 120 characters.", "%(n)s titles are longer than 120 characters."),
    "title_cut": say_n("One title was cut at 300 characters; it stands whole before the reasons.",
                       "%(n)s titles were cut at 300 characters; they stand whole before the reasons."),
    "no_topics": say_n("One row has no topics.", "%(n)s rows have no topics."),
    "no_event": say_n("One row tells no event; its reasons stand in the debrief.",
                      "%(n)s rows tell no event; their reasons stand in the debrief."),
    "no_steps": say_n("One row recommends nothing.", "%(n)s rows recommend nothing."),
    "steps_elsewhere": say_n("One recommendation only points to another place.",
                             "%(n)s recommendations only point to another place."),
    "no_date": say_n("One row does not say when it happened.", "%(n)s rows do not say when it happened."),
    "date_not_read": say_n("One date is not written like 1991-04-09 and was left out.",
                           "%(n)s dates are not written like 1991-04-09 and were left out."),
    "published_before_it_happened": say_n("One row was published before its own event.",
                                          "%(n)s rows were published before their own event."),
    "letters_lost": say_n("One row had lost letters before it came here.",
                          "%(n)s rows had lost letters before they came here."),
    "unseen_letters": say_n("One row held characters that nobody sees; they were left out.",
                            "%(n)s rows held characters that nobody sees; they were left out."),
    "same_title": say_n("One row shares its title.", "%(n)s rows share their title with another (%(groups)s groups)."),
    "same_event": say_n("One row shares its event.", "%(n)s rows share their event with another (%(groups)s groups)."),
}  # fmt: skip

FAULTS: dict[str, Sentence] = {
    "encoding": say(
        "The letters cannot be told for certain from character %(column)s on (%(found)s). Saved as UTF-8 the "
        "file can be read."
    ),
    "broken_row": say("The table breaks off here: %(found)s."),
    "another_table": say("This is no register that can be read: its first line is “%(found)s”."),
    "column_twice": say("The column “%(column)s” is there twice."),
    "cells_too_many": say("The row has more cells than there are headings: %(found)s."),
    "no_number": say("The row has no number of its own, so it could not be known again: “%(found)s”."),
    "number_twice": say("The number %(found)s was given to an earlier row already."),
    "says_nothing": say("The row says nothing: neither event, reasons nor recommendations."),
    **WHOLE,
    **NOTED,
    "text_too_long": say("The text is too long: %(found)s characters; at most 40,000 are taken."),
}
ROW = say("Row %(row)s")
ROW_AND_COLUMN = say("Row %(row)s, %(column)s")
SHEET = say("Sheet “%(sheet)s”")
SHEET_AND_ROW = say("Sheet “%(sheet)s”, row %(row)s")
SHEET_ROW_AND_COLUMN = say("Sheet “%(sheet)s”, row %(row)s, %(column)s")


def told(planned: Plan, oddities: Sequence[Oddities], *, dry: bool) -> Iterator[Sentence]:
    """The whole report, a sentence a line."""
    yield _taken(len(planned.new), dry=dry)
    if planned.known:
        yield say_n("One was here already.", "%(n)s were here already.").with_(n=len(planned.known))
    if planned.changed:
        numbers = [row.number for row in planned.changed[:NAMED]]
        yield say_n(
            "One changed since it was brought in and stays as it is here: %(numbers)s.",
            "%(n)s changed since they were brought in and stay as they are here: %(numbers)s.",
        ).with_(n=len(planned.changed), numbers=numbers)
    for one in oddities:
        yield from map(odd, one.odd)


def _taken(count: int, *, dry: bool) -> Sentence:
    if dry:
        return say_n("One lesson would be brought in; nothing was changed.",
                     "%(n)s lessons would be brought in; nothing was changed.").with_(n=count)  # fmt: skip
    return say_n("One lesson was brought in.", "%(n)s lessons were brought in.").with_(n=count)


def odd(oddity: Oddity) -> Sentence:
    """What was odd, and where it was first."""
    what = ODD[oddity.kind].with_(n=oddity.count, groups=oddity.groups)
    return say("%(what)s Such as %(example)s", what=what, example=oddity.examples[0])


def fault(found: Fault) -> Sentence:
    """A row that was left out, and why."""
    place = _place(found)
    if place is None:
        return why(found)
    where = place.with_(sheet=found.sheet, row=found.row, column=found.column)
    return say("%(where)s: %(what)s", where=where, what=why(found))


def _place(found: Fault) -> Sentence | None:
    """The sentence that names its place; None where the whole file is meant."""
    if not found.row:
        return SHEET if found.sheet else None
    if found.sheet:
        return SHEET_ROW_AND_COLUMN if found.column else SHEET_AND_ROW
    return ROW_AND_COLUMN if found.column else ROW


def why(found: Fault) -> Sentence:
    """The reason without the place."""
    return FAULTS[found.kind].with_(column=found.column, found=found.found)


def refused(name: str, faults: Sequence[Fault]) -> Invalid:
    """The refusal of a file for what is wrong in these rows; nothing of it was taken."""
    message = say("%(name)s cannot be taken like this. Nothing was changed.", name=name)
    errors = [FieldError(f"/rows/{one.row}/{one.column}".rstrip("/"), one.kind, why(one)) for one in faults[:NAMED]]
    if len(faults) > NAMED:
        more = say_n("And one more row.", "And %(n)s more rows.").with_(n=len(faults) - NAMED)
        errors.append(FieldError("/", "more", more))
    return Invalid(message, errors)
