"""The table of all commands, and the one place that turns their errors into words and exit codes: 0 done, 1 refused,
2 misused."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from lessons.cli import (
    auditing,
    backing_up,
    database,
    exporting,
    importing,
    organisation,
    process,
    reminders,
    running,
    searching,
    stepping,
)
from lessons.cli.commands import AS, Command, arg, day, instant, port, several, several_days
from lessons.cli.fields import pair
from lessons.errors import Invalid, LessonsError, NotAllowed
from lessons.settings import LOCALES, SettingsError

LISTED = (
    "debriefs", "lessons", "actions", "procedures", "revisions", "verifications", "briefings", "news", "questions",
    "sentences",
)  # fmt: skip
"""What has a list: written out here, for the registers themselves take a second to import."""
COMMANDS = (
    Command("run", running.run, "web and worker together, as `make run` does"),
    Command(
        "serve",
        running.serve,
        "the web server",
        (
            arg("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)"),
            arg("--port", type=port, default=8000, help="the port to listen on (8000)"),
            arg("--workers", type=several, default=2, help="how many processes (2)"),
        ),
    ),
    Command(
        "worker",
        running.work,
        "what is due by itself: system steps, reminders, letters",
        (
            arg("--once", action="store_true", help="do all that is due now, then stop"),
            arg("--at", type=instant, help="as if it were then (rehearsals, LESSONS_ALLOW_CLOCK=1)"),
        ),
    ),
    Command("demo", running.demo, "load the demo organisation into an empty database"),
    Command("db upgrade", database.upgrade, "make the database, or bring it up to date"),
    Command("db check", database.check, "whether the database is as this version needs it"),
    Command(
        "backup",
        backing_up.backup,
        "database, attachments and settings in one file, while people work",
        (
            arg("file", metavar="FILE"),
            arg("--force", action="store_true", help="in place of an older backup of that name"),
        ),
    ),
    Command(
        "restore",
        backing_up.restore,
        "back to a backup, once all of it was found whole; what waited then is held and not sent twice",
        (
            arg("file", metavar="FILE"),
            arg("--replace", action="store_true", help="in place of a database that is not empty"),
            arg("--moving", action="store_true", help="nothing worked since it was made: what waits may leave"),
        ),
    ),
    Command(
        "doctor",
        backing_up.doctor,
        "what is wrong with this installation, and what to do",
        (
            arg(
                "--all",
                action="store_true",
                help="read every attachment and all of the database, and print a card",
            ),
            arg("--json", action="store_true", help="a list, a check each"),
        ),
    ),
    Command(
        "unit add",
        organisation.add_unit,
        "a unit of the organisation",
        (
            arg("code", metavar="CODE", help="letters, digits, - and _"),
            arg("name", metavar="NAME"),
            arg("--parent", metavar="CODE", help="the unit it belongs to"),
            AS,
        ),
    ),
    Command(
        "person add",
        organisation.add_person,
        "a person; prints the link that sets their password",
        (
            arg("who", metavar="EMAIL|NUMBER"),
            arg("--name", required=True),
            arg("--role", action="append", default=[], metavar="ROLE@UNIT", help="again for more than one"),
            arg("--unit", metavar="CODE", help="else that of the first role, else the only one on top"),
            arg("--manager", metavar="EMAIL|NUMBER"),
            AS,
        ),
    ),
    Command(
        "person erase",
        organisation.erase_person,
        "who left: their name goes, records stay; prints the texts that still name them",
        (
            arg("who", metavar="EMAIL|NUMBER|ID"),
            arg("--sure", action="store_true", help="do it; else only say which texts name them"),
            AS,
        ),
    ),
    Command(
        "token create",
        organisation.create_token,
        "a token for a program; printed this once",
        (
            arg("--person", required=True, metavar="EMAIL|NUMBER", help="in whose name it acts"),
            arg("--name", required=True, help="what it is for"),
            arg("--scope", required=True, choices=("read", "write")),
            AS,
        ),
    ),
    Command(
        "import",
        importing.bring_in,
        "bring in what others wrote, all of it or nothing; a second time changes nothing",
        (
            arg("files", nargs="+", metavar="FILE"),
            arg("--into", choices=importing.INTO, default="auto", help="what they become (auto)"),
            arg("--unit", metavar="CODE", help="whose they become, else the only one on top"),
            arg("--map", metavar="FILE", help="which column is what, where the headings do not tell"),
            arg("--dry-run", action="store_true", help="only say what would be done"),
            arg("--skip-faulty", action="store_true", help="leave out rows that cannot be taken, and take the others"),
            AS,
        ),
    ),
    Command(
        "export register",
        exporting.register,
        "all records of one noun that may be read, as a table",
        (
            arg("filters", nargs="*", type=pair, metavar="FILTER=VALUE", help="as in the address of their list"),
            arg("--noun", choices=LISTED, default="lessons", help="what is taken out (lessons)"),
            arg("--format", choices=("xlsx", "csv", "json"), default="csv"),
            arg("--lang", choices=LOCALES, help="of a workbook's words"),
            arg("-o", "--output", metavar="FILE", help="else on stdout"),
            AS,
        ),
    ),
    Command(
        "export cards",
        exporting.cards,
        "lesson cards, a PDF each",
        (
            arg("codes", nargs="+", metavar="CODE"),
            arg("-o", "--output", required=True, metavar="DIR"),
            arg("--lang", choices=LOCALES, help="of the labels; the text keeps its own"),
            arg("--size", choices=("a4", "a5"), default="a4"),
            AS,
        ),
    ),
    Command(
        "export deck",
        exporting.deck,
        "cards in force as one PDF with cover and contents; very many as several, in a zip",
        (
            arg("--title", required=True, help="it stands on the cover"),
            arg("--topic", metavar="NAME"),
            arg("--unit", metavar="CODE", help="with all below it"),
            arg("--new", action="store_true", help="adopted this month"),
            arg("--size", choices=("a4", "a5"), default="a4"),
            arg("-o", "--output", required=True, metavar="FILE"),
            arg("--lang", choices=LOCALES, help="of the labels; the text keeps its own"),
            AS,
        ),
    ),
    Command(
        "export debrief",
        exporting.debrief,
        "debrief reports, a PDF each",
        (
            arg("codes", nargs="+", metavar="CODE"),
            arg("-o", "--output", required=True, metavar="DIR"),
            arg("--lang", choices=LOCALES, help="of the labels; the text keeps its own"),
            AS,
        ),
    ),
    Command(
        "export bundle",
        exporting.bundle,
        "everything that may be seen, in one archive",
        (
            arg("file", metavar="FILE"),
            arg("--lang", choices=LOCALES, help="of the labels; the text keeps its own"),
            AS,
        ),
    ),
    Command(
        "search",
        searching.search,
        "lessons that hold the words, the best first",
        (
            arg("text", metavar="TEXT"),
            arg("--limit", type=several, default=20, help="at most so many (20)"),
            arg("--json", action="store_true", help="as the API tells them"),
            AS,
        ),
    ),
    Command("reindex", searching.reindex, "build the search index anew; prints how much it holds", (AS,)),
    Command(
        "do",
        stepping.do,
        "any step: `do D-2026-0001 open leader=12 --as 7`, `do debriefs report what_happened=… kind=failure --as 12`",
        (
            arg("code", metavar="CODE", help="a record's code, findings/ID, or a noun to make a new one"),
            arg("trigger", metavar="TRIGGER", nargs="?", help="the step, or add.facts and the like"),
            arg("fields", nargs="*", type=pair, metavar="field=value", help="true, 3 and [JSON] are read as such"),
            arg("--json", metavar="FILE", help="fields as one JSON object; - is stdin"),
            AS,
        ),
    ),
    Command(
        "audit verify",
        auditing.verify,
        "whether the history is whole; prints its head",
        (
            arg(
                "--head",
                default="",
                metavar="HASH",
                help="a head, an event’s hash or a seal that was kept elsewhere",
            ),
        ),
    ),
    Command(
        "process check",
        process.check,
        "whether the tables of the process hold together",
        (arg("--staffing", action="store_true", help="list every guard that nobody can satisfy today"),),
    ),
    Command("process draw", process.draw, "the lives as diagrams"),
    Command(
        "reminders rehearse",
        reminders.rehearse,
        "who would hear what and when, from what is owed now; sends and writes nothing",
        (
            arg("--from", dest="first", type=day, metavar="DATE", help="the first day, as 2026-09-12 (today)"),
            arg("--days", type=several_days, default=30, metavar="N", help="so many days, at most 400 (30)"),
            arg("--json", action="store_true", help="a list, a letter each"),
        ),
    ),
)


def main(argv: Sequence[str] | None = None) -> int:
    _speak_utf8()
    given = _parsed(argv)
    try:
        code = given.run(given)
        sys.stdout.flush()
    except BrokenPipeError:
        # whoever read has read enough, as in `| head -1`
        return _given_up(None)
    except KeyboardInterrupt:
        return 130
    except SettingsError as error:
        return _problem(error, 2)
    except OSError as error:
        return _problem(f"{error.filename or 'The output'}: {error.strerror}", _given_up(error))
    except LessonsError as error:
        return _problem(in_words(error), 1)
    return code or 0


def _given_up(error: OSError | None) -> int:
    """What is still waiting to be written goes nowhere, or the interpreter would complain of it at its end."""
    if error is None or error.filename is None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0 if error is None else 1


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    """Fields may stand behind options too: the library takes a list only in one piece. Letters that no text holds are
    refused before anything is looked at."""
    top = parser()
    words = sys.argv[1:] if argv is None else argv
    for text in words:
        if any("\ud800" <= char <= "\udfff" for char in text):
            top.error(f"{text}: this is not UTF-8")
    given, rest = top.parse_known_args(words)
    if rest and (not hasattr(given, "fields") or any(text.startswith("-") for text in rest)):
        top.error(f"unrecognized arguments: {' '.join(rest)}")
    try:
        given.fields = [*getattr(given, "fields", ()), *map(pair, rest)]
    except argparse.ArgumentTypeError as error:
        top.error(str(error))
    return given


def _speak_utf8() -> None:
    # a stream is None where whoever called has closed it
    sys.stdout, sys.stderr = (one or Path(os.devnull).open("w") for one in (sys.stdout, sys.stderr))  # noqa: SIM115 - it stays
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # a text file has it


def _problem(message: object, code: int) -> int:
    print(message, file=sys.stderr)
    return code


def in_words(error: LessonsError) -> str:
    """The refusal, and beneath it what is missing."""
    lines = [str(error.message)]
    if isinstance(error, Invalid):
        lines += [f"  {one.pointer.lstrip('/') or '-'}: {one.message}" for one in error.errors]
    if isinstance(error, NotAllowed):
        lines += [f"  {one.message}" for one in error.unmet]
        lines += [f"  Possible now: {', '.join(error.open)}"] if error.open else []
    return "\n".join(lines)


def parser() -> argparse.ArgumentParser:
    """One subparser a word; commands of two words lie beneath their first."""
    top = argparse.ArgumentParser(prog="lessons", description="From a debriefing to a change that stays.")
    below = {"": top.add_subparsers(required=True, metavar="COMMAND")}
    for command in COMMANDS:
        first, _, second = command.words.rpartition(" ")
        if first not in below:
            group = below[""].add_parser(first, help=_help(first))
            below[first] = group.add_subparsers(required=True, metavar="COMMAND")
        one = below[first].add_parser(second, help=command.says, description=command.says)
        for argument in command.arguments:
            one.add_argument(*argument.names, **argument.options)
        one.set_defaults(run=command.run)
    return top


def _help(first: str) -> str:
    inner = [command.words.split()[1] for command in COMMANDS if command.words.startswith(f"{first} ")]
    return " · ".join(inner)
