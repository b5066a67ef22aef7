"""Why a file as a whole is not taken, and what was noted while one was read: a sentence for each kind of fault."""

from __future__ import annotations

from lessons.i18n import Sentence, say

WHOLE: dict[str, Sentence] = {
    "empty": say("The file is empty."),
    "too_big": say("The file is larger than %(found)s MB."),
    "broken": say("The file is damaged and cannot be opened."),
    "locked": say("The file is locked with a password. A copy without one can be read."),
    "macros": say("The file carries programs (macros). A copy without them can be read."),
    "entities": say("The file defines entities, which may reach outside it; documents need none. It was not opened."),
    "bomb": say("The file is packed far more tightly than documents are. It was not opened."),
    "expands": say("Unpacked, the file would be larger than 100 MB. It was not opened."),
    "entries": say("The file is packed from more than %(found)s parts. It was not opened."),
    "links": say("In the archive there is a link to another place instead of a file. It was not opened."),
    "nested": say("This is an archive within an archive. Only the outer one is opened."),
    "is_doc": say("This is a Word document of the old kind (doc). Saved as docx it can be read."),
    "is_html": say("This is a web page, not a document."),
    "is_xml": say("This is raw XML, not a document."),
    "is_pdf": say("This is a PDF, from which text cannot be read reliably. The document it was made from can be read."),
    "another_kind": say("Files of this kind (%(found)s) cannot be read. Workbooks (xlsx, xls, ods), tables (csv, tsv), "
                        "Word documents (docx), markdown, plain text and a zip of these can."),
    "lies": say("By its name the file is %(column)s, by its content it is %(found)s. Under its true name it can be "
                "read."),
    "not_text": say("The file holds characters that no text has."),
    "backwards": say("The Hebrew in the file is stored from left to right, as old systems did, so its words are turned "
                     "around. Saved as UTF-8 it can be read."),
    "rows_too_many": say("The table has more than %(found)s rows. In parts it can be read."),
    "columns_too_many": say("The table has more than %(found)s columns."),
    "cells_too_many_in_all": say("The file has more than %(found)s filled cells. In parts it can be read."),
    "report_too_long": say("The text is longer than %(found)s characters. In parts it can be read."),
}  # fmt: skip

NOTED: dict[str, Sentence] = {
    "read_as": say("The letters were read as %(found)s."),
    "no_header": say("No row of known headings was found; the table is kept as it is."),
    "hidden_sheet": say("The sheet is hidden; it was read like the others."),
    "two_people": say("More than one person is named: “%(found)s”. Whose it is remains to be chosen."),
    "status_unknown": say("The state “%(found)s” is not known; it was left open."),
    "severity_unknown": say("The severity “%(found)s” is not known; it counts as medium and is kept as written."),
    "unit_unknown": say(
        "“%(found)s” is neither the unit that is imported into nor one below it; what names it goes to "
        "that unit, and the name is kept as written."
    ),
    "title_empty": say("The title is empty; the first words of the row stand for it."),
    "day_not_read": say("“%(found)s” was not read as a day."),
    "day_two_ways": say("“%(found)s” could be one of two days. Written year first (2026-03-01) there is one."),
    "actions_in_prose": say("Under “%(found)s” there is running text; it was kept, but not cut into actions."),
    "lessons_in_prose": say("Under “%(found)s” there is running text; it was kept, but not cut into lessons."),
    "left_comments": say("The comments beside the text were not read."),
    "left_footnotes": say("The footnotes were not read."),
    "left_objects": say("The embedded files were not read."),
    "left_pictures": say("The pictures were not read."),
}
