"""What goes onto a repository comes back the same, now and after the archive was closed and opened."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from safelight.domain.clearance import Validation
from safelight.domain.consent import EventKind
from safelight.domain.errors import Malformed, WrongUsage
from safelight.domain.ids import PhotoGuid, SubjectId
from safelight.domain.jurisdiction import Cover, Mechanism
from safelight.domain.people import Studio, Subject
from safelight.domain.session import SessionState
from safelight.storage.archive import Archive
from support import studio_maker as maker


def reopened(studio: Any) -> Archive:
    studio.archive.close()
    return studio.open().archive


def test_studio_and_settings(studio: Any) -> None:
    archive = studio.archive
    changed = Studio(studio.id, "Neu", archive.studio.get().country, "a@b", "Straße 1")
    with archive.transaction(studio.now) as t:
        archive.studio.put(t, changed)
        archive.studio.set_setting(t, "withdraw_at", "https://lampe.example/withdraw")
        archive.studio.set_setting(t, "gone", "x")
        archive.studio.set_setting(t, "gone", None)
    archive = reopened(studio)
    assert archive.studio.get() == changed
    assert archive.studio.setting("withdraw_at") == "https://lampe.example/withdraw"
    assert archive.studio.settings() == {"withdraw_at": "https://lampe.example/withdraw"}
    assert archive.studio.setting("gone") is None


def test_staff_sessions_and_recipients(studio: Any) -> None:
    people = [studio.staff("Ada"), studio.staff("Zoë")]
    shoots = [studio.session("one"), studio.session("two")]
    who = studio.recipient()
    archive = studio.archive
    closed = replace(shoots[0], state=SessionState.CLOSED)
    cover = Cover(Mechanism.SCC, maker.START.date())
    with archive.transaction(studio.now) as t:
        archive.sessions.put(t, closed)
        archive.recipients.put(t, replace(who, name="Renamed"), b"\x00card\xff", cover)
    archive = reopened(studio)
    assert archive.staff.list() == tuple(people)
    assert archive.staff.get(people[1].id) == people[1]
    assert archive.sessions.list() == (closed, shoots[1])
    assert archive.sessions.get(shoots[1].id) == shoots[1]
    (row,) = archive.recipients.list()
    assert (row.recipient.name, row.card, row.cover) == ("Renamed", b"\x00card\xff", cover)
    assert archive.recipients.get(who.id) == row
    lookup: Any
    for lookup in (archive.staff.get, archive.sessions.get, archive.recipients.get, archive.subjects.get):
        with pytest.raises(WrongUsage):
            lookup("nobody")


def test_subjects_come_in_order_and_by_session(studio: Any) -> None:
    first, second = studio.session(), studio.session()
    grace, ana = studio.subject(first, "Grace"), studio.subject(second, "Ana María")
    archive = studio.archive
    roster = [Subject(SubjectId(maker.new_id()), f"Person {i}", grace.language, grace.country) for i in range(5)]
    with archive.transaction(studio.now) as t:
        archive.subjects.add_many(t, roster, first.id, "expected")
        archive.subjects.put(t, replace(grace, name="Grace B. Hopper"))
        archive.subjects.set_state(t, ana.id, "signed")
    archive = reopened(studio)
    assert [line.name for line in archive.subjects.names()] == [
        "Grace B. Hopper", "Ana María", *(f"Person {i}" for i in range(5)),
    ]  # fmt: skip
    assert [line.name for line in archive.subjects.names(2, 2, first.id)] == ["Person 1", "Person 2"]
    assert archive.subjects.count() == 7 and archive.subjects.count(second.id) == 1
    assert archive.subjects.ids(second.id) == (ana.id,)
    assert archive.subjects.line(ana.id).state == "signed"
    assert archive.subjects.get(grace.id) == replace(grace, name="Grace B. Hopper")
    assert len({archive.keys.portrait(grace.id), archive.keys.evidence(grace.id)}) == 2


def test_photos_of_one_of_several_and_of_nobody(studio: Any) -> None:
    shoot = studio.session()
    grace, ana = studio.subject(shoot, "Grace"), studio.subject(shoot, "Ana")
    alone = studio.photo(shoot, [grace], b"alone")
    group = studio.photo(shoot, [ana, grace], b"group")
    nobody = studio.photo(shoot, [], b"nobody")
    archive = reopened(studio)
    for taken, content in ((alone, b"alone"), (group, b"group"), (nobody, b"nobody")):
        assert archive.photos.get(taken.guid) == taken
        assert archive.files.read_bytes(archive.photos.original(taken.guid)) == content
        assert archive.photos.thumbnail(taken.guid) == b"small " + content
        assert archive.photos.preview(taken.guid) == b"larger " + content
        assert archive.photos.find(maker.tag(content)) == taken.guid
    assert archive.photos.find(maker.tag(b"other")) is None
    assert tuple(archive.photos.of_session(shoot.id)) == (alone, group, nobody)
    assert archive.photos.of_subject(grace.id) == (alone, group)
    assert archive.photos.of_subject(ana.id) == (group,)
    assert [archive.photos.count(), archive.photos.count(shoot.id), archive.photos.count(subject=ana.id)] == [3, 3, 1]
    lines = archive.photos.page(shoot.id, 0, 10)
    assert [line.subjects for line in lines] == [(grace.id,), (ana.id, grace.id), ()]
    assert {line.name for line in lines} == {"Hopper_0001.jpg"} and not any(line.damaged for line in lines)
    assert [line.guid for line in archive.photos.page(None, 1, 1)] == [group.guid]


def test_a_page_of_thumbnails_comes_at_once_without_what_does_not_open(studio: Any) -> None:
    shoot = studio.session()
    grace, ana = studio.subject(shoot, "Grace"), studio.subject(shoot, "Ana")
    people: list[list[Subject]] = [[grace], [ana, grace], []]
    taken = [studio.photo(shoot, each, b"picture %d" % number) for number, each in enumerate(people)]
    photos = studio.archive.photos
    asked = [PhotoGuid("nowhere"), *(each.guid for each in taken)]
    assert photos.thumbnails(asked) == {each.guid: b"small picture %d" % n for n, each in enumerate(taken)}
    assert photos.thumbnails([]) == {}
    studio.archive.keys.destroy([ana.id], ["portrait"], studio.now)
    assert set(photos.thumbnails(asked)) == {taken[0].guid, taken[2].guid}, "one that is gone takes no other along"


def test_a_photo_changes_hands_and_the_old_copy_is_dead(studio: Any) -> None:
    shoot = studio.session()
    grace, ana = studio.subject(shoot, "Grace"), studio.subject(shoot, "Ana")
    archive = studio.archive
    taken = studio.photo(shoot, [], b"x" * 700_000)
    old = archive.photos.original(taken.guid)
    (holder,) = archive.files.about(old).owners
    for people in ([grace.id], [grace.id, ana.id], []):
        sealed = archive.files.reseal(archive.photos.original(taken.guid), people or None)
        with archive.transaction(studio.now) as t:
            taken = archive.photos.rebind(t, taken.guid, people, sealed)
        assert taken.subjects == tuple(people) and archive.photos.get(taken.guid) == taken
        assert archive.files.read_bytes(archive.photos.original(taken.guid)) == b"x" * 700_000
        assert archive.photos.thumbnail(taken.guid).startswith(b"small x")
    with pytest.raises(WrongUsage):
        archive.files.about(old)
    with pytest.raises(Malformed):  # the key the unassigned copy was sealed under is no more
        archive.keys.portrait(holder)
    assert len(list(archive.files.on_disk())) == 1
    assert archive.check().problems == ()


def test_a_photo_is_not_bound_to_a_file_of_others(studio: Any) -> None:
    shoot = studio.session()
    grace, ana = studio.subject(shoot, "Grace"), studio.subject(shoot, "Ana")
    archive = studio.archive
    for owners, people in (([ana.id], (grace.id,)), ([ana.id], ()), (None, (grace.id,))):
        stored = archive.files.store_bytes(owners, b"x", "photo")
        taken = maker.photo_value(shoot.id, people)
        with pytest.raises(WrongUsage), archive.transaction(studio.now) as t:
            archive.photos.add(t, taken, stored, b"", b"", "00" * 32)
    with pytest.raises(WrongUsage), archive.transaction(studio.now) as t:
        archive.photos.add(t, maker.photo_value(shoot.id, (ana.id,)), "ab" * 32, b"", b"", "00" * 32)
    assert archive.photos.count() == 0


def test_flags_change_and_photos_go(studio: Any) -> None:
    shoot = studio.session()
    grace = studio.subject(shoot)
    archive = studio.archive
    taken = studio.photo(shoot, [grace])
    with archive.transaction(studio.now) as t:
        archive.photos.put(t, replace(taken, flagged=True))
    assert archive.photos.page(shoot.id)[0].flagged and archive.photos.get(taken.guid).flagged
    assert archive.photos.thumbnail(taken.guid) == b"small " + maker.PICTURE
    with archive.transaction(studio.now) as t:
        archive.photos.remove(t, taken.guid)
    assert archive.photos.count() == 0 and not list(archive.files.on_disk())
    with pytest.raises(WrongUsage):
        archive.photos.get(PhotoGuid(taken.guid))


def test_a_signing_and_what_follows(studio: Any) -> None:
    shoot = studio.session()
    grace, ana = studio.subject(shoot, "Grace"), studio.subject(shoot, "Ana")
    signed, other = studio.signed(grace, shoot), studio.signed(ana, shoot)
    archive = studio.archive
    events = archive.consents.events_of(grace.id)
    given = next(each for each in events if each.kind is EventKind.GIVEN)
    withdrawn = maker.event_value(given, EventKind.WITHDRAWN, maker.START + timedelta(days=1))
    position = signed.receipt.record_for(given.scope).status_position
    with archive.transaction(studio.now) as t:
        archive.consents.add_event(t, withdrawn)
        archive.statuses.revoke(t, position, withdrawn.at)
        archive.statuses.revoke(t, position, withdrawn.at)
    archive = reopened(studio)
    assert archive.consents.events_of(grace.id) == (*events, withdrawn)
    assert set(archive.consents.events_of_all()) == {grace.id, ana.id}
    assert archive.consents.events_of_all(shoot.id)[ana.id] == archive.consents.events_of(ana.id)
    assert archive.consents.receipt(signed.receipt.id) == signed
    assert (signed.evidence, signed.withdrawal_hash) == (maker.INK, "ab" * 32)
    assert archive.consents.receipts_of(grace.id) == (signed,)
    assert archive.consents.receipt_ids(shoot.id) == ((signed.receipt.id, grace.id), (other.receipt.id, ana.id))
    assert archive.files.read_bytes(signed.pdf) == b"%PDF-1.7 Grace"
    assert archive.statuses.revoked() == {position: "2026-05-02T09:00:00Z"}
    assert archive.notices.text(signed.receipt.notice.sha256).startswith(b"Your picture\n")
    assert archive.notices.list() == (signed.receipt.notice.sha256,)
    assert archive.check(signers=(maker.SIGNER.public_ssh,)).problems == ()


def test_an_event_number_is_given_once(studio: Any) -> None:
    shoot = studio.session()
    grace = studio.subject(shoot)
    studio.signed(grace, shoot)
    archive = studio.archive
    first = archive.consents.events_of(grace.id)[0]
    again = replace(maker.event_value(first, EventKind.WITHDRAWN, maker.START), sequence=1)
    with pytest.raises(WrongUsage), archive.transaction(studio.now) as t:
        archive.consents.add_event(t, again)
    assert len(archive.consents.events_of(grace.id)) == 2


def test_validations_and_disclosures(studio: Any) -> None:
    shoot = studio.session()
    grace = studio.subject(shoot)
    signed, taken, other = studio.signed(grace, shoot), studio.photo(shoot, [grace]), studio.photo(shoot, [], b"2")
    archive = studio.archive
    assert archive.validations.all_of(signed.receipt.id) == ()
    studio.validation(signed)
    latest: Validation = studio.validation(signed)
    kept = archive.validations.all_of(signed.receipt.id)
    assert len(kept) == 2 and kept[0].validation == latest and kept[0].checklist == ("name", "face")
    one, two = studio.recipient(), studio.recipient()
    made = [studio.disclosure(one, [taken]), studio.disclosure(one, [taken, other]), studio.disclosure(two, [other])]
    archive = reopened(studio)
    assert [each.sequence for each in archive.disclosures.list()] == [1, 2, 1]
    assert archive.disclosures.list(one.id) == tuple(made[:2])
    assert archive.disclosures.of_photo(taken.guid) == tuple(made[:2])
    with pytest.raises(WrongUsage), archive.transaction(studio.now) as t:
        archive.disclosures.add(t, replace(made[0], bundle=maker.new_id()))


def test_time_seen_never_goes_back(studio: Any) -> None:
    archive = studio.archive
    late = maker.START + timedelta(days=400, microseconds=5)
    with archive.transaction(late):
        pass
    with archive.transaction(maker.START):
        pass
    assert reopened(studio).newest_seen() == late.replace(microsecond=0)


def test_a_failed_transaction_leaves_nothing(studio: Any) -> None:
    shoot = studio.session()
    archive = studio.archive
    before = archive.newest_seen()
    with pytest.raises(ZeroDivisionError), archive.transaction(studio.now) as t:
        archive.sessions.put(t, replace(shoot, name="changed"))
        archive.journal.append(t, "x", "y", b"")
        assert archive.sessions.get(shoot.id).name == "changed"  # its own writes are seen inside
        _ = 1 / 0
    assert archive.sessions.get(shoot.id) == shoot
    assert archive.journal.head().kind == "studio-founded" and archive.newest_seen() == before
    with archive.transaction(studio.now), pytest.raises(RuntimeError), archive.transaction(studio.now):
        pass


def test_what_a_journal_entry_says_cannot_be_guessed_from_its_hash(studio: Any) -> None:
    """Not by trying what it may say, nor by finding two that say the same; so an erased person's stay unknown."""
    archive = studio.archive
    with archive.transaction(studio.now) as t:
        entries = [archive.journal.append(t, "asked", "-", b"yes") for _ in range(2)]
    assert entries[0].payload_sha256 != entries[1].payload_sha256
    assert hashlib.sha256(b"yes").hexdigest() not in {each.payload_sha256 for each in entries}
    opened = [
        archive.journal._store.open(archive.keys.own, "journal_entry", str(number), 1, payload)
        for number, payload in _payloads(archive, entries)
    ]
    salts = [each.removesuffix(b"yes") for each in opened]
    assert len({*salts}) == 2 and {len(each) for each in salts} == {32}
    assert [archive.journal.payload(each.number) for each in entries] == [b"yes", b"yes"]


def _payloads(archive: Any, entries: list[Any]) -> list[tuple[int, bytes]]:
    with archive._database.reading() as connection:
        query = f"SELECT number, payload FROM journal_entry WHERE number >= {entries[0].number}"
        return [tuple(each) for each in connection.exec_driver_sql(query)]
