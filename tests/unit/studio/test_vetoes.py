"""A photo somebody struck out stays, says why, is in no receipt, and stands again only when that person says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from safelight.documents.plain import from_plain, to_plain
from safelight.domain.clearance import ReasonToStay
from safelight.domain.errors import Refused
from safelight.domain.photo import Photo
from safelight.domain.usage import Blocker
from safelight.studio import intake
from safelight.studio.deciding import decide
from safelight.studio.exports import export_bundle
from safelight.studio.packing import bundle_plan
from safelight.studio.vetoes import struck_out
from support.shoot import GUARDIAN, Shoot, said_yes

TO = "Prenzel"
USE = "use.portfolio"


def test_it_stays_with_a_reason_of_its_own_and_the_rest_leaves(shoot: Shoot) -> None:
    ada = shoot.person()
    first, second = shoot.photo(ada), shoot.photo(ada)
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]), shown=[first, second], vetoed=[second])
    preview = shoot.preview(TO, USE)
    assert preview.cleared == (first.guid,)
    (held,) = preview.held
    assert (held.photo, held.hold, held.why) == (second.guid, ReasonToStay.VETO, "a person on it struck this photo out")
    assert held.decision.blocker is Blocker.VETOED
    assert held.decision.clause == f"{USE}: somebody on this photo struck it out, so it stays whatever was allowed"


def test_no_receipt_names_it(shoot: Shoot) -> None:
    ada = shoot.person()
    first, second = shoot.photo(ada), shoot.photo(ada)
    recorded = shoot.ask(ada, said_yes(USE, shoot.agencies[TO]), shown=[first, second], vetoed=[second])
    assert [each.guid for each in recorded.receipt.photos] == [first.guid]
    (file,) = shoot.studio.archive.consents.receipts_of(ada.id)
    assert second.guid not in file.document.decode() and second.image_sha256 not in file.document.decode()
    assert first.guid in file.document.decode()


def test_an_export_of_nothing_else_is_refused_with_that_reason(shoot: Shoot, tmp_path: Path) -> None:
    ada = shoot.person()
    photo = shoot.photo(ada)
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]), shown=[photo], vetoed=[photo])
    with pytest.raises(Refused, match="struck this photo out"):
        export_bundle(shoot.studio, shoot.session, shoot.wish(TO, USE), tmp_path / "bundle")
    assert not (tmp_path / "bundle").exists()


def test_the_agency_reads_nothing_of_it(shoot: Shoot, tmp_path: Path) -> None:
    ada = shoot.person()
    first, second = shoot.photo(ada), shoot.photo(ada)
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]), shown=[first, second], vetoed=[second])
    cleared = decide(shoot.studio, shoot.session, shoot.wish(TO, USE)).cleared
    packed = bundle_plan(shoot.studio, shoot.session, cleared, shoot.wish(TO, USE), 1, shoot.studio.now())[0]
    text = json.dumps(to_plain(packed.manifest)) + "".join(each.data.decode() for each in packed.small)
    assert first.guid in text
    assert second.guid not in text and second.image_sha256 not in text and "veto" not in text


def test_one_person_on_a_group_photo_is_enough(shoot: Shoot) -> None:
    ada, ben = shoot.person(), shoot.person("Ben Ost")
    group, alone = shoot.photo(ada, ben), shoot.photo(ben)
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]), shown=[group], vetoed=[group])
    receipt = shoot.ask(ben, said_yes(USE, shoot.agencies[TO]), shown=[group, alone]).receipt
    assert shoot.preview(TO, USE).cleared == (alone.guid,)
    assert [each.guid for each in receipt.photos] == [alone.guid]


def test_taking_it_to_other_people_does_not_get_round_it(shoot: Shoot) -> None:
    ada, ben = shoot.person(), shoot.person("Ben Ost")
    photo = shoot.photo(ada)
    shoot.ask(ada, said_yes(USE, shoot.agencies[TO]), shown=[photo], vetoed=[photo])
    shoot.ask(ben, said_yes(USE, shoot.agencies[TO]))
    moved = intake.assign_photo(shoot.studio, shoot.studio.archive.photos.get(photo.guid), (ben.id,))[0]
    assert moved.vetoed_by == (ada.id,)
    assert shoot.why(TO, USE) == {(ReasonToStay.VETO, "a person on it struck this photo out")}
    back = intake.assign_photo(shoot.studio, moved, (ada.id,))[0]
    assert back.vetoed_by == (ada.id,)


def test_only_the_same_person_shown_it_again_lets_it_stand(shoot: Shoot) -> None:
    ada, ben = shoot.person(), shoot.person("Ben Ost")
    photo = shoot.photo(ada, ben)
    yes = said_yes(USE, shoot.agencies[TO])
    shoot.ask(ada, yes, shown=[photo], vetoed=[photo])
    shoot.ask(ben, yes, shown=[photo])
    assert struck_out(shoot.studio, ada.id) == {photo.guid} and struck_out(shoot.studio, ben.id) == set()
    shoot.ask(ada, yes)  # a signing without photos says nothing about them
    assert shoot.preview(TO, USE).cleared == ()
    shoot.ask(ada, yes, shown=[photo])
    assert shoot.preview(TO, USE).cleared == (photo.guid,)
    assert struck_out(shoot.studio, ada.id) == set()
    kinds = [each.kind for each in shoot.studio.archive.journal.entries() if each.reference == photo.guid]
    assert kinds[-2:] == ["photo-struck-out", "photo-stands-again"]


def test_it_outlives_a_restart_and_changes_nothing_twice(shoot: Shoot) -> None:
    ada = shoot.person()
    photo = shoot.photo(ada)
    for _ in range(2):
        shoot.ask(ada, said_yes(USE, shoot.agencies[TO]), shown=[photo], vetoed=[photo])
    shoot.reopen()
    assert shoot.studio.archive.photos.get(photo.guid).vetoed_by == (ada.id,)
    assert [each.kind for each in shoot.studio.archive.journal.entries()].count("photo-struck-out") == 1
    assert shoot.studio.archive.photos.preview(photo.guid), "the renditions are sealed anew with the row"


def test_a_signing_that_fails_strikes_nothing_out(shoot: Shoot) -> None:
    mia = shoot.person("Mia Lind", GUARDIAN, born=shoot.studio.today().replace(year=2012))
    photo = shoot.photo(mia)
    with pytest.raises(Refused):
        shoot.ask(mia, said_yes("use.stock", shoot.agencies[TO]), shown=[photo], vetoed=[photo])
    assert shoot.studio.archive.photos.get(photo.guid).vetoed_by == ()


def test_a_photo_struck_out_and_gone_meanwhile_does_not_keep_the_signing_from_being_kept(shoot: Shoot) -> None:
    ada = shoot.person()
    photo = shoot.photo(ada)
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        shoot.studio.archive.photos.remove(writing, photo.guid)
    assert shoot.ask(ada, shown=[photo], vetoed=[photo]).receipt.photos == ()


def test_photos_kept_before_there_were_vetoes_still_open(shoot: Shoot) -> None:
    plain = to_plain(shoot.photo(shoot.person()))
    assert plain.pop("vetoed_by") == []
    assert from_plain(Photo, plain).vetoed_by == ()
