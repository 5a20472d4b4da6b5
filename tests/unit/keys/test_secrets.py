"""What an organisation keeps survives sealing and roll-over, and names people differently to each recipient."""

from __future__ import annotations

import json
import pickle
import uuid
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from safelight.domain.errors import CannotOpen, Malformed
from safelight.domain.ids import RecipientId, Sha256, StudioId, SubjectId
from safelight.keys.certificates import verify_chain
from safelight.keys.master import MasterKey, new_master
from safelight.keys.secrets import (
    StudioSecrets,
    content_tag,
    decode_secrets,
    encode_secrets,
    load_secrets,
    load_studio_secrets,
    new_organisation_secrets,
    pseudonym,
    roll_over,
    save_secrets,
)
from safelight.keys.signing import verify_sshsig

ALICE, BOB = RecipientId("age1alice"), RecipientId("age1bob")
ANNA, BERT = SubjectId("anna"), SubjectId("bert")


def test_they_come_back_from_their_seal(
    secrets: StudioSecrets, master: MasterKey, studio: StudioId, tmp_path: Path
) -> None:
    path = tmp_path / "studio.sealed"
    save_secrets(path, master, studio, secrets)
    assert load_studio_secrets(path, master, studio) == secrets
    sealed = path.read_bytes()
    for part in (secrets.ed25519_seed, secrets.root, b"PRIVATE KEY", b"AGE-SECRET", b"seed"):
        assert part not in sealed
    with pytest.raises(Malformed):
        load_secrets(path, new_master(), studio)
    with pytest.raises(Malformed):
        load_secrets(path, master, StudioId("other"))
    path.write_bytes(sealed[:-1])
    with pytest.raises(Malformed):
        load_secrets(path, master, studio)
    with pytest.raises(CannotOpen):
        load_secrets(tmp_path / "none", master, studio)


def test_an_agency_keeps_less(master: MasterKey, studio: StudioId, tmp_path: Path) -> None:
    agency = new_organisation_secrets()
    save_secrets(tmp_path / "a", master, studio, agency)
    assert load_secrets(tmp_path / "a", master, studio) == agency
    assert agency.age().recipient.startswith("age1") and agency.age().exposed_secret == agency.age_identity
    with pytest.raises(Malformed, match="not a studio's"):
        load_studio_secrets(tmp_path / "a", master, studio)


def test_fresh_secrets_share_nothing(secrets: StudioSecrets) -> None:
    one, two = new_organisation_secrets(), new_organisation_secrets()
    parts = [part for each in (one, two, secrets) for part in (each.ed25519_seed, each.root, each.age_identity)]
    assert len(set(parts)) == 9 and bytes(32) not in parts


def test_they_show_nothing(secrets: StudioSecrets) -> None:
    shown = f"{secrets!r} {roll_over_of(secrets)!r}"
    for part in ("PRIVATE", "AGE-SECRET", secrets.ed25519_seed.hex(), repr(secrets.root)[2:-1]):
        assert part not in shown
    with pytest.raises(TypeError):
        pickle.dumps(secrets)


def roll_over_of(secrets: StudioSecrets) -> object:
    from datetime import UTC

    return roll_over(secrets, datetime(2030, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize(
    "name", ["format", "ed25519_seed", "root", "generation", "age_identity", "previous_public_keys"]
)
def test_a_missing_part_is_said(name: str, secrets: StudioSecrets) -> None:
    document = json.loads(encode_secrets(secrets))
    del document[name]
    with pytest.raises(Malformed):
        decode_secrets(json.dumps(document).encode())


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"null", b'{"format":"safelight-secrets/2"}', b"\xff"])
def test_other_content_is_said(data: bytes) -> None:
    with pytest.raises(Malformed):
        decode_secrets(data)


def test_a_roll_over_is_vouched_for_by_the_old_key(secrets: StudioSecrets, now: datetime) -> None:
    later = now + timedelta(days=400)
    rolled = roll_over(secrets, later)
    new, card = rolled.secrets, b'{"card":"new"}'
    old_public = secrets.signing_key().public_ssh
    verify_sshsig(old_public, card, rolled.countersign(card), "safelight-card")
    assert rolled.previous_public_ssh == old_public != new.signing_key().public_ssh
    assert new.previous_public_keys == (old_public,) and new.generation == 2
    assert (new.root, new.age_identity) == (secrets.root, secrets.age_identity)
    assert new.certificates.leaf_key_pem != secrets.certificates.leaf_key_pem
    verify_chain(new.certificates.leaf_certificate_pem, secrets.certificates.ca_certificate_pem, later)
    again = roll_over(new, later)
    assert again.secrets.previous_public_keys == (old_public, new.signing_key().public_ssh)
    assert decode_secrets(encode_secrets(again.secrets)) == again.secrets


def test_pseudonyms_are_stable_apart_and_random_looking(secrets: StudioSecrets) -> None:
    name = pseudonym(secrets, ALICE, ANNA)
    assert name == pseudonym(secrets, ALICE, ANNA)
    assert (
        len({name, pseudonym(secrets, ALICE, BERT), pseudonym(secrets, BOB, ANNA), pseudonym(secrets, BOB, BERT)}) == 4
    )
    assert name != pseudonym(new_organisation_secrets(), ALICE, ANNA)
    assert name.startswith("urn:uuid:")
    parsed = uuid.UUID(name.removeprefix("urn:uuid:"))
    assert parsed.version == 4 and parsed.variant == uuid.RFC_4122


@given(st.text(max_size=5), st.text(max_size=5), st.text(max_size=5), st.text(max_size=5))
def test_no_two_pairs_share_a_pseudonym(a: str, b: str, c: str, d: str) -> None:
    source = MasterKey(bytes(32))
    first = pseudonym(source, RecipientId(a), SubjectId(b))
    assert (first == pseudonym(source, RecipientId(c), SubjectId(d))) == ((a, b) == (c, d))


def test_content_tags_tell_equality_and_nothing_else(secrets: StudioSecrets) -> None:
    content = Sha256("ab" * 32)
    assert content_tag(secrets, content) == content_tag(secrets, content) != content
    assert content_tag(secrets, Sha256("ac" * 32)) != content_tag(secrets, content)
    assert content_tag(new_organisation_secrets(), content) != content_tag(secrets, content)
    assert len(content_tag(secrets, content)) == 64
