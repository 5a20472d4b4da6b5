"""Makes bundles that must be refused, each wrong in one way; none of the packing code is the program's own.

``make_all(folder)`` is for tests. For whoever wants to try another reader on them, run from the checkout:
``PYTHONPATH=app:tests python -m support.hostile_bundles FOLDER JPEG``.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyrage

from safelight.documents.record import statement_of
from support import bundle_parts as parts

Files = list[tuple[str, bytes]]


def header(raw_name: bytes, length: int, /, **other: bytes) -> bytes:
    """A tar header; every field can be given as the bytes that stand in it."""
    fields = {
        "name": raw_name.ljust(100, b"\0")[:100],
        "mode": b"0000644\0",
        "uid": b"0000000\0",
        "gid": b"0000000\0",
        "size": b"%011o\0" % length,
        "mtime": b"%011o\0" % MTIME,
        "checksum": b"        ",
        "type": b"0",
        "link": bytes(100),
        "magic": b"ustar\x0000",
        "owner": bytes(64),
        "device": b"0000000\x000000000\x00",
        "prefix": bytes(155),
        "rest": bytes(12),
    }
    sizes = {key: len(value) for key, value in fields.items()}
    checksum = other.pop("checksum", None)
    fields |= {key: value.ljust(sizes[key], b"\0") for key, value in other.items()}
    block = b"".join(fields.values())
    assert len(block) == 512
    return block[:148] + (checksum or b"%06o\0 " % sum(block)) + block[156:]


MTIME = 0
END = bytes(1024)


def member(name: str | bytes, data: bytes, /, **other: bytes) -> bytes:
    """A header, the content and its padding."""
    raw = name if isinstance(name, bytes) else name.encode()
    return header(raw, len(data), **other) + data + bytes(-len(data) % 512)


def packed(files: Files) -> bytes:
    """A proper archive of ``files``."""
    return b"".join(member(name, data) for name, data in files) + END


def unpacked(archive: bytes) -> Files:
    """The files of a proper archive."""
    files, at = [], 0
    while archive[at] != 0:
        name, size = archive[at : at + 100].rstrip(b"\0").decode(), int(archive[at + 124 : at + 135], 8)
        files.append((name, archive[at + 512 : at + 512 + size]))
        at += 512 + size + (-size % 512)
    return files


class Corpus:
    """Everything the cases are made from: an honest bundle, the keys it was made with, and somebody else's."""

    def __init__(self, honest: bytes) -> None:
        global MTIME
        self.honest = honest
        self.recipient = pyrage.x25519.Identity.from_str(parts.IDENTITY).to_public()
        self.archive = pyrage.decrypt(honest, [pyrage.x25519.Identity.from_str(parts.IDENTITY)])
        MTIME = int(self.archive[136:147], 8)
        self.files = unpacked(self.archive)
        assert packed(self.files) == self.archive
        self.by_name = dict(self.files)
        self.photo = next(name for name, _ in self.files if name.startswith("photos/"))
        self.record = next(name for name, _ in self.files if name.startswith("records/"))

    def encrypted(self, archive: bytes) -> bytes:
        return pyrage.encrypt(archive, [self.recipient])

    def without(self, *names: str) -> Files:
        return [each for each in self.files if each[0] not in names]

    def replaced(self, name: str, data: bytes) -> Files:
        return [(each, data if each == name else old) for each, old in self.files]

    def signed_anew(
        self, files: Files, change: Callable[[dict[str, Any]], object] = lambda _: None, manifest: bytes | None = None,
        signer: Any = None, namespace: Any = "safelight-bundle", list_anew: bool = True,
    ) -> Files:  # fmt: skip
        """What a studio that means harm can make: manifest, signature and sums all fit ``files``."""
        contents = dict(files)
        raw = json.loads(contents["manifest.json"])
        if list_anew:
            for each in raw["members"]:
                data = contents.get(each["path"], b"")
                each.update(size=len(data), sha256=hashlib.sha256(data).hexdigest())
        change(raw)
        text = manifest or json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
        signature = (signer or parts.SIGNER).sign(text, namespace).encode()
        lines = [(hashlib.sha256(text).hexdigest(), "manifest.json")]
        lines += [(hashlib.sha256(signature).hexdigest(), "manifest.json.sig")]
        lines += [(each["sha256"], each["path"]) for each in raw["members"]]
        sums = "".join(f"{digest}  {path}\n" for digest, path in lines).encode()
        new = {"manifest.json": text, "manifest.json.sig": signature, "SHA256SUMS": sums}
        return [(name, new.get(name, data)) for name, data in files]


