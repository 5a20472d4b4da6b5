"""Commands about the studio itself: found, card, check, backup, and the ways to its key."""

from __future__ import annotations

import argparse

from safelight.cli.opening import check_output, opened, read_input, studio_folder, write_output
from safelight.cli.output import Output
from safelight.cli.pins import new_pin
from safelight.cli.secrets import new_passphrase, present_passphrase
from safelight.documents.plain import to_plain
from safelight.documents.times import rfc3339
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.plurals import counted
from safelight.keys.secret_files import secret_text
from safelight.studio import founding, upkeep
from safelight.studio.key_places import forget_key_place
from safelight.studio.queries.journal import journal_rows
from safelight.studio.read_audit import reads_by_entry
from safelight.studio.restoring import restore_studio
from safelight.studio.screen_pin import set_screen_pin

_NEXT = {
    "safelight studio shares": "recovery shares; keep them apart from this machine",
    "safelight staff add NAME --role photographer": "who takes pictures and consents",
    "safelight staff add NAME --role reviewer --pin-file F": "the second person, who checks",
    "safelight session new NAME": "a shoot",
    "safelight roster import SESSION FILE.csv": "who comes to it",
    "safelight studio card -o FILE": "what agencies know you by",
}
"""What a new studio does next, and what each is for."""


def run_init(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio init``."""
    wanted = founding.Founding(given.name, given.country, given.contact, given.address, given.authority)
    folder, secret = studio_folder(given), new_passphrase(given.passphrase_file, "--passphrase-file")
    with founding.found_studio(folder, wanted, secret, acknowledge=output.acknowledge, keyring=given.keyring) as studio:
        words = founding.studio_words(studio)
        output.result(
            {"id": studio.identity.id, "name": studio.identity.name, "words": words, "next": [*_NEXT]},
            f"{studio.identity.name} is ready ({studio.identity.id}).",
            f"Its key in six words: {' '.join(words)}. Agencies compare them when they trust the card.",
            "Pictures leave for stock and AI uses only when a second person of the studio has checked the consent;",
            "whoever took it cannot. A studio of one hands on for every other use.",
            "Next:",
            *(f"  {command:<58}{what}" for command, what in _NEXT.items()),
        )
    return ExitCode.DONE


def run_card(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio card``."""
    with opened(given, output) as studio:
        write_output(given.output, founding.studio_card(studio))
        words = founding.studio_words(studio)
    output.result({"card": str(given.output), "words": words}, f"{given.output}: {' '.join(words)}")
    return ExitCode.DONE


def run_journal(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio journal``."""
    if given.limit < 1:
        raise WrongUsage("At least one entry must be asked for.", "Try --limit 40.")
    with opened(given, output) as studio:
        rows = journal_rows(studio, before=given.before, about=given.about, limit=given.limit)
        looks = reads_by_entry(studio, given.about) if given.about else {}
    document, lines = [], []
    for each in rows:
        told = {"number": each.number, "at": rfc3339(each.at), "kind": each.kind, "about": each.reference}
        seen = looks.get(each.number)
        document.append(told | {"hash": each.hash} | ({"read": to_plain(seen)} if seen else {}))
        lines.append(f"{each.number:>6}  {rfc3339(each.at)}  {each.kind:<24}  {each.reference}")
        if seen is not None:
            times = ", ".join(f"{what} {counted(number, 'time')}" for what, number in seen.counts.items())
            lines.append(f"        by {seen.reader.name or 'somebody'} at the {seen.reader.door}: {times}")
    output.result(document, *(lines or ["Nothing is noted."]))
    return ExitCode.DONE


def run_backup(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio backup``."""
    if given.forget:
        with opened(given, output) as studio:
            known, _ = forget_key_place(studio, given.folder)
        told = "is not waited for any more." if known else "is no place that backups were made in."
        output.result({"folder": str(given.folder), "forgotten": known}, f"{given.folder} {told}")
        return ExitCode.DONE if known else ExitCode.NO
    with opened(given, output) as studio:
        files, _ = upkeep.back_up_studio(studio, given.folder, output.report, given.i_know)
        past_cache = upkeep.read_back_backup(given.folder, output.report)
    document = {"folder": str(given.folder), "files": files, "past_cache": past_cache}
    told = f"{counted(files, 'file')} copied to {given.folder}"
    how = "from the disk itself" if past_cache else "as the system remembers it, which says nothing about the disk"
    output.result(document, f"{told}, and read back {how}.")
    return ExitCode.DONE


def run_restore(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio restore``."""
    done = restore_studio(given.folder, studio_folder(given), given.keep_keys, given.i_know)
    told = f"{counted(done.files, 'file')} restored and verified."
    if not done.anchored:
        output.note(
            "The keyring of this account did not answer and may still know a newer archive: unlock it, then restore "
            "again into another folder if the check says so."
        )
    document = {"files": done.files, "anchored": done.anchored}
    output.result(document, told, "Run 'safelight studio check' next.")
    return ExitCode.DONE


def run_passphrase(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio passphrase``."""
    old = present_passphrase(given)
    founding.set_passphrase(studio_folder(given), old, new_passphrase(given.new_file, "--new-file"))
    output.result({"changed": True}, "The passphrase was replaced; the old one opens nothing any more.")
    return ExitCode.DONE


def run_pin(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio pin``."""
    pin = new_pin(given.file, "the signing screen", "--file")
    with opened(given, output) as studio:
        set_screen_pin(studio, pin)
    output.result({"set": True}, "The PIN of the signing screen is set.")
    return ExitCode.DONE


def run_recover(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio recover``."""
    shares = [secret_text(read_input(each, 4096), f"The file “{each.name}”").strip() for each in given.shares]
    new = new_passphrase(given.new_file, "--new-file")
    with founding.open_with_shares(studio_folder(given), shares, new) as studio:
        output.result({"id": studio.identity.id}, f"{studio.identity.name} is open again; the new passphrase is set.")
    return ExitCode.DONE


def run_rotate(given: argparse.Namespace, output: Output) -> ExitCode:
    """``studio rotate``."""
    if given.signing and given.output is None:
        raise WrongUsage("The new card needs a file.", "Nothing was changed; give --signing -o CARD.json.")
    if given.output is not None:
        check_output(given.output)  # before the keys change: the card is how agencies learn of it
    upkeep.rotate_master_key(studio_folder(given), present_passphrase(given))
    lines = [
        "The master key was replaced; old copies of the key file open nothing new.",
        "Recovery shares printed before open nothing any more: print new ones with 'safelight studio shares'.",
    ]
    if given.signing:
        with opened(given, output) as studio:
            (_, card), _ = founding.renew_keys(studio)
        write_output(given.output, card)
        lines.append(f"The signing key was renewed; give {given.output} to every agency.")
    output.result({"rotated": True, "card": str(given.output) if given.signing else None}, *lines)
    return ExitCode.DONE
