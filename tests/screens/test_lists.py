"""Lists open with what goes on; the rest is one tab away, and words find within what a list is narrowed to."""

from __future__ import annotations

from lessons.workflow.states import ActionState, LessonState
from tests.browsing import Browser
from tests.screens.conftest import Screens
from tests.screens.filling import fill, here


@here
def test_actions_open_with_those_under_way(screens: Screens, action: str) -> None:
    yossi = screens.as_("yossi", "en")
    assert action in yossi.read("/actions").text
    fill(screens.as_("naomi", "en"), f"{action}/cancel", reason="It came with the new system already.")
    assert action not in yossi.read("/actions").text
    for where in ("/actions?state=all", f"/actions?state={ActionState.CANCELLED}"):
        assert action in yossi.read(where).text
    assert action not in yossi.read("/actions?overdue=1").text


@here
def test_the_repository_opens_with_what_is_in_use(screens: Screens, dana: Browser) -> None:
    with screens.records() as village:
        used, dropped = village.lesson(), village.lesson(state=LessonState.REJECTED)
    page = dana.read("/lessons").text
    assert used.code in page
    assert dropped.code not in page
    assert dropped.code in dana.read("/lessons?state=all").text
    assert used.code not in dana.read("/lessons?state=verified").text


@here
def test_words_find_within_the_states_that_were_asked_for(screens: Screens, dana: Browser, lesson: str) -> None:
    fill(
        dana, f"{lesson}/edit", title="Repeat the discount aloud", applies_when="A discount was promised", topics="save"
    )
    fill(dana, f"{lesson}/propose")
    fill(screens.as_("naomi", "en"), f"{lesson}/accept", owner="yossi@village.example", audience__units="RET")
    assert lesson in dana.read("/lessons?q=discount&state=accepted").text
    assert f'href="{lesson}"' not in dana.read("/lessons?q=discount&state=verified").text


@here
def test_a_lesson_leads_to_the_procedure_that_changes_because_of_it(screens: Screens) -> None:
    ilan = screens.as_("ilan", "en")
    with screens.records() as village:
        code = village.lesson(owner_id=village.ilan.id).code
    assert f'href="/procedures?because_of={code}"' in ilan.read(f"/lessons/{code}").text
    assert f'href="/procedures?because_of={code}"' not in screens.as_("rana", "en").read(f"/lessons/{code}").text
    given = {"title": "Promising a discount", "owner": "ilan@village.example", "approver": "naomi@village.example"}
    where = fill(ilan, "/procedures/new", **given, policy_kind="procedure", unit="RET").headers.get("Location", "")
    assert f'href="{where}/draft?because_of={code}"' in ilan.read(f"/procedures?because_of={code}").text
    chosen = f'value="{code}" checked'
    assert chosen in ilan.read(f"{where}/draft?because_of={code}").text
    assert chosen not in ilan.read(f"{where}/draft").text


@here
def test_a_code_in_the_search_bar_opens_its_record(screens: Screens, action: str) -> None:
    yossi, code = screens.as_("yossi", "en"), action.rsplit("/", 1)[1]
    for words in (code, code.lower(), f"a {code[2:6]} {int(code[7:])}"):
        assert yossi.read("/search", query_string={"q": words}).headers["Location"] == action
    with screens.records() as village:
        secret = village.debrief(confidential=True).code
    assert screens.as_("dana", "en").read("/search", query_string={"q": secret}).status_code == 303
    assert screens.as_("rana", "en").read("/search", query_string={"q": secret}).status_code == 200
    assert yossi.read("/search", query_string={"q": "A-2026-9999"}).status_code == 200


@here
def test_every_page_leads_to_its_own_help_from_the_same_place(screens: Screens, action: str) -> None:
    yossi = screens.as_("yossi", "en")
    help_page = yossi.read("/help").text
    for path, part in (
        ("/", "day"),
        (action, "actions"),
        ("/report", "report"),
        ("/desk", "desk"),
        ("/account", "account"),
    ):
        assert f'<a href="/help#{part}">' in yossi.read(path).text
        assert f'id="{part}"' in help_page
