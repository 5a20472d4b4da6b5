"""Shots move together, say which signed receipts name them, and go back exactly to where they were."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import PersonId
from safelight.domain.photo import Photo
from safelight.studio import assignments
from support.shoot import Shoot, said_yes


def kim(shoot: Shoot) -> PersonId:
    return shoot.staff["Kim"].id


def marked(shoot: Shoot, *photos: Photo, flagged: bool = False) -> tuple[Photo, ...]:
    """These as one shot."""
    as_one = [replace(each, shot=photos[0].guid, flagged=flagged) for each in photos]
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        for each in as_one:
            shoot.studio.archive.photos.put(writing, each)
    return tuple(as_one)


def now(shoot: Shoot, *photos: Photo) -> list[Photo]:
    return [shoot.studio.archive.photos.get(each.guid) for each in photos]


def test_raw_and_jpeg_go_together_and_come_back_together(shoot: Shoot) -> None:
    ada, ben, cleo = (shoot.person(each) for each in ("Ada", "Ben", "Cleo"))
    raw, jpeg = marked(shoot, shoot.photo(ada), shoot.photo(ada), flagged=True)
    other = shoot.photo(ben, cleo)
    moved, _ = assignments.move_photos(shoot.studio, [jpeg.guid, other.guid], [ben.id], kim(shoot))
    assert [(each.subjects, each.flagged) for each in now(shoot, raw, jpeg, other)] == [((ben.id,), False)] * 3
    assert {each.photo.guid for each in moved.assigned} == {raw.guid, jpeg.guid, other.guid}
    for each in (raw, jpeg, other):
        ((_, said),) = shoot.studio.archive.journal.told_about("photo-assigned", each.guid)[-1:]
        assert json.loads(said)["how"] == "hand"

    again, _ = assignments.move_back(shoot.studio, moved, kim(shoot))
    assert now(shoot, raw, jpeg, other) == [raw, jpeg, other]
    ((_, said),) = shoot.studio.archive.journal.told_about("photo-assigned", raw.guid)[-1:]
    assert json.loads(said) == {"by": kim(shoot), "from": [ben.id], "how": "back", "to": [ada.id]}
    assert assignments.last_move(shoot.studio, [jpeg.guid, other.guid]).places == again.places
    assignments.move_back(shoot.studio, again, kim(shoot))
    assert {each.subjects for each in now(shoot, raw, jpeg, other)} == {(ben.id,)}
    assert shoot.studio.archive.check().problems == ()


def test_a_move_beside_others_keeps_who_is_on_it(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    photo = shoot.photo(ada)
    assignments.move_photos(shoot.studio, [photo.guid], [ben.id], kim(shoot), also=True)
    assert now(shoot, photo)[0].subjects == (ada.id, ben.id)


def test_what_was_changed_since_is_not_taken_back(shoot: Shoot) -> None:
    ada, ben, cleo = (shoot.person(each) for each in ("Ada", "Ben", "Cleo"))
    photos = [shoot.photo(ada), shoot.photo(ada)]
    guids = [each.guid for each in photos]
    moved, _ = assignments.move_photos(shoot.studio, guids, [ben.id], kim(shoot))
    assignments.move_photos(shoot.studio, guids[1:], [cleo.id], kim(shoot))
    with pytest.raises(Refused, match="changed since"):
        assignments.move_back(shoot.studio, moved, kim(shoot))
    assert [each.subjects for each in now(shoot, *photos)] == [(ben.id,), (cleo.id,)]
    assignments.remove_photos(shoot.studio, guids[:1], kim(shoot))
    with pytest.raises(Refused, match="changed since"):
        assignments.move_back(shoot.studio, moved, kim(shoot))
    with pytest.raises(Refused, match="never moved"):
        assignments.last_move(shoot.studio, [shoot.photo(ada).guid])
    with pytest.raises(WrongUsage, match="no photo"):
        assignments.move_photos(shoot.studio, guids, [ada.id], kim(shoot))


def test_one_answer_settles_every_question_and_can_be_taken_back(shoot: Shoot) -> None:
    ada = shoot.person("Ada")
    shot = marked(shoot, shoot.photo(ada), shoot.photo(ada), flagged=True)
    plain = shoot.photo(ada)
    moved, _ = assignments.settle(shoot.studio, [shot[0].guid, plain.guid], kim(shoot))
    assert [each.flagged for each in now(shoot, *shot, plain)] == [False] * 3
    ((_, said),) = shoot.studio.archive.journal.told_about("photo-assigned", shot[1].guid)
    assert json.loads(said)["how"] == "settled"
    assert shoot.studio.archive.journal.told_about("photo-assigned", plain.guid) == ()
    assignments.move_back(shoot.studio, moved, kim(shoot))
    assert now(shoot, *shot, plain) == [*shot, plain]


def test_a_signed_receipt_that_names_the_frame_is_told_wherever_it_goes(shoot: Shoot) -> None:
    ada, ben = shoot.person("Ada"), shoot.person("Ben")
    shown = shoot.photo(ada)
    signed = shoot.ask(ada, said_yes("use.portfolio"), shown=[shown])
    other = shoot.photo(ada)
    for to in (ben, ada, ben):
        moved, _ = assignments.move_photos(shoot.studio, [shown.guid, other.guid], [to.id], kim(shoot))
        (naming,) = moved.receipts
        assert (naming.subject, naming.photos) == (ada.id, (shown.guid,))
    assert naming.receipt == signed.receipt.id
    assert assignments.move_photos(shoot.studio, [other.guid], [ada.id], kim(shoot))[0].receipts == ()
