"""What a photo rests on is stated from signing to agency, and a photo exchanged after signing does not leave."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from safelight.bundle.reader import read_metadata
from safelight.domain.binding import CameraClock
from safelight.domain.cameras import UNNAMED
from safelight.domain.clearance import ReasonToStay
from safelight.domain.ids import PhotoGuid, Sha256
from safelight.domain.people import Subject
from safelight.domain.photo import CameraTime, Photo
from safelight.domain.seen import Seen
from safelight.studio.deliveries import GivenAs, deliver
from safelight.studio.exports import NothingLeaves, export_bundle
from safelight.studio.queries.export_preview import export_preview
from safelight.studio.upkeep import check_studio
from support.shoot import Shoot, said_yes

TO, USE = "Prenzel", "use.portfolio"


def signed(shoot: Shoot, person: Subject, *shown: Photo) -> None:
    shoot.ask(person, said_yes(USE, shoot.agencies[TO]), shown=shown)
    shoot.clock.on(seconds=1)


def seen(shoot: Shoot, photo: Photo) -> tuple[Seen, ...] | None:
    done, _ = export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), shoot.scratch / f"{photo.guid}.age")
    opened = read_metadata(done.bundle.path, [shoot.agencies[TO].identity], shoot.studio.signer.public_ssh)
    (entry,) = (each for each in opened.manifest.photos if each.guid == photo.guid)
    return entry.seen


def test_shown_named_and_taken_afterwards_are_told_apart(shoot: Shoot) -> None:
    ada = shoot.person()
    looked_at, only_named = shoot.photo(ada), shoot.photo(ada)
    signed(shoot, ada, looked_at)
    assert (seen(shoot, looked_at), seen(shoot, only_named)) == ((Seen.BEFORE,), (Seen.NAMED,))
    assert seen(shoot, shoot.photo(ada)) == (Seen.AFTER,)


def test_no_to_everything_is_no_look_at_the_pictures(shoot: Shoot) -> None:
    ada = shoot.person()
    photo = shoot.photo(ada)
    done = shoot.ask(ada, shown=[photo], rest_is_no=False, refused_all=True)
    assert [each.shown for each in done.receipt.photos] == [False]


def test_what_was_there_and_was_not_put_to_them_is_not_called_afterwards(shoot: Shoot) -> None:
    ada, ben = shoot.person(), shoot.person("Ben Ode")
    photo = shoot.photo(ben)
    signed(shoot, ada)
    shoot.ask(ben, said_yes(USE, shoot.agencies[TO]))
    from safelight.studio.assignments import assign_photos

    assign_photos(shoot.studio, [photo.guid], [ada.id], shoot.staff["Kim"].id)
    assert seen(shoot, photo) == (Seen.NOT_NAMED,)


@pytest.mark.parametrize(("offset", "known", "told"), [(0, True, Seen.NOT_NAMED), (0, False, Seen.AFTER),
                                                       (7_200_000, True, Seen.AFTER)])  # fmt: skip
def test_a_card_read_later_does_not_make_its_frames_later(
    shoot: Shoot, offset: int, known: bool, told: Seen
) -> None:
    """The clock of a camera counts where somebody compared it: then its frames were taken when it says."""
    ada = shoot.person()
    signed(shoot, ada)
    photo = shoot.photo(ada)
    before = shoot.clock.at.replace(tzinfo=None).isoformat(timespec="milliseconds").replace("T09", "T08")
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        kept = replace(photo, camera_tag="c" * 64, camera_time=CameraTime(before, 0))
        shoot.studio.archive.photos.put(writing, kept)
        camera = replace(UNNAMED, clock=CameraClock(offset, known))
        shoot.studio.archive.cameras.put(writing, shoot.session.id, kept.camera_tag, camera)
    assert seen(shoot, photo) == (told,)


def test_each_person_on_a_group_picture_has_their_own_word(shoot: Shoot) -> None:
    ada, ben = shoot.person(), shoot.person("Ben Ode")
    photo = shoot.photo(ada, ben)
    signed(shoot, ada, photo)
    signed(shoot, ben)
    assert seen(shoot, photo) == (Seen.BEFORE, Seen.NAMED)


# Exchanged after signing --------------------------------------------------------------------------------------------


def exchange(shoot: Shoot, photo: Photo) -> None:
    """Another picture under the same id, as somebody with the studio's key could put it there."""
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        now = shoot.studio.archive.photos.get(photo.guid)
        shoot.studio.archive.photos.put(writing, replace(now, image_sha256=Sha256("5a" * 32)))


