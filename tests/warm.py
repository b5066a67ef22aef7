"""Our own programs as processes that need not import everything first.

What a process imports costs two and a half seconds of a processor, most of what a test of killed workers takes. Here
one process that imported it all, and did nothing else, becomes each of them. They are processes like any other: with an
environment and output of their own, killed and stopped by their ids. How long a program takes from nothing is for those
to measure who start it from nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import runpy
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from subprocess import TimeoutExpired

PRELOADED = ["lessons.app", "lessons.worker", "lessons.cli.main", "lessons.cli.running", "lessons.cli.importing",
             "lessons.demo", "tests.village", "tests.walking"]  # fmt: skip
WARM = multiprocessing.get_context("forkserver")
WARM.set_forkserver_preload(PRELOADED)


def warm_up() -> None:
    """For whoever measures: what the first program would wait for alone is done afterwards."""
    nothing = WARM.Process()
    nothing.start()
    nothing.join()


class Program:
    """`python -m words…`, running, with as much of `subprocess.Popen` as its users ask for. What it says lies in files,
    standard output in `said` where that is given."""

    def __init__(self, *words: str, env: Mapping[str, str], said: Path | None = None) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._files = [said or Path(self._folder.name) / "out", Path(self._folder.name) / "err"]
        self._texts: tuple[str, ...] = ()
        for file in self._files:
            file.touch()
        self._process = WARM.Process(target=_become, args=(words, dict(env), [str(file) for file in self._files]))
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def poll(self) -> int | None:
        return self._process.exitcode

    def kill(self) -> None:
        self._process.kill()

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise TimeoutExpired("a warm program", timeout or 0)
        self._texts = self._texts or tuple(file.read_text() for file in self._files)
        self._folder.cleanup()
        return self._process.exitcode

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it said and what it complained of, once it is over."""
        self.wait(timeout)
        out, err = self._texts
        return out, err

    def stop(self) -> None:
        """SIGSTOP; returns when it stands still."""
        os.kill(self.pid, signal.SIGSTOP)
        stat = Path(f"/proc/{self.pid}/stat")
        while stat.read_text().rpartition(")")[2].split()[0] != "T":
            time.sleep(0.001)

    def go_on(self) -> None:
        os.kill(self.pid, signal.SIGCONT)


def _become(words: Sequence[str], env: Mapping[str, str], files: Sequence[str]) -> None:
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    for number, file in enumerate(files, start=1):
        opened = os.open(file, os.O_WRONLY | os.O_APPEND)
        os.dup2(opened, number)
        os.close(opened)
    sys.argv = list(words)
    runpy.run_module(words[0], run_name="__main__", alter_sys=True)
