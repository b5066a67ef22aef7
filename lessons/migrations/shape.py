"""The shape that models and checks give a database, and how one that is there differs from it."""

from __future__ import annotations

import re
from typing import Any

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlmodel.sql.sqltypes import AutoString

from lessons.migrations.rules import CHECKS, RULES
from lessons.models import metadata
from lessons.models.base import UtcMoment

_LEGS = ("search_entry", "search_grams", "search_gram_size", "search_part", "search_vector")
SEARCH = {"sqlite": (*_LEGS, "search_words"), "postgresql": _LEGS}


def shape() -> sa.MetaData:
    """The models' tables in plain words: a stored choice is a string with a CHECK; rules' checks are woven in."""
    made = sa.MetaData(naming_convention=metadata.naming_convention)
    for table in metadata.tables.values():
        _in_plain_words(table.to_metadata(made))
    for check in CHECKS:
        made.tables[check.table].append_constraint(sa.CheckConstraint(check.condition, name=check.name))
    # Units and persons name each other; one of the two has to come later, where a database cannot look ahead.
    for late in made.tables["units"].foreign_key_constraints:
        late.use_alter = late.referred_table.name == "persons"
    return made


def _in_plain_words(table: sa.Table) -> None:
    for column in table.columns:
        kept = column.type
        if isinstance(kept, sa.Enum):
            _choice_as_check(table, column, kept)
        elif isinstance(kept, AutoString):
            column.type = sa.String(kept.length)
        elif isinstance(kept, UtcMoment):
            column.type = sa.DateTime(timezone=True)


def _choice_as_check(table: sa.Table, column: sa.Column[Any], choice: sa.Enum) -> None:
    own = [check for check in table.constraints if check.name == f"ck_{table.name}_{choice.name}"]
    table.constraints.difference_update(own)
    column.type = sa.String(choice.length)
    words = ", ".join(f"'{word}'" for word in choice.enums)
    table.append_constraint(sa.CheckConstraint(f"{column.name} IN ({words})", name=choice.name))


def context(connection: sa.Connection) -> MigrationContext:
    """Alembic's view of a database, told to look past what models do not describe."""
    options: dict[str, Any] = {"include_name": _is_of_models, "compare_type": True}
    return MigrationContext.configure(connection, opts=options)


def _is_of_models(name: str | None, kind: str, parents: Any) -> bool:  # noqa: ARG001  Alembic's way to ask
    if kind == "table":
        return not str(name).startswith("search_")
    return name not in {rule.name for rule in RULES}


def differences(connection: sa.Connection) -> list[str]:
    """How the database differs from the shape, a line each."""
    wanted, look = shape(), sa.inspect(connection)
    found = [f"models say otherwise: {difference}" for difference in compare_metadata(context(connection), wanted)]
    for table in wanted.tables.values():
        there = {str(check["name"]): check["sqltext"] for check in look.get_check_constraints(table.name)}
        found += [f"missing or other check: {name}" for name in _unlike(_checks(table), there)]
    tables = set(look.get_table_names())
    return found + [f"missing table: {name}" for name in SEARCH[connection.dialect.name] if name not in tables]


def _checks(table: sa.Table) -> dict[str, str]:
    return {str(check.name): str(check.sqltext) for check in table.constraints if isinstance(check, sa.CheckConstraint)}


def _unlike(wanted: dict[str, str], there: dict[str, str]) -> list[str]:
    """Checks that are not there or allow other words; PostgreSQL keeps the words and rewrites what is around them."""

    def words(condition: str) -> set[str]:
        return set(re.findall(r"'(\w+)'", condition))

    return sorted(name for name in wanted if name not in there or words(wanted[name]) != words(there[name]))
