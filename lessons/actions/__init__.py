"""The room of action items: one owner, one date, one sentence of "done when", and somebody else who confirms it."""
