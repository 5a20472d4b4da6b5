"""The commands about the rules a studio works by: what they are, and adopting others."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from safelight.cli.opening import opened, read_input, write_output
from safelight.cli.output import Output
from safelight.documents.rules import LISTS
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.studio.open_studio import OpenStudio
from safelight.studio.queries.rules import rules_in_force
from safelight.studio.rules import RulesChange, adopt_rules, lists_at_work, read_change, shipped_change

_LARGEST_LIST = 4 * 1024 * 1024


def run_show(given: argparse.Namespace, output: Output) -> ExitCode:
    """``rules show``."""
    with opened(given, output) as studio:
        told = rules_in_force(studio)
        if given.output is not None:
            _write(studio, given.output)
    document = {
        "version": told.rules_version, "sha256": told.sha256,
        "lists": [{"name": each.name, "looked_up": f"{each.looked_up:%Y-%m}", "stale": each.stale}
                  for each in told.lists],
        "adopted": [{"version": each.version, "sha256": each.sha256, "adopted_at": each.adopted_at.isoformat()}
                    for each in told.adopted],
        "asked": [{"use": each.use, "months": each.months, "minors": each.minors, "checked": each.checked}
                  for each in told.asked],
        "retired": told.retired, "keeping_months": told.keeping_months, "shipped": told.shipped_version,
    }  # fmt: skip
    lines = [f"rules {told.rules_version}, sha256 {told.sha256}"]
    lines += [f"adopted {each.adopted_at:%Y-%m-%d}: {each.version}" for each in told.adopted]
    lines += [f"{each.use}: at most {each.months} months" for each in told.asked]
    lines += [f"{each}: no longer asked" for each in told.retired]
    if told.shipped_version != told.rules_version:
        lines.append(f"This program came with {told.shipped_version}: 'rules adopt --shipped --dry-run' compares.")
    output.result(document, *lines)
    return ExitCode.DONE


def run_adopt(given: argparse.Namespace, output: Output) -> ExitCode:
    """``rules adopt``."""
    if (given.folder is None) is not given.shipped:
        raise WrongUsage("Which rules?", "Name a folder with scopes.json, jurisdictions.json and adequacy.json.")
    with opened(given, output) as studio:
        change = shipped_change(studio) if given.shipped else read_change(studio, _read(given.folder))
        if not (given.dry_run or change.same):
            adopt_rules(studio, change)
        output.result(
            _document(change, adopted=not (given.dry_run or change.same)), *change.differences, _last(change, given)
        )
    return ExitCode.DONE


def _last(change: RulesChange, given: argparse.Namespace) -> str:
    if change.same:
        return f"The studio works by {change.rules.version} already; nothing was changed."
    if given.dry_run:
        return f"Nothing was changed. Without --dry-run the studio works by {change.rules.version}."
    return f"The studio works by {change.rules.version} from now on; what was signed keeps its days."


def _document(change: RulesChange, adopted: bool) -> dict[str, object]:
    return {"version": change.rules.version, "sha256": change.rules.sha256, "adopted": adopted,
            "differences": change.differences}  # fmt: skip


def _read(folder: Path) -> dict[str, bytes]:
    return {each: read_input(folder / f"{each}.json", _LARGEST_LIST) for each in LISTS}


def _write(studio: OpenStudio, folder: Path) -> None:
    """The three lists of today as files, to be changed and adopted."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise WrongUsage(f"'{folder.name}' is there already.", "Nothing was written; name a new or empty folder.")
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in lists_at_work(studio).items():
        text = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
        write_output(folder / f"{name}.json", text.encode())
