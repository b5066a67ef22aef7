"""Every step by its name: what pages, the API, the command line and the demo all go through."""

from lessons.doors.ways import Created, add, change, create, find, step

__all__ = ["Created", "add", "change", "create", "find", "step"]
