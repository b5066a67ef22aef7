"""Workbooks of the old kind (xls) are read by a process of its own: a few turned bytes make their reader ask for
hundreds of gigabytes, and whatever process asked ends there. That may not be the one that answers people.

`python -m lessons.intake.apart` takes a file on standard input and writes its sheets, or why there are none, a line of
JSON each.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace

from lessons.intake import sheets
from lessons.intake.faults import Fault, Unreadable, refuse
from lessons.intake.sheets import Sheet
from lessons.settings import surroundings

SECONDS = 40
LIMITS = {resource.RLIMIT_AS: 2 << 30, resource.RLIMIT_CPU: 20, resource.RLIMIT_FSIZE: 0, resource.RLIMIT_CORE: 0}
"""What one file may take: bytes of address space, seconds of a processor; nothing is written."""


def workbook(content: bytes) -> Sequence[Sheet]:
    """Its sheets. Raises Unreadable."""
    command = [sys.executable, "-m", "lessons.intake.apart"]
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and module
            command, input=content, capture_output=True, timeout=SECONDS, check=True, env=surroundings()
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        raise refuse("broken") from None
    told = [json.loads(line) for line in done.stdout.splitlines()]
    for one in told:
        if "kind" in one:
            raise Unreadable(Fault(**one))
    return [Sheet(**one) for one in told]


def main() -> None:
    for what, most in LIMITS.items():
        hard = resource.getrlimit(what)[1]
        held = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (held, held))
    try:
        for sheet in sheets.workbook(sys.stdin.buffer.read(), None):
            print(json.dumps(asdict(replace(sheet, rows=list(sheet.rows)))))  # noqa: T201
    except Unreadable as refused:
        print(json.dumps(asdict(refused.fault)))  # noqa: T201


if __name__ == "__main__":
    main()
