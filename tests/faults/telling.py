"""Started as a program of its own: reports one event after the other, and says of each, once it was answered, its code
and how far what was written ahead had been asked of the disk.

python -m tests.faults.telling DATABASE_URL DATA_DIR TOKEN
"""

from __future__ import annotations

import struct
import sys
from itertools import count
from pathlib import Path

from lessons import db
from lessons.app import create_app
from lessons.settings import Settings
from tests.doors.calling import Program

WAL_HEADER, FRAME_HEADER = 32, 24
LAST_FRAME = 16
"""Where the index beside the file says which frame was committed last."""


def asked_of_disk(file: Path) -> int:
    """Bytes of the write-ahead log up to the end of what was committed."""
    (frames,) = struct.unpack_from("=I", file.with_name(f"{file.name}-shm").read_bytes(), LAST_FRAME)
    return WAL_HEADER + frames * (FRAME_HEADER + 4096) if frames else 0


def main(url: str, data: str, token: str) -> None:
    chosen = Settings(url, Path(data), "village-" * 4, api_writes=1_000_000, synchronous="FULL")
    program, file = Program(create_app(chosen), token), Path(url.removeprefix("sqlite:///"))
    with db.engine().connect() as one:
        assert one.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert one.exec_driver_sql("PRAGMA page_size").scalar() == 4096
    for n in count(1):
        answer = program.post("/debriefs", {"what_happened": f"שיחה {n}", "kind": "failure"})
        assert answer.status == 201, answer.body
        print(answer["code"], asked_of_disk(file), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(*sys.argv[1:])
