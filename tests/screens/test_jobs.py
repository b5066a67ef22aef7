"""Long work: asked for, watched, cancelled, taken up again, fetched by whoever asked and by nobody else."""

from __future__ import annotations

import os
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from lessons import db, long_work, worker
from lessons.access import Actor, actor_of
from lessons.errors import NotAllowed
from lessons.i18n import say
from lessons.jobs import held, operations, running
from lessons.jobs.kinds import Kind, Made
from lessons.jobs.running import Progress, Stopped
from lessons.models import Grant, Job, Lesson, Notice
from lessons.workflow.states import JobState, LessonState, Role
from tests.screens.conftest import Screens
from tests.screens.filling import here, only
from tests.walking import REASON, Walk, mail


def paper(job: Job, progress: Progress) -> Made:
    progress.step(1, 2)
    progress.step(2, 2)
    return Made(say("It has %(n)s pages.", n=job.asked["pages"]), BytesIO(b"%PDF-"), "paper.pdf", "application/pdf")


@pytest.fixture
def kinds(screens: Screens, monkeypatch: pytest.MonkeyPatch) -> dict[str, Kind]:
    found = {"paper": Kind(paper)}
    monkeypatch.setattr(long_work, "KINDS", found)
    screens.app.extensions["lessons.jobs"] = found
    return found


def dana(session: Session, screens: Screens) -> Actor:
    return actor_of(session, screens.people["dana"], at=screens.at)


def asked(screens: Screens, pages: int = 3) -> str:
    with db.transaction() as session:
        by = dana(session, screens)
        return operations.ask(session, "paper", say("A paper"), {"pages": pages}, by=by, at=screens.at).pid


def work(screens: Screens) -> int:
    return long_work.long_work(lambda: screens.at)


def test_what_was_asked_for_is_made_told_and_fetched_by_whoever_asked_alone(
    screens: Screens, kinds: dict[str, Kind]
) -> None:
    here = f"/jobs/{asked(screens)}"
    assert asked(screens) in here, "the same thing twice is one"
    page = screens.as_("dana", "en").read(here).text
    assert "Waits its turn" in page
    assert 'hx-trigger="every 2s"' in page
    assert work(screens) == 1
    assert work(screens) == 0
    page = screens.as_("dana", "en").read(f"{here}/progress").text
    assert "It has 3 pages." in page
    assert "hx-get" not in page
    assert "Ready for you: A paper" in screens.as_("dana", "en").read("/notices").text
    got = screens.as_("dana", "en").read(f"{here}/file")
    assert (got.data, got.mimetype) == (b"%PDF-", "application/pdf")
    assert "A paper" in screens.as_("dana", "en").read("/jobs").text
    told = screens.as_("dana", "en").read(f"/api/v1{here}").json
    assert (told["state"], told["done"], told["told"]) == ("done", 2, "It has 3 pages.")
    assert screens.as_("dana", "en").read(told["links"]["file"]).data == b"%PDF-"
    for path in (here, f"{here}/progress", f"{here}/file", f"/api/v1{here}", f"/api/v1{here}/file"):
        assert screens.as_("naomi", "en").read(path).status_code == 404
    assert "A paper" not in screens.as_("naomi", "en").read("/jobs").text


def test_the_file_is_for_as_long_as_its_person_may_see_what_it_holds_and_for_a_month(
    screens: Screens, kinds: dict[str, Kind]
) -> None:
    here = f"/jobs/{asked(screens)}/file"
    work(screens)
    kinds["paper"] = Kind(paper, may_fetch=lambda *_: False)
    assert screens.as_("dana", "en").read(here).status_code == 403
    kinds["paper"] = Kind(paper)
    assert screens.as_("dana", "en").read(here).status_code == 200
    file = operations.store().path(only(Job).file_sha256)
    os.utime(file, (screens.at.timestamp(), screens.at.timestamp()))
    screens.days_later(31)
    worker.leftovers(lambda: screens.at)
    assert not file.exists()
    assert "kept for 30 days" in screens.as_("dana", "en").read(here).text


def test_what_is_made_of_all_that_one_may_see_is_fetched_as_long_as_no_role_is_taken_back(screens: Screens) -> None:
    with screens.records() as village:
        village.grant(village.dana, Role.MANAGER, "CUS")
        by = village.by("dana")
        names = [*held.everything(village.session, by), *held.rights(village.session, by)]
        assert held.is_seen(village.session, names, by)
        assert "right:manager@SRV" in names
    with screens.records() as village:
        village.session.execute(sa.delete(Grant).where(Grant.role == Role.MANAGER))
        assert not held.is_seen(village.session, names, village.by("dana"))
        assert not held.is_seen(village.session, ["LSN-2026-0001"], by), "a name that says nothing"


