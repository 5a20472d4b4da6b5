"""The commands about a shoot: its session, its people, and the photos that come in."""

from __future__ import annotations

from pathlib import Path

from safelight.cli.grammar import SCOPES_HELP, Commands, leaf, topic_of
from safelight.cli.parser_culling import PHOTO_HELP, add_culling
from safelight.cli.parser_on_set import add_on_set, add_settling
from safelight.domain.photo import MADE
from safelight.domain.planning import MINUTES_TO_SIGN, WORKING_HOURS
from safelight.domain.sheets import Paper, SheetKind

SUBJECT_HELP = "a name, code, staff number or id; the beginning of a name or id will do"


def add_shoot(commands: Commands) -> None:
    """Add ``session``, ``roster``, ``subject``, ``capture`` and ``photo``."""
    for add in (_session, _roster, _subject, _capture, _photo):
        add(commands)


def _session(commands: Commands) -> None:
    topic = topic_of(commands, "session", "open, change, list, show, close and reopen sessions")
    new = leaf(topic, "new", "sessions:run_new", "open a session")
    new.add_argument("name")
    new.add_argument("--client", default="")
    new.add_argument("--place", default="")
    new.add_argument("--country", help="two capital letters (default: the studio's)")
    new.add_argument("--day", action="append", default=[], help="YYYY-MM-DD (default: today); may be repeated")
    new.add_argument("--zone", help="time zone of the place, like Europe/Berlin (default: this machine's)")
    new.add_argument("--photographer", help="a person of the studio (default: the first)")
    new.add_argument("--offer", help=f"what is asked: {SCOPES_HELP}")
    new.add_argument("--recipient", action="append", default=[], help="a recipient by name or id; may be repeated")
    new.add_argument("--frames", type=int, help="how many frames a person are planned")
    _session_change(topic)
    told = "open a session like another one, without its people"
    like = leaf(topic, "duplicate", "session_changes:run_duplicate", told)
    like.add_argument("session")
    like.add_argument("name", help="of the new session")
    like.add_argument("--day", help="its first day, YYYY-MM-DD (default: today)")
    folder = leaf(topic, "folder", "session_folder:run_folder", "which folder the desk watches for a session")
    folder.add_argument("session")
    which = folder.add_mutually_exclusive_group()
    which.add_argument("folder", nargs="?", help="watch this one from now on")
    which.add_argument("--none", action="store_true", help="watch none")
    leaf(topic, "list", "session_list:run_list", "all sessions")
    show = leaf(topic, "show", "sessions:run_show", "one session: people, photos, answers, signing places to plan")
    show.add_argument("session")
    show.add_argument("--hours", type=float, default=WORKING_HOURS, help="of photography a day (default: %(default)g)")
    told = "somebody takes who signs on the day (default: %(default)g)"
    show.add_argument("--minutes", type=float, default=MINUTES_TO_SIGN, help=told)
    close = leaf(topic, "close", "sessions:run_close", "say what is still open, and close a session")
    close.add_argument("session")
    told = "also count everybody and every frame: writes the PDF, and beside it the signed statement (.json, .json.sig)"
    close.add_argument("--report", type=Path, metavar="F.pdf", help=told)
    close.add_argument("--anyway", action="store_true", help="with --report: although something is open")
    told = "with --report: what release forms of this agency would lack is open too; may be repeated"
    close.add_argument("--profile", action="append", default=[], metavar="AGENCY", help=told)
    close.add_argument("--by", help="with --report: who of the studio closes it (default: the photographer)")
    close.add_argument("--language", help="with --report: en, de, fr, es or ar (default: the country's)")
    leaf(topic, "reopen", "sessions:run_reopen", "open a closed session again").add_argument("session")
    releases = leaf(topic, "releases", "releases:run_releases", "what agencies' release forms would lack of whom")
    releases.add_argument("session")
    releases.add_argument("--profile", help="one agency, like getty or istock (default: all that are known)")
    releases.add_argument("--language", default="en", help="in which the fields are called: en, de, fr, es or ar")


