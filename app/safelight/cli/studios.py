"""Commands about the studio itself: found, card, check, backup, people, and the ways to its key."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from safelight.cli.opening import LARGEST_INPUT, needed_passphrase, opened, read_input, studio_folder, write_output
from safelight.cli.voice import Voice, yes_or_no
from safelight.domain.errors import ExitCode, WrongUsage
from safelight.domain.people import Role
from safelight.keys.passphrases import read_passphrase_file
from safelight.keys.signing import fingerprint_words
from safelight.studio import founding, sessions, upkeep
from safelight.studio.screen_pin import set_screen_pin

_ROLES = {
    "photographer": frozenset({Role.PHOTOGRAPHER}),
    "reviewer": frozenset({Role.REVIEWER}),
    "both": frozenset({Role.PHOTOGRAPHER, Role.REVIEWER}),
}


def run_init(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``studio init``."""
    wanted = founding.Founding(given.name, given.country, given.contact, given.address, given.authority)
    with founding.found_studio(
        studio_folder(given), wanted, needed_passphrase(given), acknowledge=voice.acknowledge, keyring=given.keyring
    ) as studio:
        words = fingerprint_words(studio.signer.public_ssh)
        voice.result(
            {"id": studio.identity.id, "name": studio.identity.name, "words": words},
            f"{studio.identity.name} is ready ({studio.identity.id}).",
            f"Its key in six words: {' '.join(words)}. Agencies compare them when they trust the card.",
            "Next: 'safelight studio shares' prints recovery shares; keep them apart from this machine.",
        )
    return ExitCode.DONE


def run_card(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``studio card``."""
    with opened(given, voice) as studio:
        write_output(given.output, founding.studio_card(studio))
        words = fingerprint_words(studio.signer.public_ssh)
    voice.result({"card": str(given.output), "words": words}, f"{given.output}: {' '.join(words)}")
    return ExitCode.DONE


def run_check(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``studio check``."""
    acks = _acks(given.acks_file) if given.acks_file else ()
    with opened(given, voice) as studio:
        report = upkeep.check_studio(studio, acks, voice.report)
    lines = [f"{count} {what}" for what, count in sorted(report.counts.items())]
    tidied = [f"tidied up: {count} {what}" for what, count in sorted(report.tidied.items()) if count]
    document = {"counts": dict(report.counts), "tidied": dict(report.tidied), "problems": list(report.problems)}
    voice.result(document, *lines, *tidied, *report.problems, "All is well." if report.sound else "Something is wrong.")
    return yes_or_no(report.sound)


def _acks(name: str) -> tuple[tuple[str, str], ...]:
    text = sys.stdin.read(LARGEST_INPUT) if name == "-" else read_input(Path(name)).decode("utf-8", "replace")
    lines = [line.split() for line in text.splitlines() if line.startswith("ACK ")]
    return tuple((parts[1], parts[2]) for parts in lines if len(parts) == 3)


def run_backup(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``studio backup``."""
    with opened(given, voice) as studio:
        files = upkeep.back_up_studio(studio, given.folder, voice.report)
    voice.result({"folder": str(given.folder), "files": files}, f"{files} files are in {given.folder}.")
    return ExitCode.DONE


def run_restore(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``studio restore``."""
    files = upkeep.restore_studio(given.folder, studio_folder(given))
    voice.result({"files": files}, f"{files} files were restored and verified.", "Run 'safelight studio check' next.")
    return ExitCode.DONE


def run_staff(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``studio staff``."""
    with opened(given, voice) as studio:
        if given.name:
            sessions.add_staff(studio, given.name, _ROLES[given.role])
        members = studio.archive.staff.list()
    document = [{"id": each.id, "name": each.name, "roles": sorted(each.roles)} for each in members]
    lines = [f"{each.id}  {each.name} ({', '.join(sorted(each.roles))})" for each in members]
    voice.result(document, *(lines or ["Nobody yet. Add somebody: safelight studio staff NAME --role photographer"]))
    return ExitCode.DONE


def run_passphrase(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``studio passphrase``."""
    founding.set_passphrase(studio_folder(given), needed_passphrase(given), read_passphrase_file(given.new_file))
    voice.result({"changed": True}, "The passphrase was replaced; the old one opens nothing any more.")
    return ExitCode.DONE


def run_pin(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``studio pin``."""
    pin = read_input(given.file, 4096).decode("utf-8", "replace").strip()
    with opened(given, voice) as studio:
        set_screen_pin(studio, pin)
    voice.result({"set": True}, "The PIN of the signing screen is set.")
    return ExitCode.DONE


def run_shares(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``studio shares``."""
    shares = founding.recovery_shares(studio_folder(given), needed_passphrase(given))
    if given.output is not None:
        if not given.output.is_dir():
            raise WrongUsage(f"There is no folder '{given.output}'.", "Make it first, best on paper or another disk.")
        for number, share in enumerate(shares, 1):
            write_output(given.output / f"share-{number}.txt", f"{share}\n".encode())
        voice.result({"written": len(shares)}, f"Three shares are in {given.output}. Keep them in three places.")
    else:
        lines = [f"Share {number} of 3 (any two open the studio):\n{share}" for number, share in enumerate(shares, 1)]
        voice.result(list(shares), *"\n".join(lines).split("\n"))
    return ExitCode.DONE


def run_recover(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``studio recover``."""
    shares = [read_input(each, 4096).decode("utf-8", "replace").strip() for each in given.shares]
    with founding.open_with_shares(studio_folder(given), shares, read_passphrase_file(given.new_file)) as studio:
        voice.result({"id": studio.identity.id}, f"{studio.identity.name} is open again; the new passphrase is set.")
    return ExitCode.DONE


def run_rotate(given: argparse.Namespace, voice: Voice) -> ExitCode:
    """``studio rotate``."""
    upkeep.rotate_master_key(studio_folder(given), needed_passphrase(given))
    lines = [
        "The master key was replaced; old copies of the key file open nothing new.",
        "Recovery shares printed before open nothing any more: print new ones with 'safelight studio shares'.",
    ]
    if given.signing is not None:
        with opened(given, voice) as studio:
            (_, card), _ = founding.renew_keys(studio)
        write_output(given.signing, card)
        lines.append(f"The signing key was renewed; give {given.signing} to every agency.")
    voice.result({"rotated": True, "card": str(given.signing) if given.signing else None}, *lines)
    return ExitCode.DONE
