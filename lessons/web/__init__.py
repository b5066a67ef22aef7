"""The only place where the browser's and programs' requests meet the product: who asks, what is said back, and how.

Rooms' pages use what is named here and nothing below: `with web.writing() as (session, by, at): …`.
"""

from lessons.web.answers import Args, around, next_page, part, path_here, sent_to, show, told, with_args
from lessons.web.bodies import day_asked, json_body, local_path, version_sent
from lessons.web.edge import moment, reading, writing
from lessons.web.filled import filled
from lessons.web.guards import is_live, public, signed
from lessons.web.headers import unlisted
from lessons.web.looks import state_of
from lessons.web.once import claim, form_told, keep
from lessons.web.speech import due, function_of, locale, name_of, spoken, today, when, zone
from lessons.web.who import actor

__all__ = [
    "Args",
    "actor",
    "around",
    "claim",
    "day_asked",
    "due",
    "filled",
    "form_told",
    "function_of",
    "is_live",
    "json_body",
    "keep",
    "local_path",
    "locale",
    "moment",
    "name_of",
    "next_page",
    "part",
    "path_here",
    "public",
    "reading",
    "sent_to",
    "show",
    "signed",
    "spoken",
    "state_of",
    "today",
    "told",
    "unlisted",
    "version_sent",
    "when",
    "with_args",
    "writing",
    "zone",
]
