"""Warm processes that print: what a reader gets, and what is left when one is killed, stopped or forgotten."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from exports import card_pdf, press
from exports.press import Press, PressFailed
from exports.sheet import CardTooLong
from tests.exports.cards import ENGLISH, HEBREW, SHORT, TOO_LONG


@pytest.fixture
def one() -> Iterator[Press]:
    with Press(workers=1) as running:
        yield running


def children(of: int | None = None) -> dict[int, str]:
    """The printing processes of a process, and whether each is a zombie (Z)."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rsplit(")", 1)[1].split()[:2]
            command = (stat.parent / "cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(parent) == (of or os.getpid()) and (b"exports.printer" in command or state == "Z"):
            found[int(stat.parent.name)] = state
    return found


def gone(pid: int) -> bool:
    return not Path(f"/proc/{pid}").exists()


def soon(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 10
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    return true()


def test_the_press_prints_what_a_program_of_its_own_would(one: Press) -> None:
    assert one.card(HEBREW) == card_pdf.render(HEBREW), "another process, another hash seed, the same bytes"


def test_no_process_runs_before_the_first_card_and_one_serves_many() -> None:
    before = set(children())
    with Press(workers=2) as running:
        assert set(children()) == before
        for sheet in (HEBREW, ENGLISH, SHORT):
            running.card(sheet)
        assert len(set(children()) - before) == 1


def test_any_thread_may_ask_and_each_gets_its_own_card() -> None:
    sheets = [replace(SHORT, code=f"L-{n:04}") for n in range(12)]
    with Press(workers=2) as running, ThreadPoolExecutor(6) as threads:
        printed = list(threads.map(running.card, sheets))
    assert printed == [card_pdf.render(sheet) for sheet in sheets]


def test_a_card_that_does_not_fit_is_told_by_its_field_and_the_process_prints_on(one: Press) -> None:
    one.card(SHORT)
    before = set(children())
    with pytest.raises(CardTooLong) as refused:
        one.card(TOO_LONG)
    assert refused.value.field == "avoid"
    one.card(SHORT)
    assert set(children()) == before, "the same process, whether it runs or sleeps just now"


def test_a_hopeless_card_starts_no_process(one: Press) -> None:
    before = set(children())
    with pytest.raises(CardTooLong):
        one.card(replace(HEBREW, say="מילה " * 200_000))
    assert set(children()) == before


def test_a_process_killed_between_cards_is_replaced_unnoticed(one: Press) -> None:
    first = one.card(SHORT)
    (pid,) = children()
    os.kill(pid, signal.SIGKILL)
    assert soon(lambda: gone(pid)), "no zombie waits for the next card"
    assert one.card(SHORT) == first


def test_a_process_killed_at_work_is_told_in_words_and_replaced(one: Press) -> None:
    one.card(SHORT)
    (pid,) = children()
    os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as thread:
        card = thread.submit(one.card, HEBREW)
        time.sleep(0.1)
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(PressFailed, match="ended before the card was printed"):
            card.result(10)
    assert pid not in children()
    assert one.card(HEBREW) == card_pdf.render(HEBREW)


def test_a_process_that_takes_too_long_is_stopped_and_replaced(one: Press) -> None:
    one.card(SHORT)
    (pid,) = children()
    os.kill(pid, signal.SIGSTOP)
    with pytest.raises(PressFailed, match="took too long"):
        one.card(HEBREW, timeout=0.2)
    assert pid not in children()
    assert one.card(HEBREW) == card_pdf.render(HEBREW)


def test_a_caller_waits_for_a_free_process_no_longer_than_it_said(one: Press) -> None:
    one.card(SHORT)
    (pid,) = children()
    os.kill(pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as thread:
        first = thread.submit(one.card, SHORT)
        time.sleep(0.1)
        with pytest.raises(PressFailed, match="busy"):
            one.card(SHORT, timeout=0.1)
        os.kill(pid, signal.SIGCONT)
        assert first.result(10)


def test_a_sheet_that_breaks_the_engine_is_told_and_the_next_card_is_printed(one: Press) -> None:
    with pytest.raises(PressFailed, match="KeyError"):
        one.card(replace(HEBREW, state_shape="no such shape"))
    assert one.card(SHORT)


def test_an_interrupted_callers_card_is_never_given_to_the_next(one: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> bytes:
        raise KeyboardInterrupt

    one.card(SHORT)
    with monkeypatch.context() as patched:
        patched.setattr(press.Printer, "_read", interrupted)
        with pytest.raises(KeyboardInterrupt):
            one.card(HEBREW)
    assert one.card(SHORT) == card_pdf.render(SHORT)


def test_a_process_is_replaced_after_its_share_of_cards(one: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "CARDS_A_LIFE", 2)
    lived: list[int] = []
    for _ in range(3):
        one.card(SHORT)
        lived += children()
    assert lived[0] == lived[1] != lived[2]


def test_a_printing_process_has_its_share_of_memory_and_of_the_processor(one: Press) -> None:
    one.card(SHORT)
    (pid,) = children()
    limits = dict(re.findall(r"^(Max [a-z ]+?)  +(\S+)", Path(f"/proc/{pid}/limits").read_text(), re.MULTILINE))
    assert limits["Max address space"] == str(1 << 30)
    assert limits["Max core file size"] == "0"
    assert 0 < int(limits["Max cpu time"]) < 20


def test_a_kill_at_any_moment_leaves_no_process_and_no_file_behind() -> None:
    before, folder = set(children()), Path(tempfile.gettempdir())
    files = set(folder.glob("weasyprint*"))
    with Press(workers=1) as running, ThreadPoolExecutor(1) as thread:
        for moment in range(8):  # as it starts, as it imports the engine, as it prints, as it waits
            card = thread.submit(running.card, HEBREW)
            assert soon(lambda: bool(set(children()) - before))
            time.sleep(moment * 0.08)
            (pid,) = set(children()) - before
            os.kill(pid, signal.SIGKILL)
            assert soon(lambda pid=pid: gone(pid))
            assert card.exception(10) is None or isinstance(card.exception(), PressFailed)
        assert running.card(HEBREW) == card_pdf.render(HEBREW)
    assert set(children()) == before
    assert set(folder.glob("weasyprint*")) == files


def test_when_the_server_is_killed_its_printing_processes_end() -> None:
    program = (
        "from exports.press import Press; from tests.exports.cards import SHORT; import time\n"
        "press = Press(); press.card(SHORT); print('ready', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as server:
        assert server.stdout
        assert server.stdout.readline() == b"ready\n"
        (pid,) = children(server.pid)
        server.kill()
    assert soon(lambda: not Path(f"/proc/{pid}").exists() or " Z " in Path(f"/proc/{pid}/stat").read_text())
