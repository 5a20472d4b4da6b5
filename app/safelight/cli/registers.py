"""The command that writes the registers an authority asks for."""

from __future__ import annotations

import argparse
from datetime import UTC

from safelight.cli.opening import check_output, day, opened, write_output
from safelight.cli.output import Output
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.ids import Language
from safelight.domain.plurals import counted
from safelight.rights import registers
from safelight.settings.texts import main_language
from safelight.studio.open_studio import OpenStudio
from safelight.studio.papers import signed_pdf
from safelight.studio.queries.registers import requests_between, withdrawals_between

_KINDS = (".pdf", ".csv")


def run_register(given: argparse.Namespace, output: Output) -> ExitCode:
    """``register``."""
    if given.output.suffix.lower() not in _KINDS:
        raise WrongUsage("A register is a PDF or a CSV.", "Nothing was written. Name it FILE.pdf or FILE.csv.")
    check_output(given.output)
    with opened(given, output) as studio:
        last = day(given.last, studio.today())
        first = day(given.first, last.replace(month=1, day=1))
        if first > last:
            raise WrongUsage("The first day comes after the last.", "Nothing was written.")
        language = Language(given.language or main_language(studio.identity.country))
        register = registers.Register(studio.identity, first, last, language, UTC, studio.now())
        count, data = _written(studio, register, given.what, given.output.suffix.lower() == ".csv")
    write_output(given.output, data)
    document = {"file": str(given.output), "from": first.isoformat(), "to": last.isoformat(), "entries": count}
    output.result(document, f"{given.output}: {counted(count, 'entry', 'entries')}, {first} to {last}.")
    return ExitCode.DONE


def _written(studio: OpenStudio, register: registers.Register, what: str, table: bool) -> tuple[int, bytes]:
    """How many entries there are, and the file."""
    if what == "requests":
        asked = requests_between(studio, register.first, register.last)
        if table:
            return len(asked), registers.requests_csv(asked).encode()
        return len(asked), signed_pdf(studio, registers.requests_register(register, asked))
    ended = withdrawals_between(studio, register.first, register.last)
    if table:
        return len(ended), registers.withdrawals_csv(ended).encode()
    return len(ended), signed_pdf(studio, registers.withdrawals_register(register, ended))
