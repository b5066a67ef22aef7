"""Ways to carry a letter; each is one file. What can go wrong has three names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Protocol


class Unreachable(Exception):
    """The server cannot be used now, by any letter: wait, then try again."""


class Deferred(Exception):
    """This letter cannot be taken now: try it again later."""


class Refused(Exception):
    """This letter will never be taken: trying again changes nothing."""


class AddressRefused(Refused):
    """No letter to this address will ever be taken."""


class Channel(Protocol):
    """Carries one letter. `ours` is asked at the last moment: whether the claim still holds."""

    def send(self, letter: Any, *, at: datetime, ours: Callable[[], bool]) -> None:
        """Return when it was taken over. Raises Unreachable, Deferred, Refused."""
        ...

    def close(self) -> None: ...
