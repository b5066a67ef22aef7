"""One card, one page: what is on it, in which order, and what it never does."""

import io
import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pypdf
import pypdfium2
import pytest
import segno

from exports import card_pdf, fit, signs
from exports.sheet import CardSheet, CardTooLong, Direction
from tests.exports.cards import ALL, ENGLISH, ENGLISH_LABELS, HEBREW, LONG, LONG_HISTORY, SHORT, TOO_LONG
from tests.exports.reading import letters_of, strokes_of, text_of

PRINTED: dict[str, bytes] = {}
AGENTS = ("title", "meanwhile", "applies_when", "say", "avoid", "limits", "transfer_to", "fine_print", "exceptions")


def printed(name: str) -> bytes:
    if name not in PRINTED:
        PRINTED[name] = card_pdf.render(ALL[name])
    return PRINTED[name]


def hebrew_words(text: str) -> set[str]:
    return set(re.findall(r"[א-ת]{2,}", text))


@pytest.mark.parametrize("name", ALL)
def test_a_card_is_one_a4_page_whatever_its_length(name: str) -> None:
    paper = pypdf.PdfReader(io.BytesIO(printed(name)))
    assert len(paper.pages) == 1
    assert [round(side) for side in paper.pages[0].mediabox[2:]] == [595, 842]


@pytest.mark.parametrize("name", ALL)
def test_every_line_of_the_agents_is_whole(name: str) -> None:
    sheet, shown = ALL[name], text_of(printed(name))
    table = " ".join(cell for row in sheet.limits_table for cell in row)
    agents = " ".join([*(getattr(sheet, field) for field in AGENTS), *sheet.steps, table])
    assert hebrew_words(agents) - hebrew_words(shown) == set()
    assert {word for word in re.findall(r"[A-Za-z]{3,}", agents) if word not in shown} == set()
    assert shown.count("אפשר לבדוק.") >= agents.count("אפשר לבדוק.")


@pytest.mark.parametrize("name", ["hebrew", "english", "english labels"])
def test_the_agents_lines_come_first_and_the_history_after(name: str) -> None:
    words, shown = ALL[name].words, text_of(printed(name))
    order = [words.meanwhile, words.applies_when, words.steps, words.say, words.avoid, words.limits]
    order += [words.what_happened, words.why, words.what_changed, words.how_we_know, words.valid_until, words.scan]
    places = [shown.find(word) for word in order]
    assert -1 not in places
    assert places == sorted(places)


def test_what_is_empty_leaves_no_label() -> None:
    shown = text_of(printed("short"))
    assert SHORT.title in shown
    for name, word in asdict(SHORT.words).items():
        assert (word in shown) == (name in {"lesson", "edition", "card_edition", "scan"}), word


def test_a_card_says_where_to_ask_whether_it_still_holds() -> None:
    shown = text_of(printed("hebrew"))
    for said in ("31.5.2027", "23.11.2026", "/c/7K4P", "9f2c41d7", HEBREW.owner, HEBREW.state_word, HEBREW.words.scan):
        assert said in shown


def test_a_code_in_hebrew_is_drawn_from_left_to_right() -> None:
    letters = letters_of(printed("hebrew"))
    row = [letter for letter in letters if letter["text"] in "L-0031" and letter["size"] < 11 and letter["top"] < 100]
    assert "".join(letter["text"] for letter in sorted(row, key=lambda letter: letter["x0"])).startswith("3L-0031")


@pytest.mark.parametrize("name", ["hebrew", "english"])
def test_the_sign_of_a_sum_stands_to_the_left_of_its_number(name: str) -> None:
    """In English because it is written so; in Hebrew because that is after it."""
    letters = letters_of(printed(name))
    sign = next(letter for letter in letters if letter["text"] == "₪")
    beside = [each for each in letters if each["text"].isdigit() and abs(each["bottom"] - sign["bottom"]) < 2]
    assert 0 <= min(each["x0"] - sign["x1"] for each in beside if each["x0"] > sign["x0"]) < 6


@pytest.mark.parametrize(("name", "side"), [("hebrew", "right"), ("english labels", "right"), ("english", "left")])
def test_the_lesson_reads_in_its_own_direction_whatever_the_labels_language(name: str, side: str) -> None:
    title = [letter for letter in letters_of(printed(name)) if letter["size"] > 20 and letter["top"] > 90]
    left, right = min(letter["x0"] for letter in title), max(letter["x1"] for letter in title)
    margin = 16 / 25.4 * 72
    assert abs(right - (595.28 - margin) if side == "right" else left - margin) < 2


def test_labels_stand_where_their_language_begins() -> None:
    for sheet, page_dir, text_dir in ((HEBREW, "rtl", "rtl"), (ENGLISH_LABELS, "ltr", "rtl"), (ENGLISH, "ltr", "ltr")):
        html = card_pdf.markup(sheet, "normal")
        assert f'<html lang="{sheet.lang}" dir="{page_dir}"' in html
        assert f'<h1 lang="{sheet.text_lang}" dir="{text_dir}">' in html


