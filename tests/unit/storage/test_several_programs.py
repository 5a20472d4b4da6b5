"""Several programs on one studio: what one did the others know of, and nothing one of them is about to name is lost."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from safelight.domain.errors import Refused
from safelight.storage.archive import Archive
from safelight.storage.engine.sqlite import SqliteEngine
from safelight.storage.vault import OthersAreIn
from support import studio_maker as maker

SIGNERS = (maker.SIGNER.public_ssh,)
OTHER = textwrap.dedent(
    """
    import io, json, sys
    from pathlib import Path
    from support import studio_maker as maker
    made = maker.Made(Path(sys.argv[1]), sys.argv[2]).open()
    archive = made.archive
    print(json.dumps("open"), flush=True)
    stored = None
    for line in sys.stdin:
        what, *rest = line.split()
        if what == "store":
            stored = archive.files.store(None, io.BytesIO(rest[0].encode()))
            told = stored
        elif what == "name":
            with archive.transaction(made.now) as t:
                archive.files.register(t, stored)
            told = archive.files.read_bytes(stored).decode()
        elif what == "erase":
            with archive.transaction(made.now) as t:
                told = archive.erase(t, rest[0], portrait=True, evidence=True).keys
        elif what == "check":
            report = archive.check(signers=(maker.SIGNER.public_ssh,))
            told = {"problems": report.problems, "others": report.others, "tidied": dict(report.tidied)}
        elif what == "add":
            told = made.subject(archive.sessions.get(rest[0]), rest[1]).id
        elif what == "drop":  # a thread of it holds the turn and never gives it back
            archive._database._queue.take(10)
            told = "holds"
        print(json.dumps(told), flush=True)
    """
)


class Other:
    """Another program that has the studio open."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def answer(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def __call__(self, *words: str) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(" ".join(words) + "\n")
        self.process.stdin.flush()
        return self.answer()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


@contextmanager
def beside(studio: Any) -> Iterator[Other]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    argv = [sys.executable, "-c", OTHER, str(studio.path), studio.id]
    with subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert Other(process).answer() == "open"
            yield Other(process)
        finally:
            process.kill()


def test_a_key_that_another_program_destroyed_opens_nothing_any_more(full: Any) -> None:
    archive = full.open().archive
    grace, ana = full.people
    keys = {each.id: archive.keys.portrait(each.id) for each in (grace, ana)}
    assert archive.subjects.get(grace.id) == grace
    with beside(full) as other:
        assert other("erase", grace.id) == 2
        for asked in (archive.keys.portrait, archive.keys.evidence):
            with pytest.raises(Refused, match="erased"):
                asked(grace.id)
        with pytest.raises(Refused):
            archive.keys.shared("portrait", [grace.id, ana.id])
        assert archive.keys.portrait(ana.id) == keys[ana.id]
    assert archive.check(signers=SIGNERS).problems == ()


def test_what_this_program_adds_itself_empties_no_memory(full: Any) -> None:
    archive = full.open().archive
    archive.keys.portrait(full.people[0].id)
    written = archive.keys._database.written_by_others()
    archive.keys.add([maker.new_id()], full.now)
    full.subject(archive.sessions.get(archive.sessions.ids()[0]), "Zoë")
    assert archive.keys._database.written_by_others() == written
    with beside(full) as other:
        other("add", archive.sessions.ids()[0], "Max")
        archive.keys.add([maker.new_id()], full.now)  # and its own writing does not hide that of others
        assert archive.keys._database.written_by_others() == written + 1


def test_what_others_are_about_to_name_is_not_put_aside(full: Any) -> None:
    archive = full.open().archive
    before = len(archive.keys.names())
    with beside(full) as other:
        stored = other("store", "face")
        report = archive.check(signers=SIGNERS)
        assert report.others == (f"Safelight, process {other.process.pid}",)
        assert report.tidied == {"erasures finished": 0} and archive.files.lies_at(stored).exists()
        assert len(archive.keys.names()) == before + 1
        assert other("name") == "face" and archive.files.read_bytes(stored) == b"face"
        left = other("store", "another face")
        other.kill()
    report = archive.check(signers=SIGNERS)
    assert report.others == () and report.tidied["files nobody names"] == 1 == report.tidied["keys nobody uses"]
    assert not archive.files.lies_at(left).exists() and archive.files.lies_at(stored).exists()


def test_nor_what_this_program_is_about_to_name_by_others(full: Any) -> None:
    archive = full.open().archive
    stored = archive.files.store(None, io.BytesIO(b"face"))
    with beside(full) as other:
        told = other("check")
        assert told["others"] == [f"Safelight, process {os.getpid()}"] and told["tidied"] == {"erasures finished": 0}
        with archive.transaction(full.now) as t:
            archive.files.register(t, stored)
        assert other("check")["problems"] == []
    assert archive.files.read_bytes(stored) == b"face"


def test_several_write_in_turn_and_the_journal_has_no_gap(full: Any) -> None:
    archive = full.open().archive
    shoot = archive.sessions.ids()[0]
    before = len(archive.journal.entries())
    with beside(full) as one, beside(full) as two:
        made = []
        for number in range(5):
            made += [one("add", shoot, f"A{number}"), two("add", shoot, f"B{number}")]
            made.append(full.subject(archive.sessions.get(shoot), f"C{number}").id)
        one("drop")
        one.kill()  # who is killed in its turn leaves it to the next
        made.append(two("add", shoot, "Last"))
    assert set(made) <= set(archive.subjects.ids()) and len(set(made)) == 16
    assert [each.number for each in archive.journal.entries()] == list(range(1, before + 17))
    assert archive.check(signers=SIGNERS).problems == ()


def test_rows_are_brought_up_to_date_by_one_that_is_alone(full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = full.open().archive
    monkeypatch.setattr(Archive, "lock_timeout", 0.05)
    monkeypatch.setattr("safelight.storage.schema.revision_of", lambda *_: "0001")
    with beside(full) as other:
        with pytest.raises(OthersAreIn, match="Another Safelight has this studio open"):
            Archive.open(full.folder, full.id, maker.MASTER, maker.sign)
        archive.close()
        with pytest.raises(OthersAreIn, match=rf"open \(Safelight, process {other.process.pid}\)"):
            Archive.open(full.folder, full.id, maker.MASTER, maker.sign)


def test_the_engine_is_asked_who_else_wrote(full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered by what one kind of database says of itself."""
    archive = full.open().archive
    grace = full.people[0]
    key = archive.keys.portrait(grace.id)
    asked = []
    monkeypatch.setattr(SqliteEngine, "others_wrote", lambda *_: asked.append(1) or -len(asked))
    read = []
    monkeypatch.setattr(archive.keys, "_unwrapped", lambda *each: read.append(each) or key)
    assert archive.keys.portrait(grace.id) == archive.keys.portrait(grace.id) == key
    assert len(asked) == len(read) == 2


def test_what_seemed_wrong_while_others_wrote_is_looked_at_again(full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = full.open().archive
    told = [("A half written row.", "A file is missing."), ("A file is missing.", "A row of later."), ()]
    looks: list[int] = []

    def verify(*_: Any) -> tuple[dict[str, int], tuple[str, ...], bool]:
        looks.append(1)
        if len(looks) == 1:
            assert other("add", shoot, "Meanwhile")
        return {}, told[len(looks) - 1], True

    monkeypatch.setattr("safelight.storage.archive.verify", verify)
    shoot = archive.sessions.ids()[0]
    with beside(full) as other:
        assert archive.check(signers=SIGNERS).problems == ("A file is missing.",)
        assert len(looks) == 2  # nobody wrote during the second look
