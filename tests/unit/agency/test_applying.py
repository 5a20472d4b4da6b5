"""Withdrawal notices: what they end is a no from then on, in any order; what is forged changes nothing."""

from __future__ import annotations

import itertools
import json
import random
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.agency.applying import apply_notices, take_notices
from safelight.agency.founding import open_agency
from safelight.agency.imports import import_bundle
from safelight.agency.incoming_notices import SignedNotice
from safelight.agency.open_agency import OpenAgency
from safelight.agency.questions import Wanted, decide_all, may
from safelight.agency.trust import trust_studio
from safelight.agency.upkeep import check_agency
from safelight.documents.withdrawal_notices import Asked, Ended, PhotoReason, PhotoState
from safelight.domain.changes import Changes
from safelight.domain.errors import CannotOpen, Malformed, Refused, SafelightError, WrongUsage
from safelight.domain.usage import Blocker
from safelight.keys.age_identity import age_recipient, new_age_identity
from support import deliveries
from support.notices import NoticeBook, ended, in_files, said, sealed, sha256
from support.sampling import LONG

from .conftest import PASSPHRASE

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


def answer(agency: OpenAgency, photo: Any, use: str = USE) -> Any:
    decision = decide_all(agency, [Wanted(photo.guid, use, "FR")], agency.today())[0].decision
    return "yes" if decision.allowed else decision.blocker


def entries(agency: OpenAgency) -> list[str]:
    return [each.kind for each in agency.catalogue.journal.entries()]


def sound(agency: OpenAgency) -> None:
    report, _ = check_agency(agency)
    assert report.problems == ()


def test_a_withdrawn_use_is_a_no_and_the_other_stays(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], tmp_path: Path
) -> None:
    taken, receipt = delivered
    path = in_files(book.write([ended(receipt, USE, taken)]), tmp_path / "n")
    done, changes = apply_notices(agency, path)
    assert (done.new, done.already, done.ended, done.missing, done.warnings) == ((1,), (), 1, (), ())
    assert done.in_use == (taken.guid,) and done.held_back == () and done.deleted == ()
    assert changes == Changes.BUNDLES | Changes.PHOTOS | Changes.JOURNAL
    assert answer(agency, taken) is Blocker.WITHDRAWN and answer(agency, taken, OTHER) == "yes"
    done, changes = apply_notices(agency, path.parent)  # the folder, again
    assert (done.new, done.already, done.ended, changes) == ((), (1,), 0, Changes.NONE)
    assert entries(agency).count("notice-applied") == 1
    sound(agency)


@pytest.mark.parametrize(
    ("how", "blocker"),
    [(Ended.WITHDRAWN, Blocker.WITHDRAWN), (Ended.EXPIRED, Blocker.EXPIRED), (Ended.INVALIDATED, Blocker.INVALIDATED),
     (Ended.ERASED, Blocker.WITHDRAWN), (Ended.ENDED, Blocker.WITHDRAWN)],
)  # fmt: skip
def test_the_word_for_each_kind_of_end(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], how: Ended, blocker: Blocker
) -> None:
    taken, receipt = delivered
    take_notices(agency, [book.write([ended(receipt, USE, taken, how=how)])])
    assert answer(agency, taken) is blocker


def test_a_photo_is_withheld_and_released_by_the_highest_number(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any]
) -> None:
    taken, _ = delivered
    held = book.write(photos=[said(taken)])
    free = book.write(photos=[said(taken, PhotoState.RELEASED)])
    again = book.write(photos=[said(taken, why=PhotoReason.RESTRICTED, asked=(Asked.STOP,))])
    take_notices(agency, [free])
    assert answer(agency, taken) == "yes"
    take_notices(agency, [held])
    assert answer(agency, taken) == "yes"
    take_notices(agency, [again])
    assert answer(agency, taken) is Blocker.WITHHELD and answer(agency, taken, OTHER) is Blocker.WITHHELD


