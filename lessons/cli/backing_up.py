"""`backup`, `restore` and `doctor`: an installation kept, brought back, and looked at."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from lessons import clock, settings

if TYPE_CHECKING:  # importing the tables takes a third of a second: only where they are needed
    from lessons.backup.quiet import Held
    from lessons.home.health import Part

LEFT = 10
"""So much space is left before what a check says."""


def backup(given: Namespace) -> None:
    """Prints what it holds; what was lost before it on stderr."""
    from lessons import db
    from lessons.backup import making
    from lessons.cli.opening import chosen_settings
    from lessons.duties import signs

    chosen = chosen_settings()
    db.start(chosen)
    file = Path(given.file).absolute()
    made = making.make(chosen, file, force=given.force, at=clock.now())
    signs.leave(signs.BACKUP, worked=True, at=clock.now())
    for name in made.missing:
        print(f"{name}: this attachment is missing or damaged, and not in the backup", file=sys.stderr)
    print(f"{file}: the database and {len(made.attachments)} attachments, {_size(file.stat().st_size)}")


def restore(given: Namespace) -> None:
    """Prints what was restored and what is held."""
    from lessons import db
    from lessons.backup import restoring
    from lessons.cli.opening import chosen_settings

    chosen = chosen_settings()
    db.start(chosen)
    file = Path(given.file).absolute()
    done = restoring.restore(chosen, file, replace=given.replace, moving=given.moving, at=clock.now())
    attachments = len(done.manifest.attachments)
    print(f"Restored as of {done.manifest.moment:%Y-%m-%d %H:%M} UTC: the database and {attachments} attachments.")
    if done.held:
        print(_held(done.held))
    if done.aside:
        print(f"The database that was here is kept as {done.aside}")
    if done.other_key:
        print(OTHER_KEY, file=sys.stderr)


OTHER_KEY = (
    "The key of this installation is another than that of the backup: put secret.key or LESSONS_SECRET_KEY of then "
    "back, or webhooks sign otherwise and customers' references are not recognised."
)


def _held(held: Held) -> str:
    if not (held.letters or held.calls or held.notices):
        return "Nothing waited, so nothing is held."
    return (
        f"Held, because they may have left before: {held.letters} letters (/outbox?state=dropped, each with “Send it "
        f"again”) and {held.calls} calls to other systems (/admin/webhooks). {held.notices} notices are told on the "
        "screen alone."
    )


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB"


def doctor(given: Namespace) -> int:
    """A line a check, and what to do beneath; 1 where anything is wrong."""
    import json

    from lessons.home import doctor
    from lessons.home.health import BROKEN

    found = doctor.examined(settings.load, at=clock.now(), everything=given.all)
    if given.json:
        print(json.dumps([_as_json(part) for part in found], ensure_ascii=False))
    else:
        print("\n".join(line for part in found for line in _lines(part)))
    return int(any(part.state == BROKEN for part in found))


def _lines(part: Part) -> list[str]:
    what = " ".join(str(one) for one in (part.todo, part.by) if one)
    return [f"{part.state:<{LEFT}}{part.title}: {part.says}", *([f"{'':<{LEFT}}{what}"] if what else [])]


def _as_json(part: Part) -> dict[str, str]:
    todo = str(part.todo) if part.todo else ""
    return {"name": part.name, "state": part.state, "says": str(part.says), "todo": todo, "by": part.by}
