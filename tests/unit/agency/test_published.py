"""A published folder: what is signed and of now counts, and each way of attacking an update (TUF) is found out."""

from __future__ import annotations

import os
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.agency import published
from safelight.agency.applying import take_notices
from safelight.agency.folder_sources import folder_source
from safelight.agency.imports import import_bundle
from safelight.agency.incoming_notices import MOST_AT_ONCE
from safelight.agency.open_agency import OpenAgency
from safelight.agency.published import RefreshedFolder, refresh_published
from safelight.agency.questions import Wanted, decide_all
from safelight.agency.trust import trust_studio
from safelight.agency.upkeep import check_agency
from safelight.documents.feed import FeedRecipient, fingerprint_of, notice_path
from safelight.domain.changes import Changes
from safelight.domain.errors import DeviceFailure, Malformed, Refused, SafelightError, WrongUsage
from safelight.domain.ids import Sha256
from safelight.domain.usage import Blocker
from safelight.keys.age_identity import age_recipient, new_age_identity
from support.notices import NoticeBook, ended, said, sealed

USE, OTHER = "use.directory", "use.social"


@pytest.fixture
def book(studio: Any) -> NoticeBook:
    return NoticeBook(studio)


@pytest.fixture
def delivered(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> tuple[Any, Any]:
    taken, receipt = shot(), studio.receipt([USE, OTHER])
    studio.deliver(tmp_path / "b.age", 1, [(taken, [receipt])], [USE, OTHER])
    import_bundle(agency, tmp_path / "b.age")
    return taken, receipt


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "published"


def answer(agency: OpenAgency, photo: Any, use: str = USE) -> Any:
    decision = decide_all(agency, [Wanted(photo.guid, use, "FR")], agency.today())[0].decision
    return "yes" if decision.allowed else decision.blocker


def mine(agency: OpenAgency, folder: Path, number: int) -> Path:
    return folder / notice_path(fingerprint_of(agency.recipient), number)


def taken_in(agency: OpenAgency, folder: Path) -> RefreshedFolder:
    return refresh_published(agency, folder)[0]


def vouched(agency: OpenAgency, studio: Any) -> Any:
    standing = agency.catalogue.trusted_studios.standing(studio.identity.id)
    assert standing is not None
    return standing.valid_until


def test_lists_and_notices_come_in_and_the_second_time_nothing(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], folder: Path, clock: Any
) -> None:
    taken, receipt = delivered
    clock.forward(days=40)
    assert answer(agency, taken) is Blocker.STALE
    book.write([ended(receipt, USE, taken)])
    book.publish(folder, clock.at)
    done, changes = refresh_published(agency, folder)
    assert done.vouches and done.faults == () and done.number == 1
    assert done.lists is not None and done.lists.newer and done.notices is not None and done.notices.new == (1,)
    assert Changes.BUNDLES in changes and Changes.JOURNAL in changes
    assert answer(agency, taken) is Blocker.WITHDRAWN and answer(agency, taken, OTHER) == "yes"
    done, changes = refresh_published(agency, folder)
    assert done.vouches and done.notices is None and changes is Changes.NONE
    book.write([ended(receipt, OTHER, taken)])
    clock.forward(days=1)
    book.publish(folder, clock.at)
    (again,) = [refresh_published(agency, folder, delete=True)[0]]
    assert again.notices is not None and again.notices.new == (2,) and again.notices.deleted == (taken.guid,)
    assert check_agency(agency)[0].problems == ()


# The attacks of The Update Framework's specification (section 1.5.2), as far as they apply ---------------------------


def test_arbitrary_content_and_a_wrong_key(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], new_studio: Any, folder: Path, clock: Any
) -> None:
    taken, receipt = delivered
    unknown, other = new_studio("Unknown", trusted=False), new_studio("Another")
    book.write([ended(receipt, USE, taken)])
    before = agency.catalogue.check().counts
    for key, error in ((unknown.key, Refused), (other.key, Refused)):
        book.publish(folder, clock.at, key=key)
        with pytest.raises(error):
            taken_in(agency, folder)
    book.publish(folder, clock.at)
    whole = (folder / "feed.json").read_bytes()
    for data in (whole[:-3], b"{}", b"\xff\xfe", whole.replace(b'"number":3', b'"number":4')):
        (folder / "feed.json").write_bytes(data)
        with pytest.raises((Refused, Malformed)):
            taken_in(agency, folder)
    (folder / "feed.json").write_bytes(whole)
    signature = (folder / "feed.json.sig").read_bytes()
    for data in (b"", b"\xff", signature[:-30]):
        (folder / "feed.json.sig").write_bytes(data)
        with pytest.raises((Refused, Malformed)):
            taken_in(agency, folder)
    (folder / "feed.json.sig").unlink()
    with pytest.raises(Refused, match=r"There is no feed\.json\.sig"):
        taken_in(agency, folder)
    assert agency.catalogue.check().counts == before


