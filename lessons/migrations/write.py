"""The only writer of revisions: `python -m lessons.migrations.write` (a developer's tool; read what it wrote).

Without a name it writes 0001_schema anew from the models, which is right until the first release and never after it:
what has landed is not edited. (Then also: `python -m tests.dumps.make 0001_schema`.) With a name, as in
`… write topic_in_focus`, it writes the next revision: what the models have and the last one lacks. A check whose words
changed is written by hand; `check` names it. The file is static: nothing in it asks the models again.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from argparse import ArgumentParser, ArgumentTypeError, RawTextHelpFormatter
from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import UpgradeOps

from lessons import db
from lessons.migrations import HERE, revisions, upgrade
from lessons.migrations.shape import context, shape
from lessons.settings import Settings

FIRST = "0001_schema"
PAGE = '''"""{title}"""
# ruff: noqa: E501, PLR0915  as long as the tables are

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "{name}"
down_revision = {before!r}
{json}

def upgrade() -> None:
    {body}
'''
JSON = """
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
"""
LATE = """
    if op.get_context().dialect.name == "postgresql":
        {body}
"""


def main(words: list[str]) -> None:
    usage = ArgumentParser("python -m lessons.migrations.write", None, __doc__, formatter_class=RawTextHelpFormatter)
    usage.add_argument("name", nargs="?", type=_name, help="of the next revision, such as topic_in_focus")
    if name := usage.parse_args(words).name:
        number = int(revisions()[-1][:4]) + 1
        path = _write(f"{number:04}_{name}", before=revisions()[-1], title=name.replace("_", " ").capitalize())
    else:
        path = _write(FIRST, before=None, title="The tables as they first landed, as models and rules described them.")
    for command in ("check --fix-only --quiet", "format --quiet"):
        subprocess.run([sys.executable, "-m", "ruff", *command.split(), str(path)], check=True)  # noqa: S603


def _name(given: str) -> str:
    if not re.fullmatch("[a-z][a-z0-9_]*", given):
        raise ArgumentTypeError(f"{given!r} is no name of a revision: small letters, digits and _")
    return given


def _write(name: str, *, before: str | None, title: str) -> Path:
    body = _changes(since=before)
    if before is None:
        body += LATE.format(body="\n        ".join(_late_foreign_keys()))
    path = HERE / "versions" / f"{name}.py"
    json = JSON if "JSON" in body else ""
    path.write_text(PAGE.format(title=title, name=name, before=before, json=json, body=body))
    return path


def _changes(*, since: str | None) -> str:
    """The body of `upgrade`: from nothing, or from the schema of the last revision."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "last.db"
        engine = db.make_engine(Settings(database_url=f"sqlite:///{file}", data_dir=Path(folder)))
        if since:
            upgrade(engine)
        with engine.connect() as connection:
            steps = produce_migrations(context(connection), shape()).upgrade_ops
        engine.dispose()
    assert isinstance(steps, UpgradeOps)  # noqa: S101  None only where a migration has several databases
    code = render_python_code(steps, render_as_batch=since is not None, render_item=_rendered)
    return "\n".join(line for line in code.splitlines() if "# ###" not in line).lstrip()


def _rendered(kind: str, thing: Any, _: Any) -> str | Literal[False]:
    return "JSON" if kind == "type" and isinstance(thing, sa.JSON) else False


def _late_foreign_keys() -> list[str]:
    """A key to a table that is made later: SQLite takes it in place, PostgreSQL once the table is there."""
    return [
        f"op.create_foreign_key({str(key.name)!r}, {table.name!r}, {key.referred_table.name!r}, "
        f"{key.column_keys!r}, {[e.column.name for e in key.elements]!r})"
        for table in shape().sorted_tables
        for key in table.foreign_key_constraints
        if key.use_alter
    ]


if __name__ == "__main__":
    main(sys.argv[1:])
