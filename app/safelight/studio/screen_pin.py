"""The PIN with which the studio's people leave a signing screen."""

from __future__ import annotations

import hashlib
import hmac
import unicodedata

from safelight.domain.changes import Changes
from safelight.domain.errors import WrongUsage
from safelight.studio.open_studio import OpenStudio

SCREEN_PIN = "screen-pin"
"""Setting: what a typed PIN is compared by. The PIN itself is kept nowhere."""
SHORTEST, LONGEST = 4, 12


def set_screen_pin(studio: OpenStudio, pin: str) -> Changes:
    """Let ``pin`` (4 to 12 digits) open the way out of a signing screen from now on; the old one ends."""
    digits = new_digits(pin)
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.studio.set_setting(writing, SCREEN_PIN, _mark_of(studio, digits))
        studio.archive.journal.append(writing, "screen-pin-set", studio.identity.id, b"")
    return Changes.STUDIO | Changes.JOURNAL


def has_screen_pin(studio: OpenStudio) -> bool:
    """Whether a PIN is set, so that a signing screen can be left again."""
    return studio.archive.studio.setting(SCREEN_PIN) is not None


def is_screen_pin(studio: OpenStudio, pin: str) -> bool:
    """Whether ``pin`` is the one that was set; raises :class:`WrongUsage` while none is."""
    studio.archive.rely_on(own=("setting",))
    kept = studio.archive.studio.setting(SCREEN_PIN)
    if kept is None:
        raise WrongUsage(
            "No PIN is set for the signing screen.",
            "Set one first: safelight studio pin --file F, four digits or more.",
        )
    digits = as_digits(pin)
    return hmac.compare_digest(kept, _mark_of(studio, digits or ""))


def new_digits(pin: str) -> str:
    """The digits of a PIN somebody wants to use; raises :class:`WrongUsage` for anything but 4 to 12 digits."""
    digits = as_digits(pin)
    if digits is None or not SHORTEST <= len(digits) <= LONGEST:
        raise WrongUsage(
            f"A PIN has {SHORTEST} to {LONGEST} digits and nothing else.", "Nothing was changed; the old PIN holds."
        )
    return digits


def as_digits(typed: str) -> str | None:
    """``typed`` in the digits 0 to 9, whatever script it was typed in; None when there is anything but digits."""
    values = [unicodedata.decimal(each, None) for each in typed if not each.isspace()]
    return None if not values or None in values else "".join(map(str, values))


def _mark_of(studio: OpenStudio, digits: str) -> str:
    # Keyed with a secret that only an unlocked studio has, so ten thousand possible PINs are no help to a thief.
    return hmac.new(studio.secrets.derive("screen-pin"), digits.encode(), hashlib.sha256).hexdigest()
