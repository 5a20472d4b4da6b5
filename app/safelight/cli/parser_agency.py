"""The commands of an agency: found it, trust studios, take in what they send, ask, report."""

from __future__ import annotations

import os
from pathlib import Path

from safelight.cli.grammar import Commands, actions_of, clock_of, leaf


def add_agency(commands: Commands) -> None:
    """Add ``agency``."""
    agency = commands.add("agency", "receive, ask and answer for photos", "The agency's side.")
    folder = os.environ.get("SAFELIGHT_AGENCY")
    agency.add_argument("--agency", type=Path, default=Path(folder) if folder else None, help="the agency's folder")
    topic = actions_of(agency, commands.typed)
    for add in (_founding, _taking_in, _asking, _withdrawal):
        add(topic)


def _founding(topic: Commands) -> None:
    init = leaf(topic, "init", "agencies:run_init", "make the agency's folder and keys")
    init.add_argument("--name", required=True)
    init.add_argument("--country", required=True)
    init.add_argument("--contact", required=True)
    init.add_argument("--address", default="")
    init.add_argument("--keyring", action="store_true", help="let the OS keyring keep a copy of the key")
    init.add_argument(
        "--identity", type=Path, help="an age identity file: what is sent to it opens here (default: a new identity)"
    )
    card = leaf(topic, "card", "agencies:run_card", "write the card studios need")
    card.add_argument("-o", "--output", type=Path, required=True)
    told = "write the age identity, with which age opens every bundle sent to the agency"
    leaf(topic, "identity", "agencies:run_identity", told).add_argument("-o", "--output", type=Path, required=True)


def _taking_in(topic: Commands) -> None:
    trust = leaf(topic, "trust", "agencies:run_trust", "trust a studio by its card; compare the six words")
    trust.add_argument("card", type=Path)
    take = leaf(topic, "import", "agencies:run_import", "check a bundle and take it into the catalogue")
    take.add_argument("bundle", type=Path)
    told = "take in a studio's status lists, or the folder it publishes: a yes stays vouched for, notices are applied"
    refresh = leaf(topic, "refresh", "agency_refresh:run_refresh", told)
    told = "the file a studio's 'status -o' wrote, a folder with list.json (list-2.json …), each with its .sig, or a "
    told += "published folder, here or at an address that begins with https://"
    refresh.add_argument("list", metavar="F|DIR|URL", help=told)
    refresh.add_argument("--delete", action="store_true", help="as with 'agency apply', for new notices of the folder")
    leaf(topic, "list", "agencies:run_list", "the photos in the catalogue")
    leaf(topic, "check", "agencies:run_check", "recover after a crash, then verify everything")
    clock_of(topic, "clocks:run_agency")


def _asking(topic: Commands) -> None:
    may = leaf(topic, "may", "agency_answers:run_may", "may this photo be used for that, there, on that day?")
    which = may.add_mutually_exclusive_group(required=True)
    which.add_argument("--photo", metavar="GUID")
    which.add_argument("--file", type=Path, help="the photo itself, even after its metadata was changed")
    which.add_argument(
        "--batch", type=Path, help='many questions, one JSON object a line: {"photo", "use", "territory", "on"}'
    )
    may.add_argument("--use")
    may.add_argument("--territory", metavar="CC")
    may.add_argument("--on", help="YYYY-MM-DD (default: today)")
    report = leaf(topic, "report", "agency_answers:run_report", "what may be used for what until when, as CSV")
    report.add_argument("-o", "--output", type=Path, help="a file (default: print)")


def _withdrawal(topic: Commands) -> None:
    told = "apply a studio's withdrawal notice: what it ends is a no from then on"
    apply = leaf(topic, "apply", "agency_withdrawal:run_apply", told)
    told = "notice.json with notice.json.sig beside it, an .age of a published folder, or a folder with notices"
    apply.add_argument("notice", type=Path, help=told)
    told = "destroy pictures that nothing allows any more, where the studio asked to; rows and proof stay"
    apply.add_argument("--delete", action="store_true", help=told)
    ack = leaf(topic, "ack", "agency_withdrawal:run_ack", "write the answer to all notices of a studio")
    ack.add_argument("--studio", help="its id or name (needed where several sent notices)")
    ack.add_argument("-o", "--output", type=Path, required=True, help="the file; its signature gets .sig beside it")
    for option, what, metavar in (("--kept", "a photo", "GUID=WHY"), ("--use-kept", "a registered use", "NAME=WHY")):
        ack.add_argument(
            option, action="append", default=[], metavar=metavar, help=f"why {what} is kept (may be given again)"
        )
    told = "register where a photo was used, whatever may be done with it, or list what is registered"
    used = leaf(topic, "used", "agency_withdrawal:run_used", told)
    used.add_argument("photo", nargs="?", metavar="GUID")
    used.add_argument("--in", dest="name", metavar="NAME", help="what the set, model, print or page is called")
    used.add_argument("--kind", choices=("set", "model", "print", "web", "derivative"))
    used.add_argument("--use", help="for which use it was (default: whether anything allows the photo is noted)")
    used.add_argument("--territory", metavar="CC", help="where, with --use (default: the agency's country)")
    used.add_argument("--ended", action="store_true", help="it was taken down")
    used.add_argument("--list", action="store_true", help="every registered use")
    told = "find copies of photos that must not be used any more: by their image data, whatever became of the metadata"
    sweep = leaf(topic, "sweep", "agency_sweep:run_sweep", told)
    sweep.add_argument("folder", type=Path, nargs="+", help="looked through with everything below; nothing is changed")
    sweep.add_argument("--all", action="store_true", help="copies of any photo that was delivered")
