"""From a passphrase to a key: Argon2id with parameters that have a floor and a ceiling, and passphrase files."""

from __future__ import annotations

import os
import secrets
import shlex
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

from safelight.domain.errors import CannotOpen, WrongUsage
from safelight.keys.input_files import open_input
from safelight.keys.master import KEY_SIZE
from safelight.keys.secret_files import secret_text

SHORTEST = 8
"""Characters a new passphrase has at least (NIST SP 800-63B section 3.1.1)."""

_LARGEST_FILE = 4096
_FLOOR_KIB, _CEILING_KIB = 64 * 1024, 1024 * 1024


@dataclass(frozen=True, slots=True)
class KdfCost:
    """What one guess costs: memory in KiB, passes over it, lanes (RFC 9106). The default takes about half a second."""

    memory_kib: int = 256 * 1024
    passes: int = 3
    lanes: int = 4

    def check(self) -> None:
        """:class:`CannotOpen` below 64 MiB x 3 x 4 (a weakened file) or above 1 GiB x 16 x 16 (a trap)."""
        if self.memory_kib < _FLOOR_KIB or self.passes < 3 or self.lanes < 4:
            raise CannotOpen(
                "The key file asks for a weaker passphrase protection than this program ever writes.",
                "Nothing was tried, because somebody may have changed it. Restore it from a backup.",
            )
        if self.memory_kib > _CEILING_KIB or self.passes > 16 or self.lanes > 16:
            raise CannotOpen(
                "The key file asks for more memory or time to open than this program allows.",
                "Nothing was tried, because somebody may have changed it. Restore it from a backup.",
            )


DEFAULT_COST = KdfCost()
FLOOR_COST = KdfCost(memory_kib=_FLOOR_KIB)
"""The least that is accepted; meant for tests and very small machines."""


def passphrase_key(passphrase: str, salt: bytes, cost: KdfCost) -> bytes:
    """The 32-byte key of a passphrase (Argon2id, RFC 9106). Unicode is put into NFC, so every keyboard gives the same.

    Raises :class:`CannotOpen` for parameters outside the limits before any work is done.
    """
    cost.check()
    try:
        secret = unicodedata.normalize("NFC", passphrase).encode()
    except UnicodeEncodeError as error:
        raise CannotOpen("The passphrase holds characters that cannot be written.", "Type it again.") from error
    try:
        return Argon2id(
            salt=salt, length=KEY_SIZE, iterations=cost.passes, lanes=cost.lanes, memory_cost=cost.memory_kib
        ).derive(secret)
    except MemoryError as error:
        raise CannotOpen(
            f"This machine has not the {cost.memory_kib // 1024} MiB of memory that opening needs.",
            "Nothing was changed. Close other programs and try again.",
        ) from error


def new_words(count: int = 6) -> tuple[str, ...]:
    """Random words of the SLIP-39 list, ten bits each, to be told apart from what they open."""
    from shamir_mnemonic.wordlist import WORDLIST  # words are made when something is sent; a start waits for none

    return tuple(secrets.choice(WORDLIST) for _ in range(count))


def check_new_passphrase(passphrase: str) -> None:
    """:class:`WrongUsage` if a new passphrase is too short to protect anything."""
    if len(unicodedata.normalize("NFC", passphrase)) < SHORTEST:
        raise WrongUsage(
            f"The passphrase has fewer than {SHORTEST} characters.", "Four or more unrelated words are a good one."
        )


def read_passphrase_file(path: Path) -> str:
    """The passphrase in a file; a byte order mark, and exactly one newline at its end, are not part of it.

    Raises :class:`CannotOpen` if the file is missing, empty, not text, or readable by other accounts (POSIX), and
    :class:`WrongUsage` if it is no regular file.
    """
    try:
        with open_input(path) as file:
            # On the open file, so that the answer is about the bytes read.
            mode = os.fstat(file.fileno()).st_mode
            if os.name == "posix" and mode & 0o077:
                raise CannotOpen(
                    f"Other accounts may read the passphrase file “{path.name}”.",
                    f"It was not used. Make it private: chmod 600 {shlex.quote(str(path))}",
                )
            untrusted = file.read(_LARGEST_FILE + 1)
    except OSError as error:
        raise CannotOpen(
            f"The passphrase file “{path.name}” cannot be read ({error.strerror}).", "Check its name and permissions."
        ) from error
    text = secret_text(untrusted, f"The passphrase file “{path.name}”")
    text = text[:-2] if text.endswith("\r\n") else text.removesuffix("\n")
    if not text or len(untrusted) > _LARGEST_FILE or "\n" in text:
        raise CannotOpen(f"The passphrase file “{path.name}” does not hold one line.", "Write the passphrase into it.")
    return text
