"""Who of the team stands here: told by a PIN alone, when nobody has said a name."""

from __future__ import annotations

import json

from safelight.documents.plain import from_plain
from safelight.domain.errors import WrongUsage
from safelight.domain.people import StaffMember
from safelight.keys.pin_marks import PinMark, is_marked
from safelight.studio.open_studio import OpenStudio
from safelight.studio.rate_limiter import TEAM_PIN, RateLimiter
from safelight.studio.screen_pin import as_digits, has_screen_pin, is_screen_pin
from safelight.studio.staff_pins import people_with_pin, pin_setting

DESK = "desk"
"""What guesses made at a desk are counted by."""


def who_works(studio: OpenStudio, untrusted_pin: str, where: str = DESK) -> StaffMember | None:
    """Who of those that work here has this PIN; None for nobody.

    Takes about a tenth of a second for each of them. Raises :class:`TooManyGuesses` after wrong ones at ``where``, for
    half a minute at most: the right one gets no answer either then. Raises :class:`WrongUsage` while nobody has a PIN.
    """
    limiter = RateLimiter(studio, TEAM_PIN, where)
    limiter.must_not_wait()
    found = _whose(studio, untrusted_pin)  # before the transaction: looking must not hold up whoever writes
    if found is None and not people_with_pin(studio):
        raise WrongUsage("Nobody of the team has a PIN yet.", "Set one first: safelight staff pin NAME --pin-file F")
    return found if limiter.judged(lambda: found is not None) else None


def is_team_pin(studio: OpenStudio, untrusted_pin: str) -> bool:
    """Whether this is the PIN of the signing screen, or of anybody who works here; counts nothing.

    Raises :class:`WrongUsage` while there is neither.
    """
    if not people_with_pin(studio):
        return is_screen_pin(studio, untrusted_pin)
    if has_screen_pin(studio) and is_screen_pin(studio, untrusted_pin):
        return True
    return _whose(studio, untrusted_pin) is not None


def _whose(studio: OpenStudio, untrusted_pin: str) -> StaffMember | None:
    digits = as_digits(untrusted_pin) or ""
    studio.archive.rely_on(own=("setting", "staff"))
    for member in studio.archive.staff.list():
        kept = studio.archive.studio.setting(pin_setting(member.id))
        if not member.retired and kept is not None and is_marked(studio.secrets, digits, _mark(kept)):
            return member
    return None


def _mark(kept: str) -> PinMark:
    return from_plain(PinMark, json.loads(kept))
