"""The tables of the archive: ids, states, times and ordinals in clear, everything else sealed.

Columns named ``sealed`` (and ``line``, ``thumbnail``, ``preview``, ``ink``) hold AES-GCM ciphertext bound to studio,
table, row id and ``version``. What the columns in clear tell a thief: how many, when, and which id belongs to which.
The file is long because it is one idea: the schema of one database, to be read in one place.
"""

from __future__ import annotations

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    UniqueConstraint,
)

from safelight.storage.engine.interface import ROWS_IN_KEY_ORDER

METADATA = MetaData()


def _sealed(name: str = "sealed", nullable: bool = False) -> Column[bytes]:
    return Column(name, LargeBinary, nullable=nullable)


def _version() -> Column[int]:
    return Column("version", Integer, nullable=False)


def _time(name: str, nullable: bool = False) -> Column[str]:
    """RFC 3339, UTC, whole seconds."""
    return Column(name, String(20), nullable=nullable)


def _listed(length: int = 36) -> tuple[Column[int], Column[str]]:
    """The order rows were written in, and the id they go by."""
    return Column("ordinal", Integer, primary_key=True), Column("id", String(length), nullable=False, unique=True)


mark = Table(
    "mark",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("studio", String(36), nullable=False),
    _time("created_at"),
    _time("newest_seen"),
    CheckConstraint("id = 1", name="one_mark"),
)
"""One row: whose archive this is and the newest time any transaction was dated."""

setting = Table("setting", METADATA, Column("name", String, primary_key=True), _version(), _sealed())

staff = Table(
    "staff",
    METADATA,
    *_listed(),
    _version(),
    _sealed(),
)
recipient = Table(
    "recipient",
    METADATA,
    *_listed(128),
    _version(),
    _sealed(),
)
session = Table(
    "session",
    METADATA,
    *_listed(),
    Column("state", String(16), nullable=False),
    _version(),
    _sealed(),
)
subject = Table(
    "subject",
    METADATA,
    *_listed(),
    Column("session", ForeignKey("session.id"), nullable=False),
    Column("state", String(32), nullable=False),
    _version(),
    _sealed("line"),
    _sealed(),
    Index("subject_by_session", "session", "ordinal"),
)
"""``line`` seals the name alone, so that a list of thousands does not decode thousands of whole rows."""

file = Table(
    "file",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("purpose", String(8), nullable=False),
    Column("size", Integer, nullable=False),
)
"""``size`` counts the bytes before sealing; ``purpose`` says under which key of its owners it is sealed."""

file_owner = Table(
    "file_owner",
    METADATA,
    Column("file", ForeignKey("file.id", ondelete="CASCADE"), primary_key=True),
    Column("owner", String(36), primary_key=True),
    Index("file_by_owner", "owner"),
)
"""A subject, the studio itself, or a key of its own that a file nobody is assigned to was given."""