def test_a_gap_is_told_and_what_arrived_is_applied(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any]
) -> None:
    taken, receipt = delivered
    first = book.write([ended(receipt, OTHER, taken)])
    book.write(photos=[said(taken, PhotoState.RELEASED)])
    third = book.write([ended(receipt, USE, taken)])
    done, _ = take_notices(agency, [third])
    assert done.missing == (1, 2) and "numbers 1, 2 are not here" in done.warnings[0]
    assert answer(agency, taken) is Blocker.WITHDRAWN
    done, _ = take_notices(agency, [first])
    assert done.missing == (2,) and "number 2 is not here" in done.warnings[0]


def test_another_notice_with_the_same_number_is_refused_and_noted(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any]
) -> None:
    taken, receipt = delivered
    twin = replace_id(book, [ended(receipt, OTHER, taken)])
    take_notices(agency, [book.write([ended(receipt, USE, taken)])])
    for given in ([twin], [twin, book.write(photos=[said(taken)])]):
        with pytest.raises(Refused, match="given number 1 to two different notices"):
            take_notices(agency, given)
    assert answer(agency, taken, OTHER) == "yes"
    assert entries(agency).count("notice-disputed") == 2 and entries(agency).count("notice-applied") == 1
    sound(agency)


def replace_id(book: NoticeBook, items: list[Any]) -> SignedNotice:
    """The first notice, written another time with something else in it."""
    return book.write(items, number=1, previous=None)


def test_a_chain_that_does_not_fit_is_applied_and_told(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any]
) -> None:
    taken, receipt = delivered
    take_notices(agency, [book.write([ended(receipt, USE, taken)])])
    strange = book.write([ended(receipt, OTHER, taken)], previous=sha256(b"another"))
    done, _ = take_notices(agency, [strange])
    assert "does not follow from notice 1" in done.warnings[0]
    assert answer(agency, taken, OTHER) is Blocker.WITHDRAWN


def test_what_is_forged_foreign_or_cut_changes_nothing(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], new_studio: Callable[..., Any], tmp_path: Path,
    clock: Any,
) -> None:  # fmt: skip
    taken, receipt = delivered
    item = [ended(receipt, USE, taken)]
    good = book.write(item)
    other, unknown = new_studio("Another"), new_studio("Unknown", trusted=False)
    open_one = json.loads(good.text) | {"more": 1}
    text = json.dumps(open_one, sort_keys=True, separators=(",", ":")).encode()
    cases: list[tuple[SignedNotice, type[SafelightError]]] = [
        (book.write(item, key=unknown.key), Refused),
        (book.write(item, key=other.key), Refused),
        (book.write(item, recipient=somebody_else()), Refused),
        (book.write(item, at=clock.at + timedelta(days=3), key=book.studio.key), Refused),
        (SignedNotice(good.text[:-1], good.signature), Refused),
        (SignedNotice(good.text.replace(b"withdrawn", b"withdrawm"), good.signature), Refused),
        (SignedNotice(good.text, good.signature[:-40]), Malformed),
        (SignedNotice(good.text, book.studio.key.sign(good.text, "safelight-record")), Refused),
        (SignedNotice(text, book.studio.key.sign(text, "safelight-notice")), Malformed),
        (SignedNotice(b"{}", book.studio.key.sign(b"{}", "safelight-notice")), Malformed),
    ]
    before = agency.catalogue.check().counts
    for given, error in cases:
        with pytest.raises(error) as told:
            take_notices(agency, [given])
        assert told.value.title.count("\n") == 0 and told.value.hint
    path = tmp_path / "for-others.age"
    path.write_bytes(sealed(good, somebody_else()))
    with pytest.raises(CannotOpen):
        apply_notices(agency, path)
    path.write_bytes(sealed(good, agency.recipient)[:-9])
    with pytest.raises(Malformed):
        apply_notices(agency, path)
    path.write_bytes(sealed(good, agency.recipient, ("notice.json", "other.json")))
    with pytest.raises(Malformed, match="other files"):
        apply_notices(agency, path)
    with pytest.raises(WrongUsage):
        apply_notices(agency, tmp_path / "nothing.json")
    assert agency.catalogue.check().counts == before and answer(agency, taken) == "yes"
    path.write_bytes(sealed(good, agency.recipient))
    assert apply_notices(agency, path)[0].new == (1,)


def somebody_else() -> str:
    return age_recipient(new_age_identity())