@pytest.mark.parametrize("direction", ["do", "dont", "keep"])
def test_a_direction_is_a_word_and_a_shape_of_its_own(direction: Direction) -> None:
    html = card_pdf.markup(replace(HEBREW, direction=direction, direction_word="כך ולא אחרת"), "normal")
    drawn = [name for name, lines in signs.DIRECTIONS.items() if lines in html]
    assert drawn == [direction]
    assert html.count("כך ולא אחרת") == 2, "once to see, once for whoever has the sign read aloud"


def test_a_state_looks_in_the_hand_as_it_looks_on_the_desk() -> None:
    sprite = (Path(__file__).parents[2] / "lessons" / "templates" / "macros" / "sprite.html").read_text("utf-8")
    screen = dict(re.findall(r'<symbol id="i-([a-z]+)"[^>]*>(.*)</symbol>', sprite))
    for name, lines in signs.STATES.items():
        assert re.findall(r' d="([^"]+)"', screen[name]) == re.findall(r' d="([^"]+)"', lines), name


def test_a_card_not_in_force_says_so_across_the_page() -> None:
    pdf = card_pdf.render(replace(HEBREW, watermark="טיוטה"))
    across = [letter["text"] for letter in letters_of(pdf) if letter["matrix"][1]]
    assert "".join(across)[::-1] == "טיוטה"
    assert "טיוטה" in text_of(pdf)
    assert "טיוטה" not in text_of(printed("hebrew"))


def test_a_long_history_is_cut_between_words_before_the_agents_lines_get_small() -> None:
    shown = text_of(printed("long history"))
    assert shown.count("…") == 2
    sizes = {round(letter["size"], 1) for letter in letters_of(printed("long history")) if letter["text"] == "«"}
    assert 11.4 in sizes, "the quoted card names stand in the steps' size"
    assert hebrew_words(shown) <= hebrew_words(" ".join(map(str, asdict(LONG_HISTORY).values())))


@pytest.mark.parametrize("field", ["steps", "avoid", "say", "title"])
def test_lines_that_fit_on_no_page_are_refused_by_name(field: str) -> None:
    value: Any = (TOO_LONG.title,) * 90 if field == "steps" else "\n".join([TOO_LONG.title] * 90)
    with pytest.raises(CardTooLong) as refused:
        card_pdf.render(replace(HEBREW, **{field: value}))
    assert refused.value.field == field


def test_a_card_just_over_a_page_is_refused_after_every_look_was_tried() -> None:
    assert not fit.hopeless(TOO_LONG)
    with pytest.raises(CardTooLong) as refused:
        card_pdf.render(TOO_LONG)
    assert refused.value.field == "avoid"


def test_the_code_to_scan_is_the_cards_address_and_is_not_mirrored() -> None:
    pdf, scale = printed("hebrew"), 4
    right = [list(map(bool, row)) for row in segno.make(HEBREW.url, error="m", micro=False).matrix_iter(border=0)]
    strokes = [stroke for stroke in strokes_of(pdf) if stroke["top"] > 600 and stroke["linewidth"] > 1.5]
    left, top = min(stroke["x0"] for stroke in strokes), min(stroke["top"] for stroke in strokes)
    module = (max(stroke["x1"] for stroke in strokes) - left) / len(right)
    with pypdfium2.PdfDocument(pdf) as paper:
        page = paper[0].render(scale=scale, grayscale=True).to_pil()
    places = [(n + 0.5) * module for n in range(len(right))]
    seen = [[page.getpixel(((left + x) * scale, (top - module / 2 + y) * scale)) < 128 for x in places] for y in places]
    assert seen == right


def test_a_card_is_tagged_and_carries_its_name_and_language() -> None:
    paper = pypdf.PdfReader(io.BytesIO(printed("hebrew")))
    root: Any = paper.root_object
    assert paper.metadata
    assert paper.metadata.title == f"לקח L-0031: {HEBREW.title}"
    assert (root["/Lang"], root["/MarkInfo"].get_object()) == ("he", {"/Marked": True})
    assert "pdfuaid" in root["/Metadata"].get_object().get_data().decode()


def test_a_card_is_set_in_our_own_faces_alone() -> None:
    for name in ALL:
        faces = {letter["fontname"].split("+")[1] for letter in letters_of(printed(name))}
        assert {face.rsplit("-", 1)[0].removesuffix("-Voice").removesuffix("-Text") for face in faces} == {"Card"}, (
            faces
        )


@pytest.mark.parametrize("name", ["hebrew", "english", "long history"])
def test_the_same_sheet_gives_the_same_bytes(name: str) -> None:
    assert card_pdf.render(ALL[name]) == printed(name)


