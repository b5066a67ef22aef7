"""Disks that are full: of the database, of attachments, of what is on its way in. Each of them alone."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
import sqlalchemy as sa

from lessons import db
from lessons.app import create_app
from lessons.doors import files
from lessons.settings import Settings
from lessons.steps import audit
from lessons.workflow.states import DebriefState
from tests.browsing import Browser, Forms
from tests.databases import Databases
from tests.doors.calling import Program
from tests.faults.reliability import Measured
from tests.faults.serving import Program as Caller
from tests.faults.serving import served
from tests.village import Village

pytestmark = pytest.mark.only("sqlite")
REPORT = {"what_happened": "שיחה נותקה. " * 1000, "kind": "failure"}
SMALL, LARGE = 40_000, 900_000
"""Bytes of a file that is sent: one that is kept in memory on its way in, and one that is not."""
DISK = 32


@contextmanager
def no_file_longer_than(most: int) -> Iterator[None]:
    """What this process writes behind that place is refused, by the system itself, as by a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def inquiry() -> tuple[Village, str, str]:
    """The village, a debrief that Dana inquires into, and her token."""
    with db.transaction() as session:
        village = Village(session)
        code, token = village.debrief(state=DebriefState.INVESTIGATING).code, village.token("dana")
        session.flush()
        session.expunge_all()
    return village, code, token


def form(photo: bytes, **fields: str) -> dict[str, Any]:
    """What a browser sends: the fields of a form, and a file."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    parts.append(b'name="file"; filename="photo.png"\r\n\r\n' + photo)
    body = b"".join(b"--edge\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--edge--\r\n"
    return {"data": body, "content_type": "multipart/form-data; boundary=edge"}


def no_room(*_: object, **__: object) -> NoReturn:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("what", ["attachments", "way in"])
def test_a_file_without_room_for_it_is_refused_and_taken_later(
    settings: Settings, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    village, code, token = inquiry()
    app = create_app(settings)
    program, browser = Program(app, token), Browser(app).sign_in(village.dana)
    photo, path = b"\x89PNG" + os.urandom(SMALL), f"/debriefs/{code}/attachments"
    fields = Forms(browser.read(path).text).hidden[path]
    with no_file_longer_than(SMALL // 2) if what == "attachments" else monkeypatch.context() as patch:
        if patch:
            patch.setattr("werkzeug.wrappers.request.default_stream_factory", no_room)
        assert program.post(path, **form(photo)).status == 507
        shown = browser.client.post(
            path, **form(photo, **fields), headers=browser.headers, environ_overrides=browser.environ
        )
        assert (shown.status_code, "room" in shown.text) == (507, True)
        assert program.get(f"/debriefs/{code}").status == 200
    left = [file for file in files.store().folder.rglob("*") if file.is_file()]
    assert left == [], "part of a file was left"
    assert program.post(path, **form(photo)).status == 201


@contextmanager
def disk(place: Path) -> Iterator[Path]:
    """A disk of its own with so many megabytes, in memory. It takes the right to mount one."""
    place.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}m,mode=777", "tmpfs", place], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def filled(place: Path) -> Path:
    """Something that takes all that is left."""
    ballast = place / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for many in (1 << 20, 1 << 12, 1):
            while True:
                try:
                    file.write(b"0" * many)
                except OSError as full:
                    if full.errno == errno.ENOSPC:
                        break
                    raise
    return ballast


@pytest.mark.faults
@pytest.mark.parametrize("what", ["database", "attachments", "way in"])
def test_a_full_disk_is_said_and_nothing_has_to_be_done_once_there_is_room(
    databases: Databases, tmp_path: Path, what: str, measured: Measured
) -> None:
    data = tmp_path / "data"
    place = {"database": tmp_path / "db", "attachments": data / "attachments", "way in": tmp_path / "temp"}[what]
    for each in (data, tmp_path / "db", tmp_path / "temp"):
        each.mkdir()
    with disk(place):
        address = databases.sqlite_at(tmp_path / "db" / "lessons.db")
        settings = Settings(address, data, "village-" * 4)
        db.start(settings)
        _, code, token = inquiry()
        with served(settings, {"TMPDIR": str(tmp_path / "temp")}) as running:
            calls = refused_while_full(Caller(running.port, token), code, place)
        with db.reading() as session:
            assert audit.verify(session, until=audit.settled(session)).faults == ()
            assert session.scalar(sa.text("PRAGMA integrity_check")) == "ok"
        db.engine().dispose()
    measured(f"{DISK} MB: {calls} calls answered 507 while it was full; each place alone")


def refused_while_full(caller: Caller, code: str, place: Path) -> int:
    """How many calls were answered 507; everything is read meanwhile, and taken again afterwards."""
    assert sent(caller, code) == (201, 201)
    ballast = filled(place)
    answers = [sent(caller, code) for _ in range(20)]
    assert {status for one in answers for status in one} <= {201, 507}, answers
    assert any(507 in one for one in answers)
    assert caller.call("GET", f"/api/v1/debriefs/{code}")[0] == 200
    ballast.unlink()
    assert sent(caller, code) == (201, 201)
    return sum(one.count(507) for one in answers)


def sent(caller: Caller, code: str) -> tuple[int, int]:
    """What a report is answered, and a file that is too long to be kept in memory."""
    given = form(b"\x89PNG" + os.urandom(LARGE))
    path = f"/api/v1/debriefs/{code}/attachments"
    attached, _ = caller.call("POST", path, given["data"], Content_Type=given["content_type"])
    reported, _ = caller.call("POST", "/api/v1/debriefs", REPORT)
    return reported, attached
