"""Everything that can go wrong says so in one or two sentences, with the right number and without a traceback."""

from __future__ import annotations

import json
import logging
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from safelight.domain.errors import CannotOpen
from safelight.keys.process import command_name
from safelight.storage import lock
from safelight.storage.folder import StudioFolder
from safelight.storage.lock import FolderLock
from safelight.studio.founding import open_studio


def one_line(said, code: int, *words: str) -> None:
    """Nothing on stdout, one line on stderr that begins with the program's name and ends like a sentence."""
    assert said.code == code, said
    lines = said.err.strip().splitlines()
    assert said.out == "" and len(lines) >= 1 and lines[0].startswith("safelight"), said
    assert "Traceback" not in said.err and lines[0].rstrip().endswith((".", "'", "!", "?", ")", "wrong.txt")), said
    for word in words:
        assert word in said.err, said


def test_wrong_usage(desk, ada: str) -> None:
    one_line(desk("frobnicate"), 2, "frobnicate")
    one_line(
        desk("export", "Spring", "--to", "Prenzel", "--use", "use.nonsense", "--dry-run"),
        2,
        "use.nonsense",
        "Known uses",
    )
    one_line(desk("export", "Spring", "--to", "Nobody", "--use", "use.portfolio", "--dry-run"), 2, "Known: ")
    one_line(desk("export", "Spring", "--to", "Prenzel", "--use", "use.portfolio"), 2, "-o F.age")
    one_line(desk("session", "show", "Nope"), 2, "session list")
    one_line(desk("session", "new", "X", "--offer", "use.nonsense"), 2, "use.nonsense")
    one_line(desk("session", "new", "X", "--day", "tomorrow"), 2, "YYYY-MM-DD")
    one_line(desk("session", "new", "X", "--country", "Mordor"), 2, "capital letters")
    for code, words in (("ZZ", ("'ZZ' is not a country code", "DE")), ("UK", ("write GB",)), ("EU", ("group of",))):
        client = ("recipient", "add", "--name", "Nordwind", "--role", "client", "--country", code)
        one_line(desk(*client), 2, *words)
        export = ("export", "Spring", "--to", "Prenzel", "--use", "use.portfolio", "--dry-run")
        one_line(desk(*export, "--territory", code), 2, *words)
        one_line(desk("who", "may", "use.portfolio", "--in", code), 2, *words)
    assert "Nordwind" not in desk("recipient", "list").out
    one_line(desk("subject", "add", "Spring", "X", "--born", "31.12."), 2, "YYYY-MM-DD")
    one_line(desk("subject", "add", "Spring", "X", "--language", "???"), 2, "language")
    one_line(desk("subject", "add", "Spring", "X", "--guardian", "Olga"), 2, "NAME:RELATION")
    one_line(desk("consent", "show", "Zoe"), 2, "Zoe")
    one_line(desk("consent", "validate", ada, "--by", "Robin"), 2, "has not signed anything yet")
    one_line(desk("receipt", ada, "-o", desk.work / "r.pdf"), 2, "has not signed anything yet")
    one_line(desk("recipient", "add", desk.work / "none.json"), 2, "cannot be read")
    one_line(
        desk("roster", "import", "Spring", desk.file("l.csv", "Name\nA\n"), "--map", "nonsense"), 2, "COLUMN=FIELD"
    )
    one_line(desk.bare("session", "list"), 2, "--studio DIR")
    one_line(desk("studio", "card", "-o", desk.work / "no" / "card.json"), 2, "no folder")
    one_line(desk("capture", "add", "Spring", desk.work / "none.jpg"), 2, "none.jpg")


def test_others_are_told_a_command_as_it_is_typed(desk, ada: str, monkeypatch) -> None:
    told: list[str] = []
    monkeypatch.setattr(lock, "command_name", lambda: told.append(command_name()) or told[-1])
    for words in (("capture", "clocks", "Spring"), ("session", "list")):
        assert desk(*words).code == 0
    assert told == ["capture clocks", "session list"] and command_name() == ""


