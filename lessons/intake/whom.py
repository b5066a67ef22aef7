"""Whom and which unit the words of a source mean: one person and no other, or nobody until somebody says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlmodel import Session

from lessons.access import tree
from lessons.access.names import plain
from lessons.models import Person

_BESIDE = re.compile(r"[(<\[].{0,100}?[)>\]]|^@|\bגב['׳]|\bמר\b|\b(?:mr|mrs|ms|dr)\b\.?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]++@[\w-]+(?:\.[\w-]+)+")


def key(written: str) -> str:
    """A name as it is looked for: its case, marks, titles and what stands in brackets do not count."""
    return " ".join(_BESIDE.sub(" ", plain(written)).replace("-", " ").split())


@dataclass(frozen=True)
class Directory:
    """People by address, number and name, units by code and name. `said`: whom the words of the source mean, by
    whoever imports; an empty answer means nobody."""

    people: Mapping[str, tuple[int, ...]]
    units: Mapping[str, int]
    said: Mapping[str, str]
    _met: dict[str, int | None] = field(default_factory=dict)

    def candidates(self, written: str) -> tuple[int, ...]:
        """Ids of everyone who may be meant."""
        if not written.strip():
            return ()
        address = _ADDRESS.search(written)
        if address and (found := self.people.get(plain(address[0]))):
            return found
        return self.people.get(key(written)) or self.people.get(plain(written.strip()), ())

    def person(self, written: str) -> int | None:
        """None where nobody, or more than one, is called so."""
        if written not in self._met:
            said = self.said.get(written.strip())
            found = self.candidates(written) if said is None else self.people.get(f"pid:{said}", ())
            self._met[written] = found[0] if len(found) == 1 else None
        return self._met[written]

    def unknown_people(self, written: str) -> bool:
        """Whether the words name somebody whom nobody has answered for yet."""
        said = self.said.get(written.strip())
        return bool(written.strip()) and said is None and self.person(written) is None


def directory(session: Session, at: datetime, *, said: Mapping[str, str]) -> Directory:
    """Everyone who is here now, and every unit; two queries."""
    rows = session.execute(
        sa.select(Person.id, Person.pid, Person.name, Person.email, Person.number).where(
            sa.or_(Person.closed_at.is_(None), Person.closed_at > at)
        )
    )
    found: dict[str, tuple[int, ...]] = {}
    for person_id, pid, name, email, number in rows:
        for known in {f"pid:{pid}", key(name), plain(email or ""), plain(number or "")} - {""}:
            found[known] = (*found.get(known, ()), person_id)
    return Directory(found, units(session), said)


def units(session: Session) -> dict[str, int]:
    """Every unit by its name and its code."""
    places: dict[str, int] = {}
    for unit in tree(session).units.values():
        for known in (key(unit.name), key(unit.code)):
            places.setdefault(known, unit.id)
    return places
