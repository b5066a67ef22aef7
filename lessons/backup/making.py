"""A backup is made while people work: the database as of one moment, then the files that its rows name."""

from __future__ import annotations

import hmac
import json
from datetime import datetime
from pathlib import Path

from lessons import __version__, db, migrations
from lessons.backup import archive, postgresql, sqlite
from lessons.backup.archive import FILES, FORMAT, Manifest, Writing
from lessons.errors import NotFound
from lessons.i18n import say
from lessons.settings import Settings
from lessons.store import Store

POLICY = "policy.toml"


def make(settings: Settings, file: Path, *, force: bool, at: datetime) -> Manifest:
    """What it holds. Raises LessonsError where there is nothing to keep, or the file may not be written; OSError where
    the disk takes no more: then nothing of it is left."""
    revision = migrations.revision_of(db.engine())
    if not revision:
        raise NotFound(say("There is no database yet. `lessons db upgrade` makes it."))
    kind = db.engine().dialect.name
    manifest = Manifest(FORMAT, __version__, at.isoformat(), kind, revision, key_of(settings))
    with archive.written(file, manifest, force=force) as to:
        names = sqlite.copy_out(settings, to, near=file) if kind == "sqlite" else postgresql.copy_out(to)
        for name in names:
            _keep(to, store(settings), name)
        _keep_settings(to, settings)
    return manifest


def store(settings: Settings) -> Store:
    return Store(settings.data_dir / "attachments")


def key_of(settings: Settings) -> str:
    """What tells one installation's key from another's, and does not tell the key; "" where there is none yet."""
    if not settings.has_secret:
        return ""
    return hmac.new(settings.secret, b"backup", "sha256").hexdigest()


def _keep(to: Writing, store: Store, name: str) -> None:
    """One that is lost already keeps no backup from being made."""
    data = store.get(name)
    if data is None:
        to.manifest.missing.append(name)
        return
    with to.part(FILES + name, packed=False) as part:
        part.write(data)


def _keep_settings(to: Writing, settings: Settings) -> None:
    with to.part(archive.SETTINGS) as part:
        part.write(json.dumps(settings.told(), indent=1, ensure_ascii=False).encode())
    if settings.policy:
        with to.part(POLICY) as part, settings.policy.open("rb") as source:
            part.write_all(source)
