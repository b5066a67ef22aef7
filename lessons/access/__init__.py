"""Who may see and do what: actors, their relations to rows, what is visible, and the facts that guards look at."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from lessons.access.actor import ANONYMOUS, OPERATOR, SYSTEM, Actor, Tree, actor_of, tree

if TYPE_CHECKING:
    from lessons.access.audience import audience_people
    from lessons.access.facts import facts
    from lessons.access.visible import can_see, visible_to

# loaded when first asked for: the command line adds a person without looking at any record
_WHERE = {"audience_people": "audience", "facts": "facts", "can_see": "visible", "visible_to": "visible"}

__all__ = [
    "ANONYMOUS",
    "OPERATOR",
    "SYSTEM",
    "Actor",
    "Tree",
    "actor_of",
    "audience_people",
    "can_see",
    "facts",
    "tree",
    "visible_to",
]


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(name)
    found = getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    globals()[name] = found  # importing the module "facts" puts the module in the function's place
    return found
