"""A mark over the words by which a SQLite file describes its own tables: a letter of them that turned is seen by it.

It lies in the file's header (`user_version`), goes along with every copy, and is written by upgrades alone: whatever
SQLite and Alembic of that day made of a revision is what the file is compared with, and no text of our own.
"""

from __future__ import annotations

import zlib

import sqlalchemy as sa

# statistics come and go, and a VACUUM moves every table to another page
WORDS = """
    SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_stat%' ESCAPE '\\' ORDER BY 1, 2
"""


def mark(connection: sa.Connection) -> None:
    """From now on the file describes itself as it does at this moment."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA user_version={_reckoned(connection)}")


def is_kept(connection: sa.Connection) -> bool:
    """Whether the file describes itself as the last upgrade left it; of one that was never marked nobody can say."""
    if connection.dialect.name != "sqlite":
        return True
    marked = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
    return not marked or marked == _reckoned(connection)


def _reckoned(connection: sa.Connection) -> int:
    """In 31 bits, and never 0."""
    words = "\0".join("\0".join(map(str, row)) for row in connection.exec_driver_sql(WORDS))
    return zlib.crc32(words.encode("utf-8", "surrogateescape")) >> 1 or 1
