"""What an agency answers a studio's notices, and the uses it registered: everything it says, and only what is so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from safelight.agency.answering import HELD_BACK, RELEASED, STILL_USED, STOPPED, Reasons, answer_notices
from safelight.agency.applying import take_notices
from safelight.agency.imports import import_bundle
from safelight.agency.open_agency import OpenAgency
from safelight.agency.registered_uses import UsedFor, end_use, list_uses, register_use
from safelight.agency.upkeep import check_agency
from safelight.documents.acknowledgements import Acknowledgement, Reply, UseKind, read_ack, unanswered
from safelight.documents.withdrawal_notices import Asked, PhotoReason, PhotoState, read_notice
from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country
from safelight.keys.signing import verify_sshsig
from support import deliveries
from support.notices import NoticeBook, ended, said, sha256

USE, OTHER = "use.directory", "use.social"


@pytest.fixture
def book(studio: Any) -> NoticeBook:
    return NoticeBook(studio)


@pytest.fixture
def delivered(agency: OpenAgency, studio: Any, shot: Any, tmp_path: Path) -> list[tuple[Any, Any]]:
    """Two photos with a person each."""
    pairs = [(shot(), studio.receipt([USE, OTHER])) for _ in range(2)]
    studio.deliver(tmp_path / "b.age", 1, [(taken, [receipt]) for taken, receipt in pairs], [USE, OTHER])
    import_bundle(agency, tmp_path / "b.age")
    return pairs


def told(ack: Acknowledgement) -> dict[tuple[Any, Any], tuple[Reply, str]]:
    return {(each.record, each.photo): (each.reply, each.why) for each in ack.reactions}


def test_every_photo_under_every_record_is_answered(
    agency: OpenAgency, book: NoticeBook, delivered: list[tuple[Any, Any]], shot: Any, studio: Any, clock: Any
) -> None:
    (first, hers), (second, _) = delivered
    never = shot()
    missed = studio.receipt([USE])
    one = book.write([ended(hers, USE, first), ended(missed, USE, never)], [said(second)])
    two = book.write([ended(hers, OTHER, first)])
    take_notices(agency, [one])
    by = [hers.record_for(USE).id, hers.record_for(OTHER).id, missed.record_for(USE).id]
    done, changes = answer_notices(agency)
    ack = read_ack(done.content)
    assert changes is Changes.JOURNAL and (ack.number, ack.studio) == (1, studio.identity.id)
    verify_sshsig(agency.signer.public_ssh, done.content, done.signature, "safelight-ack")
    last = hers.record_for(OTHER).last_day
    assert told(ack) == {
        (by[0], first.guid): (Reply.KEPT, f"{OTHER} allows it until {last}"),
        (by[2], never.guid): (Reply.NOT_HELD, ""),
        (None, second.guid): (Reply.KEPT, HELD_BACK),
    }
    for notice in (one, two):
        left = unanswered(read_notice(notice.text), sha256(notice.text), ack)
        assert bool(left) is (notice is two)
    clock.forward(hours=1)
    take_notices(agency, [one, two], delete=True)
    done, _ = answer_notices(agency)
    ack = read_ack(done.content)
    assert ack.number == 2 and [each.number for each in ack.notices] == [1, 2]
    assert told(ack) == {
        (by[0], first.guid): (Reply.REMOVED, ""), (by[1], first.guid): (Reply.REMOVED, ""),
        (by[2], never.guid): (Reply.NOT_HELD, ""), (None, second.guid): (Reply.REMOVED, ""),
    }  # fmt: skip
    assert all(each.at == clock.at for each in ack.reactions if each.reply is Reply.REMOVED)
    assert check_agency(agency)[0].problems == ()


def test_a_reason_given_once_stands_in_every_answer(
    agency: OpenAgency, book: NoticeBook, delivered: list[tuple[Any, Any]]
) -> None:
    (first, hers), (second, _) = delivered
    take_notices(agency, [book.write([ended(hers, USE, first), ended(hers, OTHER, first)])])
    register_use(agency, UsedFor(first.guid, UseKind.MODEL, "Face 7"))
    trained = "the model was trained and cannot unlearn; the next one is made without"
    with pytest.raises(WrongUsage, match="which is not kept"):
        answer_notices(agency, given=Reasons({second.guid: "why"}))
    with pytest.raises(WrongUsage, match="must be a line"):
        answer_notices(agency, given=Reasons({first.guid: " "}))
    done, _ = answer_notices(agency, given=Reasons({first.guid: "evidence in court"}, {"Face 7": trained}))
    assert done.ack.number == 1  # what was refused counted for nothing
    for number in (1, 2):
        assert {each.why for each in done.ack.reactions} == {"evidence in court"}
        assert [(each.reply, each.why) for each in done.ack.uses] == [(Reply.KEPT, trained)]
        assert done.ack.number == number
        done, _ = answer_notices(agency)


def test_what_is_only_held_back_or_released_says_so(
    agency: OpenAgency, book: NoticeBook, delivered: list[tuple[Any, Any]]
) -> None:
    (first, _), (second, _) = delivered
    stop = (Asked.STOP,)
    take_notices(agency, [
        book.write(photos=[said(first, why=PhotoReason.RESTRICTED, asked=stop), said(second, asked=stop)]),
        book.write(photos=[said(second, PhotoState.RELEASED, asked=())]),
    ])  # fmt: skip
    assert told(answer_notices(agency)[0].ack) == {
        (None, first.guid): (Reply.KEPT, STOPPED), (None, second.guid): (Reply.KEPT, RELEASED),
    }  # fmt: skip


def test_uses_are_registered_whatever_is_allowed_and_answered_for(
    agency: OpenAgency, book: NoticeBook, delivered: list[tuple[Any, Any]], clock: Any
) -> None:
    (first, hers), (second, _) = delivered
    plain, changes = register_use(agency, UsedFor(f"urn:uuid:{first.guid}", UseKind.WEB, " Spring page "))
    assert (plain.name, plain.allowed, plain.blocker) == ("Spring page", True, "") and Changes.PHOTOS in changes
    assert register_use(agency, UsedFor(first.guid, UseKind.WEB, "Spring page"))[1] is Changes.NONE
    asked, _ = register_use(agency, UsedFor(first.guid, UseKind.PRINT, "Poster", OTHER, Country("US")))
    assert (asked.allowed, asked.blocker, asked.use) == (False, "territory", OTHER)
    covered, _ = register_use(agency, UsedFor(first.guid, UseKind.SET, "Set", OTHER))
    assert covered.allowed and covered.until == (deliveries.START + timedelta(days=30)).date()
    register_use(agency, UsedFor(second.guid, UseKind.SET, "Set"))
    for made, error in (
        (UsedFor("nobody", UseKind.WEB, "Page"), "There is no photo"),
        (UsedFor(first.guid, UseKind.WEB, "  "), "The name of a use"),
        (UsedFor(first.guid, UseKind.WEB, "a\nb"), "The name of a use"),
    ):
        with pytest.raises(WrongUsage, match=error):
            register_use(agency, made)
    take_notices(agency, [book.write([ended(hers, USE, first)])])
    clock.forward(hours=2)
    assert end_use(agency, UsedFor(first.guid, UseKind.WEB, "Spring page"))[0] == 1
    assert end_use(agency, UsedFor(first.guid, UseKind.WEB, "Spring page")) == (0, Changes.NONE)
    with pytest.raises(WrongUsage, match="No set of this name"):
        end_use(agency, UsedFor(first.guid, UseKind.SET, "Other"))
    uses = {each.name: (each.reply, each.why) for each in answer_notices(agency)[0].ack.uses}
    last = hers.record_for(OTHER).last_day
    assert uses == {
        "Spring page": (Reply.REMOVED, ""),
        "Poster": (Reply.KEPT, f"{OTHER} allows it until {last}"),
        "Set": (Reply.KEPT, f"{OTHER} allows it until {last}"),
    }
    take_notices(agency, [book.write([ended(hers, OTHER, first)])])
    uses = {each.name: (each.reply, each.why) for each in answer_notices(agency)[0].ack.uses}
    assert uses["Set"] == uses["Poster"] == (Reply.KEPT, STILL_USED)
    assert [each.ended_at is not None for each in list_uses(agency)] == [True, False, False, False]
    assert check_agency(agency)[0].problems == ()


def test_which_studio_is_answered(agency: OpenAgency, book: NoticeBook, new_studio: Any, shot: Any) -> None:
    with pytest.raises(WrongUsage, match="nothing to answer"):
        answer_notices(agency)
    other = NoticeBook(new_studio("Another"))
    for each in (book, other):
        take_notices(agency, [each.write(photos=[said(shot())])])
    for wrong in (None, "Nobody"):
        with pytest.raises(WrongUsage, match="Which studio"):
            answer_notices(agency, wrong)
    assert answer_notices(agency, "Another")[0].ack.studio == other.studio.identity.id
    assert answer_notices(agency, book.studio.identity.id)[0].ack.number == 1