def test_a_mistake_of_ours_is_one_sentence_and_names_no_person(desk, ada: str, monkeypatch, caplog) -> None:
    caplog.set_level(logging.INFO)

    def wrong(*_: object) -> None:
        raise LookupError("Ada Falk, born 1990")

    monkeypatch.setattr("safelight.cli.sessions.find_session", wrong)
    one_line(desk("session", "show", "Spring"), 4, "made a mistake", "LookupError < cli/")
    said = desk("--json", "session", "show", "Spring")
    assert said.code == 4 and "Ada" not in said.out + said.err and "Traceback" not in said.out + said.err
    assert caplog.messages and not any("Ada" in each for each in caplog.messages)


def test_what_is_there_is_never_overwritten(desk, ada: str) -> None:
    mine = desk.file("mine", "mine")
    for command in (["studio", "card", "-o", mine], ["capture", "slate", "Spring", ada, "-o", mine]):
        one_line(desk(*command), 2, "exists already")
    assert mine.read_text() == "mine"


def test_an_export_that_may_not_be_is_a_no(desk, ada: str) -> None:
    said = desk("export", "Spring", "--to", "Prenzel", "--use", "use.portfolio", "-o", desk.work / "out.age")
    assert said.code == 1 and "Nothing may leave for Prenzel" in said.out, said
    assert not (desk.work / "out.age").exists()
    answers = desk.answers(ai_retouch="yes")
    one_line(
        desk("consent", "record", ada, "--choices", answers, "--typed", "Ada", "--method", "paper"),
        1, "whoever relies on it must be named",
    )  # fmt: skip
    child = desk("--json", "subject", "add", "Spring", "Mia", "--born", "2015-01-01").document["id"]
    answers = desk.answers(use_portfolio="yes")
    one_line(
        desk("consent", "record", child, "--choices", answers, "--typed", "Mia", "--method", "paper"),
        1, "no guardian is named",
    )  # fmt: skip
    answers = desk.answers(use_portfolio="no")
    assert (
        desk(
            "consent", "record", ada, "--choices", answers, "--typed", "Ada Falk", "--method", "paper", "--by", "Sam"
        ).code
        == 0
    )
    one_line(desk("consent", "validate", ada, "--by", "Sam"), 1, "cannot check it too")
    one_line(desk("consent", "validate", ada, "--by", "Kim"), 1, "is not a reviewer")


def test_what_cannot_be_opened(desk) -> None:
    wrong = desk.file("wrong.txt", "not the passphrase at all")
    wrong.chmod(0o600)
    one_line(desk.bare("--studio", desk.folder, "--passphrase-file", wrong, "session", "list"), 3, "passphrase")
    wrong.chmod(0o644)
    one_line(desk.bare("--studio", desk.folder, "--passphrase-file", wrong, "session", "list"), 3, "chmod 600")
    one_line(desk.bare("--studio", desk.folder, "--passphrase-file", desk.work / "no", "session", "list"), 3)
    one_line(desk.bare("--studio", desk.folder, "session", "list"), 3, "keyring")
    one_line(desk.bare("--studio", desk.work, "--passphrase-file", desk.secret, "session", "list"), 3)
    one_line(desk.bare("--studio", desk.work / "none", "--passphrase-file", desk.secret, "session", "list"), 3)
    one_line(desk.bare("--studio", desk.secret, "--passphrase-file", desk.secret, "session", "list"), 3)
    with open_studio(desk.folder, desk.secret.read_text().strip()):
        assert desk.process("session", "list").code == 0
        one_line(desk.process("studio", "rotate"), 3, "Another Safelight has this studio open", f" {os.getpid()})")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("{", ()),
        ("[]", ()),
        ('{"format":"safelight-answers/1","choices":{},"choices":{}}', ("choices",)),
        ('{"format":"safelight-answers/1","choices":{"use.portfolio":NaN}}', ()),
        ('{"format":"safelight-answers/1","choices":{},"extra":1}', ("extra",)),
        ("[" * 5000, ()),
        ("\ud800".encode("utf-8", "surrogatepass"), ()),
    ],
)
def test_malformed_answers(desk, ada: str, content: str | bytes, words: tuple[str, ...]) -> None:
    path = desk.file("answers.json", content)
    one_line(desk("consent", "record", ada, "--choices", path, "--typed", "A", "--method", "paper"), 4, *words)


