"""A ZIP file that any system opens, written as it is read: photos are never all in memory, and no date betrays a clock.

Plain, because encrypted ones do not open in Windows Explorer or macOS: what is sent lies inside a locked PDF instead.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import BinaryIO

_READABLE_BY_OWNER = 0o600 << 16
_UNIX = 3
_PACKED = (".html", ".txt", ".json", ".jsonld", ".inkml", ".sig")
"""What gets smaller; pictures and PDFs do not."""
_OLDEST = 1980


def write_zip(out: BinaryIO, members: Iterable[tuple[str, Iterable[bytes]]], at: datetime) -> int:
    """Write ``members`` (name, parts) in this order; the same members on the same day give the same bytes. How many."""
    count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED, allowZip64=True) as made:
        for name, parts in members:
            info = zipfile.ZipInfo(name, (max(at.year, _OLDEST), at.month, at.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED if name.endswith(_PACKED) else zipfile.ZIP_STORED
            info.external_attr, info.create_system = _READABLE_BY_OWNER, _UNIX
            with made.open(info, "w", force_zip64=True) as member:
                for part in _whole(parts):
                    member.write(part)
            count += 1
    return count


def _whole(parts: Iterable[bytes]) -> Iterator[bytes]:
    for each in parts:
        yield bytes(each)
