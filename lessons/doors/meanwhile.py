"""What somebody else did while a form was open: who it was, and beside each field that differs what it says now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from markupsafe import Markup
from sqlmodel import Session

from lessons.i18n import isolate, say
from lessons.web import story
from lessons.web.speech import spoken

Field = dict[str, Any]
NOW = say("Meanwhile it says here: %(text)s")
EMPTIED = say("Meanwhile nothing stands here.")


def done(session: Session, row: Any) -> list[Field]:
    """The last thing that happened to the record, as a point of the refusal."""
    last = story.told(session, row, private=False)[-1]
    return [{"message": Markup(" · ").join((last["text"], last["who"], last["when"]))}]


def beside(fields: Sequence[Field], present: Sequence[Field]) -> list[Field]:
    """The fields as they were typed; where the record's own differ, these stand beside them."""
    now = {field["name"]: field["value"] for field in present}
    return [{**one, "hint": _told(one, now[one["name"]])} if _differs(one, now) else one for one in fields]


def _differs(field: Field, now: Mapping[str, Any]) -> bool:
    return field["kind"] != "bool" and _sent(field["value"]) != _sent(now[field["name"]])


def _told(field: Field, value: Any) -> str:
    labels = {str(option["value"]): option["label"] for option in field["options"]}
    text = ", ".join(labels.get(one, one) for one in _sent(value))
    return str(spoken(NOW.with_(text=isolate(text)) if text else EMPTIED))


def _sent(value: Any) -> list[str]:
    """A value as the form sends it, whether it comes from the form or from the record."""
    if isinstance(value, Mapping):
        parts = [value["value"]] if "value" in value else [value[name] for name in sorted(value)]
        return _sent(parts)
    if isinstance(value, list | tuple):
        return [each for one in value for each in _sent(one)]
    return [] if value in (None, "") else [str(value)]
