"""A pool of warm printing processes. Any thread may ask; a process that dies or takes too long is replaced.

One press a program, made when it starts; its processes start when they are first needed. With a shelf, what lies there
is not printed again.
"""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, LifoQueue
from threading import Thread
from typing import Self

from exports import fit, shelf
from exports.deck import Deck, DeckSheet
from exports.month import MonthSheet
from exports.paper import Paper
from exports.printer import FAILED, STEP, TOO_LONG, framed, length_of
from exports.sheet import CardSheet, CardTooLong
from exports.shelf import Shelf

Sheet = CardSheet | MonthSheet | DeckSheet | Paper
Step = Callable[[int], None]


def ignored(_: int) -> None:
    """Nobody waits for how far it is."""


class PressFailed(RuntimeError):
    """Nothing was printed, and nothing is left behind: asking again is safe."""


class Press:
    def __init__(self, *, workers: int = 2, kept: Shelf | None = None) -> None:
        # Last in, first out: one caller at a time keeps one process warm, and a second starts only under load.
        self._free: LifoQueue[Printer | None] = LifoQueue()
        self._workers, self._shelf = workers, kept
        for _ in range(workers):
            self._free.put(None)

    def card(self, sheet: CardSheet, *, timeout: float = 20.0) -> bytes:
        """The PDF, within so many seconds, waiting for a process included. Raises CardTooLong, PressFailed."""
        if fit.hopeless(sheet):
            raise CardTooLong(fit.longest(sheet))
        return self._found(sheet, timeout)

    def month(self, sheet: MonthSheet, *, timeout: float = 20.0) -> bytes:
        """As a card, of a page about a month. Raises PressFailed."""
        return self._found(sheet, timeout)

    def paper(self, paper: Paper, *, timeout: float = 20.0) -> bytes:
        """As a card, of a paper of any length. Raises PressFailed."""
        return self._found(paper, timeout)

    def deck(self, sheet: DeckSheet, step: Step = ignored, *, timeout: float = 20.0) -> Deck:
        """`step` hears how many cards are done; what it raises ends the printing. Between two cards, and from the last
        to the end, at most so many seconds pass and one a card. Raises CardTooLong where none fits, PressFailed."""
        left_out, _, pdf = self._found(sheet, timeout + len(sheet.cards), step).partition(b"\n")
        return Deck(pdf, tuple(json.loads(left_out)))

    def kept(self, sheet: Sheet) -> bytes | None:
        """What was printed of the same sheet before, where there is a shelf and it lies there."""
        return self._shelf.get(shelf.name_of(sheet)) if self._shelf else None

    def proof(self, sheet: CardSheet, *, timeout: float = 20.0) -> float:
        """The seconds that a card takes which lies on no shelf, and is not kept. Raises PressFailed."""
        began = time.monotonic()
        self._printed(sheet, timeout, ignored)
        return time.monotonic() - began

    def _found(self, sheet: Sheet, timeout: float, step: Step = ignored) -> bytes:
        found = self.kept(sheet)
        if found is None:
            found = self._printed(sheet, timeout, step)
            if self._shelf:
                self._shelf.put(shelf.name_of(sheet), found)
        return found

    def _printed(self, sheet: Sheet, timeout: float, step: Step = ignored) -> bytes:
        deadline = time.monotonic() + timeout
        try:
            printer = self._free.get(timeout=timeout)
        except Empty:
            raise PressFailed(f"Every printing process was busy for {timeout:g} seconds.") from None
        try:
            printer = ready(printer)
            return printer.printed(sheet, deadline, timeout, step)
        except CardTooLong:
            raise
        except BaseException:
            # Whatever broke in, an answer may still be on its way; the next caller must not be given it.
            stop(printer)
            printer = None
            raise
        finally:
            self._free.put(printer)

    def close(self) -> None:
        """Ends every process, each after the card in its hands."""
        for printer in [self._free.get() for _ in range(self._workers)]:
            stop(printer)
            self._free.put(None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


CARDS_A_LIFE = 5_000  # a process grows by some kilobytes a card, and with a deck by all of its pages at once


class Printer:
    """One process and the line to it."""

    def __init__(self) -> None:
        self.cards = 0
        self._line, theirs = socket.socketpair()
        command = [sys.executable, "-P", "-m", "exports.printer", str(theirs.fileno())]
        with theirs:
            # A group of its own: Ctrl-C is for the server, which ends this process by closing the line.
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                command,
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                process_group=0,
            )
        # Whenever and however it ends, somebody waits for it: no zombie stays.
        self._ending = Thread(target=self._process.wait, name=f"printer-{self.pid}", daemon=True)
        self._ending.start()

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def waiting(self) -> bool:
        """For the next job: neither ended, nor with an answer that nobody fetched."""
        self._line.setblocking(False)
        try:
            self._line.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False

    def printed(self, sheet: Sheet, deadline: float, timeout: float, step: Step) -> bytes:
        job = json.dumps(sheet.as_dict()).encode()
        self.cards += CARDS_A_LIFE if isinstance(sheet, DeckSheet) else 1
        try:
            self._line.settimeout(max(0.001, deadline - time.monotonic()))
            self._line.sendall(framed(job))
            while (answer := self._read(length_of(self._read(4, deadline)), deadline))[:1] == STEP:
                step(int(answer[1:]))
                deadline = time.monotonic() + timeout
        except TimeoutError:
            raise PressFailed("Printing took too long and was stopped.") from None
        except OSError:
            raise PressFailed("The printing process ended before the card was printed.") from None
        letter, said = answer[:1], answer[1:]
        if letter == TOO_LONG:
            raise CardTooLong(said.decode())
        if letter == FAILED:
            raise PressFailed(f"The card could not be printed ({said.decode()}).")
        return said

    def _read(self, length: int, deadline: float) -> bytes:
        parts = bytearray()
        while len(parts) < length:
            self._line.settimeout(max(0.001, deadline - time.monotonic()))
            part = self._line.recv(length - len(parts))
            if not part:
                raise ConnectionResetError
            parts += part
        return bytes(parts)

    def stop(self) -> None:
        self._line.close()
        with suppress(ProcessLookupError):
            self._process.kill()
        self._ending.join()


def ready(printer: Printer | None) -> Printer:
    if printer and printer.waiting and printer.cards < CARDS_A_LIFE:
        return printer
    stop(printer)
    try:
        return Printer()
    except OSError as error:
        raise PressFailed(f"No printing process could be started ({error}).") from error


def stop(printer: Printer | None) -> None:
    if printer:
        printer.stop()
