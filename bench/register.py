"""What a register of many rows costs: how soon it begins, how long it takes, and whether memory stays flat.

.venv/bin/python -m bench.register [--many 100000]
"""

from __future__ import annotations

import argparse
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

from bench.pages import person, running
from bench.step import FEW, made
from lessons import db
from lessons.doors.register import FORMATS
from tests.browsing import Browser


def taken(browser: Browser, form: str) -> dict[str, float]:
    """Of one register: seconds to its first part, by the clock and of the CPU, CPU seconds to its last, its size, how
    much memory the process held at most and what that grew by."""
    before, begun, worked = _most_memory(), time.monotonic(), time.process_time()
    answer = browser.client.get(f"/actions.{form}?state=all")
    assert answer.status_code == 200, answer.text[:300]
    parts = answer.iter_encoded()
    size, first, first_cpu = len(next(parts)), time.monotonic() - begun, time.process_time() - worked
    size += sum(map(len, parts))
    most, cpu, mb = _most_memory(), round(time.process_time() - worked, 1), round(size / 1e6, 1)
    return {"first s": round(first, 2), "first CPU s": round(first_cpu, 2), "CPU s": cpu, "MB": mb, "held MB": most,
            "grew MB": most - before}  # fmt: skip


def _most_memory() -> int:
    """Megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def figures(many: int) -> dict[str, dict[str, float]]:
    found = {}
    with tempfile.TemporaryDirectory() as place:
        made(Path(place), many)
        with running(Path(place)) as app:
            with db.reading() as session:
                yossi = person(session, "yossi")
            browser = Browser(app).sign_in(yossi)
            for form in FORMATS:
                found[form] = taken(browser, form)
    return found


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--many", type=int, default=100 * FEW, help="actions of the register")
    print(json.dumps(figures(asked.parse_args().many), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())
