"""Changing one's mind: through which channel, what is stopped, and for how long photos are kept back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .ids import PersonId, PhotoGuid, ScopeId, SubjectId
from .people import Role


class Channel(StrEnum):
    """The way by which a withdrawal reached the studio."""

    CODE = "code"
    """The code of a receipt, typed by whoever holds it."""
    SCREEN = "screen"
    MAIL = "mail"
    IN_PERSON = "in-person"
    """Said to somebody of the studio, who entered it: also by telephone or letter."""
    STUDIO = "studio"
    """The studio's own act: an end that came, an erasure, somebody who left the company."""


class PhotoStop(StrEnum):
    """Why a photo that was handed on must not be used any more, whatever the records allow."""

    STRUCK_OUT = "struck-out"
    RESTRICTED = "restricted"
    OBJECTION = "objection"
    WRONG_PERSON = "wrong-person"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """What somebody takes back: every yes, or those for ``uses`` (None: all of them).

    ``by`` is in which role they acted, ``entered_by`` who of the studio entered it (None: nobody, they did it
    themselves). ``photo``: only this one is struck out, and no use ends.
    """

    subject: SubjectId
    by: Role
    channel: Channel
    uses: frozenset[ScopeId] | None = None
    entered_by: PersonId | None = None
    photo: PhotoGuid | None = None
