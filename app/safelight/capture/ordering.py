"""The order people and cameras count files in; apart, because whoever reads slates needs nothing else of files."""

from __future__ import annotations

import re


def natural_order(name: str) -> tuple[tuple[bool, int, str], ...]:
    """A name as people and cameras count, for sorting: IMG_9 before IMG_10, whatever the case of letters."""
    parts = re.findall(r"[0-9]{1,18}|[^0-9]+", name.casefold())
    return tuple((not part.isdecimal(), int(part) if part.isdecimal() else 0, part) for part in parts)
