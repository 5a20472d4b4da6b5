"""Which time zones there are, how far they are from UTC, and which one this machine is in."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
import tzlocal

from safelight.settings.locales import country_zones
from safelight.settings.zones import all_zones, is_zone, like, machine_zone, offset_minutes

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)


def test_names_are_those_of_the_iana_list_as_they_are_spelled_there() -> None:
    assert all(map(is_zone, ("Europe/Berlin", "America/Argentina/Ushuaia", "UTC", "Etc/GMT+12", "Asia/Kolkata")))
    for each in ("europe/berlin", "Europe", "Berlin", "", "localtime", "posix/Europe/Berlin", "../zone", "UTC+1", "/"):
        assert not is_zone(each), each


@pytest.mark.parametrize(
    ("written", "meant"),
    [("europe/berlin", "Europe/Berlin"), ("Berlin", "Europe/Berlin"), ("los angeles", "America/Los_Angeles"),
     ("Europe/Berlinn", "Europe/Berlin"), ("the moon", None), ("", None)],
)  # fmt: skip
def test_who_writes_it_nearly_right_is_told_the_name(written: str, meant: str | None) -> None:
    assert like(written) == meant


@pytest.mark.parametrize(
    ("zone", "at", "minutes"),
    [
        ("America/Los_Angeles", "2026-11-28T02:30:00", -480),
        ("America/Los_Angeles", "2026-07-01T00:00:00", -420),
        ("Asia/Kolkata", "2026-11-28T02:30:00", 330),
        ("Asia/Kathmandu", "2026-11-28T02:30:00", 345),
        ("Pacific/Kiritimati", "2026-11-28T02:30:00", 840),
        ("Pacific/Pago_Pago", "2026-11-28T02:30:00", -660),
        # The second before and after clocks change: Berlin, and Lord Howe, where it is half an hour.
        ("Europe/Berlin", "2026-10-25T00:59:59", 120),
        ("Europe/Berlin", "2026-10-25T01:00:00", 60),
        ("Australia/Lord_Howe", "2026-04-04T14:59:59", 660),
        ("Australia/Lord_Howe", "2026-04-04T15:00:00", 630),
        # Samoa left out a whole day.
        ("Pacific/Apia", "2011-12-30T09:59:59", -600),
        ("Pacific/Apia", "2011-12-30T10:00:00", 840),
    ],
)
def test_how_far_clocks_are_ahead_then_and_there(zone: str, at: str, minutes: int) -> None:
    assert offset_minutes(zone, datetime.fromisoformat(at).replace(tzinfo=UTC)) == minutes


def test_a_zone_nobody_knows_is_no_zone() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        offset_minutes("Europe/Atlantis", NOW)


@pytest.fixture
def set_to(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield
    monkeypatch.undo()
    time.tzset()
    tzlocal.reload_localzone()


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system sets its zone elsewhere")
@pytest.mark.parametrize(
    ("variable", "zone"),
    [("America/Los_Angeles", "America/Los_Angeles"), (":Asia/Tokyo", "Asia/Tokyo"), ("UTC", "UTC")],
)  # fmt: skip
def test_this_machine_is_where_its_clocks_say(
    monkeypatch: pytest.MonkeyPatch, set_to: None, variable: str, zone: str | None
) -> None:
    monkeypatch.setitem(os.environ, "TZ", variable)
    time.tzset()
    tzlocal.reload_localzone()
    found = machine_zone(NOW)
    assert found == zone or zone == "UTC" and found == "Etc/UTC"


def test_a_country_has_the_zones_of_its_places() -> None:
    assert country_zones("JP") == ("Asia/Tokyo",) and country_zones("DE")[0] == "Europe/Berlin"
    assert "America/Los_Angeles" in country_zones("US") and country_zones("") == country_zones("XX") == ()
    assert set(country_zones("AU")) < set(all_zones()) and list(all_zones()) == sorted(all_zones())
