from __future__ import annotations

import tomllib
from datetime import date, time
from pathlib import Path

import pytest

from lessons.workflow.policy import KINDS, Policy, PolicyError, effective

POLICY = Policy.load()


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return tmp_path / "policy.toml"


def said(path: Path, text: str) -> list[str]:
    """What is said about an installation's file, without the file's name."""
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PolicyError) as refusal:
        Policy.load(path)
    assert all(fault.file == str(path) for fault in refusal.value.faults)
    return [line.removeprefix(f"{path}") for line in str(refusal.value).splitlines()]


# ---------------------------------------------------------------- the numbers of the process


def test_every_default_is_the_process_own_number() -> None:
    assert POLICY.watch_days == {
        "sentence": 14,
        "tip": 14,
        "procedure": 30,
        "system_fix": 30,
        "billing": 65,
        "retained_customer": 90,
    }
    assert (POLICY.risk.days, POLICY.risk.most_days) == (90, 365)
    assert (POLICY.team_experience.days, POLICY.team_experience.renewals) == (30, 1)
    assert (POLICY.briefing.due_days, POLICY.briefing.most_days) == (2, 7)
    assert (POLICY.briefing.decision_after, POLICY.briefing.proceed_after) == (10, 10)
    assert (POLICY.shares.usual, POLICY.shares.regulated, POLICY.shares.tip) == (0.9, 1.0, 0.7)
    assert (POLICY.review.months, POLICY.sample.least, POLICY.small_unit.below) == (12, 20, 15)
    assert POLICY.action.chips == (3, 7, 14, 30)
    assert POLICY.line.above_centre_from_severity == 4


def test_the_presets_are_the_process_own() -> None:
    assert POLICY.presets["did_not_come_back"].days == 30
    assert POLICY.presets["did_not_come_back"].cases == 0
    floor = POLICY.presets["floor_says"]
    assert (floor.days, floor.people, floor.audience_share, floor.misfit_share) == (14, 5, 0.5, 0.2)
    assert POLICY.presets["sample"].sample == 20
    assert POLICY.presets.before_after.days == 30


@pytest.mark.parametrize(("audience", "users"), [(0, 0), (1, 1), (7, 4), (8, 4), (9, 5), (400, 5)])
def test_the_floor_says_so_with_five_users_or_half_of_a_small_audience(audience: int, users: int) -> None:
    assert POLICY.presets.floor_says.users_needed(audience) == users


@pytest.mark.parametrize(("audience", "flags"), [(1, 2), (40, 2), (41, 3), (60, 3), (80, 4), (100, 5), (2000, 5)])
def test_a_lesson_is_outdated_by_two_flags_or_a_twentieth_of_its_audience_at_most_five(
    audience: int, flags: int
) -> None:
    assert POLICY.outdated.flags(audience) == flags
    assert POLICY.outdated.days == 14


def test_a_failure_came_back_with_three_cases_in_thirty_days_at_severity_4_with_one() -> None:
    assert [POLICY.recurrence.limit(severity) for severity in (1, 2, 3, 4)] == [3, 3, 3, 1]
    assert (POLICY.recurrence.days, POLICY.recurrence.share_of_rate_before) == (30, 0.5)


# ---------------------------------------------------------------- an installation's file and a unit's numbers


def test_an_installation_names_only_what_it_changes(written: Path) -> None:
    written.write_text("[duties]\ntriage_debrief = { days = 1 }\n[risk]\ndays = 60\n", encoding="utf-8-sig")
    policy = Policy.load(written)
    assert policy.duties["triage_debrief"].days == 1
    assert policy.duties["triage_debrief"].severity4 == 0
    assert policy.risk.days == 60
    assert policy.risk.most_days == 365


def test_an_installation_may_add_a_ladder_and_a_watch_of_its_own(written: Path) -> None:
    written.write_text(
        "[ladders.brisk]\nafter = [1]\n[duties.verify]\nladder = 'brisk'\n[watch_days]\ncampaign = 45\n",
        encoding="utf-8",
    )
    policy = Policy.load(written)
    assert policy.ladders[policy.duties["verify"].ladder].after == (1,)
    assert policy.watch_days["campaign"] == 45


