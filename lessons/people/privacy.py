"""THE table of what is kept about people: which tables, what for, how long, who sees it. The administrators' page, the
paper and docs/privacy.md say what stands here; `python -m lessons.people.privacy docs` writes the last."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from lessons.i18n import Sentence, say
from lessons.jobs import operations as jobs
from lessons.models import metadata
from lessons.people import half, keys
from lessons.post import webhooks
from lessons.web import once, who
from lessons.workflow.policy import Policy

DOCUMENT = Path(__file__).parents[2] / "docs" / "privacy.md"
EVERYONE = say("Everyone who is signed in")
THEMSELVES = say("The person alone")
OF_RECORD = say("Whoever may see the record")
NOBODY = say("Nobody; the product alone")
WITH_RECORD = say("As long as the record: it shows who decided and who acted")
UNTIL_TAKEN = say("Until its owner takes it away")
HEADS = (say("What is kept"), say("What for"), say("How long"), say("Who sees it"), say("Now"))


@dataclass(frozen=True)
class Kind:
    """One kind of data. `tables`: where it lies, the first of them counted; none where it has no table of its own."""

    name: str
    title: Sentence
    holds: Sentence
    why: Sentence
    ends: Sentence
    seen: Sentence
    tables: tuple[str, ...] = ()


def kinds(policy: Policy) -> tuple[Kind, ...]:
    """Every kind, with the periods as they are in force by this policy."""
    return (*_people(policy), *_records(policy), *_told(policy), *_work(policy), *_outside())


def _days(n: int) -> Sentence:
    return say("%(n)s days, then deleted", n=n)


def _since(n: int) -> Sentence:
    return say("%(n)s days after it ended, then deleted", n=n)


# ── who people are, and how they come in ─────────────────────────────────────────────────────────────────────────────
def _people(policy: Policy) -> Iterator[Kind]:
    kept = policy.kept
    yield Kind(
        "people", say("People"),
        say("Name, e-mail, employee number, what they do, unit, manager, day of joining, language, hour of the mail"),
        say("Who acts, who is asked, and where mail goes"),
        say("Closed when the person leaves; the name stays with what they decided, until it is erased"),
        EVERYONE, ("persons",),
    )  # fmt: skip
    yield Kind("roles", say("Roles"), say("Which role at which unit, from when until when"),
               say("Who may do what, and who could at the time"), say("As long as the person is kept"),
               EVERYONE, ("grants", "units"))  # fmt: skip
    yield Kind("absences", say("Days away"), say("First and last day, and who stands in; never why"),
               say("Duties go to whoever stands in"), _since(kept.notices),
               say("The person, whoever stands in, administrators"), ("absences",))  # fmt: skip
    yield Kind("password", say("Passwords"), say("A hash (argon2id) that cannot be turned back"), say("Signing in"),
               say("Until another is chosen, or the person is erased"), NOBODY)  # fmt: skip
    yield Kind(
        "sign_ins", say("Sign-ins"), say("When, how, and when last seen; no network address and no device"),
        say("Staying signed in, and seeing where one is"),
        say("A sign-in ends after %(lasts)s days; its line is deleted after %(n)s days", lasts=who.LASTS.days,
            n=kept.sign_ins),
        say("The person; administrators see how many"), ("sign_ins",),
    )  # fmt: skip
    yield Kind(
        "half", say("Sign-ins under way, attempts"),
        say("That one began, for the code that follows; how many attempts there were, under a hash"),
        say("A second step, and against guessing"),
        say("%(minutes)s minutes; attempts an hour", minutes=_minutes(half.LASTS)), NOBODY,
        ("half_sign_ins", "attempts"),
    )  # fmt: skip
    yield Kind(
        "second", say("Second steps and passkeys"),
        say("A sealed secret, hashes of recovery codes, a device’s public key and its name"),
        say("Signing in safely"), say("Until it is taken away; a step that ended %(n)s days more", n=kept.keys),
        say("The person; administrators see whether there is one"),
        ("authenticators", "recovery_codes", "passkeys"),
    )  # fmt: skip
    yield Kind("provider", say("Accounts at the organisation’s provider"), say("The provider’s lasting number"),
               say("Single sign-on"), say("As long as the person is kept"), NOBODY,
               ("provider_accounts",))  # fmt: skip
    yield Kind(
        "keys", say("Invitations, tokens, calendar addresses"),
        say("A hash, what it is for, when it was made and last used"), say("Programs act in the person’s name"),
        say("Invitations hold %(invited)s days; what ended is deleted after %(n)s days", invited=keys.INVITED.days,
            n=kept.keys),
        say("The person; administrators see names and last use of tokens"), ("tokens", "invitations", "feeds"),
    )  # fmt: skip


# ── what people did ──────────────────────────────────────────────────────────────────────────────────────────────────
def _records(policy: Policy) -> Iterator[Kind]:
    yield Kind(
        "debriefs", say("Debriefs"),
        say("Who reported, leads, reviews and took part; what happened, in words that name roles and not people"),
        say("Learning from what happened"), WITH_RECORD,
        say("Whoever may see the record; of a confidential one its people, those it names, and auditors"),
        ("debriefs", "debrief_people", "causes", "facts", "findings", "similar_answers", "question_sets"),
    )  # fmt: skip
    yield Kind("anonymous", say("Anonymous reports"),
               say("No name, no address; a hash of the code to follow it"),
               say("People tell what they would not tell by name"), WITH_RECORD,
               say("Nobody can see who reported"))  # fmt: skip
    yield Kind("lessons", say("Lessons"),
               say("Who wrote, owns and adopted, who was interviewed, who changed the words"),
               say("Whoever wrote a lesson does not decide on it alone"), WITH_RECORD, OF_RECORD,
               ("lessons", "word_changes", "former_topics"))  # fmt: skip
    yield Kind("actions", say("Actions"), say("Who owns, assigned, confirmed; dates, reasons, evidence"),
               say("What was decided is done"), WITH_RECORD, OF_RECORD,
               ("actions", "evidence", "extensions", "due_changes", "hands"))  # fmt: skip
    yield Kind("procedures", say("Procedures, briefings, checks"),
               say("Who wrote, edited, approved, opened and checked"),
               say("Whoever writes does not approve"), WITH_RECORD, OF_RECORD,
               ("procedures", "revisions", "revision_editors", "briefings", "verifications"))  # fmt: skip
    yield Kind("floor", say("News, questions, sentences"), say("Who wrote, asked, answered and confirmed"),
               say("The floor is told and answered"), WITH_RECORD, OF_RECORD,
               ("questions", "sentences", "news"))  # fmt: skip
    yield Kind("history", say("History"), say("Who took which step and when, and the words with it"),
               say("What was done can be proved"),
               say("As long as the record; names and words lie apart from the chain and can be erased"), OF_RECORD,
               ("event_details", "events"))  # fmt: skip
    yield Kind("files", say("Attachments"), say("The file, its name, who attached it"), say("Evidence"), WITH_RECORD,
               OF_RECORD, ("attachments",))  # fmt: skip
    yield Kind("imports", say("Imports"), say("Files that were brought in, names in them, who brought them"),
               say("What others wrote becomes records"), say("As long as what came of it; taken back, it goes"),
               say("Whoever brought it, and lessons management"),
               ("imports", "import_files", "import_items"))  # fmt: skip
    yield Kind(
        "cases", say("Customers’ cases"),
        say("The text as the CRM sent it, a keyed hash in place of the customer, who linked it"),
        say("Whether what was learned works"),
        say("The text and the hash %(n)s days, where a unit has no number of its own; links stay",
            n=policy.cases.text_days),
        say("Agents and management of the unit"), ("cases", "case_links", "proposals"),
    )  # fmt: skip


# ── what people were told, read and said ─────────────────────────────────────────────────────────────────────────────
def _told(policy: Policy) -> Iterator[Kind]:
    kept = policy.kept
    yield Kind("duties", say("Duties"), say("Who owes which step by when, and when it was done"),
               say("Nothing is forgotten"), WITH_RECORD, say("The person, managers of the unit, auditors"),
               ("duties",))  # fmt: skip
    yield Kind("reading", say("Readings"), say("Who has read and understood which edition, and when"),
               say("What is new reached those it is meant for"), WITH_RECORD,
               say("The person; managers and editors of the unit"),
               ("briefing_members", "news_readings", "basic_readings"))  # fmt: skip
    yield Kind("feedback", say("What readers say"), say("Useful or not, reason and words"), say("A card is mended"),
               WITH_RECORD, say("The lesson’s owner and lessons management"), ("feedback",))  # fmt: skip
    yield Kind("votes", say("“It worked for me too”"), say("That it was said, once a person"),
               say("Each counts once"), UNTIL_TAKEN, say("The number: everyone; who said it: nobody"),
               ("sentence_votes",))  # fmt: skip
    yield Kind("notices", say("News for a person"), say("What they were told, when, and when they read it"),
               say("Nobody is told twice, and it can be seen who was told"), _days(kept.notices),
               say("The person; of a record, whoever may see it"), ("notices",))  # fmt: skip
    yield Kind("letters", say("Letters"), say("Address, subject and text, and whether it left"),
               say("Mail arrives, or it is seen why not"), _days(kept.letters),
               say("The person and administrators"), ("letters",))  # fmt: skip


# ── what work leaves behind ──────────────────────────────────────────────────────────────────────────────────────────
def _work(policy: Policy) -> Iterator[Kind]:
    kept = policy.kept
    yield Kind("desk", say("Last day at the desk"), say("The last day, and since when; no list of days"),
               say("A shift opens with what is new since then"),
               say("Until the next day; %(n)s days after the last", n=kept.sign_ins), THEMSELVES,
               ("desk_visits",))  # fmt: skip
    yield Kind("presence", say("Who has a record open"), say("That it is open, and whether something is being written"),
               say("Two do not overwrite each other"), say("Two minutes; the line goes within the hour"),
               OF_RECORD, ("presences",))  # fmt: skip
    yield Kind("views", say("Views under a name"), say("Name and filters"), say("Finding it again"), UNTIL_TAKEN,
               say("The person, and whoever is given the address"), ("saved_views",))  # fmt: skip
    yield Kind(
        "jobs", say("Made in the background"), say("What was asked for, and the file"),
        say("What takes longer than a page may"),
        say("The file %(file)s days; its line %(n)s days", file=jobs.KEPT.days, n=kept.notices), THEMSELVES,
        ("jobs",),
    )  # fmt: skip
    yield Kind("searches", say("Searches that found nothing"), say("The words and how often; nobody’s name"),
               say("What no card says is seen"), say("%(n)s days after the last time", n=kept.searches),
               say("Lessons management"), ("missed_searches",))  # fmt: skip
    yield Kind("forms", say("Forms that were sent"), say("The answer, so that the same form counts once"),
               say("Sent twice is done once"), say("%(n)s hours", n=int(once.KEPT / timedelta(hours=1))), NOBODY,
               ("idempotency",))  # fmt: skip


# ── what leaves the product ──────────────────────────────────────────────────────────────────────────────────────────
def _outside() -> Iterator[Kind]:
    yield Kind("calls", say("Messages to other systems"), say("Which record took which step; no name and no words"),
               say("Other systems know of it"), _days(webhooks.KEPT.days), say("Administrators"),
               ("webhook_calls",))  # fmt: skip
    yield Kind("log", say("The log of the machine"),
               say("What failed, and how much was done by itself; no secrets and no texts"),
               say("Faults are found"), say("As long as whoever runs the machine keeps it"),
               say("Whoever runs the machine"))  # fmt: skip
    yield Kind("backups", say("Backups"), say("Everything above, as of one moment"), say("Nothing is lost"),
               say("As long as whoever runs the machine keeps them"), say("Whoever runs the machine"))  # fmt: skip


def _minutes(lasts: timedelta) -> int:
    return int(lasts / timedelta(minutes=1))


def counts(session: Session, policy: Policy) -> Mapping[str, int]:
    """How many rows there are of each kind that has a table, by its name; one query."""
    of = {one.name: metadata.tables[one.tables[0]] for one in kinds(policy) if one.tables}
    asked = [sa.select(sa.func.count()).select_from(table).scalar_subquery() for table in of.values()]
    return dict(zip(of, session.execute(sa.select(*asked)).one(), strict=True))


# ── as a document ────────────────────────────────────────────────────────────────────────────────────────────────────
HEAD = """# What is kept about people

Written by `python -m lessons.people.privacy docs` from the table in `lessons/people/privacy.py`; nobody edits it by
hand. Administrators read the same at `/admin/privacy`, in both languages, with the numbers of their installation.
There is the database definitions document of the Israeli data security regulations too, filled in as far as the
product knows; a template is no legal advice. Days are those of the section `kept` of `lessons/workflow/policy.toml`;
an installation's own policy file (`LESSONS_POLICY`) may name others. The worker deletes what has ended, in batches, and
the log says how much. A test holds that every table is named here or holds nothing of people.
"""


def document() -> str:
    lines = ["| what | holds | what for | how long | who sees it |", "|---|---|---|---|---|"]
    lines += [
        f"| {' | '.join(_said(cell) for cell in (one.title, one.holds, one.why, one.ends, one.seen))} |"
        for one in kinds(Policy.load())
    ]
    return f"{HEAD}\n" + "\n".join(lines) + "\n"


def _said(cell: Any) -> str:
    return str(cell.in_("en")).replace("|", "\\|")


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8") if "docs" in sys.argv else sys.stdout.write(document())
