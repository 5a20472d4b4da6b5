"""Before an export: who is out and what would mend it, sums per person, and warnings; the export then does the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from safelight.domain.clearance import ReasonToStay
from safelight.domain.culling import Pick
from safelight.domain.errors import Cancelled, WrongUsage
from safelight.domain.mending import MENDS, Mend
from safelight.domain.usage import Blocker
from safelight.studio.culling import hide_photos, mark_photos
from safelight.studio.queries.export_preview import Caution, export_preview
from support.shoot import Shoot, said_yes

TO = "Lumiere"


def test_every_reason_has_a_way_to_mend_it_or_none() -> None:
    assert set(MENDS) == {each.value for each in ReasonToStay} | {each.value for each in Blocker}
    assert MENDS["refused"] is MENDS["withdrawn"] is MENDS["struck-out"] is Mend.NOTHING


def test_who_is_out_is_grouped_by_reason_with_the_people_and_what_helps(shoot: Shoot) -> None:
    ada, ben, eva, kim = shoot.person("Ada"), shoot.person("Ben"), shoot.person("Eva"), shoot.staff["Kim"].id
    inside = [shoot.photo(ada) for _ in range(3)]
    for people in ((ben,), (ben,), (eva,), ()):
        shoot.photo(*people)
    rejected, hidden = shoot.photo(ada), shoot.photo(ada)
    mark_photos(shoot.studio, [rejected.guid], Pick.REJECT, kim)
    hide_photos(shoot.studio, [hidden.guid], kim)
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        raw = replace(shoot.studio.archive.photos.get(inside[1].guid), shot=inside[0].guid)
        shoot.studio.archive.photos.put(writing, raw)
    shoot.ask(ada, said_yes("ai.retouch", shoot.agencies[TO]))
    shoot.ask(ben)
    asked = shoot.wish(TO, "ai.retouch")
    unchecked = export_preview(shoot.studio, shoot.session, asked)
    (group,) = [each for each in unchecked.groups if each.mend is Mend.CHECK]
    assert set(group.photos) == {each.guid for each in inside} and [each.name for each in group.people] == ["Ada"]
    assert unchecked.cleared == () and unchecked.warnings == () and unchecked.size == 0
    shoot.check(ada)
    told: list[int] = []
    found = export_preview(shoot.studio, shoot.session, asked, lambda _, of, __: told.append(of))
    assert told == [9] * 9
    assert found.cleared == shoot.preview(TO, "ai.retouch").cleared == tuple(each.guid for each in inside)
    assert found.staying == shoot.preview(TO, "ai.retouch").staying and found.outside == 6
    groups = {(each.code, each.mend, len(each.photos), tuple(one.name for one in each.people)) for each in found.groups}
    assert groups == {
        ("refused", Mend.NOTHING, 2, ("Ben",)), ("not-granted", Mend.ASK, 1, ("Eva",)),
        ("nobody-assigned", Mend.ASSIGN, 1, ()), ("rejected", Mend.CLEAR, 1, ()), ("in-the-bin", Mend.UNHIDE, 1, ()),
    }  # fmt: skip
    assert [len(each.photos) for each in found.groups] == [2, 1, 1, 1, 1]
    assert [(each.person.name, each.inside, each.outside) for each in found.people] == [
        ("Ada", 2, 1), ("Ben", 0, 2), ("Eva", 0, 1)
    ]  # fmt: skip
    assert found.size == sum(each.size for each in inside)


def test_what_somebody_should_know_beforehand_is_said(shoot: Shoot, monkeypatch: pytest.MonkeyPatch) -> None:
    ada = shoot.person("Ada")
    photo = shoot.photo(ada)
    uses = ("use.portfolio", "ai.train-generative")
    shoot.ask(ada, *(said_yes(each, shoot.agencies[TO]) for each in uses))
    shoot.check(ada)

    def cautions(*asked: str, **more: object) -> set[Caution]:
        request = replace(shoot.wish(TO, *asked), **more)  # type: ignore[arg-type]
        return {each.caution for each in export_preview(shoot.studio, shoot.session, request).warnings}

    assert cautions("use.portfolio") == {Caution.DO_NOT_TRAIN}
    assert cautions(*uses) == set()
    assert cautions(*uses, keep_metadata=True, names=True) == {Caution.NAMES}
    with shoot.studio.archive.transaction(shoot.studio.now()) as writing:
        located = replace(shoot.studio.archive.photos.get(photo.guid), removable=("GPSLatitude", "Software"))
        shoot.studio.archive.photos.put(writing, located)
    assert cautions(*uses, keep_metadata=True) == {Caution.METADATA}
    monkeypatch.setattr("safelight.studio.queries.export_preview.LARGE", photo.size - 1)
    assert cautions(*uses) == {Caution.LARGE}
    shoot.clock.on(days=300)
    assert (Caution.RULES in cautions(*uses)) is bool(shoot.studio.rules.warning(shoot.studio.today()))


def test_a_preview_can_be_given_up_and_asks_for_a_use(shoot: Shoot) -> None:
    shoot.photo(shoot.person("Ada"))

    def stop(*_: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        export_preview(shoot.studio, shoot.session, shoot.wish(TO, "use.portfolio"), stop)
    with pytest.raises(WrongUsage, match="at least one use"):
        export_preview(shoot.studio, shoot.session, shoot.wish(TO))