@pytest.mark.parametrize("overrides", [{"risk.days": 60}, {"risk": {"days": 60}}, {"risk": {"days": 60}, "duties": {}}])
def test_a_unit_overrides_single_numbers_nested_or_dotted(overrides: dict[str, object]) -> None:
    assert POLICY.for_unit(overrides).risk.days == 60
    assert POLICY.risk.days == 90


def test_a_unit_lies_over_its_installation(written: Path) -> None:
    written.write_text("[risk]\ndays = 60\nmost_days = 100\n", encoding="utf-8")
    unit = Policy.load(written).for_unit({"risk.days": 70, "duties.verify.severity4": 1})
    assert (unit.risk.days, unit.risk.most_days) == (70, 100)
    assert POLICY.for_unit({}) is POLICY


def test_a_units_fault_names_its_key() -> None:
    with pytest.raises(PolicyError, match=r"unit, duties.verify.severity_4: .* nearest right name is “severity4”"):
        POLICY.for_unit({"duties.verify.severity_4": 1})


def test_a_units_calendar_is_made_of_the_policy_and_its_own_choices() -> None:
    calendar = POLICY.for_unit({"mail.opens": "09:30"}).calendar(
        "Europe/London", {"weekdays": ["mon", "fri"], "country": "GB", "closed": ["2026-08-17"]}
    )
    assert calendar.weekdays == {0, 4}
    assert calendar.opens == time(9, 30)
    assert calendar.closed == {date(2026, 8, 17)}
    assert POLICY.calendar("Asia/Jerusalem").weekdays == {6, 0, 1, 2, 3}
    with pytest.raises(PolicyError, match=r"calendar, week_days: .* “weekdays”"):
        POLICY.calendar("Asia/Jerusalem", {"week_days": ["sun"]})
    with pytest.raises(ValueError, match="No time zone"):
        POLICY.calendar("Asia/Nowhere")


# ---------------------------------------------------------------- what is wrong, where, in words


def nearest(name: str) -> str:
    return f"There is no such name. The nearest right name is “{name}”."


RISING = "The days of a ladder rise, from 1 on."
HOUR = "An hour is expected, such as 08:00:00."
CODE = "The holidays of this country are not known; a code such as IL or GB-ENG is expected."
FAULTS = [
    # what an installation wrote, and the line, key and sentence it is told
    ("[duties]\nverify = { dais = 3 }", 2, "duties.verify.dais", nearest("days")),
    ("\n[dutys]\na = 1", 2, "dutys", nearest("duties")),
    ("[duties]\ntriage_debrif = { days = 1 }", 2, "duties.triage_debrif", nearest("triage_debrief")),
    ("[presets]\nfloor = { days = 3 }", 2, "presets.floor", nearest("floor_says")),
    ("[ladders]\nx.before = [{ longer_than = 3, days = 1, day = 2 }]", 2, "ladders.x.before.0.day", nearest("days")),
    ("[duties]\nverify = { ladder = 'usul' }", 2, "duties.verify.ladder", nearest("usual")),
    ("[risk]\nqqqqqq = 1", 2, "risk.qqqqqq", "There is no such name. These are: days, most_days."),
    ("[duties.verify]\n# slower\n\ndays = -1", 4, "duties.verify.days", "It has to be at least 0, not -1."),
    ("duties.verify.days = 261", 1, "duties.verify.days", "It has to be at most 260, not 261."),
    ("[risk]\ndays = '60'", 2, "risk.days", 'A whole number is expected, not "60".'),
    ("[risk]\ndays = 1.5", 2, "risk.days", "A whole number is expected, not 1.5."),
    ("[risk]\ndays = true", 2, "risk.days", "A whole number is expected, not true."),
    ("[ladders.x]\nbefore = [{ days = 1 }]", 2, "ladders.x.before.0.longer_than", "It is missing."),
    ("risk = 3", 1, "risk", "A table of names is expected, not 3."),
    ("[risk]\ndays = 400", 1, "risk", "A risk is accepted for at most most_days: days cannot be more."),
    ("[shares]\ntip = 0.0", 2, "shares.tip", "It has to be more than 0, not 0.0."),
    ("[shares]\ntip = 70", 2, "shares.tip", "It has to be at most 1, not 70."),
    ("[shares]\ntip = nan", 2, "shares.tip", "It has to be at most 1, not nan."),
    ("[shares]\ntip = '70 %'", 2, "shares.tip", 'A number is expected, not "70 %".'),
    ("[mail]\nopens = 8", 2, "mail.opens", HOUR),
    ("[mail]\nopens = '8 o’clock'", 2, "mail.opens", HOUR),
    ("[mail]\nopens = 12:00:00", 1, "mail", "Mail hours have to open before they close, on short days too."),
    ("[duties]\nverify.mail = 1", 2, "duties.verify.mail", "Either true or false is expected, not 1."),
    ("[ladders.usual]\nafter = [3, 1]", 2, "ladders.usual.after", RISING),
    ("[ladders.usual]\nafter = [0, 1]", 2, "ladders.usual.after", RISING),
    ("[ladders.usual]\nafter = 3", 2, "ladders.usual.after", "A list is expected, not 3."),
    (
        "[ladders.x]\nbefore = [{ longer_than = 1, days = 3 }]",
        2,
        "ladders.x.before.0",
        "Here a reminder comes at most 1 days early, or else before its duty is opened.",
    ),
    (
        "[ladders.'My Own']\nafter = [1]",
        1,
        "ladders.My Own",
        'A name is made of small Latin letters, digits and _, not "My Own".',
    ),
    (
        "[duties]\nverify = { decision = ['postpone'] }",
        2,
        "duties.verify.decision.0",
        "One of these is expected: 'new_date', 'hand_over', 'cancel' or 'accept_risk'; not \"postpone\".",
    ),
    (
        "[working_week]\nweekdays = []",
        2,
        "working_week.weekdays",
        "A list with something in it is expected, not [].",
    ),
    ("[working_week]\ncountry = 'ZZ'", 2, "working_week.country", CODE),
    ("[working_week]\nclosed = [3]", 2, "working_week.closed.0", "A day is expected, such as 2026-08-16."),
]


