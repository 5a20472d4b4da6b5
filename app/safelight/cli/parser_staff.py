"""The commands about the people of the studio, the rules it works by, and its journal as outsiders check it."""

from __future__ import annotations

import argparse
from pathlib import Path

from safelight.cli.grammar import Commands, leaf, topic_of


def add_staff(commands: Commands) -> None:
    """``staff`` and everything below it."""
    topic = topic_of(commands, "staff", "the people of the studio: who takes consents, who checks them")
    add = leaf(topic, "add", "staff:run_add", "take somebody in; who retired comes back as who they were")
    add.add_argument("name")
    add.add_argument("--role", choices=("photographer", "reviewer", "both"), default="photographer")
    pin_file(add)
    leaf(topic, "list", "staff:run_list", "everybody, and who has retired")
    rename = leaf(topic, "rename", "staff:run_rename", "call somebody by another name")
    rename.add_argument("name", help="the present name, or the id")
    rename.add_argument("new_name")
    leaf(topic, "retire", "staff:run_retire", "somebody works here no more; their name stays").add_argument("name")
    pin = leaf(topic, "pin", "staff:run_pin", "give somebody a PIN, or another one")
    pin.add_argument("name")
    pin_file(pin)


def add_rules(commands: Commands) -> None:
    """``rules`` and everything below it."""
    topic = topic_of(commands, "rules", "the rules the studio works by: dated, signed by itself, kept")
    show = leaf(topic, "show", "rules:run_show", "version and hash, since when, what is asked and for how long at most")
    show.add_argument("-o", "--output", type=Path, metavar="DIR", help="also write the lists, to change and adopt")
    adopt = leaf(topic, "adopt", "rules:run_adopt", "check other rules, say what is different, and work by them")
    adopt.add_argument("folder", nargs="?", type=Path, help="with scopes.json, jurisdictions.json and adequacy.json")
    adopt.add_argument("--shipped", action="store_true", help="the rules that came with this program")
    adopt.add_argument("--dry-run", action="store_true", help="only say what would be different")


def add_journal(commands: Commands) -> None:
    """``journal`` and everything below it."""
    topic = topic_of(commands, "journal", "let an outsider check that one journal head follows from another")
    show = leaf(topic, "show", "journal:run_show", "write what links two entries, without saying what happened")
    show.add_argument("--from", dest="first", required=True, metavar="N", help="number or hash; 0: the beginning")
    show.add_argument("--to", dest="last", metavar="M", help="number or hash (default: the last entry)")
    show.add_argument(
        "--about", action="append", default=[], metavar="ID",
        help="show the entries about this id in clear (again for more): one the outsider already knows",
    )  # fmt: skip
    show.add_argument("-o", "--output", type=Path, required=True)
    verify = leaf(topic, "verify", "journal:run_verify", "check such a file; needs no studio")
    verify.add_argument("file", type=Path)
    verify.add_argument("--from-hash", required=True, metavar="HASH", help="the earlier head you hold")
    verify.add_argument("--to-hash", required=True, metavar="HASH", help="the later head you hold")
    verify.add_argument("--card", type=Path, help="the studio's card: also check its signature over the end")


def pin_file(leaf: argparse.ArgumentParser) -> None:
    """Where the PIN comes from; without it a person at a terminal is asked."""
    leaf.add_argument(
        "--pin-file", type=Path, metavar="F", help="a file that holds their PIN, 4 to 12 digits (asked at a terminal)"
    )
