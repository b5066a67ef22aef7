"""The one door through which every record changes: may I, guards, state, event, duties, notices – one transaction."""

from lessons.steps.door import amend, hand_over, make, make_all, ready, settle_duties, take, wait_for
from lessons.steps.offers import Offer, can_edit, offers, who_could

__all__ = [
    "Offer",
    "amend",
    "can_edit",
    "hand_over",
    "make",
    "make_all",
    "offers",
    "ready",
    "settle_duties",
    "take",
    "wait_for",
    "who_could",
]