def _session_change(topic: Commands) -> None:
    change = leaf(topic, "change", "session_changes:run_change", "change an open session; what was signed stays")
    change.add_argument("session")
    for name in ("name", "client", "place"):
        change.add_argument(f"--{name}")
    change.add_argument("--country", help="two capital letters; only while nobody has answered")
    change.add_argument("--zone", help="time zone of the place; only while nobody has answered")
    change.add_argument("--day", action="append", default=[], help="YYYY-MM-DD; repeat it for all days")
    change.add_argument("--photographer", help="a person of the studio")
    change.add_argument("--offer", help=f"all that is asked: {SCOPES_HELP}")
    change.add_argument("--recipient", action="append", default=[], help="all of them by name or id; may be repeated")
    change.add_argument("--no-recipients", action="store_true", help="name no recipient")
    change.add_argument("--frames", type=int, help="how many frames a person are planned; 0 plans no number")
    change.add_argument("--by", metavar="NAME", help="who of the studio does it (default: the photographer)")


def _roster(commands: Commands) -> None:
    topic = topic_of(commands, "roster", "import a list of people, print their cards")
    add = leaf(topic, "import", "rosters:run_import", "add everybody a CSV file names; bad rows are listed")
    add.add_argument("session")
    add.add_argument("file", type=Path)
    add.add_argument("--dry-run", action="store_true", help="show the mapping and the rows, add nobody")
    add.add_argument("--map", action="append", default=[], metavar="COLUMN=FIELD", help="say what a column means")
    cards = leaf(topic, "cards", "sheets:run_cards", "print badges, slates or spare cards as PDF")
    cards.add_argument("session")
    cards.add_argument("--kind", choices=[*SheetKind], default=SheetKind.BADGES, help="default: %(default)s")
    cards.add_argument("-o", "--out", type=Path, required=True, help="the PDF")
    cards.add_argument("--paper", choices=[*Paper], default=Paper.A4, help="default: %(default)s")
    cards.add_argument("--subject", action="append", default=[], help="only this person; may be repeated")
    cards.add_argument("--new", type=int, metavar="N", help="of spares: make so many first, and print those alone")
    cards.add_argument("--language", default="", help="of the wording (default: that of the studio's country)")
    drop = leaf(topic, "drop", "sheets:run_drop", "take out the spare cards nobody used")
    drop.add_argument("session")
    drop.add_argument("--by", metavar="NAME", help="who of the studio does it (default: the photographer)")


def _subject(commands: Commands) -> None:
    topic = topic_of(commands, "subject", "the people in the pictures")
    add = leaf(topic, "add", "subject_commands:run_add", "add one person to a session")
    add.add_argument("session")
    add.add_argument("name")
    add.add_argument("--language", default="en")
    add.add_argument("--country", help="where the person lives (default: the session's)")
    add.add_argument("--born", help="YYYY-MM-DD; needed for minors")
    add.add_argument("--email", default="")
    add.add_argument("--phone", default="")
    add.add_argument("--reference", default="", help="a staff or pupil number")
    add.add_argument("--department", default="")
    add.add_argument("--guardian", action="append", default=[], metavar="NAME:RELATION[:sole]")
    listing = leaf(topic, "list", "subject_commands:run_list", "everybody, or everybody of a session")
    listing.add_argument("--session")
    show = leaf(topic, "show", "subject_commands:run_show", "one person: answers, photos, who has them")
    show.add_argument("subject", help=SUBJECT_HELP)
    find = leaf(topic, "find", "subject_commands:run_find", "who it is: part of a name, an address, a number, a code")
    find.add_argument("text")
    change = leaf(topic, "change", "subject_commands:run_change", "put right what is known of a person")
    change.add_argument("subject", help=SUBJECT_HELP)
    for name in ("name", "language", "country", "email", "phone", "reference", "department"):
        change.add_argument(f"--{name}")
    change.add_argument("--born", help="YYYY-MM-DD")
    change.add_argument("--guardian", action="append", default=[], metavar="NAME:RELATION[:sole]")
    change.add_argument("--without-guardian", action="append", default=[], metavar="NAME")
    change.add_argument("--reason", default="", help="why; what was known before stays beside it")
    merge = leaf(topic, "merge", "subject_commands:run_merge", "one person was entered twice: keep one entry")
    merge.add_argument("keep", help=SUBJECT_HELP)
    merge.add_argument("gone", help="the entry whose photos go over and which then disappears")
    remove = leaf(topic, "remove", "subject_commands:run_remove", "take out somebody who never signed")
    remove.add_argument("subject", help=SUBJECT_HELP)
    remove.add_argument("--with-photos", action="store_true", help="also the photos that show nobody else")
    left = leaf(topic, "left", "withdrawals:run_left", "somebody left their employer: its directory uses end")
    left.add_argument("subject", help=SUBJECT_HELP)
    left.add_argument("--by", metavar="PERSON", help="who of the studio enters it")
    same = leaf(topic, "same", "subject_commands:run_same", "two entries of different sessions are one person")
    same.add_argument("one", help=SUBJECT_HELP)
    same.add_argument("other", help=SUBJECT_HELP)
    same.add_argument("--undo", action="store_true", help="they are not, after all")
    attendance = leaf(topic, "attendance", "attendance:run_attendance", "say who is absent or not photographed")
    attendance.add_argument("session")
    attendance.add_argument("subject", help=SUBJECT_HELP)
    attendance.add_argument("state", choices=("absent", "not-photographed", "here", "expected"))
    for each in (show, find, change, merge, remove):
        each.add_argument("--session", help="look among the people of this session")
    for each in (change, merge, remove, same, attendance):
        each.add_argument("--by", help="who of the studio does it (default: the session's photographer)")


