"""The policy and the calendar in force at a unit, under the name that rooms know them by."""

from lessons.access.numbers import calendar_of, policy_of

__all__ = ["calendar_of", "policy_of"]
