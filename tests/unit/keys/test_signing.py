"""Signatures are those of OpenSSH, in both directions, and every other key, purpose or byte is refused by name."""

from __future__ import annotations

import base64
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from safelight.domain.errors import Malformed, Refused
from safelight.keys import signing
from safelight.keys.framing import framed
from safelight.keys.signing import (
    SigningKey,
    allowed_signers_line,
    fingerprint_words,
    sign_once,
    ssh_fingerprint,
    verify_sshsig,
)
from support.alive import alive

from .conftest import Run

KEY, OTHER = SigningKey(b"1" * 32), SigningKey(b"2" * 32)
BEGIN, END = "-----BEGIN SSH SIGNATURE-----\n", "-----END SSH SIGNATURE-----\n"


def test_stock_ssh_keygen_agrees(run: Run, tmp_path: Path) -> None:
    message = "Zürich\n".encode() * 1000
    signature, signers = tmp_path / "m.sig", tmp_path / "allowed_signers"
    signature.write_text(KEY.sign(message, "safelight-bundle"))
    signers.write_text(allowed_signers_line("studio@example", KEY.public_ssh, ("safelight-bundle", "safelight-card")))

    def verify(message: bytes, principal: str, namespace: str) -> bool:
        command = ["ssh-keygen", "-Y", "verify", "-f", signers, "-I", principal, "-n", namespace, "-s", signature]
        return run(command, stdin=message, code=None).returncode == 0

    assert verify(message, "studio@example", "safelight-bundle")
    assert not verify(message + b"x", "studio@example", "safelight-bundle")
    assert not verify(message, "agency@example", "safelight-bundle")
    assert not verify(message, "studio@example", "safelight-card")
    signers.write_text(allowed_signers_line("studio@example", KEY.public_ssh, ("safelight-card",)))
    assert not verify(message, "studio@example", "safelight-bundle")
    signers.write_text(allowed_signers_line("studio@example", OTHER.public_ssh, ("safelight-bundle",)))
    assert not verify(message, "studio@example", "safelight-bundle")


def test_we_agree_with_stock_ssh_keygen(run: Run, tmp_path: Path) -> None:
    run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "a comment", "-f", tmp_path / "key"])
    public = (tmp_path / "key.pub").read_text()
    message = b"hello"
    for option in ("hashalg=sha512", "hashalg=sha256"):
        done = run(["ssh-keygen", "-Y", "sign", "-O", option, "-f", tmp_path / "key", "-n", "safelight-ack"], message)
        verify_sshsig(public, message, done.stdout.decode(), "safelight-ack")
        with pytest.raises(Refused, match="changed after"):
            verify_sshsig(public, message + b"!", done.stdout.decode(), "safelight-ack")
    shown = run(["ssh-keygen", "-l", "-f", tmp_path / "key.pub"]).stdout.decode().split()[1]
    assert shown == ssh_fingerprint(public)


def test_another_kind_of_key_is_refused(run: Run, tmp_path: Path) -> None:
    run(["ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", tmp_path / "key"])
    signature = run(["ssh-keygen", "-Y", "sign", "-f", tmp_path / "key", "-n", "safelight-ack"], b"x").stdout.decode()
    with pytest.raises(Malformed, match="not an ssh-ed25519 public key"):
        ssh_fingerprint((tmp_path / "key.pub").read_text())
    with pytest.raises(Malformed, match="not Ed25519"):
        verify_sshsig(KEY.public_ssh, b"x", signature, "safelight-ack")


def test_each_refusal_names_its_reason() -> None:
    signature = KEY.sign(b"m", "safelight-card")
    verify_sshsig(KEY.public_ssh + " with a comment\n", b"m", signature, "safelight-card")
    verify_sshsig(KEY.public_ssh, b"m", signature.replace("\n", "\r\n"), "safelight-card")
    with pytest.raises(Refused, match="another key") as caught:
        verify_sshsig(OTHER.public_ssh, b"m", signature, "safelight-card")
    assert ssh_fingerprint(KEY.public_ssh) in caught.value.title
    with pytest.raises(Refused, match="another purpose"):
        verify_sshsig(KEY.public_ssh, b"m", signature, "safelight-bundle")
    with pytest.raises(Refused, match="changed after"):
        verify_sshsig(KEY.public_ssh, b"M", signature, "safelight-card")


