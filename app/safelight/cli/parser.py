"""What can be asked on the command line; nothing here imports anything that takes time to load."""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection
from pathlib import Path
from typing import NoReturn

from safelight.cli.grammar import Commands, clock_of
from safelight.cli.grammar import leaf as _leaf
from safelight.cli.grammar import topic_of as _topic
from safelight.cli.parser_access import add_access
from safelight.cli.parser_agency import add_agency
from safelight.cli.parser_erasing import add_erasing
from safelight.cli.parser_leaving import add_leaving
from safelight.cli.parser_rights import add_rights
from safelight.cli.parser_shoot import SUBJECT_HELP, add_shoot
from safelight.cli.parser_staff import add_journal, add_rules, add_staff, pin_file
from safelight.domain.errors import WrongUsage
from safelight.domain.sheets import Paper

DEMO_GUESTS = ("adult", "minor", "presigned", "photos", "arabic")
"""Who can be played with ``kiosk --demo``."""


class _Parser(argparse.ArgumentParser):
    """Errors of usage are told like every other error: two sentences or one JSON document, and exit code 2."""

    def error(self, message: str) -> NoReturn:
        sentence = message.rstrip(".")
        raise WrongUsage(f"{sentence[:1].upper()}{sentence[1:]}.", f"Try '{self.prog} --help'.")


def build_parser(typed: Collection[str] | None = None) -> argparse.ArgumentParser:
    """The command line; every leaf sets ``run`` to ``file:function`` of this room.

    ``typed`` are the words it will be asked about, so that no other command is built; None: all are.
    """
    parser = _Parser(
        prog="safelight",
        description="Consent that travels with the photo: ask, sign, hand out, export, answer, withdraw. Offline. "
        "Without a command, and with a display, the photographer's desk opens.",
        epilog="Exit codes: 0 done or yes, 1 no, 2 wrong usage, 3 cannot open, 4 malformed input, 5 device failure, "
        "130 cancelled.",
    )
    env = os.environ.get
    parser.add_argument("--studio", type=Path, default=_path(env("SAFELIGHT_STUDIO")), help="the studio's folder")
    parser.add_argument(
        "--passphrase-file",
        type=Path,
        default=_path(env("SAFELIGHT_PASSPHRASE_FILE")),
        help="a file only you can read that holds the passphrase; without it the OS keyring is asked, then you",
    )
    parser.add_argument("--json", action="store_true", help="one JSON document instead of text")
    parser.add_argument("--acks", action="store_true", help="print 'ACK <id> <sha256>' once a thing is durable")
    parser.add_argument("-v", "--verbose", action="store_true", help="say on stderr what is going on, without names")
    parser.add_argument(
        "--demo", action="store_true", dest="desk_demo",
        help="without a command: the desk, on a studio to look around in that is gone afterwards",
    )  # fmt: skip
    parser.add_argument("--version", action="store_true", help="print the version")
    commands = Commands.of(parser, typed, metavar="COMMAND", dest="command")
    rooms = add_staff, add_rules, add_journal, add_shoot
    leaving = add_leaving, add_erasing, add_access, add_rights
    for add in (_demo, _studio, *rooms, _consent, _kiosk, _receipt, *leaving):
        add(commands)
    add_agency(commands)
    _bundle(commands)
    return parser


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None


def _demo(commands: Commands) -> None:
    demo = _leaf(
        commands, "demo", "demo:run_demo", "a whole headshot day without a screen, in a folder you can look at"
    )
    demo.add_argument("--out", type=Path, help="an empty or new folder (default: demo, demo-2, …)")
    demo.add_argument("--people", type=int, default=6, help="how many people come (default: 6)")
    demo.add_argument("--photos", type=Path, help="a folder of your own portraits instead of drawn ones")
    demo.add_argument("--seed", type=int, default=1, help="another seed, other people and answers")


