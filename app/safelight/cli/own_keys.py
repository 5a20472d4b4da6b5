"""Commands about what the open studio keeps on this machine: the copy of its key in the keyring, its rules."""

from __future__ import annotations

import argparse

from safelight.cli.opening import opened
from safelight.cli.output import Output, yes_or_no
from safelight.domain.errors import ExitCode
from safelight.studio.own_keys import drop_from_keyring, keep_in_keyring, keyring_use
from safelight.studio.queries.rules import rules_in_force


def run_keyring(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio keyring``."""
    with opened(given, output) as studio:
        if given.on:
            use, _ = keep_in_keyring(studio)
        elif given.off:
            use, _ = drop_from_keyring(studio)
        else:
            use = keyring_use(studio)
    told = "The keyring keeps a copy of the key." if use.kept else "The keyring keeps no key of this studio."
    output.result({"usable": use.usable, "kept": use.kept, "why": use.why}, told, use.why)
    return yes_or_no(use.kept or given.off)


def run_rules(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio rules``."""
    with opened(given, output) as studio:
        told = rules_in_force(studio)
    lists = [{"name": each.name, "looked_up": f"{each.looked_up:%Y-%m}", "stale": each.stale} for each in told.lists]
    document = {
        "program": told.program, "rules": told.rules_version, "lists": lists, "stale_days": told.stale_days,
        "time_authority": told.time_authority,
    }  # fmt: skip
    lines = [
        f"{each.looked_up:%Y-%m}  {each.name}{'  older than it should be' if each.stale else ''}" for each in told.lists
    ]
    stamps = f"time authority: {told.time_authority or 'none'}"
    output.result(document, f"safelight {told.program}, rules {told.rules_version}", *lines, stamps)
    return ExitCode.DONE
