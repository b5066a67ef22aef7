import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from exports import bidi
from lessons.i18n import Sentence, Word, direction, gettext, ngettext
from lessons.web.speech import MOST_PEOPLE

LESSONS = Path(__file__).parents[2] / "lessons"
TEMPLATES = sorted((LESSONS / "templates").rglob("*.html"))
PAGES = [path for path in TEMPLATES if "letters" not in path.parts]  # a letter is read where style sheets are not
LOCALES = ("he", "en")
VOID = {"input", "meta", "link", "br", "img", "circle", "path", "rect", "line", "use"}
NASTY = "<script>alert(1)</script>\"'"


def environment(locale: str) -> Environment:
    env = Environment(
        loader=FileSystemLoader(LESSONS / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        extensions=["jinja2.ext.i18n"],
    )
    install: Callable[..., None] = env.install_gettext_callables
    install(lambda text: gettext(text, locale), lambda a, b, n: ngettext(a, b, n, locale), newstyle=True)
    env.globals["MOST_PEOPLE"] = MOST_PEOPLE
    env.filters["say"] = lambda value: value.in_(locale) if isinstance(value, Sentence | Word) else value
    env.filters["told"] = lambda text, lang="": text if hasattr(text, "__html__") else bidi.run(text, lang)
    env.globals["url_for"] = lambda _endpoint, filename="", name="": f"/static/{filename or name}"
    return env


def page(locale: str, **other: Any) -> dict[str, Any]:
    given = {
        "locale": locale,
        "dir": direction(locale),
        "title": "Village",
        "org": "Village",
        "nonce": "n0",
        "csrf": "c0",
        "path": "/",
        "theme": "auto",
        "nav": [
            {"href": "/", "label": "My day", "count": 3, "current": True},
            {"href": "/lessons", "label": "Lessons"},
        ],
        "me": {"name": "Dana", "title": "team leader"},
        "toasts": [{"kind": "ok", "text": "Recorded.", "href": "/undo", "label": "Undo"}],
        "other_locale": {"code": "en", "label": "English", "href": "/?lang=en"},
        "unread": 3,
        "links": {"home": "/", "search": "/search", "sign_out": "/out", "theme": "/theme", "sheet": "/kit-0.css"},
    }
    return {**given, **other}


def style_page(locale: str) -> str:
    lives = [{"name": "Lesson", "states": [{"word": "draft", "shape": "draft", "tone": "calm"}]}]
    return environment(locale).get_template("style.html").render(page=page(locale), lives=lives)


def say(source: str, locale: str = "en", **given: Any) -> str:
    template = environment(locale).from_string('{% import "macros/kit.html" as ui %}' + source)
    return template.render(**given)


class Tree(HTMLParser):
    """The elements of a page in order, and whether each was closed where it should be."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.faults: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> at {self.getpos()}")

    def having(self, name: str) -> list[str]:
        return [attrs[name] for _, attrs in self.elements if name in attrs]


def kit() -> list[str]:
    return sorted(name for name in dir(environment("en").get_template("macros/kit.html").module) if name[0] != "_")


@pytest.mark.parametrize("locale", LOCALES)
def test_the_style_page_is_whole_in_both_directions(locale: str) -> None:
    tree = Tree(style_page(locale))
    assert (tree.faults, tree.open) == ([], [])
    assert dict(tree.elements)["html"] == {"lang": locale, "dir": {"he": "rtl", "en": "ltr"}[locale]}


def test_the_style_page_shows_every_macro_of_the_kit() -> None:
    shown = "".join(
        path.read_text("utf-8") for path in PAGES if path.name == "style.html" or path.parent.name == "style"
    )
    inner = {"words", "buttons", "layout", "fields_", "forms", "tell", "lists", "tables", "cards", "charts", "steps_"}
    inside = {"titled", "errors", "field", "runs"}  # drawn by section, form, fields and diff
    missing = [name for name in kit() if name not in inner | inside and f"ui.{name}(" not in shown]
    assert missing == []


@pytest.mark.parametrize("locale", LOCALES)
def test_no_id_is_given_twice_and_every_reference_leads_to_one(locale: str) -> None:
    tree = Tree(style_page(locale))
    ids = tree.having("id")
    assert [one for one in ids if ids.count(one) > 1] == []
    pointed = [one for name in ("for", "list", "aria-labelledby", "data-count") for one in tree.having(name)]
    pointed += [one for ids_ in tree.having("aria-describedby") for one in ids_.split()]
    pointed += [href[1:] for href in tree.having("href") if href.startswith("#") and href != "#style"]
    assert pointed
    assert sorted({one for one in pointed if one not in ids}) == []


def test_every_control_has_a_name_that_can_be_read_out() -> None:
    text = style_page("en")
    tree = Tree(text)
    labelled = set(tree.having("for"))
    wrapped = set(re.findall(r"<label[^>]*>\s*<input[^>]*name=\"([^\"]*)\"", text))
    for tag, attrs in tree.elements:
        if tag in {"input", "select", "textarea"} and attrs.get("type") not in {"hidden", "submit"}:
            assert attrs.get("id") in labelled or "aria-label" in attrs or attrs["name"] in wrapped, attrs


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(LESSONS / "templates")))
def test_a_template_has_no_inline_style_or_script(path: Path) -> None:
    text = path.read_text("utf-8")
    assert not re.search(r"\sstyle\s*=|<style|\son[a-z]+\s*=\s*[\"']|javascript:", text)
    assert not re.search(r"\|\s*safe\b|autoescape false", text)
    assert [tag for tag in re.findall(r"<script[^>]*>", text) if "src=" not in tag or "nonce=" not in tag] == []


def test_what_a_person_wrote_stays_text_in_every_macro_that_takes_it() -> None:
    field = {"name": "a", "label": NASTY, "hint": NASTY, "kind": "text", "value": NASTY, "error": NASTY}
    drawn = [
        say("{{ ui.state(x) }}{{ ui.person(x, x) }}{{ ui.code(x) }}{{ ui.texts(x) }}{{ ui.meta([x]) }}", x=NASTY),
        say(
            "{{ ui.head(x, [x], [x], x, x) }}{{ ui.table([x, x], [[x], [x, x]], x) }}{{ ui.facts([(x, x)]) }}", x=NASTY
        ),
        say("{{ ui.timeline([{'when': x, 'text': x, 'who': x}]) }}{{ ui.diff([{'op': 'ins', 'text': x}]) }}", x=NASTY),
        say("{{ ui.card({'direction': 'do', 'direction_word': x, 'title': x, 'say': x, 'steps': [x]}) }}", x=NASTY),
        say("{{ ui.form('/a', 'c', [f], x, key=x, note=x) }}{{ ui.bar(0.5, 1, x, x) }}", x=NASTY, f=field),
        say("{{ ui.refusal([{'message': x, 'href': '/a', 'label': x}], x, [x]) }}{{ ui.toast('ok', x) }}", x=NASTY),
    ]
    for text in drawn:
        assert "<script" not in text
        assert all(not any(name.startswith("on") for name in attrs) for _, attrs in Tree(text).elements)


def test_only_one_step_is_filled_and_a_closed_one_says_what_is_missing() -> None:
    steps = [
        {"name": "submit", "label": "Submit", "open": False, "href": "", "who": ["Ruth"], "primary": True,
         "unmet": [{"message": "A fact is missing.", "href": "/d#facts", "label": "To the facts"}]},
        {"name": "open", "label": "Open", "open": True, "href": "/open", "primary": True},
        {"name": "widen", "label": "Widen", "open": True, "href": "/widen", "primary": True},
    ]  # fmt: skip
    text = say("{{ ui.step_buttons(steps) }}", steps=steps)
    assert text.count('class="b go"') == 1
    assert '<a class="b go" href="/open">' in text
    assert "#i-lock" in text
    assert 'A fact is missing.</span> <a href="/d#facts">To the facts</a>' in text
    assert "Ruth" in text


def test_steps_and_fields_may_be_objects_and_lack_what_is_optional() -> None:
    step = SimpleNamespace(name="open", label="Open", open=True, href="/open")
    assert "b go" not in say("{{ ui.step_buttons([s]) }}", s=step)
    field = SimpleNamespace(name="why", label="Why", kind="textarea", value=None, options=[], required=True)
    assert 'aria-required="true"' in say("{{ ui.field(f) }}", f=field)
    assert "(optional)" not in say("{{ ui.field(f) }}", f=field)


def test_a_form_carries_its_token_version_and_key_and_its_words_come_back() -> None:
    field = {"name": "title", "label": "Title", "kind": "text", "value": "Scan <it>", "max_length": 9, "error": "Long."}
    text = say("{{ ui.form('/l', 'tok', [f], 'Send', 7, 'once') }}", f=field)
    tree = Tree(text)
    sent = {attrs["name"]: attrs.get("value") for tag, attrs in tree.elements if tag == "input"}
    assert sent == {"csrf_token": "tok", "version": "7", "form_key": "once", "title": "Scan <it>"}
    title = next(attrs for _, attrs in tree.elements if attrs.get("name") == "title")
    assert title["aria-invalid"] == "true"
    assert title["aria-describedby"] == "f-title-error f-title-count"
    assert "maxlength" not in title  # a long text is counted, never cut
    assert 'href="#f-title"' in text


def test_a_password_is_never_written_back() -> None:
    field = {"name": "p", "label": "Password", "kind": "password", "value": "open sesame"}
    assert "sesame" not in say("{{ ui.field(f) }}", f=field)


def test_a_form_with_a_file_is_sent_in_parts() -> None:
    source = "{{ ui.form('/a', 'c', [{'name': 'f', 'label': 'F', 'kind': kind}], 'Send') }}"
    assert "multipart/form-data" in say(source, kind="file")
    assert "multipart" not in say(source, kind="text")


def test_a_date_offers_working_days_and_ticks_the_one_chosen() -> None:
    days = [{"value": "2026-11-26", "label": "3", "note": "26.11"}, {"value": "2026-12-02", "label": "7"}]
    field = {"name": "due_on", "label": "Due", "kind": "date", "value": "2026-12-02", "chips": days}
    chips = [a for t, a in Tree(say("{{ ui.field(f) }}", f=field)).elements if a.get("name") == "due_on__chip"]
    assert [("checked" in a, a["value"]) for a in chips] == [(False, "2026-11-26"), (True, "2026-12-02")]


def test_an_empty_card_field_leaves_no_heading() -> None:
    text = say("{{ ui.card({'direction': 'do', 'direction_word': 'Do', 'title': 'Scan'}) }}")
    assert "<h3" not in text
    assert "What we do" in say("{{ ui.card({'direction': 'do', 'direction_word': 'Do', 'title': 'Scan'}, live=true) }}")


def test_a_lesson_keeps_its_own_direction_on_a_page_of_the_other() -> None:
    card = {"direction": "do", "direction_word": "Do", "title": "סורקים", "lang": "he", "dir": "rtl"}
    text = say("{{ ui.card(card) }}", card=card)
    assert '<h2 class="one" lang="he" dir="rtl">' in text


def test_a_shape_that_a_macro_names_is_drawn_in_the_sprite() -> None:
    drawn = set(re.findall(r'id="i-(\w+)"', (LESSONS / "templates/macros/sprite.html").read_text("utf-8")))
    used = {href[3:] for href in Tree(style_page("en")).having("href") if href.startswith("#i-")}
    assert used - drawn == set()
    assert drawn - used == set()


def test_signed_out_the_bar_offers_the_language_and_nothing_of_the_inside() -> None:
    given = page("en", me=None, nav=[], toasts=[])
    text = environment("en").from_string('{% extends "base.html" %}').render(page=given)
    assert "/?lang=en" in text
    assert "/out" not in text
    assert "data-search" not in text
