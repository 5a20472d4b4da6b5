"""Recovery shares: three lists of words (SLIP-39) of which any two give the master key back and one gives nothing."""

from __future__ import annotations

from collections.abc import Sequence

from safelight.domain.errors import CannotOpen
from safelight.keys.master import KEY_SIZE, MasterKey

SHARES, NEEDED = 3, 2


def make_recovery_shares(master: MasterKey) -> tuple[str, ...]:
    """Three shares of 33 words each, to be printed and kept in three places (SLIP-39, one group, 2 of 3)."""
    from shamir_mnemonic import generate_mnemonics  # shares are made once in a studio's life: no start waits for it

    groups = generate_mnemonics(1, [(NEEDED, SHARES)], master.exposed_bytes)
    return tuple(groups[0])


def master_from_shares(untrusted_shares: Sequence[str]) -> MasterKey:
    """The master key from two shares as typed (case and spacing do not matter).

    Raises :class:`CannotOpen`: a mistyped share is named by its place; one share, twice the same or shares of
    different sets are each said.
    """
    from shamir_mnemonic import MnemonicError, combine_mnemonics  # as above

    shares = list(dict.fromkeys(" ".join(share.lower().split()) for share in untrusted_shares))
    for place, share in enumerate(shares, start=1):
        _check_alone(share, place)
    if len(shares) < NEEDED:
        raise CannotOpen("One recovery share alone opens nothing.", "Two different shares of the three are needed.")
    try:
        secret = combine_mnemonics(shares[:NEEDED])
    except MnemonicError as error:
        raise _do_not_fit() from error
    if len(secret) != KEY_SIZE:
        raise _do_not_fit()
    return MasterKey(secret)


def _check_alone(share: str, place: int) -> None:
    from shamir_mnemonic import MnemonicError, Share  # as above

    try:
        Share.from_mnemonic(share)
    except MnemonicError as error:
        raise CannotOpen(
            f"Recovery share {place} is not typed as it was printed.", "Compare it word by word; nothing was changed."
        ) from error


def _do_not_fit() -> CannotOpen:
    return CannotOpen(
        "The recovery shares do not belong together.", "Use two shares that were printed at the same time."
    )
