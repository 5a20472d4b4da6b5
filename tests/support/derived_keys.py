"""What lets a test that opens a studio, or types a PIN, a hundred times derive each slow key only once."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from safelight.keys import pin_marks, wrapping
from safelight.keys.passphrases import passphrase_key

_remembered = functools.cache(passphrase_key)


@contextmanager
def keys_derived_once() -> Iterator[None]:
    """Within it every key is derived once for its words, salt and cost.

    Deriving is slow on purpose (0.2 s of work), and half of what a test of the studio took. A key is the same
    however often it is derived, so nothing a test can see depends on it but the time; a refusal is never remembered.
    What deriving costs and gives is tested with the keys and measured with the benchmarks, where nothing is remembered.
    """
    with pytest.MonkeyPatch.context() as patch:
        for room in (wrapping, pin_marks):
            patch.setattr(room, "passphrase_key", _remembered)
        yield