def test_rollback_to_an_older_feed_vouches_for_nothing(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], folder: Path, clock: Any, tmp_path: Path,
    studio: Any,
) -> None:  # fmt: skip
    taken, receipt = delivered
    book.publish(folder, clock.at)
    shutil.copytree(folder, tmp_path / "old")
    clock.forward(days=2)
    book.write([ended(receipt, USE, taken)])
    book.publish(folder, clock.at)
    taken_in(agency, folder)
    until = vouched(agency, studio)
    done = taken_in(agency, tmp_path / "old")
    assert not done.vouches and "older than the one" in done.faults[0] and "speaks of 0 notices" in done.faults[1]
    assert answer(agency, taken) is Blocker.WITHDRAWN and vouched(agency, studio) == until
    # The old feed beside the new lists: the lists are others than it names.
    shutil.copy(tmp_path / "old" / "feed.json", folder)
    shutil.copy(tmp_path / "old" / "feed.json.sig", folder)
    assert "not the one that the feed names" in " ".join(taken_in(agency, folder).faults)


def test_a_feed_that_is_frozen_is_told_and_what_is_signed_counts(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], folder: Path, clock: Any, studio: Any
) -> None:
    taken, receipt = delivered
    studio.end(receipt, OTHER)
    book.write([ended(receipt, USE, taken)])
    until = vouched(agency, studio)
    book.publish(folder, clock.at, days=3)
    clock.forward(days=10)
    done = taken_in(agency, folder)
    assert not done.vouches and "was good until" in done.faults[0]
    assert answer(agency, taken) is answer(agency, taken, OTHER) is Blocker.WITHDRAWN
    assert vouched(agency, studio) == until
    assert done.lists is not None and done.lists.ended == 1 and not done.lists.newer
    assert agency.catalogue.feeds.get(studio.identity.id) is None


def test_fast_forward_is_refused_and_a_new_key_counts_anew(
    agency: OpenAgency, book: NoticeBook, folder: Path, clock: Any, studio: Any
) -> None:
    book.publish(folder, clock.at + timedelta(days=3))
    with pytest.raises(Refused, match="has not come yet"):
        taken_in(agency, folder)
    book.publish(folder, clock.at, number=2**31 - 1)  # by somebody who stole the key
    assert taken_in(agency, folder).vouches
    old, studio.key = studio.key, studio.new_key()
    clock.forward(days=1)
    trust_studio(agency, studio.card(previous=old, at=clock.at))
    clock.forward(hours=1)
    book.publish(folder, clock.at, key=old)
    with pytest.raises(Refused, match="had replaced before"):
        taken_in(agency, folder)
    book.publish(folder, clock.at)
    assert taken_in(agency, folder).vouches


def test_mix_and_match(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], folder: Path, clock: Any, studio: Any,
    tmp_path: Path,
) -> None:  # fmt: skip
    """An older list, a list of another studio, and notices that changed places, under a feed that is of now."""
    taken, receipt = delivered
    book.write([ended(receipt, USE, taken)])
    book.write(photos=[said(taken)])
    book.publish(tmp_path / "older", clock.at)
    studio.end(receipt, OTHER)
    clock.forward(days=1)
    book.publish(folder, clock.at)
    for name in ("list.json", "list.json.sig"):
        shutil.copy(tmp_path / "older" / name, folder)
    one, two = (mine(agency, folder, number) for number in (1, 2))
    first, second = one.read_bytes(), two.read_bytes()
    one.write_bytes(second)
    two.write_bytes(first)
    done = taken_in(agency, folder)
    assert not done.vouches and "list.json is not the one that the feed names" in done.faults[0]
    assert sum("another one lies in its place" in each for each in done.faults) == 2
    assert answer(agency, taken) == "yes" and done.notices is None
    one.write_bytes(first)
    done = taken_in(agency, folder)  # what is right again comes in by itself
    assert done.notices is not None and done.notices.new == (1,) and answer(agency, taken) is Blocker.WITHDRAWN


def test_endless_data(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], folder: Path, clock: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    taken, _ = delivered
    book.write(photos=[said(taken)])
    book.publish(folder, clock.at)
    monkeypatch.setattr(published, "LARGEST_SEALED", 500)
    monkeypatch.setattr(published, "LARGEST", 500)
    for each in taken_in(agency, folder).faults[:2]:
        assert "was left out" in each and "larger than 500 bytes" in each
    monkeypatch.undo()
    os.truncate(folder / "feed.json", 5 << 20)
    with pytest.raises(WrongUsage, match="larger than 4 MiB"):
        taken_in(agency, folder)
    # A feed that tells of two thousand million notices is asked for some thousands of them.
    many = FeedRecipient(fingerprint_of(agency.recipient), 2**31 - 1, Sha256("a" * 64))
    book.publish(folder, clock.at, recipients=(many,))
    asked = []

    def counting(name: str, most: int) -> bytes | None:
        asked.append(name)
        return folder_source(folder)(name, most)

    done, _ = refresh_published(agency, counting)
    assert len(asked) <= MOST_AT_ONCE + 10 and done.notices is not None and done.notices.new == (1,)
    assert "numbers 2, 3, 4, 5, 6 and more are not here" in done.faults[-1]


