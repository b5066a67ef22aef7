"""Lessons learned that stay learned: debriefs, lessons, actions, procedures, briefings and their verification."""

__version__ = "0.1.0"
