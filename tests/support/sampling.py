"""How many cases a long test takes: a sample in every run, all of them with ``./run test --long``."""

from __future__ import annotations

import os

LONG = "SAFELIGHT_LONG" in os.environ
"""Whether the full numbers were asked for."""


def examples(sample: int, full: int) -> int:
    """``sample`` in an ordinary run, ``full`` in a long one; for hypothesis' ``max_examples``."""
    return full if LONG else sample