def _capture(commands: Commands) -> None:
    topic = topic_of(commands, "capture", "take photos in")
    add = leaf(topic, "add", "photos:run_add", "take in files, folders or a card; the source is never written")
    add.add_argument("session")
    add.add_argument("paths", nargs="+", type=Path)
    add.add_argument("--subject", help="who is on them, until a photographed slate says otherwise")
    add.add_argument("--made", choices=tuple(MADE), default="", help="how the pictures came to be")
    watch = leaf(topic, "watch", "photos:run_watch", "take in what a tethered camera writes, until Ctrl-C")
    watch.add_argument("session")
    watch.add_argument("folder", type=Path)
    watch.add_argument("--subject")
    watch.add_argument("--seconds", type=float, help="stop by itself after so long")
    verify = leaf(topic, "verify", "cards:run_verify", "may this card be formatted? nothing on it is ever changed")
    verify.add_argument("session")
    verify.add_argument("paths", nargs="+", type=Path)
    clock = leaf(topic, "clock", "sheets:run_clock", "show the code a camera photographs so that its clock is known")
    clock.add_argument("--seconds", type=float, help="stop after so long (default: Ctrl-C ends it)")
    slate = leaf(topic, "slate", "photos:run_slate", "write the QR slate of a person as PNG")
    slate.add_argument("session")
    slate.add_argument("subject")
    slate.add_argument("-o", "--output", type=Path, required=True)
    add_on_set(topic)


def _photo(commands: Commands) -> None:
    topic = topic_of(commands, "photo", "the photos that were taken in: who is on them, where they went")
    listing = leaf(topic, "list", "photo_commands:run_list", "the photos of a session and who is on them")
    listing.add_argument("session")
    which = listing.add_mutually_exclusive_group()
    which.add_argument("--unassigned", action="store_true", help="only photos of nobody")
    which.add_argument("--subject", help="only photos of this person")
    listing.add_argument("--hidden", action="store_true", help="what is in the bin, instead of the others")
    show = leaf(topic, "show", "photo_commands:run_show", "everything known of one photo, and who was sent it")
    show.add_argument("photo", help=PHOTO_HELP)
    show.add_argument("--session", help="look among the photos of this session")
    assign = leaf(topic, "assign", "photo_commands:run_assign", "say who is on photos; each is sealed for them anew")
    assign.add_argument("photos", nargs="+", metavar="photo", help=PHOTO_HELP)
    whom = assign.add_mutually_exclusive_group(required=True)
    whom.add_argument("--to", action="append", metavar="SUBJECT", help="may be repeated for a group picture")
    whom.add_argument("--nobody", action="store_true", help="take everybody off")
    assign.add_argument("--also", action="store_true", help="beside who is on it, not instead")
    remove = leaf(topic, "remove", "photo_commands:run_remove", "take photos out of the archive for good")
    remove.add_argument("photos", nargs="+", metavar="photo", help=PHOTO_HELP)
    remove.add_argument("--although-sent", action="store_true", help="also what left in a bundle; the ledger stays")
    for each in (assign, remove, *add_settling(topic), *add_culling(topic)):
        each.add_argument("--session", help="look among the photos of this session")
        each.add_argument("--by", help="who of the studio does it (default: the session's photographer)")
    find = leaf(topic, "find", "photo_commands:run_find", "is this file a photo of the archive?")
    find.add_argument("file", type=Path)