def test_a_former_key_counts_only_for_its_time(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], studio: Any, clock: Any
) -> None:
    taken, receipt = delivered
    old = studio.key
    studio.key = studio.new_key()
    clock.forward(days=5)
    trust_studio(agency, studio.card(previous=old, at=deliveries.START + timedelta(days=4)))
    late = book.write([ended(receipt, USE, taken)], at=deliveries.START + timedelta(days=4), key=old)
    with pytest.raises(Refused, match="had replaced before"):
        take_notices(agency, [late])
    early = book.write([ended(receipt, USE, taken)], at=deliveries.START + timedelta(days=3), key=old)
    assert take_notices(agency, [early])[0].ended == 1


def test_one_studio_ends_nothing_of_another(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], new_studio: Callable[..., Any]
) -> None:
    taken, receipt = delivered
    foreign = NoticeBook(new_studio("Another"))
    take_notices(agency, [foreign.write([ended(receipt, USE, taken)], [said(taken)])], delete=True)
    assert answer(agency, taken) == "yes"
    # Nor does what it said first hide what the studio itself says later.
    take_notices(agency, [book.write([ended(receipt, USE, taken)], [said(taken)])])
    assert answer(agency, taken) is Blocker.WITHHELD
    sound(agency)


def test_deleting_destroys_picture_and_key_and_keeps_the_proof(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], clock: Any, studio: Any, tmp_path: Path
) -> None:
    taken, receipt = delivered
    kept = agency.catalogue.received.photos([taken.guid])[taken.guid]
    picture = agency.catalogue.files.lies_at(kept.file)
    first = book.write([ended(receipt, USE, taken)])
    assert take_notices(agency, [first], delete=True)[0].deleted == () and picture.exists()
    second = book.write([ended(receipt, OTHER, taken)])
    done, _ = take_notices(agency, [second])
    assert done.held_back == (taken.guid,) and done.deleted == () and picture.exists()
    done, changes = take_notices(agency, [second], delete=True)  # asked again, now to delete
    assert done.already == (2,) and done.deleted == (taken.guid,) and done.held_back == ()
    assert Changes.PHOTOS in changes
    assert not picture.exists() and agency.catalogue.keys.many("portrait", [taken.guid]) == {}
    assert answer(agency, taken) is Blocker.WITHDRAWN
    assert agency.catalogue.received.photos([taken.guid])[taken.guid].deleted_at is not None
    sound(agency)
    # The person signs again: the photo comes back under a key of its own.
    again = studio.receipt([USE], at=deliveries.START + timedelta(hours=1))
    studio.deliver(tmp_path / "2.age", 2, [(taken, [again])], [USE], at=deliveries.START + timedelta(hours=1))
    import_bundle(agency, tmp_path / "2.age")
    assert answer(agency, taken) == "yes" and answer(agency, taken, OTHER) is not Blocker.WITHHELD
    back = agency.catalogue.received.photos([taken.guid])[taken.guid]
    assert back.deleted_at is None and agency.catalogue.files.read_bytes(back.file) == taken.data
    sound(agency)


def test_a_copy_that_is_only_to_be_held_back_is_not_deleted(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any]
) -> None:
    taken, receipt = delivered
    stop = (Asked.STOP,)
    restricted = said(taken, why=PhotoReason.RESTRICTED, asked=stop)
    items = [ended(receipt, USE, taken), ended(receipt, OTHER, taken)]
    done, _ = take_notices(agency, [book.write(items, [restricted])], delete=True)
    assert done.deleted == () and done.held_back == (taken.guid,)


def test_a_delete_that_was_killed_before_the_keys_went_is_finished(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, _ = delivered
    killed = RuntimeError("killed")

    def kill(*_: object) -> int:
        raise killed

    with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="killed"):
        patch.setattr(type(agency.catalogue.keys), "destroy", kill)
        take_notices(agency, [book.write(photos=[said(taken)])], delete=True)
    assert agency.catalogue.keys.many("portrait", [taken.guid])
    folder = agency.catalogue.folder
    agency.catalogue.close()
    with open_agency(folder.path, PASSPHRASE, clock=clock) as again:
        assert again.catalogue.keys.many("portrait", [taken.guid]) == {}
        assert not folder.importing.exists() and not folder.quarantine.exists()
        sound(again)


