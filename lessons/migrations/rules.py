"""The only list of what the database itself refuses, whoever asks: checks, "at most one", triggers.

Checks are part of their table, therefore of a revision: `python -m lessons.migrations.write` weaves them in. Indexes
and triggers are laid again by every upgrade, because SQLite drops both in silence when a table is rebuilt. A landed
index is never changed under its name: the new one has a new name, and a revision drops the old.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import sqlalchemy as sa


@dataclass(frozen=True)
class Check:
    """What is true of every row of a table."""

    table: str
    name: str
    condition: str


@dataclass(frozen=True)
class Index:
    """At most one row with these columns among those that `where` picks; or, not `unique`, a quick way to them."""

    name: str
    table: str
    columns: str
    where: str = ""
    unique: bool = True

    def statements(self, _: str) -> Iterator[str]:
        kind = "UNIQUE INDEX" if self.unique else "INDEX"
        where = f" WHERE {self.where}" if self.where else ""
        yield f"CREATE {kind} IF NOT EXISTS {self.name} ON {self.table} ({self.columns}){where}"


@dataclass(frozen=True)
class Refusal:
    """A trigger that refuses an event on a table, always or `when`, and says why; `only` where that can happen."""

    name: str
    event: str
    table: str
    says: str
    when: str = ""
    only: str = ""

    def statements(self, dialect: str) -> Iterator[str]:
        if self.only not in ("", dialect):
            return
        if dialect == "postgresql":
            raising = f"RAISE EXCEPTION '{self.says}' USING ERRCODE = 'integrity_constraint_violation';"
            body = f"IF {self.when} THEN {raising} END IF; RETURN NEW;" if self.when else raising
            yield from _function_and_trigger(self, body)
        else:
            when = f" WHEN {self.when}" if self.when else ""
            yield f"DROP TRIGGER IF EXISTS {self.name}"
            yield (
                f"CREATE TRIGGER {self.name} BEFORE {self.event} ON {self.table}{when} "
                f"BEGIN SELECT RAISE(ABORT, '{self.says}'); END"
            )


@dataclass(frozen=True)
class Stamp:
    """A trigger that writes a value into every new row. PostgreSQL alone needs one so far."""

    name: str
    table: str
    column: str
    value: str
    event: str = "INSERT"

    def statements(self, dialect: str) -> Iterator[str]:
        if dialect == "postgresql":
            yield from _function_and_trigger(self, f"NEW.{self.column} := {self.value}; RETURN NEW;")


def _function_and_trigger(rule: Refusal | Stamp, body: str) -> Iterator[str]:
    name, level = rule.name, "STATEMENT" if rule.event == "TRUNCATE" else "ROW"
    yield f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$BEGIN {body} END$$"
    yield (
        f"CREATE OR REPLACE TRIGGER {name} BEFORE {rule.event} ON {rule.table} "
        f"FOR EACH {level} EXECUTE FUNCTION {name}()"
    )


NO_LINE_OF_DATES = """
    NEW.due_on IS DISTINCT FROM OLD.due_on AND NOT EXISTS (
        SELECT 1 FROM due_changes AS line
        WHERE line.noun = '{noun}' AND line.record_id = NEW.id AND line.version = NEW.version
        AND line.new_due_on IS NOT DISTINCT FROM NEW.due_on
    )