@settings(max_examples=100)
@given(st.data())
def test_no_changed_signature_passes(data: st.DataObject) -> None:
    good = KEY.sign(b"m", "safelight-card")
    place = data.draw(st.integers(0, len(good) - 1))
    letter = data.draw(st.characters(codec="utf-8").filter(lambda c: c != good[place]))
    operation = data.draw(st.sampled_from(["replace", "insert", "cut"]))
    changed = {
        "replace": good[:place] + letter + good[place + 1 :],
        "insert": good[:place] + letter + good[place:],
        "cut": good[:place],
    }[operation]
    if changed.replace("\r\n", "\n").replace("\n", "") == good.replace("\n", ""):
        return  # only the line breaks inside the Base64 differ, or the last one
    with pytest.raises((Refused, Malformed)):
        verify_sshsig(KEY.public_ssh, b"m", changed, "safelight-card")


def armored(body: bytes) -> str:
    return BEGIN + base64.b64encode(body).decode() + "\n" + END


def test_base64_has_one_spelling() -> None:
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    good = KEY.sign(b"m", "safelight-card")
    place = good.index("==") - 1
    other = good[:place] + alphabet[alphabet.index(good[place]) + 1] + good[place + 1 :]
    decoded = [base64.b64decode("".join(each.splitlines()[1:-1])) for each in (good, other)]
    assert decoded[0] == decoded[1]
    with pytest.raises(Malformed, match="only permitted"):
        verify_sshsig(KEY.public_ssh, b"m", other, "safelight-card")


def test_every_bit_of_the_signature_counts() -> None:
    body = base64.b64decode("".join(KEY.sign(b"m", "safelight-card").splitlines()[1:-1]))
    verify_sshsig(KEY.public_ssh, b"m", armored(body), "safelight-card")
    for bit in range(len(body) * 8):
        changed = bytearray(body)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises((Refused, Malformed)):
            verify_sshsig(KEY.public_ssh, b"m", armored(bytes(changed)), "safelight-card")


def test_hand_made_hostile_envelopes() -> None:
    body = base64.b64decode("".join(KEY.sign(b"m", "safelight-card").splitlines()[1:-1]))
    public = framed(b"ssh-ed25519", base64.b64decode(KEY.public_ssh.split()[1])[-32:])
    head = b"SSHSIG" + (1).to_bytes(4, "big")
    signature = body[-83:]  # the wrapped signature field's content
    assert body == head + framed(public, b"safelight-card", b"", b"sha512", signature)
    hostile = [
        body + b"\0",
        body[:-1],
        b"",
        head,
        b"SSHSIG" + (2).to_bytes(4, "big") + body[10:],
        b"sshsig" + body[6:],
        head + framed(public, b"safelight-card", b"x", b"sha512", signature),
        head + framed(public, b"", b"", b"sha512", signature),
        head + framed(public, b"safelight-card", b"", b"sha1", signature),
        head + framed(public, b"safelight-card", b"", b"md5", signature),
        head + framed(public + b"\0", b"safelight-card", b"", b"sha512", signature),
        head + framed(framed(b"ssh-rsa", bytes(32)), b"safelight-card", b"", b"sha512", signature),
        head + framed(public, b"safelight-card", b"", b"sha512", signature + b"\0"),
        head + framed(public, b"safelight-card", b"", b"sha512", framed(b"ssh-ed448", bytes(64))),
        head + framed(public, b"safelight-card", b"", b"sha512", framed(b"ssh-ed25519", bytes(63))),
        head + (2**32 - 1).to_bytes(4, "big"),
    ]
    for each in hostile:
        with pytest.raises(Malformed):
            verify_sshsig(KEY.public_ssh, b"m", armored(each), "safelight-card")
    good = KEY.sign(b"m", "safelight-card")
    for text in ("", "x", BEGIN + END, BEGIN, "x" + good, good + "x", good + good, " " + good, good * 40, "\ud800"):
        with pytest.raises(Malformed):
            verify_sshsig(KEY.public_ssh, b"m", text, "safelight-card")
    with pytest.raises(Refused):  # the hash is part of what is signed
        other_hash = head + framed(public, b"safelight-card", b"", b"sha256", signature)
        verify_sshsig(KEY.public_ssh, b"m", armored(other_hash), "safelight-card")
    name = "\x1b[31m\u202e".encode()
    foreign = armored(head + framed(public, name, b"", b"sha512", signature))
    with pytest.raises(Refused) as caught:  # a namespace from outside is shown harmless
        verify_sshsig(KEY.public_ssh, b"m", foreign, "safelight-card")
    assert caught.value.title.isprintable()


