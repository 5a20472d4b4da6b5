"""The commands about changing one's mind: withdrawal, notices to recipients, their answers, the published folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from safelight.cli.grammar import SCOPES_HELP, leaf, topic_of


def add_rights(commands: Any) -> None:
    """Add ``withdraw``, ``notice``, ``ack`` and ``publish``."""
    _withdraw(commands)
    notice = topic_of(commands, "notice", "what recipients were told, and what of it is not answered")
    leaf(notice, "list", "withdrawals:run_notices", "every notice, and what of it is open").add_argument(
        "recipient", nargs="?", help="one recipient, by name or id"
    )
    export = leaf(notice, "export", "withdrawals:run_notice_export", "write a notice again, byte for byte as it was")
    export.add_argument("recipient", help="by name or id")
    export.add_argument("--number", type=int, help="which one (default: the last)")
    export.add_argument("-o", "--output", type=Path, required=True, help="the file; FILE.sig is written beside it")
    told = "write the letter that goes with it as well: FILE with .pdf, and with .eml (the notice is inside)"
    export.add_argument("--letter", action="store_true", help=told)
    export.add_argument("--language", help="of the letter: en, de, fr, es or ar (default: the recipient's country's)")
    told = "write the signed list of pictures a recipient leaves out of what it trains, as salted hashes"
    suppress = leaf(notice, "suppress", "suppression:run_suppress", told)
    suppress.add_argument("recipient", help="by name or id")
    suppress.add_argument("-o", "--output", type=Path, required=True, help="the file; FILE.sig is written beside it")
    ack = topic_of(commands, "ack", "what recipients answered")
    take = leaf(ack, "import", "withdrawals:run_ack_import", "take in a recipient's signed answer (FILE and FILE.sig)")
    take.add_argument("file", type=Path)
    _register(commands)
    publish = leaf(
        commands, "publish", "withdrawals:run_publish",
        "write the folder for your web server: feed, status lists, and each notice encrypted to its recipient",
    )  # fmt: skip
    publish.add_argument("folder", type=Path, help="missing, empty, or published before")


def _register(commands: Any) -> None:
    told = "what an authority asks to see: who asked for what, who took back what; people by number"
    register = leaf(commands, "register", "registers:run_register", told)
    register.add_argument("what", choices=("requests", "withdrawals"))
    register.add_argument("--from", dest="first", metavar="DAY", help="YYYY-MM-DD (default: the year's first day)")
    register.add_argument("--to", dest="last", metavar="DAY", help="YYYY-MM-DD (default: today)")
    register.add_argument("--language", help="of a PDF: en, de, fr, es or ar (default: the country's)")
    register.add_argument("-o", "--output", type=Path, required=True, metavar="FILE", help="FILE.pdf or FILE.csv")


def _withdraw(commands: Any) -> None:
    told = "take back what somebody allowed: all of it, or some uses, or strike out one photo"
    withdraw = leaf(commands, "withdraw", "withdrawals:run_withdraw", told)
    withdraw.add_argument("subject", nargs="?", help="a person by id or name")
    withdraw.add_argument("--session", help="look among the people of this session")
    withdraw.add_argument("--code", help="the code on a receipt, in place of the person")
    withdraw.add_argument("--mail", type=Path, metavar="FILE", help="the e-mail (.eml) they wrote; its code says who")
    withdraw.add_argument("--look", action="store_true", help="only show the mail's words and what would end")
    withdraw.add_argument("--scopes", help=f"only these {SCOPES_HELP}; without it all")
    withdraw.add_argument("--photo", metavar="GUID", help="strike out this photo, and end no use")
    roles = ("subject", "guardian")
    withdraw.add_argument("--role", choices=roles, default="subject", help="who acts (default: %(default)s)")
    told = "a folder for the receipt of it (PDF) and the letter to the contact on file (.eml)"
    withdraw.add_argument("-o", "--output", type=Path, metavar="DIR", help=told)
    withdraw.add_argument("--by", metavar="PERSON", help="who of the studio enters it")
