"""A mark for fields that came after their class had been signed or hashed: left empty, they are not written at all."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ADDED_LATER: Mapping[str, bool] = MappingProxyType({"added-later": True})
"""``field(default=None, metadata=ADDED_LATER)``: None is left out of the JSON, as in what was signed before."""
