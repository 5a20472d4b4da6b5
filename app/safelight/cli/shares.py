"""``studio shares``: the three recovery shares on the terminal, as files, or as sheets to print."""

from __future__ import annotations

import argparse

from safelight.cli.opening import check_output, studio_folder, write_output
from safelight.cli.output import Output
from safelight.cli.secrets import present_passphrase
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.sheets import Paper
from safelight.studio import founding
from safelight.studio.card_sheets import recovery_sheets


def run_shares(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio shares``."""
    if given.pdf is not None:
        return _shares_pdf(given, output)
    shares = founding.recovery_shares(studio_folder(given), present_passphrase(given))
    if given.output is not None:
        if not given.output.is_dir():
            hint = "Make it first, best on another disk; without -o the shares are printed."
            raise WrongUsage(f"There is no folder '{given.output}'.", hint)
        for number, share in enumerate(shares, 1):
            write_output(given.output / f"share-{number}.txt", f"{share}\n".encode())
        output.result({"written": len(shares)}, f"Three shares are in {given.output}. Keep them in three places.")
    else:
        lines = [f"Share {number} of 3 (any two open the studio):\n{share}" for number, share in enumerate(shares, 1)]
        output.result(list(shares), *"\n".join(lines).split("\n"))
    return ExitCode.DONE


def _shares_pdf(given: argparse.Namespace, output: Output) -> ExitCode:
    """New shares as three pages to print."""
    if given.output is not None:
        raise WrongUsage("The shares go into a folder or into a PDF, not into both.", "Nothing was written.")
    check_output(given.pdf)
    folder, secret = studio_folder(given), present_passphrase(given)
    with founding.open_studio(folder, secret, acknowledge=output.acknowledge) as studio:
        name = studio.identity.name
    shares = founding.recovery_shares(folder, secret)
    pages = recovery_sheets(shares, name, given.language or "en", Paper(given.paper))
    write_output(given.pdf, pages)
    output.result(
        {"pdf": str(given.pdf), "written": len(shares)},
        f"{given.pdf} has three sheets. Print it, keep the sheets in three places, then delete the file:",
        "whoever has it has the studio.",
    )
    return ExitCode.DONE
