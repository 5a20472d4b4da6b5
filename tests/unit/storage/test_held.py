"""Ceremonies in progress: one per person and session, sealed, replaced by the newest, erased with the person."""

from __future__ import annotations

import sqlite3
from datetime import timedelta
from typing import Any

import pytest

from safelight.domain.errors import Malformed
from safelight.storage.rows import HeldCeremony
from support import studio_maker as maker


def test_the_newest_replaces_what_was_kept_before(studio: Any) -> None:
    shoot = studio.session()
    grace = studio.subject(shoot)
    studio.hold(grace, shoot, b"first ")
    second = studio.hold(grace, shoot, b"second ")
    studio.archive.close()
    studio.open()
    assert studio.archive.held.find(grace.id, shoot.id) == second
    assert studio.archive.held.everything() == ((grace.id, shoot.id),)


def test_each_person_and_session_has_its_own(full: Any) -> None:
    archive = full.open().archive
    grace, ana = full.people
    shoot, other = archive.sessions.ids()
    assert archive.held.find(grace.id, shoot).content == b"half wayGrace"
    assert archive.held.find(ana.id, shoot).content == b"half wayAna"
    assert archive.held.find(grace.id, other) is None
    with archive.transaction(full.now) as t:
        assert archive.held.remove(t, grace.id, shoot)
        assert not archive.held.remove(t, grace.id, shoot)
    assert archive.held.find(grace.id, shoot) is None and archive.held.find(ana.id, shoot) is not None


def test_who_has_expired_is_known_without_opening_anything(studio: Any) -> None:
    shoot = studio.session()
    people = [studio.subject(shoot, name) for name in ("Grace", "Ana")]
    now = studio.now
    for days, person in enumerate(people, 1):
        with studio.archive.transaction(now) as t:
            studio.archive.held.put(t, HeldCeremony(person.id, shoot.id, now, now + timedelta(days=days), b""))
    expired = studio.archive.held.expired
    assert expired(now + timedelta(days=1, seconds=-1)) == ()
    assert expired(now + timedelta(days=1)) == ((people[0].id, shoot.id),)
    assert len(expired(now + timedelta(days=3))) == 2


def test_nothing_of_it_is_readable_on_the_disk(studio: Any) -> None:
    shoot = studio.session()
    studio.hold(studio.subject(shoot), shoot, b"a very particular answer ")
    studio.archive.close()
    assert b"particular" not in studio.folder.database.read_bytes()
    studio.open()


@pytest.mark.parametrize("evidence", [False, True])
def test_it_goes_with_the_person_and_with_their_pictures(evidence: bool, full: Any) -> None:
    archive = full.open().archive
    grace, ana = full.people
    with archive.transaction(full.now) as t:
        archive.erase(t, grace.id, portrait=True, evidence=evidence)
    assert [who for who, _ in archive.held.everything()] == [ana.id]
    assert archive.check(signers=(maker.SIGNER.public_ssh,)).problems == ()


def test_handwriting_in_files_goes_with_the_pictures_and_the_rest_of_the_proof_stays(full: Any) -> None:
    archive = full.open().archive
    grace, _ = full.people
    kept = {}
    with archive.transaction(full.now) as t:
        for person in full.people:
            for evidence in (False, True):
                id = archive.files.store_bytes([person.id], b"initials", evidence=evidence)
                archive.files.register(t, id)
                kept[person.name, evidence] = id
    with archive.transaction(full.now) as t:
        archive.erase(t, grace.id, portrait=True, evidence=False)
    there = {id for id, _ in archive.files.on_disk()}
    assert {who for who, id in kept.items() if id in there} == {("Grace", True), ("Ana", False), ("Ana", True)}
    assert archive.check(signers=(maker.SIGNER.public_ssh,)).problems == ()


def test_one_that_was_changed_is_a_sentence_and_no_other_suffers(full: Any) -> None:
    grace, ana = full.people
    with sqlite3.connect(full.folder.database) as connection:
        connection.execute("UPDATE held SET version = version + 1 WHERE subject = ?", (grace.id,))
    connection.close()
    archive = full.open().archive
    shoot = archive.sessions.ids()[0]
    with pytest.raises(Malformed, match="held"):
        archive.held.find(grace.id, shoot)
    assert archive.held.find(ana.id, shoot) is not None