def test_a_delete_that_was_killed_before_the_files_went_is_finished(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, _ = delivered
    picture = agency.catalogue.files.lies_at(agency.catalogue.received.photos([taken.guid])[taken.guid].file)

    def kill(*_: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch, pytest.raises(RuntimeError, match="killed"):
        patch.setattr(type(agency.catalogue.files), "_unlink", kill)
        take_notices(agency, [book.write(photos=[said(taken)])], delete=True)
    assert picture.exists() and agency.catalogue.keys.many("portrait", [taken.guid])
    folder = agency.catalogue.folder
    agency.catalogue.close()
    with open_agency(folder.path, PASSPHRASE, clock=clock) as again:
        assert not picture.exists() and again.catalogue.keys.many("portrait", [taken.guid]) == {}
        assert not folder.quarantine.exists()
        sound(again)


def test_any_order_of_notices_and_bundles_gives_one_state(
    founded: Path, agency: OpenAgency, studio: Any, book: NoticeBook, shot: Any, tmp_path: Path, clock: Any
) -> None:
    """Three notices and two bundles, 120 orders: each also with everything once more at the end."""
    photos = [shot(), shot()]
    receipts = [studio.receipt([USE, OTHER]) for _ in photos]
    later = studio.receipt([USE], at=deliveries.START + timedelta(minutes=2))
    bundles = [tmp_path / "1.age", tmp_path / "2.age"]
    pairs = [(each, [theirs]) for each, theirs in zip(photos, receipts, strict=True)]
    studio.deliver(bundles[0], 1, pairs, [USE, OTHER])
    studio.deliver(bundles[1], 2, [(photos[0], [later])], [USE], at=deliveries.START + timedelta(minutes=2))
    notices = [
        book.write([ended(receipts[0], USE, photos[0])], [said(photos[1])]),
        book.write([ended(receipts[1], USE, photos[1], how=Ended.EXPIRED)], [said(photos[1], PhotoState.RELEASED)]),
        book.write([ended(receipts[1], USE, photos[1], how=Ended.ERASED)], [said(photos[0])]),
    ]
    moves: list[Callable[[OpenAgency], object]] = [
        *(lambda to, each=each: take_notices(to, [each]) for each in notices),
        *(lambda to, each=each: import_bundle(to, each) for each in bundles),
    ]
    found = set()
    card = studio.card()
    orders = list(itertools.permutations(range(5)))
    sample = orders if LONG else random.Random(11).sample(orders, 8)
    for number, order in enumerate(sample):
        folder = tmp_path / f"order-{number}"
        shutil.copytree(founded, folder)
        with open_agency(folder, PASSPHRASE, clock=clock) as other:
            trust_studio(other, card)
            for each in (*order, *reversed(order)):
                moves[each](other)
            found.add(tuple(str(answer(other, photo, use)) for photo in photos for use in (USE, OTHER)))
    assert found == {("photo-withheld", "photo-withheld", "withdrawn", "yes")}


def test_readers_beside_an_apply_see_the_state_before_it(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any], clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken, receipt = delivered
    with open_agency(agency.catalogue.folder.path, PASSPHRASE, clock=clock) as reader:
        heard = []
        append = agency.catalogue.journal.append

        def look(*args: Any) -> Any:
            heard.append(answer(reader, taken))
            return append(*args)

        monkeypatch.setattr(agency.catalogue.journal, "append", look)
        take_notices(agency, [book.write([ended(receipt, USE, taken)])])
        assert heard == ["yes"] and answer(reader, taken) is Blocker.WITHDRAWN


def test_may_journals_the_word_of_a_withheld_photo(
    agency: OpenAgency, book: NoticeBook, delivered: tuple[Any, Any]
) -> None:
    taken, _ = delivered
    take_notices(agency, [book.write(photos=[said(taken)])])
    decision = may(agency, taken.guid, USE, "FR")[0].decision
    assert decision.blocker is Blocker.WITHHELD and decision.blocker.value == "photo-withheld"
    assert answer(agency, taken, "use.editorial") is Blocker.WITHHELD  # also where it was never delivered for
