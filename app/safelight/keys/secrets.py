"""What an organisation must keep for ever: its signing seed, its age identity, its certificates, its lasting root."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path
from secrets import token_bytes
from typing import Any, NoReturn

from safelight.domain.errors import CannotOpen, Malformed
from safelight.domain.ids import OrganisationId, RecipientId, Sha256, SubjectId
from safelight.keys.age_identity import AgeIdentity, age_recipient, new_age_identity
from safelight.keys.certificates import DocumentSigner, StudioCertificates, new_studio_certificates, renew_leaf
from safelight.keys.durable import durable_write
from safelight.keys.framing import framed
from safelight.keys.master import KEY_SIZE, KeySource, MasterKey, derive_key
from safelight.keys.sealing import RowAddress, open_row, seal_row
from safelight.keys.signing import SigningKey

_FORMAT = "safelight-secrets/1"
_LARGEST = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationSecrets:
    """What an agency keeps, and a studio too; nothing of it shows in ``repr``.

    ``root`` is a :class:`~safelight.keys.master.KeySource` that outlives a change of the master key: derive from it
    what must stay the same for years (pseudonyms, content tags). ``generation`` counts roll-overs from 1.
    ``digested``: digests vouch for the archive's rows, so an archive without them was set back and is not an old one.
    """

    ed25519_seed: bytes = field(repr=False)
    age_identity: str = field(repr=False)
    root: bytes = field(repr=False)
    generation: int = 1
    previous_public_keys: tuple[str, ...] = ()
    digested: bool = False

    def signing_key(self) -> SigningKey:
        """The Ed25519 key for all SSHSIG signatures."""
        return SigningKey(self.ed25519_seed)

    def age(self) -> AgeIdentity:
        """The identity to which others encrypt for this organisation."""
        return AgeIdentity(recipient=age_recipient(self.age_identity), exposed_secret=self.age_identity)

    def derive(self, label: str) -> bytes:
        """A 32-byte key that survives rotations of the master."""
        return derive_key(self.root, label)

    def __reduce__(self) -> NoReturn:
        raise TypeError("secrets are not written anywhere except sealed")


@dataclass(frozen=True, slots=True, kw_only=True)
class StudioSecrets(OrganisationSecrets):
    """What a studio keeps: the above, and its certificates."""

    certificates: StudioCertificates = field(repr=False)

    def document_signer(self) -> DocumentSigner:
        """The RSA signer for receipts and photos."""
        return DocumentSigner(self.certificates)


@dataclass(frozen=True, slots=True)
class RollOver:
    """A studio's new secrets, and the old key's last act: vouching for the new card."""

    secrets: StudioSecrets
    previous_public_ssh: str
    _previous: SigningKey = field(repr=False)

    def countersign(self, card: bytes) -> str:
        """The old key's signature (namespace safelight-card) over the new card's canonical bytes."""
        return self._previous.sign(card, "safelight-card")


def new_organisation_secrets(age_identity: str | None = None) -> OrganisationSecrets:
    """Fresh secrets of an agency, around an age identity that it has already (None: a fresh one as well).

    Raises :class:`CannotOpen` when ``age_identity`` is not one.
    """
    identity = new_age_identity()
    if age_identity is not None:
        age_recipient(age_identity)
        identity = age_identity.strip()
    seed, root = token_bytes(KEY_SIZE), token_bytes(KEY_SIZE)
    return OrganisationSecrets(ed25519_seed=seed, age_identity=identity, root=root, digested=True)


def new_studio_secrets(name: str, country: str, now: datetime) -> StudioSecrets:
    """Fresh secrets of a studio with that name and country (makes an RSA key: a few tenths of a second)."""
    return StudioSecrets(
        ed25519_seed=token_bytes(KEY_SIZE),
        age_identity=new_age_identity(),
        root=token_bytes(KEY_SIZE),
        certificates=new_studio_certificates(name, country, now),
        digested=True,
    )


def roll_over(secrets: StudioSecrets, now: datetime) -> RollOver:
    """New Ed25519 key and signing certificate under the same authority; age identity and root stay.

    The old public key joins ``previous_public_keys`` so that older signatures can still be checked. The caller signs
    the new card with ``secrets.signing_key()``, adds :meth:`RollOver.countersign`, and saves the new secrets.
    """
    old = secrets.signing_key()
    new = replace(
        secrets,
        ed25519_seed=token_bytes(KEY_SIZE),
        certificates=renew_leaf(secrets.certificates, now),
        generation=secrets.generation + 1,
        previous_public_keys=(*secrets.previous_public_keys, old.public_ssh),
    )
    return RollOver(new, old.public_ssh, old)


def encode_secrets(secrets: OrganisationSecrets) -> bytes:
    """The secrets as bytes **in clear**: they go nowhere but under a seal (:func:`save_secrets`)."""
    document: dict[str, Any] = {
        "format": _FORMAT,
        "ed25519_seed": _b64(secrets.ed25519_seed),
        "age_identity": secrets.age_identity,
        "root": _b64(secrets.root),
        "generation": secrets.generation,
        "previous_public_keys": list(secrets.previous_public_keys),
        "digested": secrets.digested,
    }
    if isinstance(secrets, StudioSecrets):
        held = secrets.certificates
        document["certificates"] = {each.name: getattr(held, each.name).decode("ascii") for each in fields(held)}
    return json.dumps(document, sort_keys=True, separators=(",", ":")).encode()


def decode_secrets(data: bytes) -> OrganisationSecrets | StudioSecrets:
    """The other way; :class:`Malformed` if they are of another version (a seal was checked before, so not changed)."""
    try:
        document = json.loads(data)
        if document["format"] != _FORMAT:
            raise Malformed("The keys were written by a version this program does not know.", "Use a newer Safelight.")
        common: dict[str, Any] = {
            "ed25519_seed": _key(document["ed25519_seed"]),
            "age_identity": document["age_identity"],
            "root": _key(document["root"]),
            "generation": document["generation"],
            "previous_public_keys": tuple(document["previous_public_keys"]),
            "digested": document.get("digested", False) is True,  # written since digests vouch for the rows
        }
        if "certificates" not in document:
            return OrganisationSecrets(**common)
        pems = {name: text.encode("ascii") for name, text in document["certificates"].items()}
        return StudioSecrets(certificates=StudioCertificates(**pems), **common)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Malformed("The keys of the organisation are not readable.", "Restore them from a backup.") from error


def save_secrets(path: Path, master: MasterKey, owner: OrganisationId, secrets: OrganisationSecrets) -> None:
    """Seal the secrets under the master and write them durably (``keys/studio.sealed``)."""
    durable_write(path, seal_row(master.derive("secrets"), encode_secrets(secrets), _address(owner)))


def load_secrets(path: Path, master: MasterKey, owner: OrganisationId) -> OrganisationSecrets | StudioSecrets:
    """The secrets from their sealed file. While a rotation is unfinished they open under the old master too.

    Raises :class:`CannotOpen` if the file is missing, :class:`Malformed` if it was changed or is another's.
    """
    try:
        with path.open("rb") as file:
            sealed = file.read(_LARGEST)
    except OSError as error:
        raise CannotOpen(
            f"The sealed keys cannot be read ({error.strerror}).", "Restore them from a backup."
        ) from error
    if master.predecessor is not None:
        try:
            return decode_secrets(open_row(master.derive("secrets"), sealed, _address(owner)))
        except Malformed:
            return load_secrets(path, master.predecessor, owner)
    return decode_secrets(open_row(master.derive("secrets"), sealed, _address(owner)))


def load_studio_secrets(path: Path, master: MasterKey, owner: OrganisationId) -> StudioSecrets:
    """As :func:`load_secrets`, for a studio; :class:`Malformed` if they are an agency's."""
    secrets = load_secrets(path, master, owner)
    if not isinstance(secrets, StudioSecrets):
        raise Malformed("These keys are not a studio's.", "Nothing was changed. Choose the studio's own folder.")
    return secrets


def pseudonym(source: KeySource, recipient: RecipientId, subject: SubjectId) -> str:
    """The name of a subject towards one recipient: ``urn:uuid:…``, always the same, unlike towards any other.

    HMAC-SHA256 over both ids, first 16 bytes, version and variant bits of a random UUID (RFC 9562 section 5.4). Give
    the organisation's secrets as ``source``; from a master key it would change when the master is rotated.
    """
    mac = hmac.digest(source.derive("pseudonym"), framed(recipient.encode(), subject.encode()), hashlib.sha256)
    return uuid.UUID(bytes=mac[:16], version=4).urn


def content_tag(source: KeySource, sha256: Sha256) -> str:
    """64 hexadecimal digits that tell equal contents inside this archive without telling anybody which contents."""
    return hmac.digest(source.derive("content-tag"), bytes.fromhex(sha256), hashlib.sha256).hex()


def _address(owner: OrganisationId) -> RowAddress:
    return RowAddress(owner, "secrets", "organisation")


def _b64(data: bytes) -> str:
    return base64.b64encode(data).decode()


def _key(text: str) -> bytes:
    try:
        data = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not Base64") from error
    if len(data) != KEY_SIZE:
        raise ValueError("not a key")
    return data
