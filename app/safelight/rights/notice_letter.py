"""The letter that goes to a recipient with a signed notice: what is asked, until when, how to check, how to answer."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from safelight.documents.withdrawal_notices import (
    NoticeItem,
    NoticePhotoState,
    PhotoReason,
    PhotoState,
    WithdrawalNotice,
)
from safelight.domain.document_type import DocumentType
from safelight.domain.ids import ScopeId
from safelight.domain.page_document import Block, Command, Facts, Heading, PageDocument, Paragraph, Points, Table
from safelight.domain.people import Studio
from safelight.domain.plain_text import clean, isolate_ltr, name, without_isolates
from safelight.domain.scope import Catalogue

from .as_text import as_text
from .mail import Attachment, Party, file_name, mail
from .words import Reader, Words

NOTICE_FILE, SIGNATURE_FILE = "notice.json", "notice.json.sig"
_GOOD = 'Good "safelight-notice" signature'
_COMMANDS = (
    f"safelight agency apply {NOTICE_FILE}",
    "safelight agency sweep FOLDER",
    "safelight agency ack -o ack.json",
)
"""What an agency with Safelight types, in this order."""


@dataclass(frozen=True, slots=True)
class NoticeLetter:
    """What the letter needs besides the notice: who writes to whom, what uses are called, and how the key is known.

    ``allowed_signers`` is the line for ``ssh-keygen`` that names the studio's key; ``key_words`` are its six words.
    """

    notice: WithdrawalNotice
    studio: Studio
    recipient: Reader
    catalogue: Catalogue
    allowed_signers: str
    key_words: tuple[str, ...]


def notice_letter(letter: NoticeLetter) -> PageDocument:
    """The letter as pages. It names no person: records and photos are told by number, in the notice."""
    words = Words(letter.studio, letter.recipient, "office")
    notice = letter.notice
    return PageDocument(
        title=words.say("notice_title"),
        lead=words.say(
            "notice_lead", recipient=words.who(), studio=name(letter.studio.name), due=words.day(notice.due)
        ),
        blocks=(
            Facts(
                (
                    (words.say("notice_from"), words.sender()),
                    (words.receipt("c_issued"), words.moment(notice.issued_at)),
                    (words.say("notice_due"), words.day(notice.due)),
                )
            ),
            *_ended(words, letter),
            *_held(words, notice.photos),
            *_until(words, notice),
            Paragraph(words.say("notice_which")),
            *_check(words, letter),
            *_answer(words, letter),
        ),
        language=words.language,
        studio_name=letter.studio.name,
        reference=words.say("number", id=str(notice.number)),
        at=notice.issued_at,
    )


def notice_mail(letter: NoticeLetter, pdf: bytes, content: bytes, signature: bytes) -> bytes:
    """The letter as mail: its words in the body, ``pdf``, and the notice's bytes with their signature beside it."""
    words = Words(letter.studio, letter.recipient, "office")
    at: datetime = letter.notice.issued_at
    subject = words.say("notice_subject", number=str(letter.notice.number), studio=letter.studio.name)
    return mail(
        Party(letter.studio.name, letter.studio.contact),
        Party(letter.recipient.name, letter.recipient.contact),
        without_isolates(subject),
        at,
        [*as_text(notice_letter(letter)), words.say("notice_text"), letter.studio.name],
        (
            Attachment(file_name(words.say("notice_title"), letter.recipient.name, at.date()), pdf),
            Attachment(NOTICE_FILE, content, DocumentType.JSON),
            Attachment(SIGNATURE_FILE, signature, DocumentType.SSH_SIGNATURE),
        ),
    )


def _ended(words: Words, letter: NoticeLetter) -> list[Block]:
    """One line for each use and day: how many photos, and what is asked."""
    if not letter.notice.items:
        return []
    lines: dict[tuple[ScopeId, str, str], set[str]] = {}
    for item in letter.notice.items:
        key = (item.scope, words.local_day(item.since), _asked(words, item))
        lines.setdefault(key, set()).update(each.guid for each in item.photos)
    rows = tuple(
        ((name(letter.catalogue.title(scope, words.language)),), (since,), (asked,), (str(len(photos)),))
        for (scope, since, asked), photos in lines.items()
    )
    heads = (words.word("use"), words.say("notice_since"), words.say("notice_asked"), words.say("notice_photos_count"))
    return [Heading(words.say("notice_ended")), Table(heads, (5, 4, 5, 2), rows)]


def _until(words: Words, notice: WithdrawalNotice) -> list[Block]:
    """That nothing may be used any more, unless the notice only releases photos."""
    if notice.items or any(each.state is PhotoState.WITHHELD for each in notice.photos):
        return [Paragraph(words.say("notice_until"), remark=True)]
    return []


def _asked(words: Words, item: NoticeItem | NoticePhotoState) -> str:
    return words.join([words.say(f"asked_{each.value}") for each in item.asked])


def _held(words: Words, photos: tuple[NoticePhotoState, ...]) -> list[Block]:
    """One line for each state, day and reason: how many photos."""
    if not photos:
        return []
    lines: Counter[tuple[PhotoState, PhotoReason, str, str]] = Counter(
        (each.state, each.why, words.local_day(each.since), _asked(words, each)) for each in photos
    )
    rows = tuple(
        (
            (words.say(f"state_{state.value}"), *((asked,) if asked else ())),
            (words.say(f"why_{why.value}"),),
            (since,),
            (str(count),),
        )
        for (state, why, since, asked), count in lines.items()
    )
    heads = (words.say("notice_state"), words.say("notice_why"), words.say("notice_since"),
             words.say("notice_photos_count"))  # fmt: skip
    return [Heading(words.say("notice_held")), Table(heads, (5, 5, 4, 2), rows)]


def _check(words: Words, letter: NoticeLetter) -> list[Block]:
    studio = letter.studio.id
    command = f"ssh-keygen -Y verify -f allowed_signers -I {studio} -n safelight-notice"
    return [
        Heading(words.say("check")),
        Paragraph(words.say("check_text", words=isolate_ltr(clean(" ".join(letter.key_words))))),
        Command(clean(letter.allowed_signers, 600)),
        Command(f"{command} -s {SIGNATURE_FILE} < {NOTICE_FILE}"),
        Paragraph(words.say("check_good", good=isolate_ltr(_GOOD))),
    ]


def _answer(words: Words, letter: NoticeLetter) -> list[Block]:
    return [
        Heading(words.say("answer")),
        Paragraph(words.say("answer_tool")),
        *map(Command, _COMMANDS),
        Points((words.say("answer_hand"), words.say("answer_model"), words.say("answer_used"))),
        Paragraph(words.say("answer_due", due=words.day(letter.notice.due)), remark=True),
    ]
