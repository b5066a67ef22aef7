"""Files that people attach: kept under our own name, handed back to be kept, never opened."""

from __future__ import annotations

import io
from urllib.parse import quote

import sqlalchemy as sa
from sqlmodel import select
from werkzeug.test import TestResponse

from lessons import db
from lessons.doors.files import store
from lessons.models import Action, Attachment, Evidence
from lessons.settings import Settings
from lessons.workflow.states import ActionState
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.crawling import Page
from tests.screens.filling import CSRF, here


def attach(person: Browser, action: str, name: str, data: bytes) -> TestResponse:
    person.read(f"{action}/report_done")
    return person.send(f"{action}/report_done", {"evidence.file": (io.BytesIO(data), name), "evidence.note": "x"})


def attach_large(person: Browser, action: str, data: bytes) -> TestResponse:
    """The same, put together by hand: the library that plays the browser leaves large files open."""
    token = CSRF.search(person.read(f"{action}/report_done").text)
    assert token
    body = b'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n' + token[1].encode() + b"\r\n"
    body += b'--x\r\nContent-Disposition: form-data; name="evidence.file"; filename="x.png"\r\n\r\n' + data
    kind = "multipart/form-data; boundary=x"
    return person.client.post(f"{action}/report_done", data=body + b"\r\n--x--\r\n", content_type=kind, buffered=True)


PNG = b"\x89PNG\r\n\x1a\n<html><script>alert(1)</script>"
FILES = (
    ("../../etc/passwd", b"<html>", "passwd"), ("C:\\x\\y.png", b"<html><script>", "C:xy.png"),
    ("good\u202egnp.exe", b"MZ", "goodgnp.exe"), ('a"b\r\nSet-Cookie: x=1.txt', b"x", "a"),
    ("CON.txt", b"x", "CON.txt"), ("קבלה.pdf", b"%PDF-1.4 /JavaScript", "קבלה.pdf"), ("...", b"x", "file"),
    ("x.svg", b"<svg onload=alert(1)>", "x.svg"), ("pic.png", PNG, "pic.png"),
    ("noending", b"GIF89a/*js*/", "noending"),
)  # fmt: skip


@here
def test_a_file_is_handed_back_to_be_kept_and_never_to_be_opened(screens: Screens, action: str) -> None:
    yossi = screens.as_("yossi", "en")
    for name, data, shown in FILES:
        with db.transaction() as session:
            session.execute(sa.update(Action).values(state=ActionState.IN_PROGRESS))
        assert attach(yossi, action, name, data).status_code == 303, name
        with db.reading() as session:
            kept = session.exec(select(Attachment).order_by(sa.desc(Attachment.id)).limit(1)).one()
        assert kept.name == shown
        answer = yossi.read(f"/attachments/{kept.pid}")
        assert answer.data == data
        assert answer.headers["Content-Disposition"].startswith("attachment; ")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert answer.mimetype not in ("text/html", "image/svg+xml", "application/javascript")
        assert "Set-Cookie" not in answer.headers
        assert quote(shown, safe="") in answer.headers["Content-Disposition"]
    assert not Page(yossi.read(action).text).live


@here
def test_of_a_file_that_is_damaged_or_gone_that_is_said_and_its_record_opens(
    screens: Screens, action: str, settings: Settings
) -> None:
    yossi = screens.as_("yossi", "en")
    attach(yossi, action, "a.txt", b"as it was")
    with db.reading() as session:
        kept = session.exec(select(Attachment)).one()
    on_disk = store().path(kept.sha256)
    for happens in (lambda: on_disk.write_bytes(b"as it is not"), on_disk.unlink):
        happens()
        answer = yossi.read(f"/attachments/{kept.pid}")
        assert (answer.status_code, "The file is damaged or missing" in answer.text) == (503, True)
        assert "a.txt" in yossi.read(action).text


@here
def test_an_empty_file_and_one_too_large_are_told_at_the_field_and_leave_nothing(
    screens: Screens, action: str, settings: Settings
) -> None:
    yossi = screens.as_("yossi", "en")
    for data, says in ((b"", "The file is empty"), (b"x" * 20_000_001, "20 MB")):
        answer = attach_large(yossi, action, data)
        assert (answer.status_code, says in answer.text) == (422, True)
    assert attach_large(yossi, action, b"x" * 25_000_001).status_code == 413
    with db.reading() as session:
        assert session.exec(select(Attachment)).all() == []
    assert not [one for one in (settings.data_dir / "attachments").rglob("*") if one.is_file()]


@here
def test_a_file_for_a_step_that_is_another_ones_is_not_kept(screens: Screens, action: str, settings: Settings) -> None:
    omer = screens.as_("omer", "en")
    token = CSRF.search(omer.read("/").text)
    assert token
    sent = {"csrf_token": token[1], "evidence.file": (io.BytesIO(PNG), "x.png")}
    assert omer.post(f"{action}/report_done", sent).status_code in (403, 404)
    assert not [one for one in (settings.data_dir / "attachments").rglob("*") if one.is_file()]


@here
def test_the_same_file_twice_is_kept_once_and_shown_twice(screens: Screens, action: str, settings: Settings) -> None:
    yossi = screens.as_("yossi", "en")
    for _ in range(2):
        with db.transaction() as session:
            session.execute(sa.update(Action).values(state=ActionState.IN_PROGRESS))
        assert attach(yossi, action, "x.png", PNG).status_code == 303
    with db.reading() as session:
        assert len(session.exec(select(Evidence)).all()) == 2
    assert len([one for one in (settings.data_dir / "attachments").rglob("*") if one.is_file()]) == 1


@here
def test_a_link_of_evidence_is_one_of_the_web(screens: Screens, action: str) -> None:
    yossi = screens.as_("yossi", "en")
    for url in ("javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "java\tscript:alert(1)",
                "java\nscript:x", " javascript:x", "file:///etc/passwd", "//evil.example", "\x01javascript:x",
                "https://a b", "&#106;avascript:x"):  # fmt: skip
        yossi.read(f"{action}/report_done")
        answer = yossi.send(f"{action}/report_done", {"evidence.url": url})
        assert answer.status_code == 422, url
        assert "starts with https://" in answer.text or "cannot be kept" in answer.text, url
    with db.reading() as session:
        assert session.exec(select(Evidence)).all() == []
