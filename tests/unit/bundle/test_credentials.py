"""Exported photos: cleaned, marked, signed; the C2PA library itself judges, with and without the studio's root."""

from __future__ import annotations

import dataclasses
import hashlib
import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Literal

import c2pa
import hypothesis.strategies as st
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from hypothesis import HealthCheck, given, settings
from PIL import Image

from safelight.bundle import credentials
from safelight.bundle.credentials import CredentialSigner, verify_credentials
from safelight.bundle.prepare import BOXES, PreparedPhoto, prepare_photo
from safelight.domain.errors import Malformed, SafelightError
from safelight.images.cleaning import listed
from safelight.images.credentials import manifest_definition
from safelight.images.image_format import FORMATS
from safelight.images.imagehash import image_data_sha256
from safelight.images.rights_marks import RightsMarks, TrainingMarks
from safelight.images.xmp import find_xmp
from safelight.images.xmp_packet import read_marks
from safelight.keys.certificates import DocumentSigner, new_studio_certificates

KINDS = {
    "jpg": "image/jpeg",
    "progressive.jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "lossless.webp": "image/webp",
    "tif": "image/tiff",
    "dng": "image/x-adobe-dng",
}
kinds = pytest.mark.parametrize("name", KINDS)


def test_every_format_is_signed_the_way_the_library_checks_it() -> None:
    written = {each.media_type for each in FORMATS.values() if each.container is not None}
    assert set(KINDS.values()) == written, "a picture of every format that is written into is tried here"
    # The library binds what it can write in its own way; a store beside any other file binds plain bytes.
    known = set(c2pa.Builder.get_supported_mime_types())
    assert {each.media_type for each in FORMATS.values() if each.container is None} & known == BOXES


