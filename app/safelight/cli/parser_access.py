"""The commands about what people may ask for: the register of requests, and what answers them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from safelight.cli.grammar import leaf, topic_of
from safelight.cli.parser_shoot import SUBJECT_HELP
from safelight.domain.people import Role
from safelight.domain.requests import RequestKind
from safelight.domain.withdrawal import Channel

CORRECTED = ("name", "language", "country", "born", "email", "phone", "reference", "department", "guardian",
             "without-guardian")  # fmt: skip
"""What can be put right; a guardian is written NAME:RELATION or NAME:RELATION:sole."""
ENTERED_BY = "who of the studio does it (default: the photographer of the person's session)"


def add_access(commands: Any) -> None:
    """Add ``request``, ``correct``, ``access``, ``restrict`` and ``object``."""
    for add in (_request, _correct, _access, _restrict, _object):
        add(commands)


def _request(commands: Any) -> None:
    topic = topic_of(commands, "request", "what people asked for, and until when it must be answered")
    new = leaf(topic, "new", "requests:run_new", "enter a request; its last day follows from the law of the place")
    new.add_argument("subject", help=SUBJECT_HELP)
    new.add_argument("--session", help="look among the people of this session")
    new.add_argument("--kind", choices=[*RequestKind], required=True)
    new.add_argument("--received", metavar="DAY", help="YYYY-MM-DD (default: today)")
    new.add_argument("--by", choices=(Role.SUBJECT, Role.GUARDIAN), default=Role.SUBJECT, help="who asked")
    ways = [each for each in Channel if each is not Channel.STUDIO]
    new.add_argument("--channel", choices=ways, default=Channel.IN_PERSON, help="default: %(default)s")
    answer = leaf(topic, "answer", "requests:run_answer", "note that a request was answered, or why it is refused")
    answer.add_argument("request", help="its id, or the beginning of it")
    answer.add_argument("--outcome", choices=("done", "refused"), required=True)
    answer.add_argument("--reason", default="", help="what was done; where it is refused, on which ground")
    extend = leaf(topic, "extend", "requests:run_extend", "take two months more, once; the person is told why")
    extend.add_argument("request", help="its id, or the beginning of it")
    extend.add_argument("--reason", required=True)
    told = "note how whoever asks showed who they are: the code of a receipt and a fact no receipt shows, or in person"
    identify = leaf(topic, "identify", "requests:run_identify", told)
    identify.add_argument("request", help="its id, or the beginning of it")
    way = identify.add_mutually_exclusive_group(required=True)
    way.add_argument("--in-person", action="store_true", help="somebody of the studio saw who it is (--entered-by)")
    way.add_argument("--code", help="as printed on a receipt of theirs; with one of the next three")
    fact = identify.add_mutually_exclusive_group()
    fact.add_argument("--born", metavar="DAY", help="YYYY-MM-DD")
    fact.add_argument("--email")
    fact.add_argument("--phone")
    listing = leaf(topic, "list", "requests:run_list", "all requests, the most urgent first")
    listing.add_argument("--open", action="store_true", help="only what is still to be answered")
    for each in (new, answer, extend, identify):
        each.add_argument("--entered-by", metavar="NAME", help=ENTERED_BY)


def _correct(commands: Any) -> None:
    told = "put right what is known of a person; what was known before stays, and so does what was signed"
    correct = leaf(commands, "correct", "corrections:run_correct", told)
    correct.add_argument("subject", help=SUBJECT_HELP)
    correct.add_argument("--session", help="look among the people of this session")
    correct.add_argument("values", nargs="+", metavar="FIELD=VALUE", help=f"fields: {', '.join(CORRECTED)}")
    correct.add_argument("--reason", required=True)
    correct.add_argument("--by", metavar="NAME", help=ENTERED_BY)


def _access(commands: Any) -> None:
    told = "give somebody everything that is held about them: F.zip handed over in person, F.pdf locked to be sent"
    access = leaf(commands, "access", "access:run_access", told)
    access.add_argument("subject", help=SUBJECT_HELP)
    access.add_argument("--session", help="look among the people of this session")
    access.add_argument("-o", "--output", type=Path, required=True, help="F.zip or F.pdf, which must not exist yet")
    access.add_argument("--by", metavar="NAME", help=ENTERED_BY)


def _restrict(commands: Any) -> None:
    told = "use nothing of a person from now on, and tell whoever has their photos; every yes stays for later"
    restrict = leaf(commands, "restrict", "restricting:run_restrict", told)
    restrict.add_argument("subject", help=SUBJECT_HELP)
    restrict.add_argument("--session", help="look among the people of this session")
    restrict.add_argument("--reason", required=True)
    restrict.add_argument("--lift", action="store_true", help="end it: what is allowed may be used again")
    restrict.add_argument("--by", metavar="NAME", help=ENTERED_BY)


def _object(commands: Any) -> None:
    told = "hold photos back from every use because the person objects to them, and tell whoever has them"
    objection = leaf(commands, "object", "restricting:run_object", told)
    objection.add_argument("subject", help=SUBJECT_HELP)
    objection.add_argument("--session", help="look among the people of this session")
    which = objection.add_mutually_exclusive_group(required=True)
    which.add_argument("--photo", metavar="G", help="a photo's id or original name")
    which.add_argument("--all", action="store_true", help="every photo the person is on")
    objection.add_argument("--reason", required=True)
    objection.add_argument("--by", metavar="NAME", help=ENTERED_BY)
