"""What lets a test that opens a studio, or types a PIN, a hundred times derive each slow key only once."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from safelight.domain.ids import StudioId
from safelight.keys import pin_marks, wrapping
from safelight.keys.master import MasterKey
from safelight.keys.passphrases import DEFAULT_COST, FLOOR_COST, KdfCost, passphrase_key

_remembered = functools.cache(passphrase_key)


@contextmanager
def keys_derived_once() -> Iterator[None]:
    """Within it every key is derived once for its words, salt and cost, and costs the least that is accepted.

    Deriving is slow on purpose (0.2 s of work), and half of what a test of the studio took. A key is the same
    however often it is derived, so nothing a test can see depends on it but the time; a refusal is never remembered.
    Where nobody says what a new key may cost, it would be four times as much as the least; a file says what it cost.
    What deriving costs and gives is tested with the keys and measured with the benchmarks, where nothing is remembered.
    """
    real = wrapping._encoded

    def encoded(master: MasterKey, passphrase: str, studio: StudioId, cost: KdfCost) -> bytes:
        return real(master, passphrase, studio, FLOOR_COST if cost is DEFAULT_COST else cost)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wrapping, "_encoded", encoded)
        for room in (wrapping, pin_marks):
            patch.setattr(room, "passphrase_key", _remembered)
        yield