def test_a_slow_or_broken_folder_changes_nothing_by_half(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], folder: Path, clock: Any
) -> None:
    """A source that fails in the middle: what came before counts, the rest comes the next time."""
    taken, receipt = delivered
    book.write([ended(receipt, USE, taken)])
    book.publish(folder, clock.at)

    def failing(name: str, most: int) -> bytes | None:
        if name.endswith(".age"):
            raise DeviceFailure("It does not answer.")
        return folder_source(folder)(name, most)

    with pytest.raises(DeviceFailure):
        refresh_published(agency, failing)
    assert answer(agency, taken) == "yes" and check_agency(agency)[0].problems == ()
    assert taken_in(agency, folder).notices is not None and answer(agency, taken) is Blocker.WITHDRAWN


def test_what_else_lies_there_is_not_looked_at(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], folder: Path, clock: Any
) -> None:
    """Extraneous files: nothing is asked for that the feed does not name, nor the notices of others."""
    taken, receipt = delivered
    book.write([ended(receipt, USE, taken)])
    book.publish(folder, clock.at)
    (folder / "list-7.json").write_bytes(b"x")
    mine(agency, folder, 9).write_bytes(b"x")
    asked = []

    def noting(name: str, most: int) -> bytes | None:
        asked.append(name)
        return folder_source(folder)(name, most)

    assert refresh_published(agency, noting)[0].vouches
    assert set(asked) == {
        "feed.json", "feed.json.sig", "list.json", "list.json.sig", notice_path(fingerprint_of(agency.recipient), 1)
    }  # fmt: skip


def test_a_missing_piece_is_told_and_the_others_count(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], folder: Path, clock: Any, studio: Any
) -> None:
    """Withheld notices and lists: the feed says what should be there."""
    taken, receipt = delivered
    book.write([ended(receipt, OTHER, taken)])
    book.write([ended(receipt, USE, taken)])
    book.publish(folder, clock.at)
    mine(agency, folder, 1).unlink()
    done = taken_in(agency, folder)
    assert done.notices is not None and done.notices.new == (2,) and "number 1 is not here" in done.faults[0]
    assert answer(agency, taken) is Blocker.WITHDRAWN and answer(agency, taken, OTHER) == "yes"
    (folder / "list.json.sig").unlink()
    done = taken_in(agency, folder)
    assert not done.vouches and "list.json or its signature is missing" in done.faults[0] and done.lists is None


@pytest.mark.parametrize("what", ["changed", "for others", "another studio's", "not a notice"])
def test_a_damaged_or_foreign_notice_is_left_out_alone(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], folder: Path, clock: Any, new_studio: Any,
    what: str,
) -> None:  # fmt: skip
    taken, receipt = delivered
    foreign = NoticeBook(new_studio("Another")).write([ended(receipt, USE, taken)])
    book.write([ended(receipt, OTHER, taken)])
    book.write(photos=[said(taken)])
    book.publish(folder, clock.at)
    place = mine(agency, folder, 1)
    place.write_bytes({
        "changed": place.read_bytes()[:-1] + b"x",
        "for others": sealed(book.written[0], somebody_else()),
        "another studio's": sealed(foreign, agency.recipient),
        "not a notice": b"hello",
    }[what])  # fmt: skip
    done = taken_in(agency, folder)
    assert done.faults[0].startswith("Notice 1 was left out") and len(done.faults) == 2
    assert done.notices is not None and done.notices.new == (2,) and answer(agency, taken) is Blocker.WITHHELD


def somebody_else() -> str:
    return age_recipient(new_age_identity())


def test_two_feeds_or_two_notices_with_one_number_are_told(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], folder: Path, clock: Any
) -> None:
    taken, receipt = delivered
    book.publish(folder, clock.at)
    taken_in(agency, folder)
    book.publish(folder, clock.at, number=1, valid_until=clock.at + timedelta(days=2))
    assert "number 1 to two different feeds" in taken_in(agency, folder).faults[0]
    take_notices(agency, [book.write([ended(receipt, USE, taken)], number=1)])
    book.write(photos=[said(taken)])
    book.publish(folder, clock.at)
    assert "Notice 1 here is not the one that the feed names" in taken_in(agency, folder).faults[-1]


def test_a_list_of_another_studio_is_left_out(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], folder: Path, clock: Any, new_studio: Any
) -> None:
    other = new_studio("Another")
    listed = other.listed(1, clock.at, clock.at + timedelta(days=30))
    book.publish(folder, clock.at)
    feed = book.feed([listed], clock.at)
    (folder / "feed.json").write_bytes(feed)
    (folder / "feed.json.sig").write_text(book.studio.key.sign(feed, "safelight-feed"))
    (folder / "list.json").write_bytes(listed)
    (folder / "list.json.sig").write_text(other.key.sign(listed, "safelight-status"))
    done = taken_in(agency, folder)
    assert not done.vouches and done.lists is None and "The status lists were left out" in done.faults[0]


def test_errors_are_one_sentence(agency: OpenAgency, tmp_path: Path) -> None:
    with pytest.raises(SafelightError) as told:
        taken_in(agency, tmp_path)
    assert told.value.title == "There is no feed.json." and "Nothing was changed" in told.value.hint
