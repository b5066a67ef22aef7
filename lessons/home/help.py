"""Help: for every page a few sentences, on one page, reached from the same place of each."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lessons import web
from lessons.i18n import Word, say

blueprint = Blueprint("help", __name__)
# by the first part of a page's address
PAGES = {
    "": (
        say("My day"),
        say("Here is what waits for you, soonest first. The button beside each line takes the next step; an action is "
            "reported done, or given another date, without leaving the page."),
        say("Beneath each action stands what it is for. What you asked of others stands below."),
    ),
    "report": (
        say("Report an event"),
        say("One sentence about what happened is enough. Say whether it went well or wrong; everything else can be "
            "left out."),
        say("Within two working days somebody decides whether it is looked into, and you hear of it. Without a name, "
            "the code you are shown is the only way to follow it."),
    ),
    "debriefs": (
        say("Debriefs"),
        say("A debrief asks what happened, why, and what should be done differently. It does not look for somebody to "
            "blame: texts name roles and not people."),
        say("What is still missing before it can be sent for review stands beside it, each line with its way there. "
            "Four lines after a shift are a debrief too."),
    ),
    "lessons": (
        say("Insight repository"),
        say("A lesson is one sentence about what to do, not to do, or keep doing. It has one owner, and a check that "
            "shows whether it worked."),
        say("A lesson’s page tells it as one story: what happened, why, what is done, who has read, what was before "
            "and what after. Search takes words as they are said, and codes."),
    ),
    "actions": (
        say("Actions"),
        say("An action has one owner, one date, and a sentence that says when it is done. Something that shows it – a "
            "photo, a link, at minor or medium severity a note – goes with the report that it is done."),
        say("Somebody else confirms it. Whoever cannot keep the date asks for another one; the first one stays known."),
    ),
    "procedures": (
        say("Procedures"),
        say("A procedure changes by revisions: what is new is marked word by word, somebody else approves it, and on "
            "its day it comes into force and is brought to those it is meant for."),
        say("What was in force on an earlier day is shown by that day."),
    ),
    "briefings": (
        say("Briefings"),
        say("A briefing brings a lesson or a procedure to people and counts who has read it. Nobody is mailed about "
            "reading; the desk tells them."),
    ),
    "verifications": (
        Word("nouns", "verifications"),
        say("After a watch somebody who had no hand in it says whether it worked: the same number, before and after. "
            "Other things may have changed too, and that is said."),
    ),
    "desk": (
        say("Desk"),
        say("Type what the customer says. The card on top is read in thirty seconds: when it applies, what is done, "
            "what is said."),
        say("The word beside its direction says how far it can be relied on."),
        say("A shift opens with what changed since your last one; “read and understood” is said once for all of it. "
            "What is urgent comes up by itself, until it was read."),
    ),
    "news": (
        say("News"),
        say("What changes today, the topic in focus and what competitors offer, each until its day. Whoever saw an "
            "offer reports it; once a second person saw it too, every desk has it."),
        say("Editors see by unit who has read what, and remind the rest with one button: it comes up on their desks."),
    ),
    "sentences": (
        say("Sentences that work"),
        say("What calmed a customer or closed a call, in the words it was said in. Whoever found a sentence offers it; "
            "within three working days it is kept, or its author hears why not."),
        say("Whoever it helped says so with one press, and can take that back; nobody sees who did. What helped most "
            "people in the last 90 days stands first, then the newest."),
    ),
    "basics": (
        say("The first 30 days"),
        say("Whoever is new reads these cards in their order, on the front of the desk. Team leaders see how far each "
            "of theirs is."),
    ),
    "bench": (
        say("For decision"),
        say("Proposed lessons wait here, with the lessons they resemble. Each is adopted, brought together with one of "
            "those, or not adopted with a reason that whoever wrote it reads."),
        say("Before a decision whoever wrote it can be asked; the answer stands beside the decision. Several that are "
            "decided alike are decided together, after it was shown what becomes of each."),
    ),
    "managers": (
        say("For managers"),
        say("Where it is stuck, by step and by whom it waits for – in alphabetical order, never as a ranking. The two "
            "measures say how long it takes from an event to the desk, and how many lessons proved themselves."),
        say("A view can be kept under a name and passed on, and the list is there as plain text for the meeting."),
    ),
    "account": (
        say("My account"),
        say("Language, the hour of the daily mail, days away and who stands in, the password, and where you are signed "
            "in."),
    ),
    "admin": (
        say("Administration"),
        say("People, units, roles, absences, topics, and what an inquiry asks. Whoever administers sees no content "
            "that is not open to them anyway."),
        say("Under words this place’s own names for things replace the product’s, on every page and in every letter."),
        say("Under roles it stands which role nobody has; the last page says of each part of the system whether it "
            "works, and what to do where it does not."),
        say("Before somebody’s leaving is recorded it is shown what goes to whom."),
    ),
}  # fmt: skip


@blueprint.get("/help")
def index() -> ResponseReturnValue:
    sections = [
        {"id": name or "day", "title": web.spoken(title), "lines": lines} for name, (title, *lines) in PAGES.items()
    ]
    return web.show("home/help.html", title=say("Help"), sections=sections)
