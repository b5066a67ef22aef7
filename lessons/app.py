"""The only wiring: settings in, rooms registered, an application out."""

from __future__ import annotations

import logging
from datetime import timedelta
from importlib import import_module

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from lessons import db, logs, long_work, settings
from lessons.desk import popups
from lessons.web import bodies, frame, guards, headers, refusals, speech
from lessons.workflow.policy import Policy

LOG = logging.getLogger("lessons.app")
COOKIE = "__Host-lessons-page"
STATIC_KEPT = timedelta(hours=1)
# every module here exports `blueprint`
ROOMS = (
    "lessons.people.pages",
    "lessons.people.account",
    "lessons.people.second_pages",
    "lessons.people.provider_pages",
    "lessons.people.passkey_pages",
    "lessons.people.admin",
    "lessons.people.erasing_pages",
    "lessons.people.units",
    "lessons.people.number_pages",
    "lessons.people.calendar_pages",
    "lessons.people.roles",
    "lessons.people.synonym_pages",
    "lessons.people.word_pages",
    "lessons.people.many_pages",
    "lessons.home.pages",
    "lessons.home.notices",
    "lessons.home.help",
    "lessons.home.managers",
    "lessons.home.ahead_pages",
    "lessons.home.calendars",
    "lessons.home.several",
    "lessons.home.bench",
    "lessons.home.imports",
    "lessons.home.many",
    "lessons.home.told_pages",
    "lessons.home.outbox",
    "lessons.home.less_mail",
    "lessons.home.health_pages",
    "lessons.home.privacy_pages",
    "lessons.home.security_pages",
    "lessons.home.accessibility",
    "lessons.home.webhook_pages",
    "lessons.home.process",
    "lessons.home.promises",
    "lessons.home.rights",
    "lessons.jobs.pages",
    "lessons.debriefs.pages",
    "lessons.debriefs.question_pages",
    "lessons.repository.pages",
    "lessons.repository.recorded",
    "lessons.doors.topic_pages",
    "lessons.actions.pages",
    "lessons.procedures.pages",
    "lessons.briefings.pages",
    "lessons.news.pages",
    "lessons.questions.pages",
    "lessons.sentences.pages",
    "lessons.verifications.pages",
    "lessons.cases.pages",
    "lessons.cases.place_pages",
    "lessons.desk.pages",
    "lessons.desk.embed",
    "lessons.demo.crm",
    "lessons.desk.front_pages",
    "lessons.desk.search_pages",
    "lessons.doors.presence",
    "lessons.doors.deck_pages",
    "lessons.doors.pages",
    "lessons.doors.file_pages",
    "lessons.doors.taken_pages",
    "lessons.doors.api",
)


def create_app(given: settings.Settings | None = None) -> Flask:
    """The application on the installation's settings, or on these. Raises SettingsError, also for its numbers."""
    chosen = given or settings.load()
    Policy.check(chosen.policy)
    logs.start()
    for warning in [] if given else settings.warnings():
        LOG.warning(warning)
    db.start(chosen)
    app = Flask("lessons", static_folder="static", template_folder="templates")
    _configure(app, chosen)
    speech.teach(app.jinja_env)
    app.before_request(headers.number)
    app.before_request(bodies.check_size)
    app.before_request(bodies.check_address)
    app.before_request(speech.choose)
    app.before_request(guards.check)
    app.after_request(headers.dress)
    refusals.register(app)
    app.register_blueprint(frame.blueprint)
    for room in ROOMS:
        app.register_blueprint(import_module(room).blueprint)
    app.wsgi_app = popups.answering(app.wsgi_app)  # type: ignore[method-assign, assignment]
    app.extensions["lessons.jobs"] = long_work.KINDS
    app.extensions["lessons.paths"] = frozenset(rule.rule for rule in app.url_map.iter_rules())
    return app


def _configure(app: Flask, chosen: settings.Settings) -> None:
    app.config |= {
        "SECRET_KEY": chosen.secret,
        "MAX_CONTENT_LENGTH": bodies.BODY,
        "MAX_FORM_MEMORY_SIZE": bodies.FORM,
        "MAX_FORM_PARTS": bodies.FIELDS,
        "SEND_FILE_MAX_AGE_DEFAULT": STATIC_KEPT,
        "SESSION_COOKIE_NAME": COOKIE,
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
    }
    app.url_map.strict_slashes = False
    if chosen.trusted_proxies:
        hops = chosen.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
