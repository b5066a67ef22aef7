"""The press of this installation: the server, the worker and the command line find what any of them has printed."""

from __future__ import annotations

from exports.press import Press
from exports.shelf import Shelf
from lessons import db


def press(*, workers: int = 2) -> Press:
    """Its processes start with the first sheet that was not printed before."""
    return Press(workers=workers, kept=Shelf(db.settings().data_dir / "printed"))
