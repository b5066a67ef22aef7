"""The product as it runs: a real server of its own over a folder, and a real browser in front of it."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, Playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip
UP_SECONDS = 60


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def environment(folder: Path, port: int, host: str = "127.0.0.1") -> dict[str, str]:
    return {
        **os.environ,
        "LESSONS_DATA_DIR": str(folder),
        "LESSONS_DEMO": "1",
        "LESSONS_BASE_URL": f"http://{host}:{port}",
        "LESSONS_SYNCHRONOUS": "OFF",
    }


@contextmanager
def served(folder: Path, host: str = "127.0.0.1") -> Iterator[str]:
    """The address of the product over this folder's database, for as long as the block runs. `host`: what this machine
    calls itself in it."""
    port = free_port()
    command = [sys.executable, "-m", "lessons.cli", "serve", "--port", str(port)]
    process = subprocess.Popen(command, env=environment(folder, port, host), process_group=0)
    address = f"http://{host}:{port}"
    try:
        _wait(address, process)
        yield address
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + UP_SECONDS
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended before it answered"
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=2):  # noqa: S310 - our own server
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


def browser(playwright: Playwright) -> Browser:
    return playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))


def opened(
    chromium: Browser, address: str, *, language: str, width: int = 1280, dark: bool = False, scripts: bool = True,
    path: str = "/sign-in",
) -> Page:  # fmt: skip
    """A window of nobody yet, in this language; without a path it has read nothing."""
    window = chromium.new_context(
        base_url=address, viewport={"width": width, "height": 900}, locale=language, java_script_enabled=scripts,
        color_scheme="dark" if dark else "light", reduced_motion="reduce",
    )  # fmt: skip
    page = window.new_page()
    if path:
        page.goto(f"{path}?lang={language}")
    return page


def sign_in(page: Page, name: str) -> None:
    """One click on the list of the demo's people; `name` in either language."""
    page.locator("button[name=person]", has_text=name).first.click()
    page.wait_for_url("**/")
