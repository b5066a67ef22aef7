"""What is said about a field that cannot be taken as it was sent: one sentence for each type of fault."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from difflib import get_close_matches
from typing import Any

from lessons.i18n import Sentence, say

_DAY = say("A day is written year-month-day, for example 2026-11-24.")
_TIME = say("A time is written with its day and zone, for example 2026-11-24T14:05:00Z.")
_LIST = say("Several values belong here, as a list.")
_GROUP = say("Several named fields belong here together.")
_NUMBER = say("A number belongs here, in digits.")
_WHOLE = say("A whole number belongs here, in digits.")
_CHOICE = say("This is not one of the choices. The choices are: %(expected)s.")
_TEXT = say("A text belongs here.")
_YES_NO = say("Yes or no belongs here: true or false.")

# Keyed by the type that pydantic gives a fault; the last group are the types of workflow/fields.py.
FAULTS: dict[str, Sentence] = {
    "missing": say("This is still missing."),
    "extra_forbidden": say("This field is not known here. It may be misspelled."),
    "string_type": _TEXT,
    "string_unicode": _TEXT,
    "string_too_short": say("This is too short: at least %(min_length)s characters are needed."),
    "string_too_long": say("This is too long: at most %(max_length)s characters fit."),
    "bool_type": _YES_NO,
    "bool_parsing": _YES_NO,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "int_parsing_size": say("This number is too large."),
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "greater_than_equal": say("The smallest value that fits is %(ge)s."),
    "less_than_equal": say("The largest value that fits is %(le)s."),
    "greater_than": say("The value needs to be above %(gt)s."),
    "less_than": say("The value needs to be below %(lt)s."),
    "enum": _CHOICE,
    "literal_error": _CHOICE,
    "list_type": _LIST,
    "too_short": say("There are too few here: at least %(min_length)s are needed."),
    "too_long": say("There are too many here: at most %(max_length)s fit."),
    "model_type": _GROUP,
    "model_attributes_type": _GROUP,
    "dict_type": _GROUP,
    "date_type": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_parsing": _DAY,
    "datetime_type": _TIME,
    "datetime_parsing": _TIME,
    "day": _DAY,
    "day_far": say("This day is too far away: years from 1970 to 2200 fit."),
    "moment": _TIME,
    "reason_too_short": say("A reason needs at least 10 characters, so that whoever reads it understands."),
    "share": say("A share is above 0 and at most 1, for example 0.9."),
    "unprintable": say("Character number %(at)s cannot be kept. Without it the text will do."),
}
OTHER = say("This does not fit here as it is written.")


def sentence(error: Mapping[str, Any]) -> Sentence:
    """The sentence for one of pydantic's errors, with the numbers that pydantic gives for it."""
    told = error.get("ctx") or {}
    kind = str(error.get("type", ""))
    if told.get("field_type") == "Value":  # a text that is measured after it was cleaned counts as a mere value
        kind = f"string_{kind}"
    found = FAULTS.get(kind, OTHER)
    params = {name: value for name, value in told.items() if isinstance(value, str | int | float)}
    if "%(" not in found.text:
        return found
    try:
        found.text % params
    except KeyError:
        return OTHER
    return found.with_(**params)


UNKNOWN = say("There is no “%(given)s” here.")
NEAREST = say("There is no “%(given)s” here. Perhaps “%(nearest)s” was meant.")


def nearest(given: str, known: Collection[str]) -> Sentence:
    """What is said about a name that is not known, with the one that was perhaps meant."""
    close = get_close_matches(given, sorted(known), 1, 0.5)
    return NEAREST.with_(given=given[:80], nearest=close[0]) if close else UNKNOWN.with_(given=given[:80])