P, D = 2**255 - 19, -121665 * pow(121666, -1, 2**255 - 19)


def doubled(point: tuple[int, int]) -> tuple[int, int]:
    x, y = point
    cross, product = x * x * y * y * D, x * y
    return 2 * product * pow(1 + cross, -1, P) % P, (y * y + x * x) * pow(1 - cross, -1, P) % P


def root(square: int) -> int:
    candidate = pow(square, (P + 3) // 8, P)
    found = candidate if candidate * candidate % P == square % P else candidate * pow(2, (P - 1) // 4, P) % P
    assert found * found % P == square % P
    return found


def test_keys_of_small_order_are_no_keys() -> None:
    # The y in the list are exactly those whose points vanish when doubled three times; there are five.
    assert len(signing._SMALL_ORDER) == 5
    for y in signing._SMALL_ORDER:
        x = root((y * y - 1) * pow(D * y * y + 1, -1, P) % P)
        assert doubled(doubled(doubled((x, y)))) == (0, 1)
    numbers = [*signing._SMALL_ORDER, P, P + 1, 2**255 - 1]
    for raw in [number + (sign << 255) for number in numbers for sign in (0, 1)]:
        blob = framed(b"ssh-ed25519", raw.to_bytes(32, "little"))
        with pytest.raises(Malformed):
            ssh_fingerprint("ssh-ed25519 " + base64.b64encode(blob).decode())


@pytest.mark.parametrize(
    "line",
    ["", "ssh-ed25519", "ssh-ed25519 ", "ssh-ed25519 AAAA", "ssh-ed25519 ????", "ssh-rsa AAAA", KEY.public_ssh[:-2],
     KEY.public_ssh.replace(" ", "  "), KEY.public_ssh + "AAAA", "x" + KEY.public_ssh, 'command="x" ' + KEY.public_ssh],
)  # fmt: skip
def test_lines_that_are_no_key(line: str) -> None:
    with pytest.raises(Malformed):
        ssh_fingerprint(line)


def test_words_to_compare() -> None:
    words = fingerprint_words(KEY.public_ssh)
    # Pinned: people wrote these down.
    assert words == ("alto", "amuse", "clay", "prospect", "spill", "brother")
    assert fingerprint_words(KEY.public_ssh + " comment") == words
    assert fingerprint_words(OTHER.public_ssh) != words
    assert len(words) == 6


@pytest.mark.parametrize("name", ["", "a b", "a,b", 'a"', "a\n", "*", "!a", "a#", "a\u202e"])
def test_a_principal_cannot_add_to_its_line(name: str) -> None:
    with pytest.raises(Malformed):
        allowed_signers_line(name, KEY.public_ssh, ("safelight-card",))


def test_one_time_keys_are_used_once_and_gone() -> None:
    one, two = sign_once(b"statement"), sign_once(b"statement")
    verify_sshsig(one.public_ssh, b"statement", one.signature, "safelight-receipt")
    assert one.fingerprint == ssh_fingerprint(one.public_ssh)
    assert one.public_ssh != two.public_ssh
    with pytest.raises(Refused):
        verify_sshsig(one.public_ssh, b"Statement", one.signature, "safelight-receipt")
    with alive() as things:
        kept = [each for each in things if isinstance(each, SigningKey)]
    assert all(each.public_ssh not in (one.public_ssh, two.public_ssh) for each in kept)


def test_a_signing_key_shows_only_its_public_half() -> None:
    assert ssh_fingerprint(KEY.public_ssh) in repr(KEY) and "1111" not in repr(KEY)
    with pytest.raises(TypeError):
        pickle.dumps(KEY)