def test_all_faults_of_the_answers_are_listed(desk, ada: str) -> None:
    path = desk.answers(
        use_portfolio={"answer": "yes", "term": "for ever"},
        use_social={"answer": "yes", "territory": "Mordor"},
        use_stock={"answer": "yes", "recipients": ["Nobody"]},
    )
    command = ("consent", "record", ada, "--choices", path, "--typed", "A", "--method", "paper")
    one_line(
        desk(*command), 4, "/choices/use.portfolio/term", "/choices/use.social/territory", "/choices/use.stock/recip"
    )
    said = desk("--json", *command)
    assert said.code == 4 and len(said.document["faults"]) == 3 and said.document["code"] == 4


def test_ink_that_is_none(desk, ada: str) -> None:
    answers = desk.answers(use_portfolio="no")
    wrong = (
        "[]",
        "{}",
        '[[["a","b"]]]',
        "[[[1]]]",
        "[[[1,2,3,4,5]]]",
        "<ink",
        "<ink><trace>x</trace></ink>",
        "7",
        "[[]]",
    )
    for content in wrong:
        path = desk.file("ink", content)
        said = desk("consent", "record", ada, "--choices", answers, "--ink", path, "--method", "paper")
        assert said.code == 4 and "Traceback" not in said.err, (content, said)
    one_line(
        desk("consent", "record", ada, "--choices", answers, "--typed", " ", "--method", "paper"), 2, "needs a name"
    )
    short = desk.file("short", "[[[0, 0], [20, 20], [40, 0]]]")
    one_line(desk("consent", "record", ada, "--choices", answers, "--ink", short, "--method", "paper"), 1, "too short")
    one_line(desk("consent", "record", ada, "--choices", answers, "--typed", "Bo", "--method", "paper"), 1, "Ada Falk")
    nothing = desk.answers()
    one_line(
        desk("consent", "record", ada, "--choices", nothing, "--typed", "Ada Falk", "--method", "paper"), 1, "No use"
    )
    assert desk("--json", "consent", "show", ada).document["receipt"] is None


def test_pictures_that_are_none(desk, picture: Callable[[str], Path], portraits: Path) -> None:
    torn, good = picture("torn.jpg"), picture("good.jpg")
    torn.write_bytes(torn.read_bytes()[:20_000])
    text = desk.file("text.jpg", "no picture")
    said = desk("--json", "capture", "add", "Spring", torn, good, text)
    assert said.code == 4 and "Traceback" not in said.err
    assert [each["name"] for each in said.document["added"]] == ["good.jpg"]
    assert {each["name"] for each in said.document["left_out"]} == {"torn.jpg", "text.jpg"}
    assert all(each["why"].endswith(".") for each in said.document["left_out"])


def test_a_card_that_was_changed(desk) -> None:
    card = desk.agencies["Gotham"].card()
    one_line(desk("recipient", "add", desk.file("c.json", card.replace(b"Main", b"Side"))), 1)
    one_line(desk("recipient", "add", desk.file("c.json", card[:-5])), 4)
    desk("studio", "card", "-o", desk.work / "own.json")
    one_line(desk("recipient", "add", desk.work / "own.json"), 2, "card of a studio")


def test_a_row_changed_behind_our_back(desk, ada: str) -> None:
    path = StudioFolder(desk.folder).database
    with sqlite3.connect(path) as database:
        database.execute("UPDATE subject SET sealed = CAST(sealed || x'00' AS BLOB)")
    database.close()
    said = desk("studio", "check")
    assert said.code == 1 and ada in said.out and "Traceback" not in said.err
    one_line(desk("subject", "show", ada), 4, ada)


