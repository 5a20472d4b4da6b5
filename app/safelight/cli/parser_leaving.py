"""The commands about what leaves the studio: recipients, bundles, people's own pictures, the status list."""

from __future__ import annotations

from pathlib import Path

from safelight.cli.grammar import SCOPES_HELP, Commands, leaf, topic_of


def add_leaving(commands: Commands) -> None:
    """Add ``recipient``, ``who``, ``export``, ``deliver`` and ``status``."""
    for add in (_recipient, _who, _export, _deliver, _status):
        add(commands)


def _recipient(commands: Commands) -> None:
    topic = topic_of(commands, "recipient", "the organisations that may get photos")
    told = "add or renew a recipient from its card, or name a client or employer that has none"
    add = leaf(topic, "add", "recipients:run_recipient_add", told)
    add.add_argument("card", type=Path, nargs="?")
    add.add_argument("--name", help="without a card: what people are told it is called")
    add.add_argument("--country", help="without a card: two capital letters, like DE")
    roles = ("client", "employer", "agency")
    add.add_argument("--role", choices=roles, help="what it is to the people (by a card: an agency)")
    add.add_argument("--contact", default="", help="without a card: where people reach it")
    add.add_argument("--cover", help="transfer mechanism: DPF, SCC, BCR, UK-IDTA, CH-SCC or consent-49-1-a")
    add.add_argument("--checked", help="the day the mechanism was checked, YYYY-MM-DD (default: today)")
    add.add_argument("--look", action="store_true", help="only say what the card says, and its six words")
    leaf(topic, "list", "recipients:run_recipient_list", "all recipients")


def _who(commands: Commands) -> None:
    topic = topic_of(commands, "who", "who allows a use")
    may = leaf(topic, "may", "permissions:run_may", "who allows a use in a country, until when, and why others do not")
    may.add_argument("use", help="one use (see resources/rules/scopes.json)")
    may.add_argument("--in", dest="place", required=True, metavar="CC", help="a country, two capital letters, like DE")
    may.add_argument("--to", help="a recipient by name or id (default: the studio itself)")
    may.add_argument("--session", help="look among the people of this session")
    may.add_argument("--together", action="append", metavar="SUBJECT", help="only these, on one picture; repeated")
    may.add_argument("--on", metavar="DAY", help="YYYY-MM-DD (default: today)")


def _export(commands: Commands) -> None:
    export = leaf(commands, "export", "exports:run_export", "write an encrypted bundle, or say why not")
    export.add_argument("session")
    export.add_argument("--to", required=True, help="a recipient by name or id")
    export.add_argument("--use", required=True, help=SCOPES_HELP)
    export.add_argument("--territory", help="where it will be used (default: the recipient's country)")
    export.add_argument("--names", action="store_true", help="send names and receipts of those who allow it")
    export.add_argument("--keep-metadata", action="store_true", help="let place and serial numbers go along")
    told = "renew what may be done with photos they were delivered before, without sending the photos"
    export.add_argument("--records-only", action="store_true", help=told)
    export.add_argument("-o", "--output", type=Path, help="the bundle to write")
    export.add_argument("--dry-run", action="store_true", help="only say who is in, who is out, and why")


def _deliver(commands: Commands) -> None:
    told = "give people their own pictures and receipts in a new folder, whatever they allowed"
    deliver = leaf(commands, "deliver", "deliveries:run_deliver", told)
    deliver.add_argument("subject")
    deliver.add_argument("--session", help="look among the people of this session")
    deliver.add_argument("-o", "--output", type=Path, required=True, help="a folder that does not exist yet")


def _status(commands: Commands) -> None:
    told = "write the signed status lists that agencies take in between bundles"
    leaf(commands, "status", "statuses:run_status", told).add_argument("-o", "--output", type=Path, required=True)
