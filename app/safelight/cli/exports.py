"""The command that hands pictures on, or says why not."""

from __future__ import annotations

import argparse

from safelight.cli.opening import country, opened, uses
from safelight.cli.output import Output, yes_or_no
from safelight.documents.plain import to_plain
from safelight.domain.clearance import Clearance
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.mending import Mend
from safelight.domain.plurals import counted
from safelight.studio import exports, recipients
from safelight.studio.packing import ExportRequest
from safelight.studio.queries.export_preview import Caution, ExportPreview, export_preview
from safelight.studio.queries.lookup import find_session
from safelight.studio.retired_uses import known_use
from safelight.studio.staying import Staying, staying_lines


def run_export(given: argparse.Namespace, output: Output) -> ExitCode:
    """``export``: what leaves, what stays, and why."""
    if given.output is None and not given.dry_run:
        raise WrongUsage("Where should the bundle go?", "Give -o F.age, or --dry-run to see what would leave.")
    with opened(given, output) as studio:
        session = find_session(studio, given.session)
        recipient, cover = recipients.find_recipient(studio, given.to)
        place = country(given.territory, recipient.country)
        chosen = tuple(known_use(studio, each) for each in uses(given.use))
        request = ExportRequest(
            recipient, cover, chosen, place, given.names, given.keep_metadata, records_only=given.records_only
        )
        if given.dry_run:
            looked = export_preview(studio, session, request, output.report)
            preview = exports.Preview(looked.cleared, looked.held, looked.staying)
            document = _document(preview) | _summed(looked)
            output.result(document, *_lines(preview, request), *_summed_lines(looked))
            return yes_or_no(bool(preview.cleared))
        try:
            done, _ = exports.export_bundle(studio, session, request, given.output, output.report)
        except exports.NothingLeaves as error:
            told = {"error": error.title, "hint": error.hint, "code": int(error.code)}
            output.result(_document(error.preview) | told, *_lines(error.preview, request), str(error))
            return error.code
    document = _document(done.preview) | {
        "bundle": done.bundle.manifest.id,
        "sha256": done.bundle.sha256,
        "size": done.bundle.size,
        "file": str(done.bundle.path),
    }
    output.result(
        document, *_lines(done.preview, request), f"{done.bundle.path}: {done.bundle.size} bytes for {recipient.name}."
    )
    return ExitCode.DONE


def _document(preview: exports.Preview) -> dict[str, object]:
    names = {each.photo: each.name for each in preview.staying}
    return {
        "in": preview.cleared,
        "out": [_out(each, names[each.photo]) for each in preview.held],
        "staying": [_row(each) for each in preview.staying],
    }


def _summed(looked: ExportPreview) -> dict[str, object]:
    """What only a look before says: groups with the way to mend them, sums per person, warnings."""
    return {
        "groups": [to_plain(each) for each in looked.groups],
        "people": [to_plain(each) for each in looked.people],
        "warnings": [to_plain(each) for each in looked.warnings],
        "size": looked.size,
    }


def _summed_lines(looked: ExportPreview) -> list[str]:
    lines = [
        f"{counted(len(each.photos), 'photo')}: {each.words}; {_MEND[each.mend]}"
        for each in looked.groups
        if each.mend is not Mend.NOTHING
    ]
    return lines + [f"{counted(each.photos, 'photo')}: {_CAUTION[each.caution]}" for each in looked.warnings]


_MEND = {
    Mend.ASK: "ask at the signing screen",
    Mend.ASK_AGAIN: "ask again",
    Mend.LATER: "wait until it begins",
    Mend.OTHER_PLACE: "--territory says where it is to be used",
    Mend.OTHER_RECIPIENT: "they were asked about others",
    Mend.CHECK: "'consent validate' by somebody else",
    Mend.ASSIGN: "'photo assign' says who is on it",
    Mend.SETTLE: "'photo assign' says who is on it",
    Mend.UNHIDE: "'photo unhide' takes it out",
    Mend.CLEAR: "'photo clear' takes it back",
    Mend.COVER: "'recipient add --cover' says what a transfer can stand on",
    Mend.OTHER_FILE: "hand on a JPEG of it, or --keep-metadata",
    Mend.REFRESH: "take in a newer status list",
}
_CAUTION = {
    Caution.DO_NOT_TRAIN: "marked as not to be trained on, which some stock agencies (Adobe Stock) refuse",
    Caution.METADATA: "place or serial numbers go along",
    Caution.NAMES: "names and receipts go along, of those who allow it",
    Caution.LARGE: "together more than 2 GiB",
    Caution.RULES: "the lists of laws are old; look for a newer Safelight",
}


def _out(held: Clearance, name: str) -> dict[str, object]:
    return {"photo": held.photo, "name": name, "use": held.use, "hold": held.hold, "why": held.why}


def _row(stays: Staying) -> dict[str, object]:
    reasons = [
        {"use": each.use, "code": each.code, "why": each.words, "subject": each.person, "name": each.person_name}
        for each in stays.reasons
    ]
    return {"photo": stays.photo, "name": stays.name, "reasons": reasons}


def _lines(preview: exports.Preview, request: ExportRequest) -> list[str]:
    leave, stay = len(preview.cleared), len(preview.staying)
    first = f"{counted(leave, 'photo')} may leave, {stay} {'stays' if stay == 1 else 'stay'}."
    return [first, *staying_lines(preview.staying, titles=len(request.uses) > 1)]