def cases(corpus: Corpus) -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of every hostile file."""
    yield from _age_cases(corpus)
    for name, archive in _tar_cases(corpus):
        yield f"tar-{name}", corpus.encrypted(archive)
    for name, files in _content_cases(corpus):
        yield f"content-{name}", corpus.encrypted(packed(files))


def _age_cases(corpus: Corpus) -> Iterator[tuple[str, bytes]]:
    honest = corpus.honest
    start = honest.index(b"\n", honest.index(b"\n--- ") + 1) + 1
    head, nonce, body = honest[:start], honest[start : start + 16], honest[start + 16 :]
    chunk = 65536 + 16
    chunks = [body[at : at + chunk] for at in range(0, len(body), chunk)]
    assert len(chunks) >= 3
    mac = head.index(b"--- ")
    stanza = head[head.index(b"-> ") : mac]
    other = pyrage.x25519.Identity.from_str(parts.OTHER_IDENTITY).to_public()
    yield "age-empty", b""
    yield "age-text", b"Dear agency,\n"
    yield "age-a-tar", corpus.archive
    yield "age-armored", pyrage.encrypt(corpus.archive, [corpus.recipient], armored=True)
    yield "age-for-somebody-else", pyrage.encrypt(corpus.archive, [other])
    yield "age-version-2", honest.replace(b"/v1\n", b"/v2\n", 1)
    yield "age-cut-in-the-header", honest[: start // 2]
    yield "age-cut-behind-the-header", head
    yield "age-cut-in-the-nonce", head + nonce[:8]
    yield "age-cut-in-a-chunk", honest[:-1000]
    yield "age-cut-between-chunks", head + nonce + b"".join(chunks[:-1])
    yield "age-cut-by-one", honest[:-1]
    yield "age-one-more", honest + b"\0"
    yield "age-twice", honest + honest
    yield "age-chunks-swapped", head + nonce + b"".join([chunks[1], chunks[0], *chunks[2:]])
    yield "age-chunk-dropped", head + nonce + b"".join([chunks[0], *chunks[2:]])
    yield "age-chunk-twice", head + nonce + b"".join([chunks[0], chunks[0], *chunks[1:]])
    yield "age-mac-changed", head[: mac + 5] + bytes([head[mac + 5] ^ 1]) + honest[mac + 6 :]
    yield "age-nonce-changed", head + bytes([nonce[0] ^ 1]) + nonce[1:] + body
    yield "age-body-changed", honest[:-500] + bytes([honest[-500] ^ 1]) + honest[-499:]
    yield "age-10000-stanzas", head.replace(stanza, stanza * 10_000) + nonce + body
    yield "age-65-stanzas", head.replace(stanza, stanza * 65) + nonce + body
    yield "age-long-line", b"age-encryption.org/v1\n-> X25519 " + b"A" * 200_000 + b"\n" + honest[mac:]
    scrypt = b"age-encryption.org/v1\n-> scrypt gdRzW0fKRVYs8YMiWeLCmQ %d\n" + b"A" * 43 + b"\n--- " + b"A" * 43 + b"\n"
    yield "age-scrypt-22", scrypt % 22 + nonce + body
    yield "age-scrypt-23", scrypt % 23 + nonce + body


def _tar_cases(corpus: Corpus) -> Iterator[tuple[str, bytes]]:
    archive, files = corpus.archive, corpus.files
    body = archive[:-1024]
    first = member(*files[0])
    rest = archive[len(first) :]

    def in_front(**other: Any) -> bytes:
        """The archive with one more thing before everything."""
        name, data = other.pop("name", "photos/x.jpg"), other.pop("data", b"")
        return member(name, data, **other) + archive

    def changed(**other: bytes) -> bytes:
        """The archive with other things said in the header of its first file, the manifest."""
        return member(*files[0], **other) + rest

    for title, name in {
        "up": "../x", "up-inside": "photos/../../x", "absolute": "/etc/passwd", "here": "./manifest.json",
        "empty-step": "photos//x.jpg", "slash-at-end": "photos/", "empty": "", "backslash": "..\\x", "drive": "c:x",
        "newline": "photos/a\nb.jpg", "bidi": "photos/\u202egpj.exe", "nfc": "photos/\u00e9.jpg",
        "nfd": "photos/e\u0301.jpg", "device": "CON", "device-file": "photos/NUL.jpg", "capital": "Photos/a.jpg",
        "dash": "-rf", "dot": ".bashrc", "space": "photos/a .jpg", "home": "~/x", "zero-inside": "photos/a\0b",
    }.items():  # fmt: skip
        yield f"name-{title}", in_front(name=name)
    for kind in b"1234567KLSVMNgxZ\0":
        yield f"type-{kind:02x}", changed(type=bytes([kind]), link=b"/etc/passwd")
    yield "link-then-file", member("photos", b"", type=b"2", link=b"/tmp") + member("photos/x", b"x") + archive
    yield "pax-path", member("pax", b"20 path=../../evil\n", type=b"x") + archive
    yield "pax-size", member("pax", b"12 size=999\n", type=b"x") + archive
    yield "pax-sparse", member("pax", b"30 GNU.sparse.map=1" + b",1" * 100_000, type=b"x") + archive
    yield "pax-200-mb", header(b"pax", 200_000_000, type=b"x") + archive
    yield "pax-global", member("pax", b"11 uid=100\n", type=b"g") + archive
    yield "gnu-long-name", member("././@LongLink", b"photos/" + b"a" * 6000, type=b"L") + archive
    yield "setuid", changed(mode=b"0004755\0")
    yield "executable", changed(mode=b"0000755\0")
    yield "owner-number", changed(uid=b"0001750\0")
    yield "owner-name", changed(owner=b"root")
    yield "link-on-a-file", changed(link=b"/etc/passwd")
    yield "prefix", changed(prefix=b"../..")
    yield "old-magic", changed(magic=b"ustar  \0")
    yield "no-magic", changed(magic=b"")
    yield "behind-the-fields", changed(rest=b"x")
    yield "size-negative", changed(size=b"\xff" * 12)
    yield "size-base-256", changed(size=b"\x80" + bytes(10) + b"\1")
    yield "size-8-gib", changed(size=b"77777777777\0")
    yield "size-with-spaces", changed(size=b"         0 \0")
    yield "size-signed", changed(size=b"-0000000001\0")
    yield "size-decimal", changed(size=b"00000000009\0")
    yield "size-python", changed(size=b"0000000_000\0")
    yield "size-too-small", header(b"manifest.json", len(files[0][1]) - 600) + archive[512:]
    yield "time-base-256", changed(mtime=b"\x80" + bytes(10) + b"\1")
    yield "another-time", member(*files[0]) + member(*files[1], mtime=b"%011o\0" % (MTIME + 1)) + packed(files[2:])
    yield "all-another-time", b"".join(member(*each, mtime=b"%011o\0" % 1) for each in files) + END
    yield "checksum", changed(checksum=b"000000\0 ")
    yield "checksum-form", first[:148] + b"0" + first[148:155] + first[156:] + rest
    yield "padding", first[:-1] + b"x" + rest if first[-1] == 0 else first + rest[1:]
    yield "trailing-data", archive + b"x"
    yield "trailing-block", archive + bytes(512)
    yield "trailing-archive", archive + archive
    yield "no-end", body
    yield "half-an-end", body + bytes(512)
    yield "end-then-file", body + bytes(512) + member("photos/x.jpg", b"") + END
    yield "end-in-the-middle", first + END + rest
    yield "empty", b""
    yield "only-end", END
    yield "cut-in-a-header", archive[:300]
    yield "cut-in-a-file", archive[: len(archive) // 2]
    yield "cut-in-padding", body[:-1]
    yield "noise", hashlib.shake_256(b"noise").digest(100_000)
    yield "no-tar", b"PK\3\4" + bytes(2000)
    yield "twice-manifest", first + archive
    yield "twice-photo", body + member(corpus.photo, b"") + END
    yield "twice-by-case", body + member("readme.txt", b"") + END
    yield "file-as-folder", body + member(corpus.photo + "/x", b"") + END
    yield "folder-as-file", body + member("photos", b"") + END
    yield "25000-empty", first + b"".join(member(f"photos/{n:06}.jpg", b"") for n in range(25_000)) + END
    yield "manifest-not-first", packed([files[1], files[0], *files[2:]])
    yield "manifest-too-large", header(b"manifest.json", 5 * 1024 * 1024) + bytes(5 * 1024 * 1024) + END
    yield "signature-too-large", first + member("manifest.json.sig", b"x" * 5000) + END
    yield "photo-too-large", header(b"manifest.json", 600 * 1024 * 1024) + END
    for name in ("manifest.json", "manifest.json.sig", "SHA256SUMS", "README.txt", "status/list.json.sig",
                 corpus.record, corpus.record + ".sig", corpus.photo):  # fmt: skip
        yield f"without-{name.replace('/', '-')}", packed(corpus.without(name))
    yield "one-more", packed([*files, ("photos/more.jpg", b"x")])
    yield "one-more-inside", packed([*files[:4], ("notices/more.txt", b"x"), *files[4:]])
    yield "order", packed([*files[:-2], files[-1], files[-2]])
    yield "renamed", packed([(name.replace(".jpg", ".png"), data) for name, data in files])
    yield "swapped", packed([*files[:-2], (files[-2][0], files[-1][1]), (files[-1][0], files[-2][1])])
    yield "emptied", packed(corpus.replaced(corpus.photo, b""))


def _content_cases(corpus: Corpus) -> Iterator[tuple[str, Files]]:
    files, anew = corpus.files, corpus.signed_anew
    plain = corpus.by_name["manifest.json"]

    def manifest(data: bytes) -> Files:
        return anew(files, manifest=data)

    yield "foreign-signature", anew(files, signer=parts.OTHER_SIGNER)
    yield "signature-for-a-record", anew(files, namespace="safelight-record")
    yield "signature-empty", corpus.replaced("manifest.json.sig", b"")
    yield "signature-bytes", corpus.replaced("manifest.json.sig", b"\xff\xfe" * 40)
    yield "signature-of-before", corpus.replaced("manifest.json", plain.replace(b'"sequence":1', b'"sequence":2'))
    yield "sums", corpus.replaced("SHA256SUMS", corpus.by_name["SHA256SUMS"].upper())
    yield "sums-one-less", corpus.replaced("SHA256SUMS", corpus.by_name["SHA256SUMS"].split(b"\n", 1)[1])
    yield "no-json", manifest(b"{")
    yield "json-text", manifest(b'"safelight-bundle/1"')
    yield "json-deep", manifest(b"[" * 100_000 + b"]" * 100_000)
    yield "json-key-twice", manifest(plain[:-1] + b',"format":"safelight-bundle/1"}')
    yield "json-nan", manifest(plain.replace(b'"sequence":1', b'"sequence":NaN'))
    yield "json-infinite", manifest(plain.replace(b'"sequence":1', b'"sequence":1e999'))
    yield "json-5000-digits", manifest(plain.replace(b'"sequence":1', b'"sequence":' + b"9" * 5000))
    yield "json-surrogate", manifest(plain.replace(b"Northwind", b"\\ud800"))
    yield "json-bom", manifest(b"\xef\xbb\xbf" + plain)
    yield "json-utf-16", manifest(plain.decode().encode("utf-16"))
    yield "json-spaces", manifest(plain + b" ")
    yield "json-2-million-keys", manifest(b"{" + b",".join(b'"%d":0' % n for n in range(300_000)) + b"}")
    yield "surplus-key", anew(files, lambda m: m.update(virus=1))
    yield "name-with-bidi", anew(files, lambda m: m["recipient"].update(name="\u202egpj"))
    yield "path-up", anew(files, lambda m: m["members"][0].update(path="../../x"))
    yield "photo-unlisted", anew(files, lambda m: m["photos"].pop())
    yield "photo-listed-twice", anew(files, lambda m: m["photos"].append(m["photos"][0]))
    yield "record-of-nobody", anew(files, lambda m: m["photos"][0].update(records=[m["id"]]))
    yield "another-picture", anew(files, lambda m: m["photos"][0].update(image_sha256="00" * 32))
    yield "another-kind", anew(files, lambda m: m["photos"][0].update(image_hash_kind="png-chunks"))
    yield "photo-torn", anew(corpus.replaced(corpus.photo, corpus.by_name[corpus.photo][:5000]))
    yield "photo-no-picture", anew(corpus.replaced(corpus.photo, b"MZ" + bytes(500)))
    yield "use-not-asked-for", anew(files, lambda m: m.update(uses=["use.stock"]))
    yield "fingerprint", anew(files, lambda m: m["recipient"].update(fingerprint=m["studio"]["fingerprint"]))
    yield "time", anew(files, lambda m: m.update(created_at="2026-05-01T10:14:33Z"))
    yield "format-2", anew(files, lambda m: m.update(format="safelight-bundle/2"))
    yield "hash-wrong", anew(files, lambda m: m["members"][-1].update(sha256="00" * 32))
    yield "size-wrong", anew(files, lambda m: m["members"][-1].update(size=m["members"][-1]["size"] + 1))
    yield "receipts-without-names", anew(
        [*files[:-3], ("receipts/x.pdf", b"%PDF"), *files[-3:]],
        lambda m: m["members"].insert(
            -3, {"path": "receipts/x.pdf", "size": 4, "sha256": hashlib.sha256(b"%PDF").hexdigest(),
                 "media_type": "application/pdf", "role": "receipt"},
        ),
    )  # fmt: skip
    record = corpus.by_name[corpus.record]
    for title, data in {
        "changed": record.replace(b"EEA", b"XEA", 1), "empty": b"", "no-json": b"{}", "foreign-context":
        record.replace(b'"@context":', b'"@context":"https://example.org/","x":', 1),
        "yes-for-no": record.replace(b'"given"', b'"renewed"', 1),
        "later": record.replace(b"2027-05-01", b"2037-05-01"),
    }.items():  # fmt: skip
        yield f"record-{title}", anew(corpus.replaced(corpus.record, data))
    signature = corpus.record + ".sig"
    message = b"something else"
    yield (
        "record-signature-foreign",
        anew(corpus.replaced(signature, parts.OTHER_SIGNER.sign(message, "safelight-record").encode())),
    )
    yield (
        "record-signature-of-other",
        anew(corpus.replaced(signature, parts.SIGNER.sign(message, "safelight-record").encode())),
    )
    subject = corpus.record + ".subject.sig"
    for title, signed in {
        "foreign": parts.OTHER_SIGNER.sign(message, "safelight-receipt"),
        "purpose": parts.OTHER_SIGNER.sign(statement_of(json.loads(record)), "safelight-record"),
        "empty": "",
    }.items():
        yield f"subject-signature-{title}", anew(corpus.replaced(subject, signed.encode()))
    status = corpus.by_name["status/list.json"]
    yield "status-unsigned", anew(corpus.replaced("status/list.json", status.replace(b"2026", b"2036")))
    yield "status-empty", anew(corpus.replaced("status/list.json", b""))
    policy = next(name for name in corpus.by_name if name.startswith("policies/"))
    other = [name for name in corpus.by_name if name.startswith("policies/")][1]
    yield "policy-of-another-photo", anew(corpus.replaced(policy, corpus.by_name[other]))
    yield "policy-empty", anew(corpus.replaced(policy, b"{}"))
    notice = next(name for name in corpus.by_name if name.startswith("notices/"))
    yield "notice-changed", anew(corpus.replaced(notice, b"You agreed to everything."))


def make_all(folder: Path, picture: bytes) -> list[Path]:
    """Write every hostile file into ``folder``; ``picture`` is a JPEG."""
    honest = parts.write(folder / "honest.age", parts.distinct(picture, 3)).path
    made = []
    for name, data in cases(Corpus(honest.read_bytes())):
        made.append(folder / f"{name}.age")
        made[-1].write_bytes(data)
    return made


if __name__ == "__main__":
    print(len(make_all(Path(sys.argv[1]), Path(sys.argv[2]).read_bytes())), "hostile files")
