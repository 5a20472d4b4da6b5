"""What a field of EXIF or TIFF may say to be carried over: numbers, times, and the names cameras and lenses have.

A tag that is harmless by its meaning can still hold anything, so each value is looked at too. Sources: CIPA DC-008
(Exif 3.0) tables 4 to 9, TIFF 6.0.
"""

from __future__ import annotations

import re

from .tiff_directory import BYTE, LONG, SHORT, TiffEntry

ORIENTATION = 274
_ASCII, _UNDEFINED = 2, 7
_MOST_NUMBERS = 6
"""No field about how a picture was taken has more (the primaries of a display)."""

_DEVICE = re.compile(rb"[A-Za-z0-9][A-Za-z0-9 .,:;()/&*'+_|-]{0,63}")
_TIME = re.compile(rb"[0-9 ]{4}:[0-9 ]{2}:[0-9 ]{2} [0-9 ]{2}:[0-9 ]{2}:[0-9 ]{2}")
_OFFSET = re.compile(rb"[+-][0-9]{2}:[0-9]{2}|[ ]{0,6}")
_DIGITS = re.compile(rb"[0-9 ]{0,9}")
PROGRAM = re.compile(
    r"(?:(?:Ver(?:sion)?|Firmware)?[. v]*|(?:Adobe (?:Photoshop|Lightroom|Bridge|Camera Raw|Photoshop Lightroom|"
    r"Photoshop Camera Raw|Photoshop Elements)(?: Classic)?(?: CC)?|Capture One(?: Pro)?|Affinity Photo|DxO PhotoLab|"
    r"GIMP|darktable|RawTherapee|digiKam|Photo Mechanic|Luminar Neo|Pixelmator Pro|Photos|ImageMagick|Canva|Safelight)"
    r"[ -]?)(?:[0-9]{1,4}(?:[._][0-9]{1,4}){0,4})?(?: \((?:Windows|Macintosh|Linux|Android|iOS|iPhone|iPad)\))?"
)
"""Known programs and bare version numbers; anything else in such a field might be somebody's own words."""

_TEXTS = {
    271: _DEVICE, 272: _DEVICE, 42035: _DEVICE, 42036: _DEVICE, 50708: _DEVICE,  # maker, camera, lens
    306: _TIME, 36867: _TIME, 36868: _TIME, 36880: _OFFSET, 36881: _OFFSET, 36882: _OFFSET,
    37520: _DIGITS, 37521: _DIGITS, 37522: _DIGITS, 305: re.compile(PROGRAM.pattern.encode()),
}  # fmt: skip
_BYTES = {
    36864: re.compile(rb"[0-9]{4}"), 40960: re.compile(rb"[0-9]{4}"), 37121: re.compile(rb"[\0-\6]{4}"),
    41728: re.compile(rb"[\0-\3]"), 41729: re.compile(rb"[\0-\1]"),
    41730: re.compile(rb"(?:\0[\1-\x10]|[\1-\x10]\0){2}[\0-\6]{1,64}"),  # colours of a filter, never letters
}  # fmt: skip


def harmless(entry: TiffEntry, most_numbers: int = _MOST_NUMBERS) -> bool:
    """Whether a field whose tag may stay says only what such a field says."""
    value = bytes(entry.value) if len(entry.value) <= 256 else b""
    if entry.tag == ORIENTATION:
        return orientation_in(entry) is not None
    if entry.tag in _TEXTS:
        return entry.kind == _ASCII and _TEXTS[entry.tag].fullmatch(value.rstrip(b"\0 ")) is not None
    if entry.tag in _BYTES:
        return _BYTES[entry.tag].fullmatch(value) is not None
    return entry.kind not in (_ASCII, _UNDEFINED) and entry.amount <= (1 if entry.kind in (BYTE, 6) else most_numbers)


def orientation_in(entry: TiffEntry) -> int | None:
    """1 to 8 as the first number of the field, whichever kind of number a program wrote; None for anything else."""
    if entry.tag != ORIENTATION or entry.kind not in (BYTE, SHORT, LONG):
        return None
    size = {BYTE: 1, SHORT: 2, LONG: 4}[entry.kind]
    first = bytes(entry.value[:size])
    turn = first[0] | first[-1]  # one of its ends holds the number, whatever the byte order; the rest must be zero
    return turn if 1 <= turn <= 8 and sum(first) == turn else None
