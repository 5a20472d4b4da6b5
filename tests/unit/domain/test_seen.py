"""What a photo rests on, told from a signed statement, and how a clause says it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safelight.domain.ids import PhotoGuid, RecordId, Sha256
from safelight.domain.photo import PhotoMark
from safelight.domain.seen import SEEN_WORDS, Seen, agrees, exchanged, mark_of, named_as
from safelight.domain.usage import Blocker, Decision

MARK = PhotoMark(PhotoGuid("one"), "jpeg-scans", Sha256("ab" * 32), "image/jpeg")
A, B = RecordId("a"), RecordId("b")


@pytest.mark.parametrize(
    ("mark", "possible"),
    [
        (replace(MARK, shown=True), {Seen.BEFORE}),
        (replace(MARK, shown=False), {Seen.NAMED}),
        (MARK, {Seen.NAMED}),  # signed before it was stated: nothing is claimed
        (None, {Seen.AFTER, Seen.NOT_NAMED}),
    ],
)
def test_the_statement_alone_says_what_can_be_true(mark: PhotoMark | None, possible: set[Seen]) -> None:
    assert {each for each in Seen if agrees(each, mark)} == possible
    assert named_as(mark) is (None if mark is None else next(iter(possible)))


def test_a_photo_is_found_by_its_id_and_known_by_its_picture() -> None:
    other = replace(MARK, guid=PhotoGuid("two"), image_sha256=Sha256("cd" * 32))
    assert mark_of(MARK.guid, (other, MARK)) is MARK and mark_of(PhotoGuid("three"), (other, MARK)) is None
    assert not exchanged(MARK, (MARK, other))
    assert exchanged(MARK, (other, replace(MARK, image_sha256=Sha256("cd" * 32))))
    assert exchanged(MARK, (replace(MARK, image_hash_kind="file"),))
    assert not exchanged(MARK, ())


def test_a_clause_says_it_of_each_signing() -> None:
    yes = Decision(True, "use.portfolio, consent, record a + b", None, None, (A, B))
    both = yes.resting_on({A: Seen.BEFORE, B: Seen.BEFORE})
    assert both.clause == "use.portfolio, consent, record a + b; photo seen before signing"
    assert both.seen == (Seen.BEFORE, Seen.BEFORE)
    mixed = yes.resting_on({A: Seen.BEFORE, B: Seen.AFTER})
    assert mixed.clause.endswith("; photo seen before signing + came in after signing")
    assert yes.resting_on({}).clause.endswith("; photo not stated whether seen before signing")
    assert yes.resting_on({B: Seen.NAMED}).seen == (None, Seen.NAMED)
    assert {*SEEN_WORDS} == {*Seen, None}


def test_a_no_is_told_as_it_is() -> None:
    no = Decision(False, "use.portfolio", Blocker.REFUSED)
    assert no.resting_on({A: Seen.BEFORE}) is no
