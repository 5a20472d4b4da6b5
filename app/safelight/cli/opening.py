"""Opens what a command works on: the studio with its key, a file to read, a day, an output that is not overwritten."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from safelight.cli.output import Output
from safelight.cli.secrets import unlocked
from safelight.documents.countries import country_code
from safelight.domain.errors import WrongUsage
from safelight.domain.ids import Country
from safelight.domain.session import Session
from safelight.keys.durable import durable_write
from safelight.keys.input_files import read_input_file
from safelight.storage.permissions import loose_places, loose_sentence
from safelight.studio.founding import open_studio
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.lookup import find_session

AHEAD = "The clock of this machine shows {}, far after anything seen here. If that is right: 'safelight {} clock'."
LARGEST_INPUT = 64 * 1024 * 1024


def opened(given: argparse.Namespace, output: Output) -> OpenStudio:
    """The studio of ``--studio``, unlocked (see :func:`unlocked`); warns of an odd clock."""
    folder = studio_folder(given)
    studio = unlocked(given, lambda secret: open_studio(folder, secret, acknowledge=output.acknowledge))
    if studio.clock_set_back():
        output.note("The clock of this machine shows an earlier time than was seen before; the later one is used.")
    elif studio.clock_ahead():
        output.note(AHEAD.format(studio.clock().date(), "studio"))
    if loose := loose_sentence(folder, loose_places(folder)):
        output.note(loose)
    warning = studio.rules.warning(studio.today())
    if warning:
        output.note(warning)
    return studio


def studio_folder(given: argparse.Namespace) -> Path:
    """The folder of ``--studio`` (or SAFELIGHT_STUDIO)."""
    if given.studio is None:
        raise WrongUsage("Which studio?", "Give --studio DIR or set SAFELIGHT_STUDIO.")
    folder: Path = given.studio
    return folder


def within(studio: OpenStudio, given: argparse.Namespace) -> Session | None:
    """The session of ``--session``, in which people are to be looked for; None for everywhere."""
    return find_session(studio, given.session) if given.session else None


def read_input(path: Path, most: int = LARGEST_INPUT) -> bytes:
    """The bytes of a regular file the person named; :class:`WrongUsage` when it cannot be read or is far too large."""
    return read_input_file(path, most)


def write_output(path: Path, data: bytes) -> None:
    """Write ``data`` durably to a file that must not exist yet."""
    check_output(path)
    durable_write(path, data)


def check_output(path: Path) -> None:
    """Raise :class:`WrongUsage` unless a new file can be made at ``path``."""
    if path.exists():
        raise WrongUsage(f"'{path.name}' exists already.", "Nothing was written; choose another name.")
    if not path.parent.is_dir():
        raise WrongUsage(f"There is no folder '{path.parent}'.", "Nothing was written; make the folder first.")


def day(text: str | None, otherwise: date) -> date:
    """A day written YYYY-MM-DD."""
    if not text:
        return otherwise
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise WrongUsage(f"'{text[:40]}' is not a day.", "Write YYYY-MM-DD.") from None


def country(text: str | None, otherwise: Country) -> Country:
    """A country's code of the ISO 3166-1 list."""
    return country_code(text, "Nothing was done.") if text else otherwise


def uses(text: str) -> tuple[str, ...]:
    """Uses separated by commas."""
    return tuple(each.strip() for each in text.split(",") if each.strip())
