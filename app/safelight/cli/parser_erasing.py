"""The commands about erasing somebody, and about what must not be erased."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from safelight.cli.grammar import leaf, topic_of
from safelight.cli.parser_shoot import SUBJECT_HELP


def add_erasing(commands: Any) -> None:
    """Add ``erase`` and ``hold``."""
    _erase(commands)
    _hold(commands)


def _erase(commands: Any) -> None:
    erase = leaf(commands, "erase", "erasures:run_erase", "take a person out for good, or say what that would do")
    erase.add_argument("subject", help=SUBJECT_HELP)
    erase.add_argument("--session", help="look among the people of this session")
    what = erase.add_mutually_exclusive_group(required=True)
    what.add_argument("--plan", action="store_true", help="what goes, what stays and until when, who has copies")
    what.add_argument("--yes", action="store_true", help="do it; it cannot be undone")
    what.add_argument("--certificate", action="store_true", help="look again for somebody who was erased (by id)")
    erase.add_argument("-o", "--output", type=Path, help="the certificate as a signed PDF")
    erase.add_argument("--by", metavar="PERSON", help="who of the studio enters it")
    erase.add_argument("--also-linked", action="store_true", help="also the same person's entries in other sessions")


def _hold(commands: Any) -> None:
    topic = topic_of(commands, "hold", "what of a person must not be erased, and why")
    add = leaf(topic, "add", "holds:run_add", "keep something of a person from being erased, by whatever command")
    add.add_argument("subject", help=SUBJECT_HELP)
    add.add_argument("--session", help="look among the people of this session")
    add.add_argument(
        "--class", dest="what", required=True, choices=("photos", "templates", "proof", "all"), help="what is kept"
    )
    add.add_argument("--reason", required=True, help="why, in words; kept sealed")
    add.add_argument("--review", required=True, metavar="DAY", help="when it is looked at again, YYYY-MM-DD")
    add.add_argument("--by", required=True, metavar="PERSON", help="who of the studio keeps it")
    release = leaf(topic, "release", "holds:run_release", "end a hold; an erasure that waited for it is finished")
    release.add_argument("id", help="of the hold, or its beginning")
    release.add_argument("--by", required=True, metavar="PERSON", help="who of the studio releases it")
    leaf(topic, "list", "holds:run_list", "every hold, the released ones too")
