"""`db upgrade` and `db check`."""

from __future__ import annotations

import sys
from argparse import Namespace

from lessons import settings


def upgrade(_: Namespace) -> None:
    from lessons import db, migrations

    applied = migrations.upgrade(db.start(settings.load()))
    print("\n".join(applied) if applied else "nothing to do")


def check(_: Namespace) -> int:
    from lessons import db, migrations

    faults = migrations.check(db.start(settings.load()))
    print("\n".join(faults) or "as it should be", file=sys.stderr if faults else sys.stdout)
    return 1 if faults else 0