def test_an_action_that_was_handed_over_is_in_no_archive_of_before(screens: Screens) -> None:
    with screens.records() as village:
        action = Walk(village).record("actions", "assigned")
        names = held.everything(village.session, village.by("avi"))
        assert held.is_seen(village.session, names, village.by("avi"))
        Walk(village).do(action, "reassign", "naomi", owner=mail("rana"), reason=REASON)
        village.session.flush()
        assert not held.is_seen(village.session, names, village.by("avi"))


def test_cancelled_it_ends_at_its_next_step_and_makes_nothing(screens: Screens, kinds: dict[str, Kind]) -> None:
    browser, here = screens.as_("dana", "en"), f"/jobs/{asked(screens)}"

    def halfway(_: Job, progress: Progress) -> Made:
        progress.step(1, 2)
        browser.read(here)
        assert browser.send(f"{here}/cancel").status_code == 303
        progress.step(2, 2)
        raise AssertionError("it goes on")

    kinds["paper"] = Kind(halfway)
    assert work(screens) == 1
    job = only(Job)
    assert (job.state, job.done, job.file_sha256) == (JobState.CANCELLED, 1, "")
    assert work(screens) == 0
    assert "Cancelled" in browser.read(here).text
    with pytest.raises(NotAllowed), db.transaction() as session:
        operations.cancel(session, job, at=screens.at)


def test_what_a_killed_worker_left_is_taken_up_again_and_the_late_one_changes_nothing(
    screens: Screens, kinds: dict[str, Kind]
) -> None:
    asked(screens)
    lost = running.claim(screens.at)
    assert lost is not None
    Progress(lost, lambda: screens.at).step(1, 2)
    assert work(screens) == 0, "its minute is not over"
    screens.at += timedelta(minutes=2)
    seen: list[int] = []

    def again(job: Job, progress: Progress) -> Made:
        seen.append(job.done)
        progress.step(0, 2)
        seen.append(only(Job).done)
        with pytest.raises(Stopped):
            Progress(lost, lambda: screens.at).step(2, 2)
        return paper(job, progress)

    kinds["paper"] = Kind(again)
    assert work(screens) == 1
    assert seen == [1, 1], "progress never goes back"
    assert only(Job).state == JobState.DONE
    assert only(Notice).kind == "job_ready"


def test_what_breaks_is_told_and_what_gets_no_further_is_given_up(screens: Screens, kinds: dict[str, Kind]) -> None:
    def breaks(*_: object) -> Made:
        raise ZeroDivisionError

    kinds["paper"] = Kind(breaks)
    here = f"/jobs/{asked(screens)}"
    assert work(screens) == 1
    assert "Asking again is right" in screens.as_("dana", "en").read(here).text
    kinds["paper"] = Kind(paper)
    asked(screens, 4)
    for _ in range(3):
        assert running.claim(screens.at)
        screens.at += timedelta(minutes=2)
    work(screens)
    with db.reading() as session:
        [_, last] = session.exec(select(Job).order_by(Job.id)).all()
    assert (last.state, last.why) == (JobState.FAILED, "LessonsError: " + str(running.GAVE_UP.with_(n=3)))


def test_a_worker_that_is_told_to_stop_puts_it_back(screens: Screens, kinds: dict[str, Kind]) -> None:
    def told_to_stop(_: Job, progress: Progress) -> Made:
        progress.step(1, 2)
        running.STOPPING.set()
        progress.step(2, 2)
        raise AssertionError("it goes on")

    kinds["paper"] = Kind(told_to_stop)
    asked(screens)
    try:
        assert work(screens) == 0
    finally:
        running.STOPPING.clear()
    kinds["paper"] = Kind(paper)
    assert only(Job).state == JobState.WAITING
    assert work(screens) == 1
    assert only(Job).state == JobState.DONE


@here
def test_all_that_is_open_to_one_is_packed_and_only_while_it_is_open(screens: Screens) -> None:
    with screens.records() as village:
        lesson, debrief = village.lesson().code, village.debrief().code
    naomi = screens.as_("naomi", "en")
    naomi.read("/jobs")
    at = naomi.send("/bundle").headers["Location"].split("?")[0]
    while long_work.long_work(lambda: screens.at):
        pass
    assert "opens without a server" in naomi.read(at).text
    with ZipFile(BytesIO(naomi.read(f"{at}/file").data)) as packed:
        wanted = {"index.html", f"cards/{lesson}.pdf", f"debriefs/{debrief}.pdf", "registers/lessons.xlsx"}
        assert wanted <= set(packed.namelist())
    with db.transaction() as session:
        session.execute(sa.update(Grant).values(until_at=screens.at))
        session.execute(sa.update(Lesson).values(state=LessonState.DRAFT))
    assert naomi.read(f"{at}/file").status_code == 403
