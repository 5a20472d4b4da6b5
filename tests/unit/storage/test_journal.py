"""What a journal entry says can be checked by who may read it, and guessed by nobody once that is erased."""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from typing import Any

import pytest

from safelight.domain.errors import Malformed, Refused
from safelight.domain.journal import GENESIS

SAID = b"withdrawn"


def append(studio: Any, payload: bytes, owner: str | None = None) -> Any:
    with studio.archive.transaction(studio.now) as t:
        return studio.archive.journal.append(t, "told", studio.id, payload, owner)


def test_the_same_words_never_have_the_same_hash(make: Any) -> None:
    one, other = make("one"), make("other")
    entries = [append(one, SAID), append(one, SAID), append(other, SAID)]
    assert len({each.payload_sha256 for each in entries}) == 3
    assert [one.archive.journal.payload(each.number) for each in entries[:2]] == [SAID, SAID]


@pytest.mark.parametrize("salt", [b"", bytes(32), b"\xff" * 32, GENESIS.encode()])
def test_nobody_finds_it_by_trying(studio: Any, salt: bytes) -> None:
    """There are a handful of things an entry may say; only the salt, which is sealed with it, keeps them apart."""
    person = studio.subject(studio.session())
    entry = append(studio, SAID, person.id)
    assert hashlib.sha256(salt + SAID).hexdigest() != entry.payload_sha256
    with studio.archive.transaction(studio.now) as t:
        studio.archive.erase(t, person.id, portrait=True, evidence=True)
    with pytest.raises(Refused, match="erased"):
        studio.archive.journal.payload(entry.number)
    kept = next(each for each in studio.archive.journal.entries() if each.number == entry.number)
    assert kept == entry, "the chain stays whole"


def test_another_payload_in_its_place_is_not_believed(studio: Any) -> None:
    """Sealed as it should be, by somebody who has the key, but another one than the chain covers."""
    entry = append(studio, SAID)
    store = studio.archive._store
    sealed = store.seal_own("journal_entry", str(entry.number), 1, bytes(32) + b"given")
    studio.archive.close()
    with contextlib.closing(sqlite3.connect(studio.folder.database)) as connection:
        connection.execute("DROP TRIGGER journal_entry_no_update")
        connection.execute("UPDATE journal_entry SET payload = ? WHERE number = ?", (sealed, entry.number))
        connection.commit()
    journal = studio.open().archive.journal
    for ask in (lambda: journal.payload(entry.number), lambda: journal.told_about("told", studio.id)):
        with pytest.raises(Malformed, match="does not say what its hash covers"):
            ask()
