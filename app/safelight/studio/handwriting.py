"""What counts as somebody's signature, the same for the signing screen and the command line."""

from __future__ import annotations

from safelight.capture.ink import is_slip, read_inkml
from safelight.domain.errors import Refused
from safelight.domain.people import Role, Subject, same_name
from safelight.domain.record import SignatureKind
from safelight.domain.sitting import Evidence

LONGEST_TYPED = 400
"""Bytes of a typed name."""


def legible(evidence: Evidence) -> None:
    """Raise :class:`Refused` for an empty signature or a slip of the pen, :class:`Malformed` for ink that is none."""
    if evidence.kind is SignatureKind.INK:
        strokes = read_inkml(evidence.data)
        if any(strokes) and is_slip(strokes):
            raise Refused(
                "This is too short for a signature.", "Nothing was recorded; sign as on paper, or type the name."
            )
        empty = not any(strokes)
    else:
        empty = not evidence.data.decode("utf-8", "replace").strip() or len(evidence.data) > LONGEST_TYPED
    if empty:
        raise Refused("There is no signature in this.", "Nothing was recorded; sign once more.")


def check_signature(evidence: Evidence, subject: Subject, by: Role) -> None:
    """Raise :class:`Refused` unless this is legible and, where it is typed, the name of whoever may sign.

    That is the person's own or a guardian's. A guardian whom nobody named can only refuse, under any name.
    """
    legible(evidence)
    if evidence.kind is SignatureKind.INK or (by is Role.GUARDIAN and not subject.guardians):
        return
    typed = evidence.data.decode("utf-8", "replace")
    names = [subject.name, *(each.name for each in subject.guardians)]
    if not any(same_name(typed, each) for each in names):
        whose = "the person's name or the guardian's" if subject.guardians else "the person's name"
        raise Refused(
            f"The typed name is not {whose}.", f"Nothing was recorded; type it as it is listed: {', '.join(names)}."
        )
