"""Signing in by way of the organisation's own provider: there, and back."""

from __future__ import annotations

import hmac
import logging
import secrets

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from lessons import db, web
from lessons.errors import NotFound
from lessons.i18n import Sentence, say
from lessons.people import entering, half, linked, proof, provider
from lessons.people.pages import FAREWELL
from lessons.people.provider import Account, NotBelieved
from lessons.post.channels.fetching import Unanswered
from lessons.web.refusals import NOTHING_HERE

blueprint = Blueprint("provider", __name__)
LOG = logging.getLogger("lessons.sign_in")
THERE, BACK = "/sign-in/provider", "/sign-in/provider/back"
KIND = "provider"
SAID = ("state", "nonce", "verifier", "since", "onward", "invitation")
"""What is kept of a sign-in that began; one of an older version may lack some of it, and is begun again."""
AWAY = say("Single sign-on does not answer. In a while it may; a password works at any time.")
NO_FAREWELL = say("Single sign-on takes no signing out from here. It is done at the organisation’s own page.")
NOT_DONE = say("Single sign-on was not completed. Please begin again.")


def _back() -> str:
    return db.settings().base_url + BACK


@blueprint.get(THERE)
@web.public
def there() -> ResponseReturnValue:
    """A link and no form: a page of ours sends its forms nowhere else. What begins is no record and soon over. With an
    invitation that another site leads to, the page that says whose it is comes first: an account is connected once."""
    if not db.settings().oidc_issuer:
        raise NotFound(NOTHING_HERE)
    invitation = request.args.get("invitation", "")[:100]
    if invitation and request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return redirect(url_for("people.invitation", token=invitation), 303)
    again = request.args.get("again") == "1"
    said = {
        "state": secrets.token_urlsafe(24), "nonce": secrets.token_urlsafe(24), "verifier": secrets.token_urlsafe(48),
        "since": str(int(web.moment().timestamp())) if again else "0",
        "onward": web.local_path(request.args.get("next")), "invitation": invitation,
    }  # fmt: skip
    try:
        sent = {name: said[name] for name in ("state", "nonce", "verifier")}
        to = provider.address(db.settings(), back=_back(), again=again, **sent)
    except Unanswered as error:
        return _refused(AWAY, str(error))
    with db.transaction() as session:
        begun = half.begin(session, KIND, said=said, at=web.moment())
    return entering.waiting(redirect(to, 303), begun)


@blueprint.get(BACK)
@web.public
def back() -> ResponseReturnValue:
    with db.transaction() as session:
        begun = entering.awaited(session, KIND)
        ours = begun is not None and half.end(session, begun)
    said = begun.said if begun and ours and begun.said.keys() >= {*SAID} else {}
    state, code = request.args.get("state", ""), request.args.get("code", "")
    if not said or not hmac.compare_digest(state.encode("utf-8", "replace"), said["state"].encode()):
        return _refused(NOT_DONE, "state")
    if not code or request.args.get("iss", db.settings().oidc_issuer) != db.settings().oidc_issuer:
        return _refused(NOT_DONE, request.args.get("error", "no code")[:80])
    try:
        account = provider.redeem(
            db.settings(), code[:2000], back=_back(), nonce=said["nonce"], verifier=said["verifier"],
            since=int(said["since"]), at=web.moment(),
        )  # fmt: skip
    except Unanswered as error:
        return _refused(AWAY, str(error))
    except NotBelieved as error:
        return _refused(NOT_DONE, str(error))
    return _known(account, said)


def _known(account: Account, said: dict[str, str], *, again: bool = False) -> ResponseReturnValue:
    try:
        with db.transaction() as session:
            person = linked.person_of(session, account, db.settings(), invitation=said["invitation"], at=web.moment())
            if db.settings().oidc_roles:
                linked.take_roles(session, person, account, db.settings(), at=web.moment())
    except NotFound as refusal:
        return _refused(refusal.message, "unknown account")
    except IntegrityError:  # the same account for the first time in two browsers at one moment: now it is known
        if again:
            raise
        return _known(account, said, again=True)
    return entering.go_on(person, entering.onward(said), KIND if said["since"] == "0" else proof.AGAIN)


@blueprint.get(FAREWELL)
@web.public
def farewell() -> ResponseReturnValue:
    """Out of the provider's own sign-in too, where it takes that; a link, as the way there is."""
    if not db.settings().oidc_issuer:
        raise NotFound(NOTHING_HERE)
    try:
        to = provider.farewell(db.settings(), back=f"{db.settings().base_url}/sign-in")
    except Unanswered as error:
        return _refused(AWAY, str(error))
    return redirect(to, 303) if to else _refused(NO_FAREWELL, "no end_session_endpoint")


def _refused(words: Sentence, why: str) -> ResponseReturnValue:
    LOG.warning("single sign-on was refused: %r", why)
    web.told("wait", words)
    return redirect("/sign-in", 303)
