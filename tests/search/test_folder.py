"""A model of one's own is read from its folder, in a process of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lessons.search import embedder
from lessons.settings import SettingsError, load

np = pytest.importorskip("numpy", reason="search by meaning is an extra that set-up installs where it fits")
WORDS = {"[UNK]": 0, "query": 1, "passage": 2, ":": 3, "ביטול": 4, "נטישה": 5, "refund": 6}
TABLE = np.array([[0, 0], [9, 0], [0, 9], [0, 0], [3, 1], [3, 2], [0, 5]], np.float32)


# ── a model as ONNX writes it: fields of protocol buffers, by their number ───────────────────────────────────────────
def _number(n: int) -> bytes:
    return bytes([n]) if n < 128 else bytes([n & 127 | 128]) + _number(n >> 7)


def _field(number: int, value: int | bytes | str) -> bytes:
    if isinstance(value, int):
        return _number(number << 3) + _number(value)
    data = value.encode() if isinstance(value, str) else value
    return _number(number << 3 | 2) + _number(len(data)) + data


def _value(name: str, kind: int, *sizes: str | int) -> bytes:
    each = b"".join(_field(1, _field(2, n) if isinstance(n, str) else _field(1, n)) for n in sizes)
    return _field(1, name) + _field(2, _field(1, _field(1, kind) + _field(2, each)))


def model() -> bytes:
    """Of each word its row of the table: Gather(table, input_ids)."""
    table = b"".join(_field(1, n) for n in TABLE.shape) + _field(2, 1) + _field(8, "table") + _field(9, TABLE.tobytes())
    gather = _field(1, "table") + _field(1, "input_ids") + _field(2, "last_hidden_state") + _field(4, "Gather")
    graph = _field(1, gather) + _field(2, "words") + _field(5, table)
    graph += _field(11, _value("input_ids", 7, "batch", "words"))
    graph += _field(12, _value("last_hidden_state", 1, "batch", "words", 2))
    return _field(1, 8) + _field(7, graph) + _field(8, _field(1, "") + _field(2, 13))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "onnx").mkdir()
    (tmp_path / "onnx" / "model.onnx").write_bytes(model())
    written = {"version": "1.0", "pre_tokenizer": {"type": "Whitespace"}, "added_tokens": [],
               "model": {"type": "WordLevel", "vocab": WORDS, "unk_token": "[UNK]"}}  # fmt: skip
    (tmp_path / "tokenizer.json").write_text(json.dumps(written), encoding="utf-8")
    return tmp_path


def embedded(folder: Path, text: str, name: str = "", *, question: bool = False) -> list[float]:
    found = embedder.of_folder(folder, name)
    try:
        numbers = np.frombuffer(found.embed(text, question=question, seconds=60), np.float32).tolist()
        return [round(n, 3) for n in numbers]
    finally:
        found._end()


def test_a_text_is_the_mean_of_its_words(folder: Path) -> None:
    assert embedded(folder, "ביטול refund") == [1.5, 3.0]


def test_a_model_of_the_e5_family_is_told_a_question_from_a_passage(folder: Path) -> None:
    assert embedded(folder, "refund", "my-e5", question=True) == [3.0, 1.667]
    assert embedded(folder, "refund", "my-e5") == [0.0, 4.667]


def test_the_name_changes_with_the_model_so_that_old_vectors_are_not_compared(folder: Path) -> None:
    before = embedder.of_folder(folder, "").name
    (folder / "onnx" / "model.onnx").write_bytes(model() + b"\0")
    assert embedder.of_folder(folder, "").name != before


def test_a_folder_without_a_tokenizer_is_no_setting_and_one_without_a_model_gives_no_vector(folder: Path) -> None:
    assert load({"LESSONS_EMBEDDER": str(folder)}).embedder == str(folder)
    with pytest.raises(SettingsError, match="tokenizer"):
        load({"LESSONS_EMBEDDER": str(folder / "onnx")})
    (folder / "onnx" / "model.onnx").unlink()
    with pytest.raises(embedder.Unreachable):
        embedded(folder, "refund")
