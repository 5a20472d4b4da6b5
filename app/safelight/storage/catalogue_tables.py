"""The tables of an agency's catalogue: ids and ordinals in clear, everything that decides sealed.

Columns named ``sealed`` hold AES-GCM ciphertext bound to agency, table, row id and ``version``. What an answer rests on
is not read from a column in clear; that no row was removed or put back to what it was, digests vouch for.
"""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, MetaData, String, Table

from safelight.storage import tables
from safelight.storage.engine.interface import ROWS_IN_KEY_ORDER

METADATA = MetaData()


def _sealed() -> Column[bytes]:
    return Column("sealed", LargeBinary, nullable=False)


def _version() -> Column[int]:
    return Column("version", Integer, nullable=False)


# The same tables by the same names as in a studio's archive, so that files and journal are kept by the same code.
_SHARED = (tables.mark, tables.file, tables.file_owner, tables.journal_entry, tables.journal_head, tables.digest)
for _shared in _SHARED:
    _shared.to_metadata(METADATA)

own = Table("own", METADATA, Column("name", String(16), primary_key=True), _version(), _sealed())
"""The agency itself; one row."""

pin = Table("pin", METADATA, Column("studio", String(36), primary_key=True), _version(), _sealed())
"""The studios that are trusted, each with its card."""

status = Table("status", METADATA, Column("studio", String(36), primary_key=True), _version(), _sealed())
"""What each studio last vouched for, and every record it ever said had ended."""

bundle = Table(
    "bundle",
    METADATA,
    Column("ordinal", Integer, primary_key=True),
    Column("id", String(45), nullable=False, unique=True),
    Column("studio", String(36), nullable=False),
    Column("front", ForeignKey("file.id"), nullable=False),
    _version(),
    _sealed(),
    Index("bundle_by_studio", "studio", "ordinal"),
)
"""``front`` is the file with everything of the bundle that came before the photos, signatures included."""

photo = Table(
    "photo",
    METADATA,
    Column("ordinal", Integer, primary_key=True),
    Column("guid", String(36), nullable=False, unique=True),
    Column("tag", String(64), nullable=False, index=True),
    _version(),
    _sealed(),
)
"""``tag`` tells equal pictures from others without telling which; every bundle the photo came in is in its row."""

record = Table(
    "record",
    METADATA,
    Column("id", String(36), primary_key=True),
    _version(),
    _sealed(),
    **ROWS_IN_KEY_ORDER,
)

withdrawal_notice = Table(
    "withdrawal_notice",
    METADATA,
    Column("studio", String(36), primary_key=True),
    Column("number", Integer, primary_key=True),
    _version(),
    _sealed(),
    **ROWS_IN_KEY_ORDER,
)
"""Notices that were applied, byte for byte; what they ended stays ended, in whatever order they come."""

ended_record = Table(
    "ended_record",
    METADATA,
    Column("record", String(36), primary_key=True),
    Column("studio", String(36), nullable=False),
    _version(),
    _sealed(),
    **ROWS_IN_KEY_ORDER,
)
"""Records that a notice ended, also of those no bundle brought yet."""

photo_notice = Table(
    "photo_notice",
    METADATA,
    Column("photo", String(36), primary_key=True),
    Column("studio", String(36), nullable=False),
    _version(),
    _sealed(),
    **ROWS_IN_KEY_ORDER,
)
"""What the notice with the highest number says of a photo: withheld or released, also before it was delivered."""

registered_use = Table(
    "registered_use",
    METADATA,
    Column("ordinal", Integer, primary_key=True),
    Column("photo", String(36), nullable=False),
    _version(),
    _sealed(),
    Index("use_by_photo", "photo", "ordinal"),
)
"""Where the agency used a photo: data sets, models, prints, pages; what happened to it is written into the row."""

feed = Table("feed", METADATA, Column("studio", String(36), primary_key=True), _version(), _sealed())
"""The newest feed of each studio that was taken in: an older one is told from it."""

sent_ack = Table("sent_ack", METADATA, Column("studio", String(36), primary_key=True), _version(), _sealed())
"""The number of the last acknowledgement to each studio."""

APPEND_ONLY = ("journal_entry",)
