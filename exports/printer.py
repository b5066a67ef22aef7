"""The process that prints, one job after another, told over a socket by the press. It imports the print engine once.

A job is a sheet in JSON, an answer one letter and what it says, each after its length in four bytes. While a deck is
printed, it says after each card how many are done. When the press
is gone, so is the socket, and the process ends.
"""

from __future__ import annotations

import json
import resource
import socket
import struct
import sys
import time
from io import BufferedRWPair
from typing import Any

from exports.deck import DeckSheet
from exports.month import MonthSheet
from exports.paper import Paper
from exports.sheet import CardSheet, CardTooLong

PRINTED, TOO_LONG, FAILED, STEP = b"P", b"L", b"F", b"S"
MEMORY = 1 << 30  # bytes of address space; the engine with its libraries takes about a third
CPU, CPU_A_CARD = 10, 2  # seconds a job, and more for each card of a deck; the longest card takes less than one
FILES = 64
_LENGTH = struct.Struct(">I")


def framed(message: bytes) -> bytes:
    return _LENGTH.pack(len(message)) + message


def length_of(frame: bytes) -> int:
    return int(_LENGTH.unpack(frame)[0])


def work(line: BufferedRWPair) -> None:
    from exports import card_pdf

    card_pdf.warm()
    while len(frame := line.read(_LENGTH.size)) == _LENGTH.size:
        told = json.loads(line.read(length_of(frame)))
        _limit(resource.RLIMIT_CPU, int(time.process_time()) + CPU + CPU_A_CARD * len(told.get("cards", ())))
        letter, said = _printed(told, line)
        _say(line, letter + said)


def _say(line: BufferedRWPair, message: bytes) -> None:
    line.write(framed(message))
    line.flush()


def _printed(told: dict[str, Any], line: BufferedRWPair) -> tuple[bytes, bytes]:
    from exports import card_pdf, deck_pdf, month_pdf, paper_pdf

    try:
        if "paper" in told:
            return PRINTED, paper_pdf.render(Paper.from_dict(told))
        if "parts" in told:
            return PRINTED, month_pdf.render(MonthSheet.from_dict(told))
        if "cards" in told:
            deck = deck_pdf.render(DeckSheet.from_dict(told), lambda n: _say(line, STEP + b"%d" % n))
            return PRINTED, json.dumps(deck.left_out).encode() + b"\n" + deck.pdf
        return PRINTED, card_pdf.render(CardSheet.from_dict(told))
    except CardTooLong as too_long:
        return TOO_LONG, too_long.field.encode()
    except Exception as error:  # noqa: BLE001 - the press tells its caller, and starts another process
        return FAILED, f"{type(error).__name__}: {error}".encode()


def _limit(what: int, most: int) -> None:
    """Lowers what may be used; the hard limit stays, so that the next job can be given its own time."""
    hard = resource.getrlimit(what)[1]
    resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def main(number: int) -> None:
    _limit(resource.RLIMIT_AS, MEMORY)
    _limit(resource.RLIMIT_NOFILE, FILES)
    _limit(resource.RLIMIT_CORE, 0)
    with socket.socket(fileno=number) as line, line.makefile("rwb") as both_ways:
        work(both_ways)


if __name__ == "__main__":
    main(int(sys.argv[1]))
