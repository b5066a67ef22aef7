"""What the command line finds around it: files that are none, places that are full, outputs that are closed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lessons.app import create_app
from lessons.settings import SettingsError
from tests.cli.conftest import Run
from tests.village import Village

pytestmark = pytest.mark.only("sqlite")

POLICIES = (
    (b"[action]\nchips = [3\n", ("line 2", "not TOML")),
    (b"[action]\n\nnonsense = 3\n", ("line 3", "action.nonsense", "no such name")),
    (b'[action]\nchips = "x"\n', ("line 2", "action.chips", "list")),
    (b"\xff\xfe\x00", ("not UTF-8",)),
)


def test_numbers_that_cannot_be_taken_are_told_with_file_line_and_key_before_anything_is_done(
    village: Village, lessons: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "numbers.toml"
    monkeypatch.setenv("LESSONS_POLICY", str(file))
    for written, says in POLICIES:
        file.write_bytes(written)
        for words in (("process", "check"), ("unit", "add", "NEW", "חדש"), ("worker", "--once")):
            said = lessons(*words)
            assert (said.code, said.out) == (2, ""), words
            assert said.err.startswith(f"LESSONS_POLICY: {file}")
            assert all(part in said.err for part in says), said.err
    monkeypatch.delenv("LESSONS_POLICY")
    assert lessons("unit", "add", "NEW", "חדש").code == 0


def test_a_secret_is_text_and_one_that_others_can_read_is_warned_of(
    village: Village, lessons: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LESSONS_SECRET_KEY")
    file = tmp_path / "secret"
    monkeypatch.setenv("LESSONS_SECRET_KEY_FILE", str(file))
    assert lessons("unit", "add", "A", "א").code == 2
    file.write_bytes(b"\xac\xff")
    assert "in UTF-8" in lessons("unit", "add", "A", "א").err
    file.write_text("village" * 5)
    for mode, warned in ((0o644, True), (0o640, True), (0o600, False)):
        file.chmod(mode)
        said = lessons("search", "x")
        assert (said.code, "chmod 600" in said.err) == (0, warned)
        assert "village" not in said.err


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BASE_URL", "http://[::1"), ("MAIL_URL", "smtp://host:port"), ("TRUSTED_PROXIES", "²"), ("TIMEZONE", "../x"),
        ("DATABASE_URL", "postgresql+psycopg://u:sekret@127.0.0.1:x/x"), ("DEMO", "yes"), ("POLICY", "/nowhere.toml"),
    ],
)  # fmt: skip
def test_a_setting_that_cannot_be_read_is_named(
    lessons: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"LESSONS_{name}", value)
    said = lessons("db", "check")
    assert (said.code, said.out) == (2, "")
    assert said.err.startswith(f"LESSONS_{name}: ")
    assert "sekret" not in said.err


def test_a_name_that_nothing_reads_is_warned_of_with_the_nearest_one(
    village: Village, lessons: Run, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("LESSONS_BASEURL", "https://lessons.example")
    told = "LESSONS_BASEURL: no such setting; the nearest is LESSONS_BASE_URL"
    said = lessons("search", "x")
    assert (said.code, said.err) == (0, f"{told}\n")
    create_app()
    assert [record.message for record in caplog.records if record.name == "lessons.app"] == [told]
    monkeypatch.delenv("LESSONS_BASEURL")
    assert lessons("search", "x").err == ""


def test_an_application_without_the_command_line_refuses_wrong_numbers_too(
    village: Village, lessons: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "numbers.toml"
    file.write_text("[action]\n\nnonsense = 3\n")
    monkeypatch.setenv("LESSONS_POLICY", str(file))
    with pytest.raises(SettingsError, match=rf"LESSONS_POLICY: {file}.*line 3.*action\.nonsense"):
        create_app()


def test_a_place_that_is_none_is_told_in_a_line(lessons: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x")
    monkeypatch.setenv("LESSONS_DATA_DIR", str(file))
    monkeypatch.setenv("LESSONS_DATABASE_URL", "")
    said = lessons("db", "upgrade")
    assert (said.code, said.out, said.err.count("\n")) == (1, "", 1)
    assert str(file) in said.err
    assert file.read_text() == "x"


@pytest.mark.parametrize(
    ("redirected", "code", "says"),
    [(">/dev/full", 1, "No space left"), (">&-", 0, ""), ("2>&-", 0, ""), ("</dev/null", 0, "")],
)
def test_an_output_that_is_full_or_closed_ends_in_a_sentence_at_most(
    village: Village, lessons: Run, redirected: str, code: int, says: str
) -> None:
    program = f"{sys.executable} -m lessons.cli unit add NEW חדש {redirected}"
    done = subprocess.run(["sh", "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)
    assert says in done.stderr
    assert done.stderr.count("\n") <= 1


def test_texts_that_no_text_can_be_are_refused_in_words(village: Village, lessons: Run, tmp_path: Path) -> None:
    sent = tmp_path / "sent.json"
    for written, says in (
        ('{"what_happened": "ab\\ud800c", "kind": "failure"}', "Character number 3"),
        ('{"what_happened": "ab\\u0000c", "kind": "failure"}', "Character number 3"),
        ('{"what_happened": "\\u200f ", "kind": "failure"}', "missing"),
    ):
        sent.write_text(written)
        said = lessons("do", "debriefs", "report", "--json", str(sent), "--as", "avi@village.example")
        assert (said.code, said.out) == (1, "")
        assert says in said.err
    for words in (("unit", "add", "A\udcff", "x"), ("person", "add", "7", "--name", "\udcff", "--unit", "RET"),
                  ("search", "\udcff"), ("search", ""), ("do", "", "", "--as", "avi@village.example")):  # fmt: skip
        said = lessons(*words)
        assert said.code in (0, 1, 2), words
        assert "Traceback" not in said.err