photo = Table(
    "photo",
    METADATA,
    Column("ordinal", Integer, primary_key=True),
    Column("guid", String(36), nullable=False, unique=True),
    Column("session", ForeignKey("session.id"), nullable=False),
    Column("original", ForeignKey("file.id"), nullable=False),
    Column("content_tag", String(64), nullable=False, index=True),
    Column("image_tag", String(64), nullable=True, index=True),
    Column("shot", String(36), nullable=True, index=True),
    Column("media_type", String(64), nullable=False),
    _time("taken_at", nullable=True),
    Column("flagged", Integer, nullable=False),
    _version(),
    _sealed("line"),
    _sealed(),
    Index("photo_by_session", "session", "ordinal"),
)
"""``image_tag`` is a keyed hash of the image data alone, so that a file whose metadata was edited is known again; rows
of before there was one have none. Photos of one shutter (a raw file and its JPEG) have the same ``shot``.
"""
photo_owner = Table(
    "photo_owner",
    METADATA,
    Column("photo", ForeignKey("photo.guid", ondelete="CASCADE"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("owner", String(36), nullable=False),
    Column("subject", ForeignKey("subject.id"), nullable=True),
    Index("photo_by_owner", "owner"),
    Index("photo_by_subject", "subject"),
    **ROWS_IN_KEY_ORDER,
)
"""Who is on it, in order; ``subject`` is empty for the one owner of a photo nobody is assigned to."""

picture = Table(
    "picture",
    METADATA,
    Column("photo", ForeignKey("photo.guid", ondelete="CASCADE"), primary_key=True),
    _sealed("thumbnail"),
    _sealed("preview"),
)
"""Small renditions, apart from ``photo`` so that lists do not wade through them."""

culling = Table(
    "culling",
    METADATA,
    Column("photo", ForeignKey("photo.guid", ondelete="CASCADE"), primary_key=True),
    _version(),
    _sealed(),
)
"""What the photographer made of a photo: rating, pick or reject, hidden; sealed under the studio's own key."""

source_mark = Table(
    "source_mark",
    METADATA,
    Column("mark", String(64), primary_key=True),
    Column("session", ForeignKey("session.id"), nullable=False),
    Column("photo", ForeignKey("photo.guid", ondelete="CASCADE"), nullable=True),
    Index("source_mark_by_photo", "photo"),
)
"""Files that were looked at, so that they are not read again; without a photo for a slate. ``mark`` is a keyed hash."""

camera_clock = Table(
    "camera_clock",
    METADATA,
    Column("session", ForeignKey("session.id"), primary_key=True),
    Column("camera", String(64), primary_key=True),
    _version(),
    _sealed(),
)
"""By how much a camera's clock is off in a session, and how that is known; ``camera`` is a keyed hash."""

attendance = Table(
    "attendance",
    METADATA,
    Column("subject", ForeignKey("subject.id"), primary_key=True),
    Column("session", ForeignKey("session.id"), primary_key=True),
    _version(),
    _sealed(),
)
"""Whether somebody came, is absent, or is not photographed; sealed under the person's evidence key."""

second_copy = Table(
    "second_copy",
    METADATA,
    Column("file", ForeignKey("file.id", ondelete="CASCADE"), primary_key=True),
    Column("place", String(36), primary_key=True),
    _time("at"),
)
"""Sealed files that lie in a second place too, since when; ``place`` is the id written into that place."""

consent_event = Table(
    "consent_event",
    METADATA,
    *_listed(),
    Column("record", String(36), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("subject", String(36), nullable=False),
    _time("at"),
    _sealed(),
    UniqueConstraint("record", "sequence", name="event_order"),
    Index("event_by_subject", "subject", "ordinal"),
)
"""Append-only (triggers). It names no subject by foreign key: it stays, unreadable, when the person is erased."""

receipt = Table(
    "receipt",
    METADATA,
    *_listed(),
    Column("subject", ForeignKey("subject.id"), nullable=False),
    Column("session", ForeignKey("session.id"), nullable=False),
    _time("issued_at"),
    Column("pdf", ForeignKey("file.id"), nullable=True),
    Column("ink_purpose", String(8), nullable=False),
    _version(),
    _sealed(),
    _sealed("ink"),
    Index("receipt_by_subject", "subject", "ordinal"),
    Index("receipt_by_session", "session", "ordinal"),
)
notice = Table(
    "notice",
    METADATA,
    Column("sha256", String(64), primary_key=True),
    _version(),
    _sealed("text"),
    _sealed(),
)
validation = Table(
    "validation",
    METADATA,
    Column("ordinal", Integer, primary_key=True),
    Column("receipt", ForeignKey("receipt.id"), nullable=False),
    _version(),
    _sealed(),
    Index("validation_by_receipt", "receipt", "ordinal"),
)
held = Table(
    "held",
    METADATA,
    Column("subject", ForeignKey("subject.id"), primary_key=True),
    Column("session", ForeignKey("session.id"), primary_key=True),
    _time("kept_at"),
    _time("erase_at"),
    _version(),
    _sealed(),
)
"""A ceremony in progress, at most one per person and session; from ``erase_at`` on it is erased by whoever looks."""

seat = Table(
    "seat",
    METADATA,
    Column("subject", ForeignKey("subject.id"), primary_key=True),
    Column("session", ForeignKey("session.id"), primary_key=True),
    Column("sitting", String(36), nullable=False),
)
"""The one sitting that may write for a person in a session: whoever is admitted replaces the id of the one before."""

guess = Table(
    "guess",
    METADATA,
    Column("id", String(64), primary_key=True),
    Column("wrong", Integer, nullable=False),
    _time("at"),
)
"""How many wrong guesses, and when the last one; ``id`` is a keyed hash of what is guessed on which screen."""

disclosure = Table(
    "disclosure",
    METADATA,
    Column("ordinal", Integer, primary_key=True),
    Column("bundle", String(45), nullable=False, unique=True),
    Column("recipient", ForeignKey("recipient.id"), nullable=False),
    Column("sequence", Integer, nullable=False),
    _time("at"),
    _version(),
    _sealed(),
    UniqueConstraint("recipient", "sequence", name="disclosure_order"),
)
disclosed_photo = Table(
    "disclosed_photo",
    METADATA,
    Column("photo", String(36), primary_key=True),
    Column("bundle", ForeignKey("disclosure.bundle"), primary_key=True),
    **ROWS_IN_KEY_ORDER,
)
"""Outlives the photo: who got a file must be findable after it was erased here."""

status = Table(
    "status",
    METADATA,
    Column("position", Integer, primary_key=True, autoincrement=False),
    _time("revoked_at", nullable=True),
)
"""``position`` counts through all lists of the studio, 131,072 to a list: those of the second follow the first's."""

journal_entry = Table(
    "journal_entry",
    METADATA,
    Column("number", Integer, primary_key=True, autoincrement=False),
    _time("at"),
    Column("kind", String(64), nullable=False),
    Column("reference", String(128), nullable=False),
    Column("payload_sha256", String(64), nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("owner", String(36), nullable=False),
    _sealed("payload"),
    Index("journal_by_reference", "reference", "number"),
)
"""Append-only (triggers)."""

journal_head = Table(
    "journal_head",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("signature", String, nullable=False),
    CheckConstraint("id = 1", name="one_head"),
)

code_tag = Table(
    "code_tag",
    METADATA,
    Column("tag", String(64), primary_key=True),
    Column("receipt", ForeignKey("receipt.id"), nullable=False, unique=True),
    Column("subject", String(36), nullable=False),
)
"""A keyed hash of the code on a receipt: who types the code is found without opening a receipt."""

disclosed_record = Table(
    "disclosed_record",
    METADATA,
    Column("record", String(36), primary_key=True),
    Column("bundle", ForeignKey("disclosure.bundle"), primary_key=True),
    **ROWS_IN_KEY_ORDER,
)
"""Which bundles rest on a record, so that a withdrawal finds everybody it must tell without opening the ledger."""


def _messages(name: str, order: str) -> Table:
    return Table(
        name,
        METADATA,
            *_listed(),
        Column("recipient", ForeignKey("recipient.id"), nullable=False),
        Column("number", Integer, nullable=False),
        _time("at"),
        _version(),
        _sealed(),
        UniqueConstraint("recipient", "number", name=order),
    )


withdrawal_notice = _messages("withdrawal_notice", "notice_order")
"""Every notice to a recipient, byte for byte with its signature; it is numbered and names the one before."""
acknowledgement = _messages("acknowledgement", "acknowledgement_order")
"""What recipients answered, byte for byte with its signature; of one recipient the highest number counts."""


def _of_person(name: str, index: str, *more: Column[str]) -> Table:
    return Table(
        name,
        METADATA,
            *_listed(),
        Column("subject", String(36), nullable=False),
        *more,
        _version(),
        _sealed(),
        Index(index, "subject", "ordinal"),
    )


rights_request = _of_person("rights_request", "request_by_subject", _time("at"))
"""What somebody asked for (access, erasure, …), until when it must be answered, and what the answer was."""
legal_hold = _of_person("legal_hold", "hold_by_subject")
"""What of a person must not be erased, why, and when that is looked at again; a released hold stays as a row."""

restriction = Table(
    "restriction",
    METADATA,
    Column("subject", ForeignKey("subject.id"), primary_key=True),
    _time("at"),
    _version(),
    _sealed(),
)
"""While there is a row nothing of the person is used (GDPR Art. 18); lifting it takes the row away."""

erasure = Table(
    "erasure",
    METADATA,
    *_listed(),
    Column("person", String(36), nullable=False),
    _time("at"),
    _version(),
    _sealed(),
    Index("erasure_by_person", "person"),
)
"""Which keys were destroyed, and when; ids only. It outlives the person's rows, so that no copy brings them back."""

change = Table(
    "change",
    METADATA,
    Column("id", Integer, primary_key=True),
    Column("number", Integer, nullable=False),
    CheckConstraint("id = 1", name="one_change"),
)
"""One row: a counter that every write to a table in ``triggers.DECIDING`` moves on, in the same transaction."""

digest = Table(
    "digest",
    METADATA,
    Column("part", String(36), primary_key=True),
    _version(),
    _sealed(),
    **ROWS_IN_KEY_ORDER,
)
"""What vouches for the rows above: for each part of the archive how many there are and the sum of their tags.

A part is a person, a session or the studio (see :func:`part_column`); one more row is about all of these rows.
"""

UNWATCHED = frozenset({"change", "journal_head", "digest"})
"""Tables without a digest: the counter is compared with itself within one process; the head vouches for the digests."""


def part_column(table: Table) -> str | None:
    """Which column names the part of the archive that a row belongs to; None: it belongs to the studio.

    A row is the person's in ``subject`` if it has that column, else the session's in ``session``, else the studio's
    (where the column is empty too); a person's and a session's own row have them in ``id``. It never changes for a
    table that is in use: an upgrade compares what was kept with the digests by this.
    """
    if table.name in ("subject", "session"):
        return "id"
    return next((name for name in ("subject", "session") if name in table.c), None)
