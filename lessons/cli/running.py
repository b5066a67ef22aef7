"""`run`, `serve`, `worker`, `demo`: processes that stay, started together and stopped together."""

from __future__ import annotations

import ctypes
import logging
import signal
import subprocess
import sys
import time
from argparse import Namespace
from importlib import import_module
from types import FrameType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lessons import logs, settings
from lessons.cli.opening import chosen_settings, opened
from lessons.errors import LessonsError
from lessons.i18n import say
from lessons.settings import Settings

if TYPE_CHECKING:
    from flask import Flask

THREADS = 4
UP_SECONDS, DOWN_SECONDS = 60, 10
PR_SET_PDEATHSIG = 1
DEMO = "lessons.demo"


def serve(given: Namespace) -> None:
    """A real server, on this machine alone unless told otherwise. Raises as `opened` before it starts."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    opened()
    Granian(
        "lessons.cli.running:application",
        factory=True,
        interface=Interfaces.WSGI,
        address=given.host,
        port=given.port,
        workers=given.workers,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
    ).serve()


def application() -> Flask:
    """In each serving process; what is odd about the settings was told when the command began."""
    from lessons.app import create_app

    return create_app(settings.load())


def work(given: Namespace) -> None:
    from lessons import worker

    chosen = opened()
    logs.start(logging.WARNING if given.once else logging.INFO)
    if given.once or given.at:
        print(worker.once(chosen, given.at))
    else:
        worker.run(chosen)


def demo(_: Namespace) -> None:
    chosen = opened()
    if not load_demo_once(chosen):
        raise LessonsError(say("The database is not empty. The demo is loaded into an empty one only."))
    print("loaded")


def load_demo_once(_: Settings) -> bool:
    """Load the demo organisation where there is nobody yet; False where somebody is."""
    import sqlalchemy as sa

    from lessons import clock, db
    from lessons.models import Person

    with db.reading() as session:
        if session.scalar(sa.select(sa.func.count()).select_from(Person)):
            return False
    import_module(DEMO).load(at=clock.now())
    return True


# ── run: web and worker as one ───────────────────────────────────────────────────────────────────────────────────────
def run(_: Namespace) -> int:
    """Both as children; whichever way this process ends, they end with it."""
    chosen = chosen_settings()
    _prepare(chosen)
    place = urlsplit(chosen.base_url)
    port = str(place.port or 8000)
    asked: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda n, _frame: _note(asked, n, _frame))
    children = [_child("serve", "--port", port, "--workers", "1"), _child("worker")]
    try:
        if _is_up(f"http://127.0.0.1:{port}/healthz", children, asked):
            _tell(chosen)
        while not asked and all(child.poll() is None for child in children):
            time.sleep(0.2)
    finally:
        _stop(children)
    if not asked:
        print("One of the two stopped by itself; see above.", file=sys.stderr)
    return 0 if asked else 1


def _note(asked: list[int], number: int, _: FrameType | None) -> None:
    asked.append(number)


def _prepare(chosen: Settings) -> None:
    from lessons import db, migrations

    migrations.upgrade(db.start(chosen))
    if chosen.demo and load_demo_once(chosen):
        print("The demo organisation is loaded.", flush=True)
    db.engine().dispose()


def _child(*words: str) -> subprocess.Popen[bytes]:
    # a session of its own: Ctrl-C reaches this process alone, which then stops both in order
    command = [sys.executable, "-m", "lessons.cli", *words]
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with_parent)  # noqa: PLW1509, S603 - no threads run yet; our own program


def _end_with_parent() -> None:
    """In the child: be told to stop when the parent is gone, even where it was killed."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _is_up(address: str, children: list[subprocess.Popen[bytes]], asked: list[int]) -> bool:
    from urllib.request import urlopen

    end = time.monotonic() + UP_SECONDS
    while time.monotonic() < end and not asked and all(child.poll() is None for child in children):
        try:
            with urlopen(address, timeout=2):  # noqa: S310 - our own address on this machine
                return True
        except OSError:
            time.sleep(0.1)
    return False


def _tell(chosen: Settings) -> None:
    how = (
        "Choose anyone of the demo organisation on the sign-in page; no password is needed."
        if chosen.demo
        else "Sign in with your e-mail or employee number. `lessons person add` makes the first person."
    )
    print(f"\n  {chosen.base_url}\n\n  {how}\n  Ctrl-C stops it.\n", flush=True)


def _stop(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    end = time.monotonic() + DOWN_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, end - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
