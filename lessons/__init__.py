"""Lessons learned that stay learned: debriefs, lessons, actions, procedures, briefings and their verification."""

import gc

__version__ = "0.1.0"

# Python looks for rings of objects that nobody holds after every 700 new ones. We make few rings and many objects that
# stay (tables, forms, templates): a tenth of the work on pages, and a little of every start, went into looking in vain.
gc.set_threshold(20_000, 20, 20)
