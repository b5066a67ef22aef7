"""Whether the installation works, as administrators read it: mail, worker, printing, database, disk."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa

from exports.press import Press, PressFailed
from lessons import db, migrations, worker
from lessons.duties import signs
from lessons.home import health
from lessons.home.health_pages import sized
from lessons.models import Letter, Person, Sign
from lessons.post.queries import Flow
from lessons.settings import Settings
from lessons.workflow.states import LetterState, Role
from tests.post.postman import at_work
from tests.screens.conftest import Screens
from tests.screens.crawling import everything
from tests.screens.filling import only
from tests.village import AT

SERVER = "smtp://postbox:s3cret-word@mail.example:2525"
QUIET = Flow(waiting=0, due_since=None, put_off_since=None, sent_at=None, refused=0)


@pytest.fixture
def page(screens: Screens) -> Screens:
    """Michal administers the village."""
    with screens.records() as village:
        village.grant(village.michal, Role.ADMIN, "CUS")
    return screens


def part(screens: Screens, name: str) -> str:
    text = screens.as_("michal", "en").read("/admin/health").text
    section = text.partition(f'id="{name}"')[2].partition(">")[2].partition("</section>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", section).split())


def settings_of(settings: Settings, mail: str = SERVER) -> Settings:
    return replace(settings, mail_url=mail)


# ── the page ─────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_each_part_has_a_word_and_reading_it_changes_nothing(page: Screens) -> None:
    page.as_("michal", "en").read("/admin/health")
    before = everything()
    assert "Needs a look No mail server is set" in part(page, "mail")
    assert "Does not work The worker has not worked yet" in part(page, "worker")
    assert "Not known yet No card was printed yet" in part(page, "printing")
    assert f"In order The database is as this version needs it. Kind {kind()}" in part(page, "database")
    assert migrations.head() in part(page, "database")
    assert "Free" in part(page, "disk")
    assert everything() == before
    with db.reading() as session:
        assert session.scalars(sa.select(Sign)).all() == []


def kind() -> str:
    return {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[db.engine().dialect.name]


def test_a_database_in_another_shape_is_told_of_with_the_command_that_helps(page: Screens) -> None:
    with db.transaction() as session:
        session.execute(sa.text("UPDATE alembic_version SET version_num = '0001_schema'"))
    said = part(page, "database")
    with db.transaction() as session:  # on PostgreSQL one database serves all tests
        session.execute(sa.text("UPDATE alembic_version SET version_num = :head"), {"head": migrations.head()})
    assert "Does not work" in said
    assert "lessons db upgrade" in said


def test_health_is_for_administrators_alone(page: Screens) -> None:
    for who in ("naomi", "ilan", "dana", "gideon"):
        browser = page.as_(who)
        assert browser.read("/admin/health").status_code == 403
        browser.read("/account")
        token = re.search(r'name="csrf_token" value="([^"]+)"', browser.page.text if browser.page else "")
        assert token
        for question in ("letter", "clock", "print"):
            assert browser.post(f"/admin/health/{question}", {"csrf_token": token[1]}).status_code == 403
    with db.reading() as session:
        assert session.scalars(sa.select(Letter)).all() == []
    assert 'href="/admin/health"' in page.as_("michal").read("/admin/people").text


def test_no_password_stands_on_the_page(page: Screens, settings: Settings) -> None:
    db.start(settings_of(settings))
    text = page.as_("michal", "en").read("/admin/health").text
    assert "mail.example" in text
    for secret in ("s3cret-word", "postbox", settings.secret_key, settings.database_url):
        assert secret not in text


# ── a letter to oneself ──────────────────────────────────────────────────────────────────────────────────────────────
def test_a_test_letter_goes_to_whoever_asked_at_any_hour(page: Screens, settings: Settings) -> None:
    with at_work() as postman:
        db.start(settings_of(settings, f"smtp://127.0.0.1:{postman.port}"))
        page.days_later(6)  # a Saturday
        michal = page.as_("michal", "en")
        michal.read("/admin/health")
        assert "leaves within a minute" in michal.send("/admin/health/letter", follow=True).text
        worker.delivery(lambda: page.at)
    assert [mail["To"] for mail in postman.arrived] == ["michal@village.example"]
    assert "הדואר מגיע" in str(only(Letter).subject)
    assert "In order Letters leave as they should." in part(page, "mail")


def test_without_a_server_the_letter_is_kept_to_be_read(page: Screens) -> None:
    michal = page.as_("michal", "en")
    michal.read("/admin/health")
    assert "kept here" in michal.send("/admin/health/letter", follow=True).text
    assert only(Letter).state is LetterState.DROPPED
    assert "הדואר מגיע אליך" in michal.read(f"/outbox/{only(Letter).pid}").text


def test_whoever_has_no_mailbox_is_asked_for_one(page: Screens) -> None:
    michal = page.as_("michal", "en")
    michal.read("/admin/health")
    with page.records() as village:
        mine = village.session.get_one(type(village.michal), village.michal.id)
        mine.email, mine.number = None, "E-1"
    answer = michal.send("/admin/health/letter")
    assert answer.status_code == 409
    assert "e-mail address of your own" in answer.text
    assert "Send me a test letter" not in michal.read("/admin/health").text


# ── signs of life ────────────────────────────────────────────────────────────────────────────────────────────────────
def test_the_worker_leaves_a_sign_with_every_job(page: Screens, settings: Settings) -> None:
    worker.once(settings)
    assert "In order The worker works." in part(page, "worker")
    page.at += timedelta(minutes=6)
    assert "Does not work The worker stands still" in part(page, "worker")


def test_every_job_of_the_schedule_has_a_word() -> None:
    assert list(health.JOBS) == [job.__name__ for _, job in worker.SCHEDULE]


def test_a_job_that_fails_is_named_until_it_works_again(page: Screens) -> None:
    def delivery(_: object) -> int:
        raise LookupError("no such server")

    with pytest.raises(LookupError):
        worker.signed(delivery)(lambda: page.at)
    assert "This did not work the last time: Letters are sent." in part(page, "worker")
    page.at += timedelta(minutes=1)
    worker.signed(worker.delivery)(lambda: page.at)
    assert "In order The worker works." in part(page, "worker")


def test_printing_is_tried_by_one_press_and_says_how_long_it_took_or_what_is_wrong(
    page: Screens, monkeypatch: pytest.MonkeyPatch
) -> None:
    michal = page.as_("michal", "en")
    michal.read("/admin/health")
    assert "A card was printed in " in michal.send("/admin/health/print", follow=True).text
    assert "In order Cards are printed." in part(page, "printing")

    def broken(*_: object) -> float:
        raise PressFailed("no font")

    monkeypatch.setattr(Press, "proof", broken)
    page.at += timedelta(minutes=2)
    michal.read("/admin/health")
    assert "no font" in michal.send("/admin/health/print", follow=True).text
    assert "Does not work The last card could not be printed." in part(page, "printing")


def test_a_printed_card_is_a_sign_and_so_is_one_that_failed(page: Screens) -> None:
    with page.records() as village:
        code = village.lesson().code
    assert page.as_("dana").read(f"/lessons/{code}/card.pdf").status_code == 200
    assert "In order Cards are printed. First card printed" in part(page, "printing")
    page.at += timedelta(minutes=1)
    signs.leave(signs.PRESS, worked=False, at=page.at)
    assert "Does not work The last card could not be printed." in part(page, "printing")
    page.at += timedelta(minutes=1)
    signs.leave(signs.PRESS, worked=True, at=page.at)
    assert "In order" in part(page, "printing")
    with db.reading() as session:
        sign = session.get_one(Sign, signs.PRESS)
    assert (sign.first_at, sign.worked_at) == (AT, AT + timedelta(minutes=2))


def test_after_a_long_pause_an_administrator_says_that_the_clock_is_right(page: Screens, settings: Settings) -> None:
    worker.once(settings)
    assert "The clock is right" not in part(page, "worker")
    page.days_later(60)
    assert "Does not work The worker does nothing: the clock" in part(page, "worker")
    assert f"The clock here {page.at:%Y-%m-%d %H:%M} UTC" in part(page, "worker")
    assert "ready the worker waits: the clock is in doubt" in " ".join(page.as_("dana").read("/readyz").text.split())
    michal = page.as_("michal", "en")
    michal.read("/admin/health")
    assert "goes on within a minute" in michal.send("/admin/health/clock", follow=True).text
    assert page.as_("dana").read("/readyz").text == "ready\n"
    worker.once(settings)
    assert "In order The worker works." in part(page, "worker")


def test_a_card_that_was_printed_does_not_prove_the_clock(page: Screens, settings: Settings) -> None:
    worker.once(settings)
    page.days_later(60)
    signs.leave(signs.PRESS, worked=True, at=page.at)
    assert "The clock is right" in part(page, "worker")


# ── what is judged how ───────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("flow", "state"),
    [
        (QUIET, health.OK),
        (replace(QUIET, waiting=3), health.OK),
        (replace(QUIET, waiting=1, due_since=AT - timedelta(minutes=5)), health.OK),
        (replace(QUIET, waiting=1, due_since=AT - timedelta(minutes=20)), health.BROKEN),
        (replace(QUIET, waiting=1, put_off_since=AT - timedelta(minutes=20)), health.LOOK),
        (replace(QUIET, waiting=1, put_off_since=AT - timedelta(hours=2)), health.BROKEN),
        (replace(QUIET, refused=1), health.LOOK),
    ],
)
def test_mail_is_judged_by_what_waits_and_what_was_refused(settings: Settings, flow: Flow, state: str) -> None:
    assert health.mail(settings_of(settings), flow, at=AT).state == state


def test_the_numbers_of_mail_are_those_of_the_outbox(page: Screens, settings: Settings) -> None:
    db.start(settings_of(settings))
    with page.records() as village:
        for n, (state, more) in enumerate((
            (LetterState.WAITING, {"next_at": AT + timedelta(hours=1)}), (LetterState.WAITING, {"attempts": 2}),
            (LetterState.SENT, {"sent_at": AT}), (LetterState.FAILED, {}),
            (LetterState.FAILED, {"created_at": AT - timedelta(days=8)}),
        )):  # fmt: skip
            village.session.add(letter(village.dana.id, n, state, **more))
    assert part(page, "mail").endswith(
        "Last letter sent today 10:00 Waiting 2 Refused in the last seven days 1 Send me a test letter All letters"
    )


def letter(person: int | None, n: int, state: LetterState, **more: object) -> Letter:
    plain = {"next_at": AT, "created_at": AT - timedelta(minutes=5)} | more
    return Letter(
        pid=f"p{n}", person_id=person or 0, kind="notice", key=f"k{n}", lang="he", subject="s", text="t", html="h",
        message_id=f"<{n}@x>", state=state, **plain,
    )  # fmt: skip


def test_room_on_the_disk_is_judged_by_what_is_free() -> None:
    assert [health.room(free) for free in (10**8, 10**9, 10**10)] == [health.BROKEN, health.LOOK, health.OK]
    assert [sized(n) for n in (400, 942_080, 3_140_000_000, 10**16)] == ["0.4 kB", "942 kB", "3.1 GB", "10000 TB"]


def test_a_disk_that_is_full_is_told_to_whoever_watches_and_to_administrators(
    page: Screens, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker.once(settings)
    monkeypatch.setattr("shutil.disk_usage", lambda _: (10**9, 10**9 - 4096, 4096))
    answer = page.as_("michal").read("/readyz")
    assert (answer.status_code, "the disk is nearly full" in answer.text) == (200, True)
    assert "is nearly full" in page.as_("michal", "en").read("/admin/health").text


def waiting(to: Person, since: datetime) -> Letter:
    """A letter that could leave since then."""
    return Letter(
        pid="waiting", person_id=to.id, kind="digest", key="waiting", to_address=to.email, lang="he", subject="דואר",
        text="דואר", html="<p>דואר</p>", message_id="<waiting@village.example>", state=LetterState.WAITING,
        next_at=since, created_at=since,
    )  # fmt: skip


def test_administrators_read_on_every_page_that_the_worker_stands_still(page: Screens, settings: Settings) -> None:
    says = "The worker stands still: nothing falls due"
    assert says not in page.as_("michal", "en").read("/actions").text
    worker.once(settings)
    page.days_later(1)
    assert says in page.as_("michal", "en").read("/actions").text
    assert says not in page.as_("dana", "en").read("/actions").text
    answer = page.as_("dana").read("/readyz")
    assert (answer.status_code, answer.text) == (503, "not ready: the worker has been silent for minutes\n")
    worker.once(settings)
    assert says not in page.as_("michal", "en").read("/actions").text
    assert page.as_("dana").read("/readyz").status_code == 200


def test_a_letter_that_should_have_left_is_told_on_every_page(page: Screens, settings: Settings) -> None:
    worker.once(settings)
    with page.records() as village:
        village.session.add(waiting(village.dana, page.at - timedelta(minutes=16)))
    assert "Letters wait that should have left by now." in page.as_("michal", "en").read("/actions").text


def test_what_is_counted_tells_how_late_the_worker_is(page: Screens, settings: Settings) -> None:
    worker.once(settings)
    page.at += timedelta(minutes=2)
    with page.records() as village:
        village.session.add(waiting(village.dana, page.at))
    counted = dict(line.split() for line in page.as_("michal").read("/metrics").text.splitlines())
    assert counted["lessons_worker_silent_seconds"] == "120"
    assert counted["lessons_letters_waiting"] == "1"
    assert counted["lessons_letters_sent_last_day"] == "0"