def test_errors_are_documents_too(desk) -> None:
    said = desk("--json", "session", "show", "Nope")
    assert said.code == 2 and set(said.document) == {"error", "hint", "code", "faults"} and said.err == ""


def test_a_reader_that_goes_away_is_no_error(desk) -> None:
    command = [sys.executable, "-m", "safelight", *desk.opening, "subject", "list"]
    done = subprocess.run(f"{' '.join(command)} | true", shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr and "Exception" not in done.stderr, done.stderr


def test_a_terminal_that_knows_no_umlauts_gets_them_spelled(desk) -> None:
    desk("subject", "add", "Spring", "Jörg 李 \u0628")
    env = os.environ | {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    said = desk.process("subject", "list", env=env)
    assert said.code == 0 and "J\\xf6rg" in said.out, said
    said = desk.process("--json", "subject", "list", env=env)
    assert said.code == 0 and json.loads(said.out)


def test_ctrl_c(desk) -> None:
    hot = desk.work / "hot"
    hot.mkdir()
    command = [sys.executable, "-m", "safelight", *desk.opening, "capture", "watch", "Spring", str(hot)]
    running = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        # Tests started in the background ignore Ctrl-C, and hand that down.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )  # fmt: skip
    try:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and not _held(desk.folder / "lock"):
            time.sleep(0.2)
        time.sleep(1)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    finally:
        running.kill()
        running.communicate()
    assert running.returncode == 130 and "Traceback" not in err and "Stopped" in err, (out, err)
    assert desk("studio", "check").code == 0


def _held(lock: Path) -> bool:
    """Whether another process works on the folder by now, and is not only on its way there."""
    try:
        FolderLock(lock, alone=True).release()
    except CannotOpen:
        return True
    return False


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=48k", "tmpfs", str(place)]
    if os.name != "posix" or os.geteuid() != 0 or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this account may not mount a small disk")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_full_disk(desk, ada: str, picture: Callable[[str], Path], small_disk: Path) -> None:
    desk("capture", "add", "Spring", picture("a.jpg"), "--subject", ada)
    answers = desk.answers(use_portfolio={"answer": "yes", "recipients": ["Prenzel"]})
    desk("consent", "record", ada, "--choices", answers, "--typed", "Ada Falk", "--method", "paper")
    out = small_disk / "out.age"
    one_line(desk("export", "Spring", "--to", "Prenzel", "--use", "use.portfolio", "-o", out), 5, "The disk is full")
    assert list(small_disk.iterdir()) == []
    one_line(desk("studio", "backup", small_disk / "backup"), 5, "The disk is full")
    said = desk("export", "Spring", "--to", "Prenzel", "--use", "use.portfolio", "-o", desk.work / "out.age")
    assert said.code == 0, said
    assert desk("studio", "check").code == 0


def test_the_log_tells_no_names(desk, ada: str, picture: Callable[[str], Path]) -> None:
    answers = desk.answers(use_portfolio={"answer": "yes", "recipients": ["Prenzel"]})
    for command in (
        ("capture", "add", "Spring", picture("grace.jpg"), "--subject", ada),
        ("consent", "record", ada, "--choices", answers, "--typed", "Ada Falk", "--method", "paper"),
        ("export", "Spring", "--to", "Prenzel", "--use", "use.portfolio", "-o", desk.work / "out.age"),
    ):
        said = desk.process("-v", *command)
        assert said.code == 0, said
        for secret in ("Falk", "falk", "correct horse", "grace.jpg"):
            assert secret not in said.err, said.err


def test_a_wrong_word_is_two_sentences_or_one_json_document(desk) -> None:
    said = desk.bare("bogus")
    assert (said.code, said.out) == (2, "") and said.err.startswith("safelight: ") and "--help" in said.err
    said = desk.bare("--json", "export")
    assert (said.code, said.document["code"], said.err) == (2, 2, "") and "session" in said.document["error"]
