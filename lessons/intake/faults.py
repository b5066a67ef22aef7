"""What cannot be taken, and where. Readers note it here; `report` finds the words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """What cannot be taken, or was not understood, and where: `row` as a spreadsheet counts (the first is 1; in a text
    its line; 0 where the whole file is meant), `column` by its name or, in a file that is no table yet, by its place in
    the line, `sheet` where there are several."""

    kind: str
    row: int
    column: str = ""
    found: str = ""
    sheet: str = ""


class Unreadable(Exception):
    """The file as a whole cannot be taken."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.kind}, row {fault.row} {fault.column} {fault.found}".strip())
        self.fault = fault


def refuse(kind: str, found: object = "", row: int = 0, **place: str) -> Unreadable:
    """The refusal of a whole file, to be raised."""
    return Unreadable(Fault(kind, row, found=str(found)[:200], **place))
