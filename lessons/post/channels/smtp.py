"""The only module that speaks SMTP: one connection for a run of letters, encrypted where the server offers it."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.headerregistry import Address, HeaderRegistry, UnstructuredHeader
from email.message import EmailMessage
from email.policy import SMTP, EmailPolicy
from email.utils import format_datetime, parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

from lessons.post import stopping
from lessons.post.channels import AddressRefused, Deferred, Refused, Unreachable
from lessons.settings import Settings, is_loopback

TIMEOUT_SECONDS = 20
PERMANENT = 500
HEADERS = HeaderRegistry()
POLICY = SMTP.clone(header_factory=HEADERS)
CUTS = 3


class Smtp:
    """A mail server, at smtp://[user:password@]host[:port] or smtps://…"""

    def __init__(self, settings: Settings) -> None:
        self._at = urlsplit(settings.mail_url)
        self._from = settings.mail_from
        self._settings = settings
        self._name = settings.organisation
        self._server: smtplib.SMTP | None = None
        self._cuts = 0

    def send(self, letter: Any, *, at: datetime, ours: Callable[[], bool]) -> None:
        message = self._message(letter, at)
        server = self._connected()
        try:
            self._hand_over(server, letter.to_address, message, ours)
        except (OSError, smtplib.SMTPServerDisconnected) as error:
            self.close()
            self._cuts += 1
            # one cut is this letter's bad luck, three in a row are the server's
            kind = Unreachable if self._cuts >= CUTS else Deferred
            raise kind(f"{type(error).__name__}: {error}") from error
        self._cuts = 0

    def close(self) -> None:
        server, self._server = self._server, None
        if server is not None:
            try:
                server.quit()
            except (OSError, smtplib.SMTPException):
                server.close()

    def _message(self, letter: Any, at: datetime) -> bytes:
        try:
            stop = stopping.address(self._settings, letter)
            return message(letter, at, sender=self._from, name=self._name, stop=stop).as_bytes()
        except (ValueError, IndexError, UnicodeError) as error:
            raise AddressRefused(f"no letter can be addressed to {letter.to_address!r}: {error}") from error

    def _hand_over(self, server: smtplib.SMTP, to: str, content: bytes, ours: Callable[[], bool]) -> None:
        answered(server.mail(parseaddr(self._from)[1]), refusal=Unreachable)  # it takes no letter from us at all
        try:
            answered(server.rcpt(to), refusal=AddressRefused)
            _still(ours)
            answered(_data(server, content), refusal=Refused)
        except (Deferred, Refused):
            server.rset()
            raise
        except UnicodeEncodeError as error:
            server.rset()
            raise AddressRefused(f"the server takes no address such as {to!r}") from error

    def _connected(self) -> smtplib.SMTP:
        if self._server is not None:
            return self._server
        try:
            self._server = self._open()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(f"{self._at.hostname}: {type(error).__name__}: {error}") from error
        return self._server

    def _open(self) -> smtplib.SMTP:
        host, inside = self._at.hostname or "localhost", is_loopback(self._at.hostname or "localhost")
        context = ssl.create_default_context()
        if inside:  # a server on this very machine has a certificate for another name
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        server: smtplib.SMTP
        if self._at.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, self._at.port or 465, timeout=TIMEOUT_SECONDS, context=context)
        else:
            server = smtplib.SMTP(host, self._at.port or 25, timeout=TIMEOUT_SECONDS)
        try:
            self._greet(server, context, inside)
        except BaseException:
            server.close()
            raise
        return server

    def _greet(self, server: smtplib.SMTP, context: ssl.SSLContext, inside: bool) -> None:
        server.ehlo_or_helo_if_needed()
        encrypted = self._at.scheme == "smtps"
        if not encrypted and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
            encrypted = True
        if self._at.username:
            if not (encrypted or inside):
                raise smtplib.SMTPNotSupportedError("no encryption is offered, and no password goes out in the open")
            server.login(unquote(self._at.username), unquote(self._at.password or ""))


def _data(server: smtplib.SMTP, content: bytes) -> tuple[int, bytes]:
    try:
        return server.data(content)
    except smtplib.SMTPDataError as error:  # its answer to DATA itself, before the content
        return error.smtp_code, error.smtp_error if isinstance(error.smtp_error, bytes) else error.smtp_error.encode()


def _still(ours: Callable[[], bool]) -> None:
    if not ours():
        raise Deferred("somebody else claimed it")


def answered(answer: tuple[int, bytes], *, refusal: type[Exception]) -> None:
    """Go on after a yes. A permanent no raises `refusal`, any other Deferred."""
    code, text = answer
    if 200 <= code < 300:
        return
    words = f"{code} {text.decode('utf-8', 'replace')}"
    if code == 421:
        raise smtplib.SMTPServerDisconnected(words)
    raise refusal(words) if code >= PERMANENT else Deferred(words)


class _Whole(UnstructuredHeader):
    """An address is never broken, nor written in other signs: the library does both with what is longer than a line."""

    def fold(self, *, policy: EmailPolicy) -> str:
        return f"{self.name}: {self}{policy.linesep}"


HEADERS.map_to_type("List-Unsubscribe", _Whole)


def message(letter: Any, at: datetime, *, sender: str, name: str = "", stop: str = "") -> EmailMessage:
    """The letter as mail: text and HTML, never answered by machines, one record's letters kept together. `stop` is
    where mail readers ask for fewer of its kind."""
    mail = EmailMessage(policy=POLICY)
    own_name, address = parseaddr(sender)
    mail["From"] = Address(display_name=own_name or name, addr_spec=address)
    mail["To"] = Address(addr_spec=letter.to_address)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(at)
    mail["Message-ID"] = letter.message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["Content-Language"] = letter.lang
    if letter.thread:
        mail["In-Reply-To"] = letter.thread
        mail["References"] = letter.thread
    if stop:
        mail["List-Unsubscribe"] = f"<{stop}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    mail.set_content(letter.text, cte="base64")
    mail.add_alternative(letter.html, subtype="html", cte="base64")
    return mail
