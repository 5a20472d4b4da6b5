"""Commands of an agency: found it, trust studios, take bundles in, ask, report."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from safelight.agency import founding, imports, pictures, questions, reports, trust
from safelight.agency.open_agency import OpenAgency
from safelight.cli.opening import country, day, read_input, write_output
from safelight.cli.secrets import new_passphrase, unlocked
from safelight.cli.voice import Voice, yes_or_no
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.keys.signing import fingerprint_words
from safelight.storage.permissions import loose_places, loose_sentence


def opened(given: argparse.Namespace, voice: Voice) -> OpenAgency:
    """The agency of ``--agency``, unlocked (see :func:`unlocked`); warns of an odd clock."""
    folder = _folder(given)
    agency = unlocked(given, lambda secret: founding.open_agency(folder, secret, acknowledge=voice.acknowledge))
    if agency.clock_set_back():
        voice.note("The clock of this machine shows an earlier time than was seen before; the later one is used.")
    if loose := loose_sentence(folder, loose_places(folder)):
        voice.note(loose)
    warning = agency.rules.warning(agency.today())
    if warning:
        voice.note(warning)
    return agency


def _folder(given: argparse.Namespace) -> Path:
    if given.agency is None:
        raise WrongUsage("Which agency?", "Give --agency DIR or set SAFELIGHT_AGENCY.")
    folder: Path = given.agency
    return folder


def run_init(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``agency init``."""
    wanted = founding.Founding(given.name, given.country, given.contact, given.address)
    folder, secret = _folder(given), new_passphrase(given.passphrase_file, "--passphrase-file")
    with founding.found_agency(folder, wanted, secret, acknowledge=voice.acknowledge, keyring=given.keyring) as agency:
        words = fingerprint_words(agency.signer.public_ssh)
        voice.result(
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


def run_card(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``agency card``."""
    with opened(given, voice) as agency:
        write_output(given.output, founding.agency_card(agency))
        words = fingerprint_words(agency.signer.public_ssh)
    voice.result({"card": str(given.output), "words": words}, f"{given.output}: {' '.join(words)}")
    return ExitCode.DONE


def run_trust(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``agency trust``."""
    with opened(given, voice) as agency:
        trusted, _ = trust.trust_studio(agency, read_input(given.card, 1 << 20))
    words = " ".join(trusted.words)
    how = "is trusted by its new key, which the old one vouched for" if trusted.replaced else "is trusted"
    voice.result(
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


def run_import(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``agency import``."""
    with opened(given, voice) as agency:
        done, _ = imports.import_bundle(agency, given.bundle, voice.report)
    for warning in done.warnings:
        voice.note(warning)
    what = (
        f"Bundle {done.sequence} of {done.studio} is in the catalogue already; nothing was changed."
        if done.already
        else f"Bundle {done.sequence} of {done.studio}: {done.photos} photos, {done.new_photos} of them new."
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
    voice.result(document, what)
    return ExitCode.DONE


def run_list(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``agency list``."""
    with opened(given, voice) as agency:
        listed = pictures.list_photos(agency)
    lines = [f"{each.guid}  {each.studio}  {', '.join(each.uses)}{'  withheld' * each.withheld}" for each in listed]
    document = [
        {
            "photo": each.guid,
            "studio": each.studio,
            "bundle": each.bundle,
            "media_type": each.media_type,
            "delivered_at": each.delivered_at.isoformat(),
            "uses": each.uses,
            "people": each.people,
            "status_until": _iso(each.fresh_until),
            "withheld": each.withheld,
        }
        for each in listed
    ]
    voice.result(document, *(lines or ["No photos yet. Import a bundle: safelight agency import FILE"]))
    return ExitCode.DONE


def run_may(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``agency may``."""
    with opened(given, voice) as agency:
        asked_on = day(given.on, agency.today())
        place = country(given.territory, agency.identity.country)
        photo = given.photo if given.file is None else pictures.photo_of_file(agency, given.file)
        answer = questions.may(agency, photo, given.use, place, asked_on)
    decision = answer.decision
    if answer.question.day != answer.today:
        voice.note(f"This answers for {answer.question.day}; today is {answer.today}.")
    voice.result(_answer(answer), *_told(answer))
    return yes_or_no(decision.allowed)


def _answer(answer: questions.Answer) -> dict[str, Any]:
    question, decision = answer.question, answer.decision
    return {
        "allowed": decision.allowed,
        "photo": question.photo or None,
        "use": question.use,
        "territory": question.place,
        "on": question.day.isoformat(),
        "today": answer.today.isoformat(),
        "clause": decision.clause,
        "blocker": decision.blocker.value if decision.blocker else None,
        "expires": _iso(decision.expires),
        "records": decision.records,
        "studio": answer.studio or None,
        "bundle": answer.bundle,
        "status_until": _iso(answer.fresh_until),
    }


def _told(answer: questions.Answer) -> list[str]:
    decision = answer.decision
    if decision.allowed:
        return [f"yes, until {decision.expires}", f"clause: {decision.clause}"]
    lines = [f"no: {decision.blocker.value if decision.blocker else 'not allowed'}", f"clause: {decision.clause}"]
    if not answer.studio:
        lines.append("The photo is in no bundle that was imported here.")
    return lines


def run_report(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``agency report``."""
    with opened(given, voice) as agency:
        rows = reports.report_rows(agency)
    text = reports.report_csv(rows)
    document: Any = [
        {
            "photo": each.photo,
            "studio": each.studio,
            "use": each.use,
            "place": each.place,
            "allowed": each.allowed,
            "until": _iso(each.until),
            "places": each.places,
            "clause": each.clause,
            "blocker": each.blocker or None,
        }
        for each in rows
    ]
    if given.output is None:
        voice.result(document, *text.splitlines())
        return ExitCode.DONE
    write_output(given.output, text.encode())
    voice.result({"report": str(given.output), "rows": len(rows)}, f"{len(rows)} rows are in {given.output}.")
    return ExitCode.DONE


def run_check(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``agency check``."""
    with opened(given, voice) as agency:
        keys = (agency.signer.public_ssh, *agency.secrets.previous_public_keys)
        report = agency.catalogue.check(voice.report, keys)
    lines = [f"{count} {what}" for what, count in sorted(report.counts.items())]
    lines += [f"tidied up: {count} {what}" for what, count in sorted(report.tidied.items()) if count]
    loose = loose_places(_folder(given), everything=True)
    document = {
        "counts": dict(report.counts),
        "tidied": dict(report.tidied),
        "problems": list(report.problems),
        "loose": list(loose),
    }
    lines += [f"open to other accounts: {each}" for each in loose]
    voice.result(document, *lines, *report.problems, "All is well." if report.sound else "Something is wrong.")
    return yes_or_no(report.sound)


def _iso(moment: date | None) -> str | None:
    return moment.isoformat() if moment else None
