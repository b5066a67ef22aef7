"""Who may see and do what: actors, their relations to rows, what is visible, and the facts that guards look at."""

from lessons.access.actor import ANONYMOUS, OPERATOR, SYSTEM, Actor, Tree, actor_of, tree
from lessons.access.audience import audience_people
from lessons.access.facts import facts
from lessons.access.visible import can_see, visible_to

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
