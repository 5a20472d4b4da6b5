"""When something written counts as a signature: ink that is more than a slip, or the right name typed."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from safelight.capture.ink import Stroke, inkml, is_slip
from safelight.domain.people import same_name
from safelight.domain.record import SignatureKind
from safelight.domain.sitting import Evidence


class SignatureFault(StrEnum):
    """Why it signs nothing; the key of the sentence that says so."""

    EMPTY = ""
    TOO_SHORT = "too_short"
    NAME_DIFFERS = "name_differs"


def drawn(strokes: Sequence[Stroke]) -> Evidence | SignatureFault:
    """Ink as evidence; a dot or a twitch is none."""
    return SignatureFault.TOO_SHORT if is_slip(strokes) else Evidence(SignatureKind.INK, inkml(strokes))


def typed(text: str, signer: str) -> Evidence | SignatureFault:
    """A typed name as evidence. ``signer`` is the only name that counts; empty where any will do (initials)."""
    name = " ".join(text.split())
    if not name:
        return SignatureFault.EMPTY
    if signer and not same_name(name, signer):
        return SignatureFault.NAME_DIFFERS
    return Evidence(SignatureKind.TYPED, name.encode())
