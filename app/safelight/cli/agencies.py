"""Commands of an agency: found it, trust studios, take in what they send, list, check."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from safelight.agency import founding, imports, trust, upkeep
from safelight.agency.open_agency import OpenAgency
from safelight.agency.queries.photos import ListedPhoto, list_photos
from safelight.cli.opening import AHEAD, read_input, write_output
from safelight.cli.output import Output, not_alone, yes_or_no
from safelight.cli.secrets import new_passphrase, unlocked
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.plurals import counted
from safelight.keys.sealing import identity_in_file
from safelight.keys.signing import fingerprint_words
from safelight.storage.permissions import loose_places, loose_sentence

_SMALL = 64 * 1024


def iso(moment: date | None) -> str | None:
    """A day or time as JSON carries it."""
    return moment.isoformat() if moment else None


def opened(given: argparse.Namespace, output: Output) -> OpenAgency:
    """The agency of ``--agency``, unlocked (see :func:`unlocked`); warns of an odd clock."""
    folder = _folder(given)
    agency = unlocked(given, lambda secret: founding.open_agency(folder, secret, acknowledge=output.acknowledge))
    if agency.clock_set_back():
        output.note("The clock of this machine shows an earlier time than was seen before; the later one is used.")
    elif agency.clock_ahead():
        output.note(AHEAD.format(agency.clock().date(), "agency"))
    if loose := loose_sentence(folder, loose_places(folder)):
        output.note(loose)
    warning = agency.rules.warning(agency.today())
    if warning:
        output.note(warning)
    return agency


def _folder(given: argparse.Namespace) -> Path:
    if given.agency is None:
        raise WrongUsage("Which agency?", "Give --agency DIR or set SAFELIGHT_AGENCY.")
    folder: Path = given.agency
    return folder


def _identity(path: Path | None) -> str | None:
    return None if path is None else identity_in_file(read_input(path, _SMALL))


def run_init(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency init``."""
    wanted = founding.Founding(given.name, given.country, given.contact, given.address)
    folder, identity = _folder(given), _identity(given.identity)
    secret = new_passphrase(given.passphrase_file, "--passphrase-file")
    with founding.found_agency(
        folder, wanted, secret, acknowledge=output.acknowledge, keyring=given.keyring, identity=identity
    ) as agency:
        words = fingerprint_words(agency.signer.public_ssh)
        output.result(
            {
                "id": agency.identity.id,
                "name": agency.identity.name,
                "recipient": agency.recipient,
                "words": words,
            },
            f"{agency.identity.name} is ready ({agency.identity.id}).",
            f"Its key in six words: {' '.join(words)}.",
            "Next: 'safelight agency card -o FILE' writes the card studios need.",
        )
    return ExitCode.DONE


def run_identity(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency identity``."""
    with opened(given, output) as agency:
        if given.output.exists():  # before the journal says that it was handed out
            raise WrongUsage(f"'{given.output.name}' exists already.", "Nothing was written; choose another name.")
        identity, _ = founding.agency_identity(agency)
        write_output(given.output, identity)
        recipient = agency.recipient
    output.note("Whoever has this file opens every bundle that was or will be sent to this agency. Guard it.")
    output.result(
        {"identity": str(given.output), "recipient": recipient},
        f"{given.output} opens what is encrypted to {recipient}.",
    )
    return ExitCode.DONE


def run_card(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency card``."""
    with opened(given, output) as agency:
        write_output(given.output, founding.agency_card(agency))
        words = fingerprint_words(agency.signer.public_ssh)
    output.result({"card": str(given.output), "words": words}, f"{given.output}: {' '.join(words)}")
    return ExitCode.DONE


def run_trust(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency trust``."""
    with opened(given, output) as agency:
        trusted, _ = trust.trust_studio(agency, read_input(given.card, 1 << 20))
    words = " ".join(trusted.words)
    how = "is trusted by its new key, which the old one vouched for" if trusted.replaced else "is trusted"
    output.result(
        {
            "studio": trusted.card.id,
            "name": trusted.card.name,
            "words": trusted.words,
            "key_replaced": trusted.replaced,
        },
        f"{trusted.card.name} {how}.",
        f"Compare these six words with what the studio says over the phone: {words}",
    )
    return ExitCode.DONE


def run_import(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency import``."""
    with opened(given, output) as agency:
        done, _ = imports.import_bundle(agency, given.bundle, output.report)
    for warning in done.warnings:
        output.note(warning)
    photos = counted(done.photos, "photo")
    what = (
        f"Bundle {done.sequence} of {done.studio} is in the catalogue already; nothing was changed."
        if done.already
        else f"Bundle {done.sequence} of {done.studio}: {photos}, {done.new_photos} of them new."
    )
    document = {
        "bundle": done.id,
        "studio": done.studio,
        "sequence": done.sequence,
        "photos": done.photos,
        "new_photos": done.new_photos,
        "new_records": done.records,
        "already": done.already,
        "warnings": done.warnings,
    }
    output.result(document, what)
    return ExitCode.DONE


def run_list(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency list``."""
    with opened(given, output) as agency:
        listed = list_photos(agency)
    lines = [
        f"{each.guid}  {each.studio}  {', '.join(each.uses)}{_marks(each)}"
        for each in listed
    ]
    document = [
        {
            "photo": each.guid,
            "studio": each.studio,
            "bundle": each.bundle,
            "media_type": each.media_type,
            "delivered_at": each.delivered_at.isoformat(),
            "uses": each.uses,
            "people": each.people,
            "status_until": iso(each.fresh_until),
            "withheld": each.withheld,
            "deleted_at": iso(each.deleted_at),
        }
        for each in listed
    ]
    output.result(document, *(lines or ["No photos yet. Import a bundle: safelight agency import FILE"]))
    return ExitCode.DONE


def run_check(given: argparse.Namespace, output: Output) -> ExitCode:
    """``agency check``."""
    with opened(given, output) as agency:
        report, _ = upkeep.check_agency(agency, output.report)
    lines = [f"{count} {what}" for what, count in sorted(report.counts.items())]
    lines += [f"tidied up: {count} {what}" for what, count in sorted(report.tidied.items()) if count]
    document = {
        "counts": dict(report.counts),
        "tidied": dict(report.tidied),
        "problems": list(report.problems),
        "loose": list(report.loose),
        "quarantined": list(report.quarantined),
        "others": list(report.others),
    }
    lines += [f"put aside, because no row names it: {each}" for each in report.quarantined]
    lines += not_alone(report.others)
    lines += [f"open to other accounts: {each}" for each in report.loose]
    output.result(document, *lines, *report.problems, "All is well." if report.sound else "Something is wrong.")
    return yes_or_no(report.sound)


def _marks(listed: ListedPhoto) -> str:
    return f"{'  withheld' * listed.withheld}{'  deleted' if listed.deleted_at else ''}"