class _SignerOfTheTest:
    """A signer made from scratch, so that only the protocol is relied on."""

    def __init__(self) -> None:
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        authority = ec.generate_private_key(ec.SECP256R1())
        root_name, leaf_name = (
            x509.Name(
                [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Lamp"), x509.NameAttribute(NameOID.COMMON_NAME, n)]
            )
            for n in ("Lamp Root", "Lamp")
        )
        now = datetime.now(UTC)
        usage = dict.fromkeys(
            ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
             "decipher_only"), False)  # fmt: skip

        def made(
            subject: x509.Name, public: ec.EllipticCurvePublicKey | rsa.RSAPublicKey, root: bool
        ) -> x509.Certificate:
            signs = x509.KeyUsage(digital_signature=not root, key_cert_sign=root, crl_sign=root, **usage)
            builder = (
                x509.CertificateBuilder()
                .subject_name(subject)
                .issuer_name(root_name)
                .public_key(public)
                .serial_number(x509.random_serial_number())
                .not_valid_before(now - timedelta(hours=1))
                .not_valid_after(now + timedelta(days=9))
                .add_extension(x509.BasicConstraints(root, None), critical=True)
                .add_extension(signs, critical=True)
                .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
                .add_extension(
                    x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.public_key()), critical=False
                )
            )
            if not root:
                purpose = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION])
                builder = builder.add_extension(purpose, critical=False)
            return builder.sign(authority, hashes.SHA256())

        self.root_pem = made(root_name, authority.public_key(), True).public_bytes(serialization.Encoding.PEM)
        leaf = made(leaf_name, self._key.public_key(), False).public_bytes(serialization.Encoding.PEM)
        self.chain_pem = leaf + self.root_pem

    def sign(self, data: bytes, algorithm: Literal["PS256", "RS256"]) -> bytes:
        assert algorithm == "PS256"
        return self._key.sign(data, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


@pytest.fixture(scope="module")
def documents() -> _SignerOfTheTest:
    return _SignerOfTheTest()


@pytest.fixture(scope="module")
def signer(documents: _SignerOfTheTest) -> CredentialSigner:
    return CredentialSigner(documents)


@pytest.fixture(scope="module")
def exported(dirty_photos: dict[str, bytes], marks: RightsMarks, signer: CredentialSigner) -> dict[str, PreparedPhoto]:
    return {name: prepared(dirty_photos, name, marks, signer) for name in KINDS}


def prepared(photos: dict[str, bytes], name: str, marks: RightsMarks, signer: CredentialSigner | None) -> PreparedPhoto:
    definition = manifest_definition(marks, KINDS[name], f"photos/1.{name}", "0.1.0")
    return prepare_photo(memoryview(photos[name]), KINDS[name], marks, definition, signer)


def whole(photo: PreparedPhoto) -> bytes:
    return b"".join(photo.parts)


@kinds
def test_trusted_under_the_studios_root_and_valid_without(
    exported: dict[str, PreparedPhoto], documents: _SignerOfTheTest, name: str
) -> None:
    data = whole(exported[name])
    trusted = verify_credentials(data, KINDS[name], documents.root_pem)
    assert (trusted.state, trusted.problems) == ("Trusted", ())
    alone = verify_credentials(data, KINDS[name])
    assert (alone.state, alone.problems) == ("Valid", ("signingCredential.untrusted",))
    other = _SignerOfTheTest().root_pem
    assert verify_credentials(data, KINDS[name], other).state == "Valid"


def test_the_studios_own_certificate_does(dirty_photos: dict[str, bytes], marks: RightsMarks) -> None:
    certificates = new_studio_certificates("Lamp Studio", "DE", datetime.now(UTC))
    photo = prepared(dirty_photos, "jpg", marks, CredentialSigner(DocumentSigner(certificates)))
    assert verify_credentials(whole(photo), "image/jpeg", certificates.ca_certificate_pem).state == "Trusted"


@kinds
def test_size_and_hash_are_those_of_the_parts(exported: dict[str, PreparedPhoto], name: str) -> None:
    data = whole(exported[name])
    assert exported[name].size == len(data)
    assert exported[name].sha256 == hashlib.sha256(data).hexdigest()
    assert exported[name].sidecars == ()


@kinds
def test_the_picture_is_untouched_the_marks_are_in_and_nothing_private_is(
    dirty_photos: dict[str, bytes], exported: dict[str, PreparedPhoto], marks: RightsMarks, name: str
) -> None:
    before, after = dirty_photos[name], whole(exported[name])
    assert image_data_sha256(after, KINDS[name]) == image_data_sha256(before, KINDS[name])
    with Image.open(io.BytesIO(before)) as one, Image.open(io.BytesIO(after)) as other:
        assert one.tobytes() == other.tobytes()
    assert read_marks(find_xmp(after) or b"") == dataclasses.replace(marks, training=TrainingMarks())
    assert {"content credentials", "names", "rights"} >= set(listed(after))  # ours
    for secret in (b"SN-4711-BODY", b"SN-0815-LENS", b"Grace Secret", b"Olga Owner", b"Geheimhausen", b"MAKERNOTE"):
        assert secret not in after


@kinds
def test_image_data_is_never_copied(
    dirty_photos: dict[str, bytes], exported: dict[str, PreparedPhoto], name: str
) -> None:
    original = dirty_photos[name]
    own = sum(len(each) for each in exported[name].parts if not (isinstance(each, memoryview) and each.obj is original))
    assert own < 40_000


@kinds
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_changed_byte_outside_the_manifest_is_noticed(
    exported: dict[str, PreparedPhoto], documents: _SignerOfTheTest, name: str, data: st.DataObject
) -> None:
    before = whole(exported[name])
    store = before.index(b"jumb") - 40
    spared = range(store, store + 22_000)
    at = data.draw(st.one_of(st.integers(0, len(before) - 1), st.integers(0, 400)).filter(lambda at: at not in spared))
    changed = before[:at] + bytes([before[at] ^ data.draw(st.integers(1, 255))]) + before[at + 1 :]
    assert verify_credentials(changed, KINDS[name], documents.root_pem).state in ("Invalid", "Absent")


@kinds
def test_one_flipped_bit_in_the_picture_is_invalid(
    exported: dict[str, PreparedPhoto], documents: _SignerOfTheTest, name: str
) -> None:
    parts = list(exported[name].parts)
    largest = max(range(len(parts)), key=lambda number: len(parts[number]))
    damaged = bytearray(parts[largest])
    damaged[len(damaged) // 2] ^= 1
    parts[largest] = damaged
    found = verify_credentials(b"".join(parts), KINDS[name], documents.root_pem)
    assert found.state == "Invalid"
    assert "assertion.dataHash.mismatch" in found.problems


@kinds
def test_no_credentials_are_absent_and_nothing_that_is_no_picture_passes(
    dirty_photos: dict[str, bytes], marks: RightsMarks, name: str
) -> None:
    unsigned = prepared(dirty_photos, name, marks, None)
    assert unsigned.sha256 == hashlib.sha256(whole(unsigned)).hexdigest()
    assert verify_credentials(whole(unsigned), KINDS[name]).state == "Absent"
    assert verify_credentials(b"no picture", KINDS[name]).state in ("Absent", "Invalid")


def test_the_manifest_says_what_machines_may_not_do(exported: dict[str, PreparedPhoto], marks: RightsMarks) -> None:
    manifest = verify_credentials(whole(exported["jpg"]), "image/jpeg").manifest
    assert manifest is not None
    assertions = {each["label"]: each["data"] for each in manifest["assertions"]}
    entries = assertions["cawg.training-mining"]["entries"]
    assert set(entries) == {
        "cawg.ai_inference", "cawg.ai_training", "cawg.ai_generative_training", "cawg.data_mining"
    }  # fmt: skip
    assert all(entry == {"use": "notAllowed"} for entry in entries.values())
    assert assertions["cawg.metadata"]["Iptc4xmpExt:DigImageGUID"] == marks.guid
    actions = assertions["c2pa.actions.v2"]["actions"]
    assert actions[0]["action"] == "c2pa.created"
    assert actions[0]["digitalSourceType"] == marks.source_type
    assert "thumbnail" not in manifest
    assert manifest["claim_generator_info"][0]["name"] == "Safelight"
    assert manifest["signature_info"]["alg"] == "Ps256"


@kinds
def test_what_was_signed_before_is_replaced(
    exported: dict[str, PreparedPhoto],
    marks: RightsMarks,
    signer: CredentialSigner,
    documents: _SignerOfTheTest,
    name: str,
) -> None:
    again = prepared({name: whole(exported[name])}, name, marks, signer)
    assert abs(again.size - exported[name].size) < 16
    assert whole(again).count(b"c2pa.signature") == whole(exported[name]).count(b"c2pa.signature")
    assert verify_credentials(whole(again), KINDS[name], documents.root_pem).state == "Trusted"


@pytest.mark.parametrize("kind", ["image/x-nikon-nef", "image/x-sony-arw", "image/x-fuji-raf", "image/x-canon-cr3"])
def test_raw_files_keep_their_bytes_and_get_both_files_beside_them(
    kind: str, marks: RightsMarks, signer: CredentialSigner, documents: _SignerOfTheTest
) -> None:
    raw = b"II*\0\x08\0\0\0\1\0\0\1\3\0\1\0\0\0\5\0\0\0\0\0\0\0" + bytes(range(256)) * 40
    definition = manifest_definition(marks, kind, "photos/1", "0.1.0")
    photo = prepare_photo(raw, kind, marks, definition, signer)
    assert whole(photo) == raw
    beside = dict(photo.sidecars)
    assert beside.keys() == {"xmp", "c2pa"}
    assert read_marks(beside["xmp"]) == dataclasses.replace(marks, training=TrainingMarks())
    assert verify_credentials(raw, kind, documents.root_pem, beside["c2pa"]).state == "Trusted"
    changed = raw[:-1] + b"x"
    assert verify_credentials(changed, kind, documents.root_pem, beside["c2pa"]).state == "Invalid"


@kinds
def test_where_nobody_knows_how_a_photo_was_made_nothing_is_claimed(
    dirty_photos: dict[str, bytes], name: str, marks: RightsMarks, signer: CredentialSigner, documents: _SignerOfTheTest
) -> None:
    unknown = dataclasses.replace(marks, source_type="")
    photo = whole(prepared(dirty_photos, name, unknown, signer))
    state = verify_credentials(photo, KINDS[name], documents.root_pem)
    assert (state.state, state.problems) == ("Trusted", ())
    assert state.manifest is not None
    actions = next(each["data"]["actions"] for each in state.manifest["assertions"] if "actions" in each["label"])
    assert [each["action"] for each in actions] == ["c2pa.opened", "c2pa.edited.metadata"]
    assert b"digitalsourcetype" not in photo and b"DigitalSourceType" not in photo


def test_heic_is_signed_beside_itself(
    marks: RightsMarks, signer: CredentialSigner, documents: _SignerOfTheTest
) -> None:
    def box(kind: bytes, data: bytes) -> bytes:
        return (8 + len(data)).to_bytes(4, "big") + kind + data

    heic = (
        box(b"ftyp", b"heic\0\0\0\0mif1heic")
        + box(b"meta", bytes(4) + box(b"hdlr", bytes(20)))
        + box(b"mdat", b"x" * 999)
    )
    for said in (marks, dataclasses.replace(marks, source_type="")):
        definition = manifest_definition(said, "image/heic", "photos/1.heic", "0.1.0")
        photo = prepare_photo(heic, "image/heic", said, definition, signer)
        assert whole(photo) == heic
        store = dict(photo.sidecars)["c2pa"]
        assert verify_credentials(heic, "image/heic", documents.root_pem, store).state == "Trusted"
    assert verify_credentials(heic[:-1] + b"y", "image/heic", documents.root_pem, store).state == "Invalid"


def test_without_the_native_functions_the_library_signs_the_whole_file(
    dirty_photos: dict[str, bytes],
    marks: RightsMarks,
    documents: _SignerOfTheTest,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(credentials, "_native_functions", lambda: None)
    slow = CredentialSigner(documents)
    assert not slow.signs_hashes
    for name in ("jpg", "png", "tif"):
        photo = prepared(dirty_photos, name, marks, slow)
        assert photo.sha256 == hashlib.sha256(whole(photo)).hexdigest()
        found = verify_credentials(whole(photo), KINDS[name], documents.root_pem)
        assert found.state == "Trusted"
        assert found.manifest is not None
        assert "thumbnail" not in found.manifest
    with pytest.raises(SafelightError):
        slow.sign_hash(manifest_definition(marks, "image/jpeg", "1", "0"), bytes(32), 0, 0)


def test_threads_may_share_a_signer(
    dirty_photos: dict[str, bytes], marks: RightsMarks, signer: CredentialSigner, documents: _SignerOfTheTest
) -> None:
    with ThreadPoolExecutor(4) as threads:
        photos = list(threads.map(lambda _: whole(prepared(dirty_photos, "png", marks, signer)), range(12)))
    assert {verify_credentials(each, "image/png", documents.root_pem).state for each in photos} == {"Trusted"}


class _Broken:
    chain_pem = b"no certificate"

    def sign(self, data: bytes, algorithm: Literal["PS256", "RS256"]) -> bytes:
        return b""


def test_a_signer_that_cannot_sign_is_an_error_for_people(dirty_photos: dict[str, bytes], marks: RightsMarks) -> None:
    with pytest.raises(Malformed) as found:
        prepared(dirty_photos, "jpg", marks, CredentialSigner(_Broken()))
    assert "could not be signed" in found.value.title
