"""The command that hands pictures on, or says why not."""

from __future__ import annotations

import argparse
from collections import Counter

from safelight.cli.opening import country, opened, uses
from safelight.cli.voice import Voice, yes_or_no
from safelight.domain.clearance import Clearance, Hold
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.studio import exports, recipients, sessions
from safelight.studio.packing import Wish


def run_export(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``export``: what leaves, what stays, and why."""
    if given.output is None and not given.dry_run:
        raise WrongUsage("Where should the bundle go?", "Give -o F.age, or --dry-run to see what would leave.")
    with opened(given, voice) as studio:
        session = sessions.find_session(studio, given.session)
        recipient, cover = recipients.find_recipient(studio, given.to)
        place = country(given.territory, recipient.country)
        chosen = tuple(studio.rules.catalogue.scope(each).id for each in uses(given.use))
        wish = Wish(recipient, cover, chosen, place, given.names, given.keep_metadata)
        if given.dry_run:
            preview = exports.preview_export(studio, session, wish)
            voice.result(_document(preview), *_lines(preview))
            return yes_or_no(bool(preview.cleared))
        done, _ = exports.export_bundle(studio, session, wish, given.output, voice.report)
    document = _document(done.preview) | {
        "bundle": done.bundle.manifest.id,
        "sha256": done.bundle.sha256,
        "size": done.bundle.size,
        "file": str(done.bundle.path),
    }
    voice.result(document, *_lines(done.preview), f"{done.bundle.path}: {done.bundle.size} bytes for {recipient.name}.")
    return ExitCode.DONE


def _document(preview: exports.Preview) -> dict[str, object]:
    return {"in": preview.cleared, "out": [_out(each, preview) for each in preview.held]}


def _out(held: Clearance, preview: exports.Preview) -> dict[str, object]:
    name = preview.names.get(held.photo, "")
    return {"photo": held.photo, "name": name, "use": held.use, "hold": held.hold, "why": held.why}


def _lines(preview: exports.Preview) -> list[str]:
    lines = [f"{len(preview.cleared)} photos are in, {len({each.photo for each in preview.held})} stay."]
    reasons = Counter((each.use, each.why) for each in preview.held if each.hold is not Hold.UNWRITABLE)
    lines += [f"  {count} x {use}: {why}" for (use, why), count in sorted(reasons.items())]
    unwritable = {each.photo: each.why for each in preview.held if each.hold is Hold.UNWRITABLE}
    return lines + [f"stays: {preview.names.get(photo, photo)}, {why}" for photo, why in unwritable.items()]
