"""Which roles and relations an actor has to a row, and through whom: their own, or of someone they stand in for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from lessons.access.actor import Actor, Tree

COLUMNS: dict[str, dict[str, str]] = {
    "debriefs": {"reporter_id": "reporter", "leader_id": "leader", "reviewer_id": "reviewer"},
    "lessons": {"author_id": "author", "owner_id": "owner"},
    "actions": {"owner_id": "owner", "assigner_id": "assigner"},
    "procedures": {"owner_id": "owner", "approver_id": "approver"},
    "revisions": {"editor_id": "editor"},
    "verifications": {"verifier_id": "verifier"},
    "briefings": {"opener_id": "opener"},
    "news": {"author_id": "author"},
    "questions": {"asker_id": "asker"},
    "sentences": {"author_id": "author"},
}
# on procedures and revisions "editor" the role and "editor" the relation are two things
ROLE_NAMES = {"editor": "editor_role"}


def held(row: Any, by: Actor, units: Tree, extra: Iterable[tuple[str, int | None]] = ()) -> dict[str, frozenset[int]]:
    """Relation or role → the ids through whom it is held (the person's own id among them where it is their own)."""
    if by.kind != "person":
        return {by.kind: frozenset()}
    found: dict[str, set[int]] = {"anyone": {by.id or 0}}
    for relation, person_id in (*_columns(row), *extra):
        if person_id is not None and person_id in by.acting:
            found.setdefault(relation, set()).add(person_id)
    above = units.above[row.unit_id]
    if getattr(row, "concerns_managers", False):
        above = above[1:] or above
    for role, unit_id, through in by.grants:
        # an auditor reads all; any other role holds at the record's unit or above it
        if unit_id in above or role == "auditor":
            found.setdefault(role_name(row, role), set()).add(through)
    return {name: frozenset(ids) for name, ids in found.items()}


def people_of(row: Any, derived: Mapping[str, Iterable[int | None]]) -> dict[str, tuple[int, ...]]:
    """Relation → the ids of those who hold it: by the row's columns, and derived from what is around it."""
    own: dict[str, tuple[int, ...]] = {name: () if one is None else (one,) for name, one in _columns(row)}
    return own | {relation: _once(ids) for relation, ids in derived.items()}


def _once(ids: Iterable[int | None]) -> tuple[int, ...]:
    return tuple(dict.fromkeys([p for p in ids if p is not None]))


def role_name(row: Any, role: str) -> str:
    return ROLE_NAMES.get(role, role) if row.noun in ("procedures", "revisions") else role


def _columns(row: Any) -> list[tuple[str, int | None]]:
    return [(relation, getattr(row, column)) for column, relation in COLUMNS[row.noun].items()]


def behalf(by: Actor, through: frozenset[int]) -> int | None:
    """On whose behalf: None where the person holds it themself."""
    if not through or by.id in through:
        return None
    return min(through)
