"""The commands about the people of the studio."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from safelight.cli.grammar import leaf, topic_of


def add_staff(commands: Any) -> None:
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


def pin_file(leaf: argparse.ArgumentParser) -> None:
    """Where the PIN comes from; without it a person at a terminal is asked."""
    leaf.add_argument(
        "--pin-file", type=Path, metavar="F", help="a file that holds their PIN, 4 to 12 digits (asked at a terminal)"
    )
