"""The people of the studio as lists show them."""

from __future__ import annotations

from dataclasses import dataclass

from safelight.domain.people import StaffMember
from safelight.studio.open_studio import OpenStudio
from safelight.studio.staff_pins import people_with_pin


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A person of the studio, and whether they have a PIN."""

    member: StaffMember
    has_pin: bool


def staff_rows(studio: OpenStudio) -> tuple[StaffRow, ...]:
    """Everybody, in the order they came, those who retired too."""
    pins = people_with_pin(studio)
    return tuple(StaffRow(each, each.id in pins) for each in studio.archive.staff.list())
