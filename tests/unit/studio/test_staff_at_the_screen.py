"""A signing screen belongs to somebody who works here, and says so before anybody sits down."""

from __future__ import annotations

import pytest

from safelight.domain.errors import WrongUsage
from safelight.studio import staff
from safelight.studio.signing_point import StudioSigningPoint
from support.shoot import Shoot


def test_who_retired_opens_no_screen_and_somebody_else_may_stand_in(shoot: Shoot) -> None:
    staff.retire_staff(shoot.studio, "Kim")
    with pytest.raises(WrongUsage, match="Kim has retired"):
        StudioSigningPoint(shoot.studio, shoot.session)
    sam = shoot.staff["Sam"]
    desk = StudioSigningPoint(shoot.studio, shoot.session, by=sam.id)
    assert desk.session_name == shoot.session.name
    assert shoot.studio.archive.sessions.get(shoot.session.id).photographer == shoot.staff["Kim"].id
