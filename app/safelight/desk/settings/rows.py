"""What the sections show: frozen values, worded by the presenters."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Look:
    """What is chosen for this computer, as ``Preferences`` keeps it."""

    language: str
    look: str
    scale: float
    hand: str


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the team; ``told`` is what they do and what they lack."""

    id: str
    name: str
    told: str
    at_desk: bool
    retired: bool


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who is to be taken in; a role is ``photographer``, ``reviewer`` or ``both``."""

    name: str
    role: str
    pin: str


@dataclass(frozen=True, slots=True)
class RecipientLine:
    """An organisation as the list shows it; ``words`` is empty without a card."""

    id: str
    name: str
    told: str
    words: str


@dataclass(frozen=True, slots=True)
class SeenCard:
    """A card somebody looks at before it is added."""

    name: str
    told: str
    words: str
    warning: str


@dataclass(frozen=True, slots=True)
class NamedRecipient:
    """An organisation without a card, as somebody typed it; ``cover`` is empty for none."""

    name: str
    country: str
    role: str
    contact: str
    cover: str


@dataclass(frozen=True, slots=True)
class KeyState:
    """The six words of the studio's key, and what the keyring does."""

    words: str
    keyring: str
    can_keep: bool
    kept: bool
    screen_pin: str


@dataclass(frozen=True, slots=True)
class PlaceState:
    """The second place in words; ``folder`` is empty while there is none."""

    folder: str
    told: tuple[str, ...]
    warning: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A list of rules, when it was looked up in words, and whether that is too long ago."""

    name: str
    looked_up: str
    stale: bool


@dataclass(frozen=True, slots=True)
class RulesState:
    """What the section about the rules shows."""

    version: str
    lines: tuple[RuleLine, ...]
    warning: str
    authority: str


def backup_name(day: date, hour: int, minute: int) -> str:
    """The folder of a backup made then; it names nobody."""
    return f"safelight-backup-{day:%Y-%m-%d}-{hour:02}{minute:02}"