"""

SAME_PLACE = """EXISTS (
    SELECT 1 FROM events AS old WHERE old.id = NEW.id
    UNION ALL SELECT 1 FROM events AS old
    WHERE old.noun = NEW.noun AND old.record_id = NEW.record_id AND old.n = NEW.n
)"""

SAME_DAY = "EXISTS (SELECT 1 FROM seals AS old WHERE old.day = NEW.day OR old.root = NEW.root)"

CHECKS = (
    Check("actions", "of_lesson_or_debrief", "lesson_id IS NOT NULL OR debrief_id IS NOT NULL"),
    Check("actions", "confirmed_when", "state <> 'confirmed' OR confirmed_at IS NOT NULL"),
    Check(
        "verifications",
        "concluded_when",
        "state NOT IN ('effective', 'not_effective', 'inconclusive') OR concluded_at IS NOT NULL",
    ),
    Check("lessons", "risk_until_when", "state <> 'risk_accepted' OR risk_until IS NOT NULL"),
    Check("debriefs", "severity_of_four", "severity BETWEEN 1 AND 4"),
    Check("lessons", "severity_of_four", "severity BETWEEN 1 AND 4"),
    Check("briefings", "share_of_people", "share > 0 AND share <= 1"),
)

HISTORY = "history is only added to"
DATES = "a due date changes only with a line in its history of dates"

RULES: tuple[Index | Refusal | Stamp, ...] = (
    Index("one_in_force", "revisions", "procedure_id", "state = 'effective'"),
    Index("one_open_draft", "revisions", "procedure_id", "state IN ('drafting', 'in_review', 'approved')"),
    Index("one_live_verification", "verifications", "lesson_id, cycle", "state IN ('planned', 'scheduled', 'due')"),
    Index("one_open_extension", "extensions", "of_noun, of_id", "state = 'asked'"),
    Index("one_open_decision", "duties", "after_id", "after_id IS NOT NULL AND closed_at IS NULL"),
    Index("decided_once", "duties", "after_id, asked_on", "after_id IS NOT NULL AND closed_how <> 'handed_on'"),
    Index("hands_of_record", "hands", "noun, record_id, relation", unique=False),
    Refusal("events_keep_words", "UPDATE", "events", HISTORY),
    Refusal("events_stay", "DELETE", "events", HISTORY),
    Refusal("events_stay_all", "TRUNCATE", "events", HISTORY, only="postgresql"),
    # INSERT OR REPLACE takes the old row away without a DELETE that a trigger could see.
    Refusal("events_are_new", "INSERT", "events", HISTORY, SAME_PLACE, only="sqlite"),
    Refusal("seals_keep_words", "UPDATE", "seals", HISTORY),
    Refusal("seals_stay", "DELETE", "seals", HISTORY),
    Refusal("seals_stay_all", "TRUNCATE", "seals", HISTORY, only="postgresql"),
    Refusal("seals_are_new", "INSERT", "seals", HISTORY, SAME_DAY, only="sqlite"),
    Refusal("actions_keep_dates", "UPDATE OF due_on", "actions", DATES, NO_LINE_OF_DATES.format(noun="actions")),
    Refusal(
        "debriefs_keep_dates",
        "UPDATE OF due_on",
        "debriefs",
        DATES,
        "OLD.due_on IS NOT NULL AND" + NO_LINE_OF_DATES.format(noun="debriefs"),
    ),
    # A feed that reads by id alone would miss a row whose transaction commits late. SQLite has one writer at a time.
    Stamp("events_know_transaction", "events", "tx", "pg_current_xact_id()::text::bigint"),
)


def lift(connection: sa.Connection) -> None:
    """Take the triggers of SQLite away: a table cannot be rebuilt while a trigger names it."""
    if connection.dialect.name == "sqlite":
        for (name,) in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").all():
            connection.exec_driver_sql(f'DROP TRIGGER "{name}"')


def lay(connection: sa.Connection) -> list[str]:
    """Lay every rule, in the connection's transaction; the names of those that were missing."""
    gone = missing(connection)
    for rule in RULES:
        for statement in rule.statements(connection.dialect.name):
            connection.exec_driver_sql(statement)
    return gone


def missing(connection: sa.Connection) -> list[str]:
    """The rules that this database does not hold, by name."""
    dialect = connection.dialect.name
    there = set(connection.exec_driver_sql(_NAMES[dialect]).scalars())
    return [rule.name for rule in RULES if rule.name not in there and any(rule.statements(dialect))]


_NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type IN ('index', 'trigger')",
    "postgresql": """
        SELECT indexname FROM pg_indexes WHERE schemaname = current_schema()
        UNION SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
        WHERE relnamespace = current_schema()::regnamespace AND tgenabled = 'O'
    """,
}