def _studio(commands: Commands) -> None:
    topic = _topic(commands, "studio", "found, show, check, back up and restore a studio")
    init = _leaf(topic, "init", "studios:run_init", "found a studio in the folder given by --studio")
    init.add_argument("--name", required=True)
    init.add_argument("--country", required=True, help="two capital letters, like DE")
    init.add_argument("--contact", required=True, help="where people reach you, best an e-mail address")
    init.add_argument("--address", default="")
    init.add_argument("--authority", default="", help="supervisory authority: a region's code (DE-BE) or a name")
    init.add_argument("--keyring", action="store_true", help="let the OS keyring keep a copy of the key")
    card = _leaf(topic, "card", "studios:run_card", "write the public identity that agencies pin")
    card.add_argument("-o", "--output", type=Path, required=True)
    check = _leaf(topic, "check", "checks:run_check", "recover after a crash, then verify everything")
    check.add_argument("--acks", dest="acks_file", help="a file of ACK lines (- for stdin): each must still be there")
    check.add_argument(
        "--against", nargs="+", type=Path, metavar="FILE",
        help="also say whether the archive is older than these receipts, bundles, manifests or backups",
    )  # fmt: skip
    clock_of(topic, "clocks:run_studio")
    accept = _leaf(topic, "accept", "checks:run_accept", "take rows that somebody else changed as they are, by name")
    accept.add_argument("--finding", required=True, metavar="N", help="as 'studio check' lists it, like 3-1f09ac")
    accept.add_argument("--by", required=True, metavar="PERSON", help="who of the studio takes it on")
    journal = _leaf(topic, "journal", "studios:run_journal", "what happened, the newest first")
    journal.add_argument("--about", metavar="ID", help="only what happened to this session, person, photo or bundle")
    journal.add_argument("--before", type=int, metavar="N", help="only entries before this number")
    journal.add_argument("--limit", type=int, default=40, help="so many at most (default: 40)")
    backup = _leaf(topic, "backup", "studios:run_backup", "a consistent copy in a new folder")
    backup.add_argument("folder", type=Path)
    backup.add_argument("--i-know", action="store_true", help="also over keys of a newer state of this studio")
    backup.add_argument("--forget", action="store_true", help="no backup: the copies in this folder are no more")
    place = _leaf(topic, "second-place", "second_place:run_second_place", "name the folder on another drive for copies")
    place.add_argument("folder", nargs="?", type=Path, help="missing, empty, or the second place already")
    place.add_argument("--off", action="store_true", help="copy nothing there any more; what is there stays")
    copy = _leaf(topic, "copy", "second_place:run_copy", "copy what is not in the second place yet, and read it back")
    copy.add_argument("--watch", action="store_true", help="again and again, until Ctrl-C")
    copy.add_argument("--seconds", type=float, help="with --watch: stop by itself after so long")
    told = "end what is over, let go of pictures whose time is up, name the letters that are due; run it every night"
    night = _leaf(topic, "nightly", "nightly:run_nightly", told)
    night.add_argument("--letters", type=Path, metavar="DIR", help="also write the letters that are due there (.eml)")
    night.add_argument("--publish", type=Path, metavar="DIR", help="also renew the published folder")
    restore = _leaf(topic, "restore", "studios:run_restore", "bring a backup back into the folder given by --studio")
    restore.add_argument("folder", type=Path)
    restore.add_argument("--keep-keys", action="store_true", help="in place of the studio there, whose keys stay")
    restore.add_argument("--i-know", action="store_true", help="also with keys older than what is known of erasures")
    pin = _leaf(topic, "pin", "studios:run_pin", "set the PIN with which the team leaves a signing screen")
    pin.add_argument("--file", type=Path, help="a file that holds the PIN, 4 to 12 digits (asked at a terminal)")
    secret = _leaf(topic, "passphrase", "studios:run_passphrase", "replace the passphrase")
    secret.add_argument("--new-file", type=Path, help="a file that holds the new passphrase (asked at a terminal)")
    shares = _leaf(topic, "shares", "shares:run_shares", "print three recovery shares; any two open the studio")
    shares.add_argument("-o", "--output", type=Path, help="a folder for one file a share (default: print)")
    shares.add_argument("--pdf", type=Path, metavar="FILE", help="as three pages to print: words numbered, what to do")
    shares.add_argument("--paper", choices=[*Paper], default=Paper.A4, help="of the PDF; default: %(default)s")
    shares.add_argument("--language", default="", help="of the PDF (default: English)")
    recover = _leaf(topic, "recover", "studios:run_recover", "set a new passphrase with two recovery shares")
    recover.add_argument("shares", nargs=2, type=Path, help="two files, one share each")
    recover.add_argument("--new-file", type=Path, help="a file that holds the new passphrase (asked at a terminal)")
    stamps = _leaf(topic, "stamps", "receipts:run_stamps", "have receipts stamped by an RFC 3161 authority, or not")
    which = stamps.add_mutually_exclusive_group(required=True)
    which.add_argument("--authority", metavar="URL", help="the only address the program ever contacts, when told so")
    which.add_argument("--off", action="store_true")
    ring = _leaf(topic, "keyring", "own_keys:run_keyring", "whether the keyring keeps a copy of the key; --on, --off")
    kept = ring.add_mutually_exclusive_group()
    kept.add_argument("--on", action="store_true", help="keep a copy there: this account opens without the passphrase")
    kept.add_argument("--off", action="store_true", help="take it out again")
    _leaf(topic, "rules", "own_keys:run_rules", "when the rules were looked up, this version, and the time authority")
    rotate = _leaf(topic, "rotate", "studios:run_rotate", "replace the master key and, with --signing, the signing key")
    rotate.add_argument("--signing", action="store_true", help="also renew the signing key; -o names the new card")
    rotate.add_argument("-o", "--output", type=Path, help="with --signing: where the new card is written")


