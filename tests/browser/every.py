"""Every page of the product, by whoever uses it, in both languages: at a desk, on a phone, in the dark, on paper."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.camera import LANGUAGES, Look, open_page, take, window

LOOKS = {
    "desktop": Look(),
    "phone": Look(390),
    "dark": Look(colours="dark"),
    "print": Look(718, media="print"),
}
PAGES = (
    # who, name, path
    ("", "sign-in", "/sign-in"),
    ("", "track", "/track"),
    ("", "accessibility", "/accessibility"),
    ("אבי", "agent-day", "/"),
    ("אבי", "desk", "/desk"),
    ("אבי", "desk-found", "/desk?q=החזר ממיר"),
    ("אבי", "desk-nothing", "/desk?q=זברה"),
    ("אבי", "sentences", "/sentences"),
    ("אבי", "sentence", "/sentences>"),
    ("אבי", "sentence-new", "/sentences/new"),
    ("אבי", "search", "/search?q=החזר"),
    ("אבי", "card", "/lessons?state=verified>card"),
    ("אבי", "report", "/report"),
    ("אבי", "nowhere", "/nowhere"),
    ("אבי", "not-yours", "/managers"),
    ("יוסי", "my-day", "/"),
    ("יוסי", "my-day-done", "/@main a[href*='report_done']"),
    ("יוסי", "my-day-later", "/@main a[href*='ask_extension']"),
    ("יוסי", "several", "/actions/several"),
    ("יוסי", "actions", "/actions"),
    ("יוסי", "action", "/actions>"),
    ("יוסי", "notices", "/notices"),
    ("יוסי", "account", "/account"),
    ("דנה", "quick", "/debriefs/quick"),
    ("דנה", "debriefs", "/debriefs"),
    ("דנה", "debrief-investigating", "/debriefs?state=investigating>"),
    ("דנה", "debrief-edit", "/debriefs?state=investigating>edit"),
    ("דנה", "debrief-fact", "/debriefs?state=investigating>add/facts"),
    ("דנה", "debrief-submit", "/debriefs?state=investigating>submit"),
    ("דנה", "debrief-closed", "/debriefs?state=closed>"),
    ("דנה", "lesson-new", "/lessons/new"),
    ("נעמי", "bench", "/bench"),
    ("נעמי", "bench-many", "/bench/many"),
    ("נעמי", "bench-stuck", "/bench/stuck"),
    ("נעמי", "bench-ages", "/bench/ages"),
    ("נעמי", "bench-topics", "/bench/topics"),
    ("נעמי", "debrief-reported", "/debriefs?state=reported>"),
    ("נעמי", "debrief-open", "/debriefs?state=reported>open"),
    ("נעמי", "debrief-in-review", "/debriefs?state=in_review>"),
    ("נעמי", "lessons", "/lessons"),
    ("נעמי", "lesson-proposed", "/lessons?state=proposed>"),
    ("נעמי", "lesson-accept", "/lessons?state=proposed>accept"),
    ("נעמי", "lesson-implementing", "/lessons?state=implementing>"),
    ("נעמי", "lesson-verified", "/lessons?state=verified>"),
    ("נעמי", "lesson-assign", "/lessons?state=implementing>assign"),
    ("נעמי", "lesson-recur", "/lessons?state=verified>recur"),
    ("נעמי", "briefings", "/briefings"),
    ("נעמי", "briefing", "/briefings>"),
    ("נעמי", "verifications", "/verifications"),
    ("נעמי", "verification", "/verifications>"),
    ("הילה", "sentences-kept", "/sentences"),
    ("הילה", "procedures", "/procedures"),
    ("הילה", "procedure", "/procedures>"),
    ("הילה", "procedure-new", "/procedures/new"),
    ("הילה", "procedure-draft", "/procedures>draft"),
    ("הילה", "revisions", "/revisions"),
    ("הילה", "revision", "/revisions>"),
    ("דנה", "revision-edit", "/revisions?state=drafting>edit"),
    ("אילן", "managers", "/managers"),
    ("אילן", "managers-all", "/managers?show=all"),
    ("אילן", "managers-ahead", "/managers/ahead"),
    ("מאיה", "people", "/admin/people"),
    ("מאיה", "person", "/admin/people>"),
    ("מאיה", "people-many", "/admin/people/many"),
    ("מאיה", "units", "/admin/units"),
    ("מאיה", "unit", "/admin/units>"),
    ("מאיה", "unit-numbers", "/admin/units>numbers"),
    ("מאיה", "unit-calendar", "/admin/units>calendar"),
    ("מאיה", "roles", "/admin/roles"),
    ("מאיה", "topics", "/admin/topics"),
    ("מאיה", "words", "/admin/words"),
    ("מאיה", "word", "/admin/words@main table a"),
    ("מאיה", "health", "/admin/health"),
    ("מאיה", "security", "/admin/security"),
    ("מאיה", "privacy", "/admin/privacy"),
    ("מאיה", "absences", "/admin/absences"),
    ("מאיה", "questions", "/admin/questions"),
    ("מאיה", "style", "/admin/style"),
    ("מאיה", "letters", "/outbox"),
    ("מאיה", "letter", "/outbox>"),
    ("מאיה", "help", "/help"),
    ("מאיה", "process", "/process"),
    ("מאיה", "reminders", "/process/reminders"),
    ("מאיה", "rights", "/process/rights"),
    ("מאיה", "for-programs", "/api/docs"),
)  # fmt: skip


def taken(chromium: Browser, address: str, folder: Path) -> None:
    """Pictures of all of them, and one page `index.html` that shows them side by side."""
    for language in LANGUAGES:
        for who, pages in groupby(PAGES, key=lambda one: one[0]):
            page = window(chromium, address, who, language)
            for _, name, path in pages:
                _in_every_look(page, path, folder / f"{name}-{language}")
            page.context.close()
    (folder / "index.html").write_text(_side_by_side(), encoding="utf-8")


def _in_every_look(page: Page, path: str, place: Path) -> None:
    page.emulate_media(media="screen", color_scheme="light")
    page.set_viewport_size({"width": 1280, "height": 900})
    open_page(page, path)
    for look, how in LOOKS.items():
        take(page, how, place.with_name(f"{place.name}-{look}.png"))


def _side_by_side() -> str:
    style = "img { height: 24rem; max-width: 24rem; object-fit: cover; object-position: top; border: 1px solid gray }"
    rows = (f"<h2>{name} <small>{path}</small></h2><p>{''.join(_pictures_of(name))}</p>" for _, name, path in PAGES)
    return f'<!doctype html><meta charset="utf-8"><style>{style}</style>\n' + "\n".join(rows)


def _pictures_of(name: str) -> Iterator[str]:
    for look in LOOKS:
        for language in LANGUAGES:
            file = f"{name}-{language}-{look}.png"
            yield f'<a href="{file}"><img loading="lazy" alt="{file}" src="{file}"></a> '
