"""The one judge of addresses that others choose and we call: which host, at which address, and none of our own.

What a name stands for is looked up once, every answer is judged, and the call goes to the very address that was judged:
a name that changes its mind in between changes nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lessons.settings import Network, networks

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Look = Callable[[str, int], Sequence[str]]
LONGEST = 500
THE_WORLD = ipaddress.IPv6Network("2000::/3")
INNER_4IN6 = ipaddress.IPv6Network("64:ff9b::/96")
"""Where a network translates: the last four octets are an address of the old kind."""
UNCLEAR = "no clear address"
INSIDE = "an inner address"
NOT_FOUND = "no such host"
OPEN_TEXT = "not encrypted"


class NotAllowed(ValueError):
    """The address will not be called; its words say why."""


@dataclass(frozen=True)
class Target:
    """Where a call goes: the name for certificate and host header, the address that was judged."""

    scheme: str
    host: str
    port: int
    address: str
    path: str

    @property
    def named(self) -> str:
        """As the host header has it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"https": 443, "http": 80}[self.scheme] else f"{host}:{self.port}"


def looked_up(host: str, port: int) -> Sequence[str]:
    return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]


def target(url: str, *, allow: str = "", look: Look = looked_up) -> Target:
    """Where this address leads. `allow`: inner networks that the operator opens, where plain http may do too. Raises
    NotAllowed where the address is unclear or any of its answers lies inside; OSError where nothing answers."""
    scheme, host, port, path = _parts(url)
    opened = networks(allow)
    try:
        found = [ipaddress.ip_address(one.partition("%")[0]) for one in look(host, port)]
    except UnicodeError as error:
        raise NotAllowed(UNCLEAR) from error
    if not found:
        raise NotAllowed(NOT_FOUND)
    if not all(is_outside(one) or _is_in(one, opened) for one in found):
        raise NotAllowed(INSIDE)
    if scheme == "http" and not all(_is_in(one, opened) for one in found):
        raise NotAllowed(OPEN_TEXT)
    return Target(scheme, host, port, str(found[0]), path)


def _parts(url: str) -> tuple[str, str, int, str]:
    """Scheme, host, port and path. Raises NotAllowed for whatever two readers could read in two ways."""
    if not url.isascii() or not url.isprintable() or len(url) > LONGEST or any(c in url for c in ' \\"<>^`{|}'):
        raise NotAllowed(UNCLEAR)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NotAllowed(UNCLEAR) from error
    host = (parts.hostname or "").rstrip(".")
    if parts.scheme not in ("https", "http") or not host or "@" in parts.netloc or "%" in parts.netloc or port == 0:
        raise NotAllowed(UNCLEAR)
    path = parts.path or "/"
    return (
        parts.scheme,
        host,
        port or {"https": 443, "http": 80}[parts.scheme],
        path + (f"?{parts.query}" * bool(parts.query)),
    )


def is_outside(address: Address) -> bool:
    """Whether it is one of the world's and of no network inside, however it is wrapped."""
    return all(
        one.is_global and not one.is_multicast and not one.is_reserved and (one.version == 4 or one in THE_WORLD)
        for one in _unwrapped(address)
    )


def _unwrapped(address: Address) -> list[Address]:
    """The address, or those that it carries inside."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    inner: list[Address] = [address.sixtofour] if address.sixtofour else [*(address.teredo or ())]
    if address in INNER_4IN6 or int(address) < 2**32:
        return [*inner, ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)]
    return [address, *inner]


def _is_in(address: Address, some: Collection[Network]) -> bool:
    plain = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped else address
    return any(plain in network for network in some)