def _consent(commands: Commands) -> None:
    topic = _topic(commands, "consent", "record, show and check what people answered")
    form = _leaf(topic, "form", "receipts:run_form", "print the paper form of a session, or of one person")
    form.add_argument("whose", metavar="SESSION|SUBJECT")
    form.add_argument("--language", help="of the form (default: the person's, else English)")
    form.add_argument("-o", "--output", type=Path, required=True)
    record = _leaf(topic, "record", "consents:run_record", "record answers given on paper, or a demonstration")
    record.add_argument("subject", help=SUBJECT_HELP)
    record.add_argument("--session", help="look among the people of this session")
    record.add_argument("--choices", type=Path, required=True, help="JSON, safelight-answers/1")
    signed = record.add_mutually_exclusive_group(required=True)
    signed.add_argument("--ink", type=Path, help="the strokes: InkML, or JSON with lists of [x, y, pressure, ms]")
    signed.add_argument("--typed", metavar="NAME", help="the name the person typed instead of signing")
    record.add_argument("--method", choices=("paper", "demonstration"), required=True)
    record.add_argument("--by", help="who of the studio took it (default: the session's photographer)")
    record.add_argument("--signed-on", metavar="DAY", help="the day written on the paper, YYYY-MM-DD (default: today)")
    record.add_argument("--scan", type=Path, help="the signed pages as PDF, JPEG, PNG or TIFF; kept sealed")
    record.add_argument("--form", metavar="DIGITS", help="which text was read: the digits at the top of the form")
    show = _leaf(topic, "show", "consents:run_show", "what a person allowed and refused")
    show.add_argument("subject", help=SUBJECT_HELP)
    show.add_argument("--session", help="look among the people of this session")
    show.add_argument("--scan", type=Path, metavar="FILE", help="also write the scan of the signed pages there")
    check = _leaf(topic, "validate", "consents:run_validate", "a second person confirms a consent")
    check.add_argument("subject", help=SUBJECT_HELP)
    check.add_argument("--session", help="look among the people of this session")
    check.add_argument("--by", required=True, help="a reviewer of the studio, not the one who took the consent")
    pin_file(check)
    check.add_argument("--points", help="what was confirmed, separated by commas; all of it (asked at a terminal)")


def _kiosk(commands: Commands) -> None:
    kiosk = _leaf(commands, "kiosk", "kiosk:run_kiosk", "the signing screen: people read, choose, sign, take a receipt")
    kiosk.add_argument("session", nargs="?")
    kiosk.add_argument("--subject", help="start with this person instead of waiting for a card")
    kiosk.add_argument("--by", metavar="NAME", help="who of the studio takes the consents (default: the photographer)")
    kiosk.add_argument("--screen", type=int, help="which screen, from 0 (default: the second one if there is one)")
    kiosk.add_argument("--window", action="store_true", help="a window instead of the whole screen")
    kiosk.add_argument("--camera", action="store_true", help="also read cards held before the camera (extra 'senses')")
    kiosk.add_argument("--device", default="", help="what receipts call this screen (default: signing screen)")
    kiosk.add_argument("--letters", type=Path, help="where e-mails with receipts are saved (default: the downloads)")
    kiosk.add_argument(
        "--demo",
        nargs="?",
        const="waiting",
        choices=("waiting", *DEMO_GUESTS),
        help="a studio to play with, gone afterwards; name who sits there already",
    )


def _receipt(commands: Commands) -> None:
    receipt = _leaf(commands, "receipt", "receipts:run_receipt", "write a person's signed PDF receipt")
    receipt.add_argument("subject", help=SUBJECT_HELP)
    receipt.add_argument("--session", help="look among the people of this session")
    receipt.add_argument("-o", "--output", type=Path, required=True)


def _bundle(commands: Commands) -> None:
    topic = _topic(commands, "bundle", "look into a bundle without any studio or agency folder")
    for name, told in (
        ("verify", "check everything in a bundle"),
        ("list", "what a bundle allows, without decrypting the photos"),
        ("extract", "check a bundle and write its files to a new folder"),
    ):
        leaf = _leaf(topic, name, f"bundles:run_{name}", told)
        leaf.add_argument("bundle", type=Path)
        leaf.add_argument("--identity", type=Path, required=True, help="an age identity file")
        leaf.add_argument("--card", type=Path, help="the studio's card, to be sure whose bundle it is")
        if name == "extract":
            leaf.add_argument("-o", "--output", type=Path, required=True, help="a new folder")
