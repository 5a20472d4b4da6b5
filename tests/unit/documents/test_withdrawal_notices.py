"""Withdrawal notices, acknowledgements and feeds: round trips, what makes no sense, what was left unanswered."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.documents.acknowledgements import (
    Acknowledgement,
    AnsweredNotice,
    Reaction,
    Reply,
    UseKind,
    UseReaction,
    ack_bytes,
    asked_in,
    read_ack,
    unanswered,
)
from safelight.documents.feed import Feed, FeedList, FeedRecipient, feed_bytes, fingerprint_of, notice_path, read_feed
from safelight.documents.jcs import sha256_hex
from safelight.documents.withdrawal_notices import (
    Asked,
    Ended,
    NoticeItem,
    NoticePhoto,
    NoticePhotoState,
    PhotoReason,
    PhotoState,
    WithdrawalNotice,
    notice_bytes,
    read_notice,
)
from safelight.domain.errors import Malformed
from safelight.domain.ids import NoticeId, PhotoGuid, ReceiptId, RecipientId, RecordId, ScopeId, Sha256, StudioId

NOW = datetime(2026, 11, 29, 8, 0, tzinfo=UTC)


def uuid(number: int) -> str:
    return f"00000000-0000-4000-8000-{number:012d}"


PHOTOS = (
    NoticePhoto(PhotoGuid(uuid(11)), "jpeg-scans", Sha256("11" * 32), (Sha256("aa" * 32),)),
    NoticePhoto(PhotoGuid(uuid(12)), "file", Sha256("22" * 32), ()),
)
ITEM = NoticeItem(
    RecordId(uuid(101)),
    ReceiptId(uuid(1)),
    ScopeId("ai.train-generative"),
    4007,
    Ended.WITHDRAWN,
    NOW,
    (Asked.STOP, Asked.DELETE, Asked.STOP_TRAINING),
    PHOTOS,
)
FIRST = WithdrawalNotice(
    NoticeId(uuid(50)), 1, None, StudioId(uuid(2)), RecipientId("age1" + "q" * 58), NOW, date(2026, 12, 29), (ITEM,)
)
SECOND = replace(
    FIRST,
    id=NoticeId(uuid(51)),
    number=2,
    previous=sha256_hex(notice_bytes(FIRST)),
    items=(replace(ITEM, record=RecordId(uuid(102)), ended=Ended.EXPIRED, photos=()),),
)
HELD_BACK = NoticePhotoState(PHOTOS[1], PhotoState.WITHHELD, PhotoReason.STRUCK_OUT, NOW, (Asked.DELETE,))
THIRD = replace(
    SECOND, id=NoticeId(uuid(52)), number=3, previous=sha256_hex(notice_bytes(SECOND)), items=(),
    photos=(HELD_BACK, NoticePhotoState(PHOTOS[0], PhotoState.RELEASED, PhotoReason.RESTRICTED, NOW)),
)  # fmt: skip
MARKS = tuple(AnsweredNotice(each.number, sha256_hex(notice_bytes(each))) for each in (FIRST, SECOND))
ACK = Acknowledgement(
    uuid(60),
    1,
    FIRST.studio,
    FIRST.recipient,
    NOW,
    MARKS,
    (
        Reaction(RecordId(uuid(101)), PhotoGuid(uuid(11)), Reply.REMOVED, NOW),
        Reaction(RecordId(uuid(101)), PhotoGuid(uuid(12)), Reply.KEPT, NOW, "in print"),
        Reaction(None, PhotoGuid(uuid(12)), Reply.REMOVED, NOW),
    ),
    (UseReaction(PhotoGuid(uuid(11)), UseKind.MODEL, "faces-3", Reply.KEPT, NOW, "the next version is made without"),),
)
FEED = Feed(
    StudioId(uuid(2)), 4, NOW, NOW + timedelta(days=30), (FeedList(1, Sha256("ab" * 32)),),
    (FeedRecipient(fingerprint_of(FIRST.recipient), 3, sha256_hex(notice_bytes(THIRD))),),
)  # fmt: skip


def test_notices_are_read_back() -> None:
    for notice in (FIRST, SECOND, THIRD):
        assert read_notice(notice_bytes(notice)) == notice
    assert json.loads(notice_bytes(FIRST))["format"] == "safelight-notice/1"


def test_acknowledgements_are_read_back() -> None:
    assert read_ack(ack_bytes(ACK)) == ACK
    assert json.loads(ack_bytes(ACK))["format"] == "safelight-ack/1"


def test_what_an_acknowledgement_left_unanswered() -> None:
    first, third = (sha256_hex(notice_bytes(each)) for each in (FIRST, THIRD))
    assert unanswered(FIRST, first, ACK) == ()
    assert unanswered(FIRST, first, replace(ACK, reactions=ACK.reactions[:1])) == ((uuid(101), uuid(12)),)
    assert unanswered(FIRST, first, None) == asked_in(FIRST) == ((uuid(101), uuid(11)), (uuid(101), uuid(12)))
    assert unanswered(SECOND, MARKS[1].sha256, ACK) == ()
    assert unanswered(THIRD, third, ACK) == ((None, uuid(12)),), "it does not have that notice"
    assert unanswered(THIRD, third, replace(ACK, notices=(*MARKS, AnsweredNotice(3, third)))) == ()
    assert unanswered(FIRST, third, ACK) == asked_in(FIRST), "it has another notice under this number"


def test_a_feed_is_read_back() -> None:
    assert read_feed(feed_bytes(FEED)) == FEED
    assert notice_path(FEED.recipients[0].fingerprint, 3) == f"notices/{FEED.recipients[0].fingerprint}/3.age"


@pytest.mark.parametrize(("feed", "path"), [
    (replace(FEED, valid_until=NOW), "/valid_until"),
    (replace(FEED, valid_until=NOW + timedelta(days=31)), "/valid_until"),
    (replace(FEED, lists=(FeedList(2, Sha256("ab" * 32)),)), "/lists"), (replace(FEED, lists=()), "/lists"),
    (replace(FEED, lists=FEED.lists * 2), "/lists"), (replace(FEED, recipients=FEED.recipients * 2), "/recipients"),
    (replace(FEED, number=0), "/number"),
])  # fmt: skip
def test_a_feed_that_makes_no_sense(feed: Feed, path: str) -> None:
    with pytest.raises(Malformed) as caught:
        feed_bytes(feed)
    assert caught.value.faults[0].startswith(f"{path}:")


@pytest.mark.parametrize(("notice", "path"), [
    (replace(FIRST, previous=Sha256("00" * 32)), "/previous"), (replace(SECOND, previous=None), "/previous"),
    (replace(FIRST, number=0), "/number"), (replace(FIRST, due=date(2026, 11, 28)), "/due"),
    (replace(FIRST, items=()), "/items"), (replace(THIRD, photos=(HELD_BACK, HELD_BACK)), "/photos"),
    (replace(FIRST, items=(ITEM, ITEM)), "/items"),
    (replace(FIRST, items=(replace(ITEM, asked=()),)), "/items/0/asked"), (replace(FIRST, id=NoticeId("x")), "/id"),
    (replace(FIRST, items=(replace(ITEM, status_index=-1),)), "/items/0/status_index"),
])  # fmt: skip
def test_a_notice_that_makes_no_sense(notice: WithdrawalNotice, path: str) -> None:
    with pytest.raises(Malformed) as caught:
        notice_bytes(notice)
    assert caught.value.faults[0].startswith(f"{path}:")


@pytest.mark.parametrize(("ack", "path"), [
    (replace(ACK, reactions=ACK.reactions[:1] * 2), "/reactions"), (replace(ACK, number=0), "/number"),
    (replace(ACK, notices=MARKS[:1] * 2), "/notices"), (replace(ACK, notices=()), "/notices"),
    (replace(ACK, uses=ACK.uses * 2), "/uses"), (replace(ACK, uses=(replace(ACK.uses[0], why=""),)), "/uses/0/why"),
    (replace(ACK, reactions=(replace(ACK.reactions[1], why=" "),)), "/reactions/0/why"),
    (replace(ACK, reactions=(replace(ACK.reactions[0], why="because"),)), "/reactions/0/why"),
    (replace(ACK, notices=(AnsweredNotice(1, Sha256("x")),)), "/notices/0/sha256"),
])  # fmt: skip
def test_an_acknowledgement_that_makes_no_sense(ack: Acknowledgement, path: str) -> None:
    with pytest.raises(Malformed) as caught:
        ack_bytes(ack)
    assert caught.value.faults[0].startswith(f"{path}:")


def test_everything_that_is_wrong_is_said_at_once() -> None:
    raw = json.loads(notice_bytes(SECOND)) | {"previous": None, "due": "2026-01-01"}
    with pytest.raises(Malformed) as caught:
        read_notice(raw)
    assert {each.split(":")[0] for each in caught.value.faults} == {"/previous", "/due"}
    raw = {"format": "safelight-ack/1", "id": 5, "more": 1}
    with pytest.raises(Malformed) as caught:
        read_ack(raw)
    assert len(caught.value.faults) > 5


@pytest.mark.parametrize("read", [read_notice, read_ack, read_feed])
@given(untrusted=st.binary(max_size=200))
def test_arbitrary_bytes_raise_nothing_but_malformed(read: Any, untrusted: bytes) -> None:
    with pytest.raises(Malformed):
        read(untrusted)