def preview(shoot: Shoot) -> set[ReasonToStay | None]:
    return {each.hold for each in shoot.preview(TO, USE).held}


def screen(shoot: Shoot) -> set[str]:
    told = export_preview(shoot.studio, shoot.session, shoot.wish(TO, USE))
    assert told.cleared == ()
    return {each.code for each in told.groups}


def bundle(shoot: Shoot) -> set[ReasonToStay | None]:
    with pytest.raises(NothingLeaves) as refused:
        export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), shoot.scratch / "out.age")
    assert not (shoot.scratch / "out.age").exists()
    return {each.hold for each in refused.value.preview.held}


@pytest.mark.parametrize("leaving", [preview, screen, bundle])
def test_an_exchanged_photo_does_not_leave(shoot: Shoot, leaving: Callable[[Shoot], set[str]]) -> None:
    ada = shoot.person()
    photo = shoot.photo(ada)
    signed(shoot, ada, photo)
    exchange(shoot, photo)
    assert leaving(shoot) == {ReasonToStay.EXCHANGED}


def test_one_who_signed_about_it_is_enough(shoot: Shoot) -> None:
    """The other person on it signed later, about what was there by then."""
    ada, ben = shoot.person(), shoot.person("Ben Ode")
    photo = shoot.photo(ada, ben)
    signed(shoot, ada, photo)
    exchange(shoot, photo)
    signed(shoot, ben, photo)
    assert preview(shoot) == {ReasonToStay.EXCHANGED}


def test_nobody_is_given_it_as_their_own(shoot: Shoot, tmp_path: Path) -> None:
    ada = shoot.person()
    photo, whole = shoot.photo(ada), shoot.photo(ada)
    signed(shoot, ada, photo, whole)
    exchange(shoot, photo)
    done, _ = deliver(shoot.studio, ada, tmp_path / "ada")
    by_photo = {each.photo: each for each in done.photos}
    assert by_photo[photo.guid].given is GivenAs.NOTHING and "signed about" in by_photo[photo.guid].why
    assert by_photo[whole.guid].given is GivenAs.WHOLE


def test_the_check_names_it(shoot: Shoot) -> None:
    ada = shoot.person()
    photo, whole = shoot.photo(ada), shoot.photo(ada)
    signed(shoot, ada, photo, whole)
    assert check_studio(shoot.studio)[0].problems == ()
    exchange(shoot, photo)
    problems = check_studio(shoot.studio)[0].problems
    assert f"Photo {photo.guid} is another picture than somebody signed about (table photo)." in problems
    assert not any(whole.guid in each for each in problems)


def test_what_came_after_signing_is_nobodys_exchange(shoot: Shoot) -> None:
    ada = shoot.person()
    signed(shoot, ada)
    photo = shoot.photo(ada)
    exchange(shoot, photo)
    assert not {ReasonToStay.EXCHANGED} & preview(shoot)


def test_the_signed_statement_says_what_was_shown(shoot: Shoot) -> None:
    ada = shoot.person()
    one, two = shoot.photo(ada), shoot.photo(ada)
    signed(shoot, ada, two)
    (file,) = shoot.studio.archive.consents.receipts_of(ada.id)
    said = {PhotoGuid(each["guid"]): each["shown"] for each in json.loads(file.statement)["photos"]}
    assert said == {one.guid: False, two.guid: True}
