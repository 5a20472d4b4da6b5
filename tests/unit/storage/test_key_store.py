"""A key that was destroyed is nowhere: not in the file, not in free pages of it, not in this process."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from safelight.domain.errors import Malformed, Refused
from safelight.storage.database import Database
from safelight.storage.engine import sqlite


def wrapped_keys(path: Path, owner: str) -> list[bytes]:
    with contextlib.closing(sqlite3.connect(path)) as connection:
        return [row[0] for row in connection.execute("SELECT wrapped FROM subject_key WHERE owner = ?", (owner,))]


def on_disk(path: Path) -> bytes:
    return b"".join(each.read_bytes() for each in sorted(path.parent.glob(f"{path.name}*")))


def erase(full: Any, person: Any) -> None:
    with full.archive.transaction(full.now) as t:
        full.archive.erase(t, person.id, portrait=True, evidence=True)


def test_it_is_overwritten_whatever_the_engine_does_on_its_own(full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the engine's own zeros and without rewriting the file the bytes are gone all the same."""
    careless = tuple(each for each in sqlite._PRAGMAS if "secure_delete" not in each)
    assert careless != sqlite._PRAGMAS
    monkeypatch.setattr(sqlite, "_PRAGMAS", (*careless, "secure_delete=OFF"))
    monkeypatch.setattr(Database, "compact", lambda _: None)
    grace, ana = full.people
    store = full.folder.key_store
    hers, others = wrapped_keys(store, grace.id), wrapped_keys(store, ana.id)
    assert len(hers) == len(others) == 2 and all(each in on_disk(store) for each in (*hers, *others))
    full.open()
    erase(full, grace)
    full.archive.close()
    assert [each in on_disk(store) for each in hers] == [False, False]
    assert [each in on_disk(store) for each in others] == [True, True]


def test_the_file_is_rewritten_once_it_is_gone(full: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rewritten: list[tuple[Path, int]] = []
    compact = Database.compact
    grace = full.people[0]
    store = full.folder.key_store

    def counting(self: Database) -> None:
        rewritten.append((self.path, len(wrapped_keys(store, grace.id))))
        compact(self)

    monkeypatch.setattr(Database, "compact", counting)
    full.open()
    erase(full, grace)
    assert rewritten == [(store, 0)]


def test_this_process_has_it_no_longer_either(full: Any) -> None:
    keys = full.open().archive.keys
    grace, ana = full.people
    assert keys.portrait(grace.id) and keys.evidence(grace.id) and keys.portrait(ana.id)  # and so they were read
    erase(full, grace)
    for ask in (keys.portrait, keys.evidence):
        with pytest.raises(Refused, match="were erased"):
            ask(grace.id)
    assert keys.portrait(ana.id)


def test_what_is_shared_takes_the_key_of_everybody(full: Any) -> None:
    keys = full.open().archive.keys
    grace, ana = (each.id for each in full.people)
    both = keys.shared("portrait", [grace, ana])
    assert both == keys.shared("portrait", [ana, grace])
    assert both not in (keys.shared("portrait", [grace]), keys.shared("portrait", [ana]))
    erase(full, full.people[1])
    with pytest.raises(Refused):
        keys.shared("portrait", [grace, ana])


@pytest.mark.parametrize("column", ["owner", "purpose"])
def test_a_key_opens_only_as_whose_and_what_it_is(full: Any, column: str) -> None:
    """Exchanged with the other person's, or with the other purpose's of the same person."""
    grace, ana = (each.id for each in full.people)
    other = ("portrait", ana) if column == "owner" else ("evidence", grace)
    with contextlib.closing(sqlite3.connect(full.folder.key_store)) as connection:
        query = "SELECT wrapped FROM subject_key WHERE purpose = ? AND owner = ?"
        (theirs,) = connection.execute(query, other).fetchone()
        put = "UPDATE subject_key SET wrapped = ? WHERE purpose = 'portrait' AND owner = ?"
        connection.execute(put, (theirs, grace))
        connection.commit()
    with pytest.raises(Malformed, match="changed or belongs elsewhere"):
        full.open().archive.keys.portrait(grace)
