"""When something written counts as a signature, and who hears of what."""

from __future__ import annotations

from safelight.asking.listeners import Listeners
from safelight.asking.signatures import SignatureFault, drawn, typed
from safelight.capture.ink import SHORTEST, InkPoint, read_inkml
from safelight.domain.record import SignatureKind
from safelight.domain.sitting import Evidence


def line(length: float) -> tuple[InkPoint, ...]:
    return (InkPoint(10, 10, 0.5, 0), InkPoint(10 + length, 10, 0.5, 8))


def test_ink_shorter_than_a_signature_signs_nothing() -> None:
    assert drawn([]) is SignatureFault.TOO_SHORT
    assert drawn([line(SHORTEST - 1)]) is SignatureFault.TOO_SHORT
    written = drawn([line(SHORTEST + 1)])
    assert isinstance(written, Evidence) and written.kind is SignatureKind.INK
    assert len(read_inkml(written.data)) == 1


def test_only_the_right_name_is_typed_and_any_initials_are() -> None:
    assert typed("  \t ", "Ada Quill") is SignatureFault.EMPTY
    assert typed("Bea Other", "Ada Quill") is SignatureFault.NAME_DIFFERS
    assert typed("  Ada   Quill ", "Ada Quill") == Evidence(SignatureKind.TYPED, b"Ada Quill")
    assert typed("AQ", "") == Evidence(SignatureKind.TYPED, b"AQ")


def test_who_listens_hears_in_order_until_they_leave() -> None:
    told: list[str] = []
    bell: Listeners[str] = Listeners()
    leave = bell.connect(lambda said: told.append(f"first {said}"))
    bell.connect(lambda said: leave() if said == "two" else told.append(f"second {said}"))
    for said in ("one", "two", "three"):
        bell.emit(said)
    leave()
    bell.disconnect()
    bell.emit("four")
    assert told == ["first one", "second one", "first two", "second three"]
