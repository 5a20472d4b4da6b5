"""People are put right: changed, merged, taken out and linked, without a signed word lost or a photo left behind."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.people import Guardian
from safelight.domain.sitting import Ended, SittingEnded
from safelight.storage.rows import HeldCeremony
from safelight.studio import assignments, exports, subject_changes, upkeep
from safelight.studio.badges import badge_code
from safelight.studio.queries.lookup import find_subject
from safelight.studio.queries.people import same_people, search_subjects
from safelight.studio.subject_changes import SubjectChange
from support.guests import desk_of
from support.shoot import Shoot, said_yes


def sound(shoot: Shoot) -> None:
    assert upkeep.check_studio(shoot.studio, shoot.acks)[0].problems == ()


def test_what_is_known_is_changed_and_the_journal_says_which_fields(shoot: Shoot) -> None:
    ada, kim = shoot.person("Ada", Guardian("Olga", "mother"), Guardian("Per", "father")), shoot.staff["Kim"].id
    change = SubjectChange(
        name="Ada Falk", phone="123", guardians=(Guardian("OLGA", "aunt"),), without_guardians=("per",)
    )
    (after, differing), changes = subject_changes.change_subject(shoot.studio, ada.id, change, kim)
    assert differing == ("name", "phone", "guardians") and changes and after.email == ada.email
    assert after.guardians == (Guardian("OLGA", "aunt"),)
    entry = shoot.studio.archive.journal.entries()[-1]
    told = json.loads(shoot.studio.archive.journal.payload(entry.number))
    assert entry.kind == "subject-changed" and {"by": kim, "fields": list(differing)}.items() <= told.items()
    assert (told["before"]["name"], told["after"]["name"], told["before"]["phone"]) == ("Ada", "Ada Falk", "")
    assert not subject_changes.change_subject(shoot.studio, ada.id, SubjectChange(name="Ada Falk"), kim)[1]
    for wrong in (
        SubjectChange(name=" "),
        SubjectChange(born=date(2031, 1, 1)),
        SubjectChange(born=date(1850, 1, 1)),
        SubjectChange(without_guardians=("Nobody",)),
    ):
        with pytest.raises(WrongUsage):
            subject_changes.change_subject(shoot.studio, ada.id, wrong, kim)
    assert shoot.studio.archive.subjects.get(ada.id) == after
    sound(shoot)


def test_two_entries_of_one_person_become_one(shoot: Shoot) -> None:
    ada, twice, ben = shoot.person("Ada"), shoot.person("Ada F."), shoot.person("Ben")
    kim = shoot.staff["Kim"].id
    elsewhere = shoot.person("Ada", session=shoot.new_session())
    subject_changes.link_subjects(shoot.studio, twice.id, elsewhere.id, kim)
    subject_changes.change_subject(shoot.studio, twice.id, SubjectChange(phone="123", born=date(1990, 1, 1)), kim)
    mine, group, shared = shoot.photo(ada), shoot.photo(twice, ben), shoot.photo(twice, ada)
    merged, _ = subject_changes.merge_subjects(shoot.studio, ada.id, twice.id, kim)
    assert (merged.photos, merged.filled) == (2, ("born", "phone")) and merged.subject.phone == "123"
    photos = shoot.studio.archive.photos
    assert [photos.get(each.guid).subjects for each in (mine, group, shared)] == [
        (ada.id,),
        (ada.id, ben.id),
        (ada.id,),
    ]
    assert twice.id not in shoot.studio.archive.subjects.ids()
    assert same_people(shoot.studio, ada.id) == (elsewhere.id,)
    assert same_people(shoot.studio, elsewhere.id) == (ada.id,)
    with pytest.raises(Refused):
        shoot.studio.archive.subjects.get(twice.id)
    sound(shoot)


def test_signed_records_stay_with_the_entry_they_were_signed_under(shoot: Shoot) -> None:
    ada, twice, kim = shoot.person("Ada"), shoot.person("Ada"), shoot.staff["Kim"].id
    other = shoot.person("Ada", session=shoot.new_session())
    shoot.ask(twice, said_yes("use.portfolio", shoot.agencies["Prenzel"]))
    with pytest.raises(Refused, match="has signed") as raised:
        subject_changes.merge_subjects(shoot.studio, ada.id, twice.id, kim)
    assert "the other way round" in raised.value.hint
    with pytest.raises(WrongUsage, match="different sessions"):
        subject_changes.merge_subjects(shoot.studio, ada.id, other.id, kim)
    with pytest.raises(WrongUsage, match="one entry"):
        subject_changes.merge_subjects(shoot.studio, ada.id, ada.id, kim)
    now = shoot.studio.now()
    held = HeldCeremony(ada.id, shoot.session.id, now, now.replace(year=now.year + 1), b"{}")
    with shoot.studio.archive.transaction(now) as writing:
        shoot.studio.archive.held.put(writing, held)
    with pytest.raises(Refused, match="under way"):
        subject_changes.merge_subjects(shoot.studio, twice.id, ada.id, kim)
    with shoot.studio.archive.transaction(now) as writing:
        shoot.studio.archive.held.remove(writing, ada.id, shoot.session.id)
    subject_changes.merge_subjects(shoot.studio, twice.id, ada.id, kim)
    assert len(shoot.studio.archive.consents.receipts_of(twice.id)) == 1
    third = shoot.person("Ada")
    shoot.ask(third, said_yes("use.portfolio", shoot.agencies["Prenzel"]))
    with pytest.raises(Refused) as raised:
        subject_changes.merge_subjects(shoot.studio, twice.id, third.id, kim)
    assert "Keep both" in raised.value.hint
    sound(shoot)


def test_somebody_is_taken_out_only_when_nothing_was_signed_and_nothing_left(shoot: Shoot, tmp_path: Path) -> None:
    ada, ben, kim = shoot.person("Ada"), shoot.person("Ben"), shoot.staff["Kim"].id
    alone, group = shoot.photo(ada), shoot.photo(ada, ben)
    with pytest.raises(Refused, match="on 2 photos"):
        subject_changes.remove_subject(shoot.studio, ada.id, kim)
    photos, _ = subject_changes.remove_subject(shoot.studio, ada.id, kim, with_photos=True)
    assert photos == 1 and ada.id not in shoot.studio.archive.subjects.ids()
    assert shoot.studio.archive.photos.get(group.guid).subjects == (ben.id,)
    assert alone.guid not in shoot.studio.archive.photos.guids()
    shoot.ask(ben, said_yes("use.portfolio", shoot.agencies["Prenzel"]))
    with pytest.raises(Refused, match="signed something"):
        subject_changes.remove_subject(shoot.studio, ben.id, kim, with_photos=True)
    exports.export_bundle(
        shoot.studio, shoot.session, shoot.wish("Prenzel", "use.portfolio"), tmp_path / "out.age"
    )  # fmt: skip
    cyd = shoot.person("Cyd")

    assignments.assign_photos(shoot.studio, [group.guid], [cyd.id], kim)
    with pytest.raises(Refused, match="sent to Prenzel"):
        subject_changes.remove_subject(shoot.studio, cyd.id, kim, with_photos=True)
    sound(shoot)


@pytest.mark.parametrize("how", ["removed", "merged"])
def test_who_once_sat_at_a_screen_can_still_be_taken_out_and_their_screen_writes_no_more(
    how: str, shoot: Shoot
) -> None:
    ada, twice, kim = shoot.person("Ada"), shoot.person("Ada F."), shoot.staff["Kim"].id
    sitting = desk_of(shoot).admit(badge_code(shoot.studio, shoot.session.id, twice.id))
    assert sitting is not None
    if how == "removed":
        subject_changes.remove_subject(shoot.studio, twice.id, kim)
    else:
        subject_changes.merge_subjects(shoot.studio, ada.id, twice.id, kim)
    assert twice.id not in shoot.studio.archive.subjects.ids()
    with pytest.raises(SittingEnded) as ended:
        sitting.keep(sitting.person().ceremony)
    assert ended.value.why is Ended.ERASED and shoot.studio.archive.held.everything() == ()
    sound(shoot)


def test_links_go_both_ways_and_on_and_can_be_undone(shoot: Shoot) -> None:
    kim = shoot.staff["Kim"].id
    one, two, three = (shoot.person("Ada", session=shoot.new_session()) for _ in range(3))
    subject_changes.link_subjects(shoot.studio, one.id, two.id, kim)
    same, _ = subject_changes.link_subjects(shoot.studio, three.id, two.id, kim)
    assert set(same) == {one.id, two.id}
    assert set(same_people(shoot.studio, one.id)) == {two.id, three.id}
    subject_changes.link_subjects(shoot.studio, one.id, two.id, kim, undo=True)
    assert same_people(shoot.studio, one.id) == ()
    subject_changes.remove_subject(shoot.studio, two.id, kim)
    assert shoot.studio.archive.subjects.get(three.id).same_as == ()
    with pytest.raises(WrongUsage, match="of one session"):
        subject_changes.link_subjects(shoot.studio, shoot.person("A").id, shoot.person("B").id, kim)
    sound(shoot)


def test_people_are_found_by_what_is_at_hand_and_never_guessed(shoot: Shoot) -> None:
    other, kim = shoot.new_session(), shoot.staff["Kim"].id
    ada, namesake = shoot.person("Ada Falk"), shoot.person("Ada Falk", session=other)
    subject_changes.change_subject(shoot.studio, ada.id, SubjectChange(reference="P-007", phone="040 1234"), kim)
    code = badge_code(shoot.studio, shoot.session.id, ada.id)
    for typed in (ada.id, ada.id[:8], ada.id[:8].upper(), "p-007", code, code.lower()):
        assert find_subject(shoot.studio, typed).id == ada.id, typed
    assert find_subject(shoot.studio, "ada falk", other).id == namesake.id
    with pytest.raises(WrongUsage, match="2 people match") as raised:
        find_subject(shoot.studio, "ada falk")
    for each in (ada, namesake):
        assert each.id[:8] in raised.value.hint
    assert shoot.session.name in raised.value.hint and other.name in raised.value.hint
    with pytest.raises(WrongUsage, match="in the session") as raised:
        find_subject(shoot.studio, "p-007", other)
    assert f"{ada.id[:8]} (session {shoot.session.name})" in raised.value.hint
    assert [each.id for each in search_subjects(shoot.studio, "1234")] == [ada.id]
    assert {each.id for each in search_subjects(shoot.studio, "falk")} == {ada.id, namesake.id}
    assert [each.id for each in search_subjects(shoot.studio, "falk", other)] == [namesake.id]
    assert search_subjects(shoot.studio, " ") == () == search_subjects(shoot.studio, "zoe")