HOSTILE = (
    "<script>alert(1)</script>",
    "{{7*7}} {% raw %} %s%n",
    "</style><style>@import url(http://127.0.0.1:9/x.css)</style>",
    "<img src=file:///etc/passwd>",
    '<link rel=attachment href="file:///etc/passwd">',
    '"><object data="http://127.0.0.1:9/"></object>',
    "<svg><image href='http://127.0.0.1:9/'/></svg>",
    "<p style=\"background:url('file:///dev/urandom')\">",
    "<base href='http://127.0.0.1:9/'><meta http-equiv=refresh content='0;url=file:///etc/passwd'>",
    "<!--#include file='/etc/passwd'--><![CDATA[x]]>",
    "url(javascript:alert(1)) expression(alert(1))",
    "\u202e<iframe src=//127.0.0.1:9>\x00\x1b[2J",
    "<a href='javascript:alert(1)'>x</a>",
    "&lt;img src=x&gt; &#60;script&#62;",
    "👨‍👩‍👧‍👦" * 5 + "\ud800\ufffe",
)
MORE_HOSTILE = (
    "<img src=x onerror=alert(1)>",
    "<body onload=alert(1)>",
    "<iframe srcdoc='<script>1</script>'>",
    "<object data='data:text/html;base64,PHNjcmlwdD4='>",
    "<embed src=//x>",
    "<form action=//x><input name=a>",
    "<math><mtext></mtext><mglyph><style><img src=x>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)>",
    "<xmp><p title='</xmp><img src=x>'>",
    "</title><script>1</script>",
    "</p></div></body></html><script>1</script>",
    '" dir=ltr onmouseover=alert(1) x="',
    "' style='position:fixed' '",
    "<<script>script>1<</script>/script>",
    "<scr\x00ipt>1</scr\x00ipt>",
    "<ſcript>1</ſcript>",
    "\u2028<script>\u20291",
)
OPENED: list[str] = []
listening = False


def _listen(event: str, arguments: tuple[Any, ...]) -> None:
    if listening and (event == "open" or event.startswith(("socket.", "subprocess.", "os.exec", "urllib."))):
        OPENED.append(f"{event} {arguments!r}")


sys.addaudithook(_listen)


@contextmanager
def what_is_opened(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    global listening  # noqa: PLW0603 - an audit hook cannot be taken off again
    card_pdf.render(SHORT)  # what is needed once is open before
    monkeypatch.setattr(card_pdf.OpensNothing, "fetch", lambda _, url: OPENED.append(f"fetch {url}"))
    OPENED.clear()
    listening = True
    try:
        yield OPENED
    finally:
        listening = False


def everywhere(hostile: str) -> CardSheet:
    """The same words in every text of the sheet, and markup in every label."""
    told = HEBREW.as_dict()
    texts = {name: hostile for name, value in told.items() if isinstance(value, str)}
    kept = {name: told[name] for name in ("lang", "text_lang", "direction", "state_shape", "url", "size")}
    lists = {"units": [hostile], "steps": [hostile], "limits_table": [[hostile], [hostile]]}
    return CardSheet.from_dict(told | texts | kept | lists | {"words": dict.fromkeys(told["words"], "<i>{{1}}")})


@pytest.mark.parametrize("hostile", HOSTILE + MORE_HOSTILE)
def test_no_words_become_markup_in_any_field(hostile: str) -> None:
    ours = set(re.findall(r"<[a-z!]+[^>]*", card_pdf.markup(everywhere("x"), "normal")))
    theirs = re.findall(r"<[^/>][^>]*", card_pdf.markup(everywhere(hostile), "normal"))
    assert set(theirs) - ours <= {"<br", '<span dir="ltr"'}


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_words_are_shown_and_open_nothing(hostile: str, monkeypatch: pytest.MonkeyPatch) -> None:
    sheet = everywhere(hostile)
    with what_is_opened(monkeypatch) as opened:
        pdf = card_pdf.render(sheet)
    assert opened == []
    assert b"/EmbeddedFile" not in pdf
    assert b"/JavaScript" not in pdf
    live = re.findall(
        r"<(script|style|img|link|object|iframe|base|a|i|image|meta http)\b", card_pdf.markup(sheet, "normal")
    )
    assert live == []
    if "7*7" in hostile:
        assert "7*7" in text_of(pdf)
        assert "49" not in text_of(pdf)


def test_the_listener_hears_what_would_be_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    tempting = '<html lang="en"><img src="file:///etc/hostname"><p style="background: url(http://127.0.0.1:9/)">x'
    with what_is_opened(monkeypatch) as opened:
        Path("/etc/hostname").read_text()
        with pytest.raises(AssertionError):  # the spy's None is no answer
            card_pdf.lay_out(tempting)
    assert [each.split()[0] for each in opened] == ["open", "fetch"]


def test_the_engine_is_refused_every_address(caplog: pytest.LogCaptureFixture) -> None:
    addresses = ["file:///etc/hostname", "http://127.0.0.1:9/x.png", "data:image/png;base64,AAAA", "ftp://127.0.0.1/"]
    html = "".join(f'<img alt="x" src="{address}"><link rel="stylesheet" href="{address}">' for address in addresses)
    pdf = card_pdf.lay_out(f'<html lang="en">{html}<p>text').write_pdf()
    refused = [record.getMessage() for record in caplog.records if "opens no address" in record.getMessage()]
    assert len(refused) == 2 * len(addresses)
    assert b"/Image" not in pdf


def test_a_sheet_comes_back_from_json_as_it_went() -> None:
    for sheet in (*ALL.values(), LONG):
        assert CardSheet.from_dict(json.loads(json.dumps(sheet.as_dict()))) == sheet
