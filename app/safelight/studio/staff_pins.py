"""The PINs of the people of the studio: each knows one of their own, and guessing gets slower with every wrong one.

How slow is counted in the archive, per person, so that neither a restart nor another process starts it over. The
attempt is counted, durably, before the PIN is looked at, and the wait comes before the answer: whoever kills the
program while it waits has paid for the attempt and learned nothing.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable

from safelight.documents.plain import dump, from_plain
from safelight.domain.errors import Refused, WrongUsage
from safelight.domain.ids import PersonId
from safelight.domain.people import StaffMember
from safelight.keys.pin_marks import PinMark, is_marked, pin_mark
from safelight.storage.transaction import Transaction
from safelight.studio.open_studio import OpenStudio
from safelight.studio.rate_limiter import wait_after
from safelight.studio.screen_pin import as_digits, has_screen_pin, is_screen_pin, new_digits

_MARK = "staff-pin:"
_ATTEMPTS = "staff-pin-attempts:"
"""Settings, each followed by the id of the person: the mark of the PIN, and the attempts since the last right one."""


def pin_setting(person: PersonId) -> str:
    """The setting that holds the mark of somebody's PIN."""
    return _MARK + person


def has_pin(studio: OpenStudio, person: PersonId) -> bool:
    """Whether this person has a PIN."""
    return studio.archive.studio.setting(_MARK + person) is not None


def people_with_pin(studio: OpenStudio) -> frozenset[PersonId]:
    """Everybody who has a PIN."""
    names = studio.archive.studio.settings()
    return frozenset(PersonId(each.removeprefix(_MARK)) for each in names if each.startswith(_MARK))


def keep_pin(studio: OpenStudio, writing: Transaction, person: PersonId, pin: str, others: Iterable[PersonId]) -> None:
    """Give ``person`` this PIN (4 to 12 digits) as part of a transaction; the old one ends, and with it the count.

    Raises :class:`WrongUsage` when it is no PIN, :class:`Refused` when one of the ``others`` has it, or it is the one
    of the signing screen, which everybody of the team knows.
    """
    digits = new_digits(pin)
    marks = [_kept(studio, each) for each in others if each != person]
    shared = has_screen_pin(studio) and is_screen_pin(studio, digits)
    if shared or any(is_marked(studio.secrets, digits, each) for each in marks if each is not None):
        raise Refused("This PIN is in use already.", "Nothing was changed; choose another one.")
    mark = dump(pin_mark(studio.secrets, digits)).decode()
    studio.archive.studio.set_setting(writing, _MARK + person, mark)
    studio.archive.studio.set_setting(writing, _ATTEMPTS + person, None)
    studio.archive.journal.append(writing, "staff-pin-set", person, b"")


def forget_pin(studio: OpenStudio, writing: Transaction, person: PersonId) -> None:
    """Take the PIN of somebody away, as part of a transaction."""
    for each in (_MARK, _ATTEMPTS):
        studio.archive.studio.set_setting(writing, each + person, None)


def check_pin(
    studio: OpenStudio, member: StaffMember, untrusted_pin: str, wait: Callable[[float], None] = time.sleep
) -> None:
    """Return if this is the PIN of ``member``; raise :class:`Refused` if not, later and later.

    Raises :class:`WrongUsage` while they have none.
    """
    name = _ATTEMPTS + member.id
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.rely_on(own=("setting", "staff"))
        kept = _kept(studio, member.id)
        if kept is None:
            raise WrongUsage(
                f"{member.name} has no PIN yet.", f"Set one first: safelight staff pin '{member.name}' --pin-file F"
            )
        before = int(studio.archive.studio.setting(name) or "0")
        studio.archive.studio.set_setting(writing, name, str(before + 1))
    wait(wait_after(before))
    if not is_marked(studio.secrets, as_digits(untrusted_pin) or "", kept):
        raise Refused(
            f"This is not the PIN of {member.name}.", "Nothing was recorded; each wrong one makes the next one slower."
        )
    with studio.archive.transaction(studio.now()) as writing:
        studio.archive.studio.set_setting(writing, name, None)


def _kept(studio: OpenStudio, person: PersonId) -> PinMark | None:
    kept = studio.archive.studio.setting(_MARK + person)
    return None if kept is None else from_plain(PinMark, json.loads(kept))
