"""What the door of a session answers, as a person hears it: the key of a sentence where an error would be no help."""

from __future__ import annotations

from safelight.domain.errors import SafelightError
from safelight.domain.ids import SubjectId
from safelight.domain.sitting import SittingEnded, TooManyGuesses

from .signing_point import SigningPoint


def recognise(point: SigningPoint, untrusted_code: str) -> SubjectId | None:
    """Whose card this is, as a covered screen asks; one that has to wait is nobody's, so the cover stays as it is."""
    try:
        return point.recognise(untrusted_code)
    except TooManyGuesses:
        return None


def why_not_leave(point: SigningPoint, pin: str) -> str:
    """Why whoever gave this PIN may not leave the screen; empty for whoever may."""
    try:
        return "" if point.leave(pin) else "pin_wrong"
    except TooManyGuesses:
        return "pin_wait"


def why_turned_away(error: SafelightError, seated: bool) -> str:
    """What the waiting screen says after ``error``, where the same again is of no use; empty for any other error."""
    if isinstance(error, SittingEnded):
        return f"ended_{error.why.value}"
    return "code_wait" if isinstance(error, TooManyGuesses) and not seated else ""
