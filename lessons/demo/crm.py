"""A CRM of its own making, in the demo alone: a ticket of an internet and television provider with our frame beside it.

What a real CRM's server does – ask for a token in the agent's name – is done here by the page itself.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, make_response, render_template
from flask.typing import ResponseReturnValue

from lessons import db, web
from lessons.cases.documentation import CHANNELS
from lessons.errors import NotFound
from lessons.i18n import Sentence, direction, say
from lessons.models.base import random_id
from lessons.web import answers, framed, headers, sheet
from lessons.web.refusals import NOTHING_HERE

blueprint = Blueprint("crm", __name__, url_prefix="/demo/crm")
STORIES: tuple[tuple[Sentence, str], ...] = (
    (say("Returned converter"), "החזרתי את הממיר בדוכן לפני שבועיים, ובחשבון החדש שוב מופיע חיוב על ציוד שלא הוחזר."),
    (say("Missing discount"), "בשיחת השימור הבטיחו לי הנחה לחצי שנה, ובחשבון חויבתי במחיר מלא. ההטבה לא הוזנה."),
    (
        say("Moved four times"),
        "העבירו אותי כבר ארבע פעמים בין מחלקות, ובכל פעם סיפרתי הכול מההתחלה. די, לבטל.",
    ),
    (say("Leaving already"), "סגרתי עם חברה אחרת, ההתקנה אצלם ביום שלישי. מתי מנתקים אותי אצלכם?"),
)


@blueprint.before_request
def check() -> None:
    """It is there in a demo alone. Raises NotFound."""
    if not db.settings().demo:
        raise NotFound(NOTHING_HERE)


@blueprint.get("")
def ticket() -> ResponseReturnValue:
    chosen = web.locale()
    page = {"locale": chosen, "dir": direction(chosen), "nonce": answers.nonce(), "sheet": f"/{sheet.name()}"}
    answer = make_response(
        render_template(
            "demo/crm.html",
            page=page,
            number=f"T-{random_id(6).upper()}",
            agent=web.name_of(web.actor().person),
            frame=f"{db.settings().base_url}{framed.UNDER}suggest?lang={chosen}",
            origin=db.settings().base_url,
            channels=[{"value": value, "label": web.spoken(label)} for value, label in CHANNELS.items()],
            stories=[{"label": web.spoken(label), "text": text} for label, text in STORIES],
        )
    )
    policy = headers.POLICY.format(nonce=answers.nonce(), ancestors="'none'")
    answer.headers["Content-Security-Policy"] = f"{policy}; frame-src {db.settings().base_url}"
    return answer


@blueprint.get("/token")
def token() -> ResponseReturnValue:
    """What the CRM's server would ask `POST /api/v1/embed/sessions` for, in the name of whoever is signed in."""
    told: dict[str, Any] = {}
    person = web.actor().person
    if person is not None:
        told["token"], _ = framed.token(person.pid, db.settings().base_url, at=web.moment())
    answer = jsonify(told)
    answer.headers["Cache-Control"] = "no-store"
    return answer
