"""The only module that reads the environment. Missing or wrong settings are all named in one message."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

LOCALES = ("he", "en")


class SettingsError(Exception):
    """Every wrong setting, one a line."""


@dataclass(frozen=True)
class Settings:
    """What an installation chose. Folders are created when first used."""

    database_url: str
    data_dir: Path
    secret_key: str = ""
    base_url: str = "http://127.0.0.1:8000"
    mail_url: str = ""
    mail_from: str = "lessons@localhost"
    timezone: str = "Asia/Jerusalem"
    locale: str = "he"
    policy: Path | None = None
    demo: bool = False
    allow_clock: bool = False
    trusted_proxies: int = 0
    organisation: str = ""
    synchronous: str = "FULL"
    api_writes: int = 600
    api_reads: int = 6000

    @cached_property
    def secret(self) -> bytes:
        """The installation's key; made once in the data folder where none was given."""
        if self.secret_key:
            return self.secret_key.encode()
        path = self.data_dir / "secret.key"
        if not path.exists():
            self.data_dir.mkdir(parents=True, exist_ok=True)
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(os.urandom(32).hex())
            try:
                os.link(fresh, path)
            except FileExistsError:
                pass
            fresh.unlink()
        return path.read_text().strip().encode()

    @property
    def base_is_loopback(self) -> bool:
        return is_loopback(urlsplit(self.base_url).hostname or "")


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def load(environ: dict[str, str] | None = None) -> Settings:
    """Settings from LESSONS_…; secrets also as NAME_FILE. Raises SettingsError naming everything that is wrong."""
    given = dict(os.environ if environ is None else environ)
    faults: list[str] = []

    def text(name: str, default: str = "") -> str:
        path = given.get(f"LESSONS_{name}_FILE")
        if path:
            try:
                return Path(path).read_text().strip()
            except OSError as error:
                faults.append(f"LESSONS_{name}_FILE: {path}: {error.strerror}")
        return given.get(f"LESSONS_{name}", default).strip()

    def flag(name: str) -> bool:
        value = text(name, "0")
        if value not in ("0", "1", ""):
            faults.append(f"LESSONS_{name}: 0 or 1, not {value!r}")
        return value == "1"

    def number(name: str, default: int) -> int:
        value = text(name, str(default))
        if not (value.isascii() and value.isdigit()):
            faults.append(f"LESSONS_{name}: how many a minute, a number, not {value!r}")
            return default
        return int(value)

    data = Path(text("DATA_DIR", "var")).absolute()
    proxies = text("TRUSTED_PROXIES", "0")
    if not proxies.isdigit():
        faults.append(f"LESSONS_TRUSTED_PROXIES: how many proxies stand in front, a number, not {proxies!r}")
    settings = Settings(
        database_url=text("DATABASE_URL") or f"sqlite:///{data / 'lessons.db'}",
        data_dir=data,
        secret_key=text("SECRET_KEY"),
        base_url=text("BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        mail_url=text("MAIL_URL"),
        mail_from=text("MAIL_FROM", "lessons@localhost"),
        timezone=text("TIMEZONE", "Asia/Jerusalem"),
        locale=text("LOCALE", "he"),
        policy=Path(text("POLICY")) if text("POLICY") else None,
        demo=flag("DEMO"),
        allow_clock=flag("ALLOW_CLOCK"),
        trusted_proxies=int(proxies) if proxies.isdigit() else 0,
        organisation=text("ORGANISATION"),
        synchronous=text("SYNCHRONOUS", "FULL").upper(),
        api_writes=number("API_WRITES", 600),
        api_reads=number("API_READS", 6000),
    )
    faults += _faults(settings)
    if faults:
        raise SettingsError("\n".join(faults))
    return settings


def _faults(settings: Settings) -> list[str]:
    faults = []
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        faults.append("LESSONS_DATABASE_URL: sqlite:///FILE or postgresql+psycopg://…")
    base = urlsplit(settings.base_url)
    if base.scheme not in ("http", "https") or not base.hostname:
        faults.append("LESSONS_BASE_URL: an address such as https://lessons.example")
    elif base.scheme == "http" and not settings.base_is_loopback:
        faults.append("LESSONS_BASE_URL: plain http works on this machine only; sign-in cookies need https elsewhere")
    if settings.mail_url and urlsplit(settings.mail_url).scheme not in ("smtp", "smtps"):
        faults.append("LESSONS_MAIL_URL: smtp://host:port or smtps://host:port")
    try:
        ZoneInfo(settings.timezone)
    except (KeyError, ValueError, OSError):
        faults.append(f"LESSONS_TIMEZONE: no time zone is called {settings.timezone!r}")
    if settings.locale not in LOCALES:
        faults.append(f"LESSONS_LOCALE: {' or '.join(LOCALES)}")
    if settings.policy and not settings.policy.is_file():
        faults.append(f"LESSONS_POLICY: {settings.policy} is not there")
    if settings.synchronous not in ("FULL", "NORMAL", "OFF"):
        faults.append("LESSONS_SYNCHRONOUS: FULL or NORMAL")
    return faults
