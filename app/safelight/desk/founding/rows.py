"""What somebody tells on the first run."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WhoYouAre:
    """A studio or an agency that is to be founded; the passphrase is shown to nobody."""

    name: str
    country: str
    contact: str
    address: str
    passphrase: str = field(repr=False)
    keyring: bool = False


@dataclass(frozen=True, slots=True)
class Team:
    """Who photographs and, if anybody yet, who checks; each with a PIN of their own."""

    photographer: str
    photographer_pin: str = field(repr=False)
    reviewer: str = ""
    reviewer_pin: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Proof:
    """Which word is to be typed back: ``word`` and ``sheet`` count from 1."""

    sheet: int
    word: int
