"""A question typed in the other keyboard layout: akuo for שלום, יקךם for help."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import and_, false, or_
from sqlalchemy.orm import Session

from lessons.search import index
from lessons.search.schema import entry
from lessons.search.synonyms import Groups

_LATIN = "ertyuiopasdfghjkl;zxcvbnm,."
_HEBREW = "קראטוןםפשדגכעיחלךףזסבהנמצתץ"
TO_HEBREW = str.maketrans(_LATIN, _HEBREW)
TO_LATIN = str.maketrans(_HEBREW, _LATIN)


def other_layout(text: str) -> str:
    """The same keys in the other layout; the text itself where it holds letters of both, or none."""
    hebrew, latin = (any(c in letters for c in text.lower()) for letters in (_HEBREW, "abcdefghijklmnopqrstuvwxyz"))
    if hebrew == latin:
        return text
    return text.translate(TO_LATIN) if hebrew else text.lower().translate(TO_HEBREW)


def as_meant(session: Session, q: str, *, where: Mapping[str, index.Where | None], groups: Groups = ()) -> str:
    """The question, or the same keys in the other layout where its words stand nowhere and those do."""
    connection = session.connection()
    conditions = [or_(*(and_(entry.c.noun == noun, *index.allowed(may)) for noun, may in where.items()), false())]
    other = other_layout(q)
    if other == q or index.is_known(connection, q, conditions, groups):
        return q
    return other if index.is_known(connection, other, conditions, groups) else q