@pytest.mark.parametrize(("text", "line", "key", "sentence"), FAULTS)
def test_a_fault_is_named_by_file_line_and_key(written: Path, text: str, line: int, key: str, sentence: str) -> None:
    assert said(written, text) == [f", line {line}, {key}: {sentence}"]


def test_what_is_not_toml_is_named_by_its_line(written: Path) -> None:
    assert said(written, "[risk]\n\ndays = = 1") == [", line 3: This is not TOML: Invalid value."]


def test_all_faults_are_told_at_once(written: Path) -> None:
    assert said(written, "[risk]\ndays = 0\nmost = 1\n[review]\nmonths = 99\n") == [
        ", line 2, risk.days: It has to be at least 1, not 0.",
        f", line 3, risk.most: {nearest('most_days')}",
        ", line 5, review.months: It has to be at most 60, not 99.",
    ]


def test_a_file_that_cannot_be_read_is_named(written: Path) -> None:
    with pytest.raises(PolicyError, match=r"policy\.toml: It cannot be read: No such file or directory\."):
        Policy.load(written)
    written.write_bytes(b"\xff\xfe[risk]")
    with pytest.raises(PolicyError, match="It cannot be read: it is not UTF-8"):
        Policy.load(written)


# ---------------------------------------------------------------- printed


def test_the_policy_in_force_prints_as_toml_that_says_the_same(written: Path) -> None:
    overrides = {"duties.verify.days": 4, "ladders.mine.after": [2, 4], "mail.opens": "09:00", "shares.tip": 0.5}
    for policy in (POLICY, POLICY.for_unit({**overrides, "working_week.closed": ["2026-08-16"]})):
        written.write_text(effective(policy), encoding="utf-8")
        assert Policy.load(written) == policy


def test_what_differs_from_the_built_in_policy_is_marked() -> None:
    lines = effective(
        POLICY.for_unit({"duties.verify.days": 4, "duties.verify.quick": 1, "risk.days": 60})
    ).splitlines()
    marked = [line for line in lines if "#" in line]
    assert len(marked) == 2
    assert marked[0].startswith("verify ")
    assert marked[0].endswith("# built in: days = 5, quick = none")
    assert marked[1] == "days      = 60  # built in: 90"
    assert "#" not in effective(POLICY)


def test_every_duty_is_printed_on_a_line_of_its_own() -> None:
    assert tuple(tomllib.loads(effective(POLICY))["duties"]) == KINDS
    assert all(f"\n{kind} " in effective(POLICY) for kind in KINDS)
