"""What would let a photo leave after all: one way for each reason to stay, or none where somebody's word stands."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from .clearance import ReasonToStay
from .usage import Blocker


class Mend(StrEnum):
    """What somebody at the desk can do about it."""

    NOTHING = "nothing"
    """Somebody said no; nobody asks them into a yes."""
    ASK = "ask"
    """They were never asked, or did not answer yet."""
    ASK_AGAIN = "ask-again"
    """What they said has ended, or rests."""
    LATER = "later"
    OTHER_PLACE = "other-place"
    OTHER_RECIPIENT = "other-recipient"
    CHECK = "check"
    """A second person has to look at the consent."""
    ASSIGN = "assign"
    SETTLE = "settle"
    UNHIDE = "unhide"
    CLEAR = "clear"
    """Take the photographer's reject back."""
    COVER = "cover"
    """Agree with the recipient on what the transfer can stand on."""
    OTHER_FILE = "other-file"
    """Hand on another kind of file of the same picture, or let its metadata go along."""
    REFRESH = "refresh"


_BLOCKED: Mapping[Blocker, Mend] = {
    Blocker.NOBODY: Mend.ASSIGN,
    Blocker.NOT_ASKED: Mend.ASK,
    Blocker.REFUSED: Mend.NOTHING,
    Blocker.WITHDRAWN: Mend.NOTHING,
    Blocker.EXPIRED: Mend.ASK_AGAIN,
    Blocker.INVALIDATED: Mend.ASK_AGAIN,
    Blocker.UNANSWERED: Mend.ASK,
    Blocker.NO_LIMIT: Mend.ASK_AGAIN,
    Blocker.OVER: Mend.ASK_AGAIN,
    Blocker.NOT_YET: Mend.LATER,
    Blocker.ASLEEP: Mend.ASK_AGAIN,
    Blocker.GROWN_UP: Mend.ASK_AGAIN,
    Blocker.MINOR: Mend.NOTHING,
    Blocker.TERRITORY: Mend.OTHER_PLACE,
    Blocker.RECIPIENT: Mend.OTHER_RECIPIENT,
    Blocker.STALE: Mend.REFRESH,
    Blocker.NOT_A_USE: Mend.NOTHING,
    Blocker.RESTRICTED: Mend.NOTHING,
    Blocker.VETOED: Mend.NOTHING,
    Blocker.WITHHELD: Mend.NOTHING,
}
_STAYING: Mapping[ReasonToStay, Mend] = {
    ReasonToStay.CONSENT: Mend.ASK,
    ReasonToStay.VETO: Mend.NOTHING,
    ReasonToStay.NOT_VALIDATED: Mend.CHECK,
    ReasonToStay.SELF_VALIDATED: Mend.CHECK,
    ReasonToStay.TRANSFER: Mend.COVER,
    ReasonToStay.UNBOUND: Mend.ASSIGN,
    ReasonToStay.PRIVATE: Mend.OTHER_FILE,
    ReasonToStay.UNWRITABLE: Mend.OTHER_FILE,
    ReasonToStay.HIDDEN: Mend.UNHIDE,
    ReasonToStay.REJECTED: Mend.CLEAR,
    ReasonToStay.CHECK: Mend.SETTLE,
    ReasonToStay.EXCHANGED: Mend.ASK_AGAIN,
}
MENDS: Mapping[str, Mend] = MappingProxyType(
    {reason.value: mend for reason, mend in _STAYING.items()} | {each.value: mend for each, mend in _BLOCKED.items()}
)
"""By the one word a reason is told to programs with (``studio.staying.code_of``)."""
