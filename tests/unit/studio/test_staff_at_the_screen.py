"""A signing screen belongs to somebody who works here, and says so before anybody sits down."""

from __future__ import annotations

import pytest

from safelight.capture.slates import slate_text
from safelight.domain.errors import Refused, WrongUsage
from safelight.studio import staff
from safelight.studio.signing_point import StudioSigningPoint
from support.guests import Guest
from support.shoot import Shoot


def test_who_retired_opens_no_screen_and_somebody_else_may_stand_in(shoot: Shoot) -> None:
    staff.retire_staff(shoot.studio, "Kim")
    with pytest.raises(WrongUsage, match="Kim has retired"):
        StudioSigningPoint(shoot.studio, shoot.session)
    sam = shoot.staff["Sam"]
    desk = StudioSigningPoint(shoot.studio, shoot.session, by=sam.id)
    assert desk.session_name == shoot.session.name
    assert shoot.studio.archive.sessions.get(shoot.session.id).photographer == shoot.staff["Kim"].id


def test_who_hands_over_took_the_consent_and_cannot_check_it(shoot: Shoot) -> None:
    """Sam stands in for Kim: the receipt names Sam, who is a reviewer too, and the second person is another one."""
    ada, sam = shoot.person(), shoot.staff["Sam"]
    point = StudioSigningPoint(shoot.studio, shoot.session, by=sam.id)
    sitting = point.admit(slate_text(shoot.session.id, ada.id))
    assert sitting is not None
    Guest(sitting, ["use.portfolio"]).finish()
    (file,) = shoot.studio.archive.consents.receipts_of(ada.id)
    assert file.taken_by == sam.id != shoot.session.photographer
    with pytest.raises(Refused, match="Sam took this consent and cannot check it"):
        shoot.check(ada, by="Sam")
    assert shoot.check(ada, by="Robin").independent
    assert shoot.studio.archive.sessions.get(shoot.session.id).photographer == shoot.staff["Kim"].id
