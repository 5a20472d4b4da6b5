"""A second reader of bundles and notices, written from ``resources/formats.md`` alone; of ours it uses the rules only.

``second_reader.py KEY ALLOWED_SIGNERS STUDIO_ID FILE... < QUESTIONS`` wants age, ssh-keygen and the standard library.
The files are bundles and notices as a published folder has them, in any order. Questions are JSON lines ``{"photo",
"use", "place", "day"}``; for each comes a line ``{"allowed", "why", "until", "seen"}``, the last for a yes: what each
bundle that says yes states of the photo and the signings.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

RULES = Path(__file__).parents[2] / "resources" / "rules"
EEA = json.loads((RULES / "adequacy.json").read_text("utf-8"))["eea_members"]
SCOPES = {each["id"]: each for each in json.loads((RULES / "scopes.json").read_text("utf-8"))["scopes"]}
NAME = re.compile(r"SHA256SUMS|README\.txt|[a-z0-9][a-z0-9._/-]{0,99}")
YES = ("given", "renewed", "changed")


class Refused(Exception):
    """The bundle is not what it should be."""


def need(holds: object, otherwise: str) -> None:
    if not holds:
        raise Refused(otherwise)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def jcs(value: Any) -> bytes:
    """RFC 8785, for what has neither fractions nor keys outside ASCII (the context has one; it is not hashed here)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def parsed(data: bytes) -> Any:
    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        need(len(dict(pairs)) == len(pairs), "a key is doubled")
        return dict(pairs)

    def no_number(text: str) -> None:
        raise Refused(f"{text} is not a number")

    return json.loads(data.decode("utf-8"), object_pairs_hook=once, parse_constant=no_number)


def unpacked(path: Path, key: Path) -> dict[str, bytes]:
    """The files in an encrypted archive."""
    header = path.read_bytes()[:65536]
    need(header.startswith(b"age-encryption.org/v1\n") and b"\n-> scrypt " not in header, "not such an age file")
    clear = subprocess.run(["age", "-d", "-i", str(key), str(path)], capture_output=True, check=False)
    need(clear.returncode == 0, f"age refuses it: {clear.stderr.decode()}")
    files: dict[str, bytes] = {}
    with tarfile.open(fileobj=io.BytesIO(clear.stdout), mode="r:") as archive:
        for member in archive:
            need(member.isreg() and NAME.fullmatch(member.name) and ".." not in member.name, "a name or kind")
            need(member.name not in files, "a name twice")
            content = archive.extractfile(member)
            assert content is not None
            files[member.name] = content.read()
    return files


def recipient_of(key: Path) -> str:
    done = subprocess.run(["age-keygen", "-y", str(key)], capture_output=True, check=True)
    return done.stdout.decode().strip()


class Signed:
    """Files of a studio with signatures beside them."""

    def __init__(self, files: dict[str, bytes], signers: Path, studio: str) -> None:
        self.files, self.signers, self.studio = files, signers, studio

    def signed(self, namespace: str, signature: str, data: bytes) -> None:
        with tempfile.NamedTemporaryFile() as file:
            file.write(self.files[signature])
            file.flush()
            argv = ["ssh-keygen", "-Y", "verify", "-f", str(self.signers), "-I", self.studio, "-n", namespace]
            done = subprocess.run([*argv, "-s", file.name], input=data, capture_output=True, check=False)
        need(done.returncode == 0, f"{signature} does not verify")

    def status_list(self, path: str, number: int) -> dict[str, Any]:
        raw = self.files[path]
        self.signed("safelight-status", f"{path}.sig", raw)
        status: dict[str, Any] = parsed(raw)
        need(status["issuer"] == f"urn:uuid:{self.studio}", "the status list is somebody else's")
        name = f"{status['issuer']}#status" + ("" if number == 1 else f"-{number}")
        need(status["id"] == name, "the status list is another one")
        text = status["credentialSubject"]["encodedList"]
        status["bits"] = gzip.decompress(base64.urlsafe_b64decode(text[1:] + "=" * (-len(text[1:]) % 4)))
        return status


class Notice(Signed):
    """One withdrawal notice, checked as section 10 says."""

    def __init__(self, files: dict[str, bytes], key: Path, signers: Path, studio: str) -> None:
        super().__init__(files, signers, studio)
        need(files.keys() == {"notice.json", "notice.json.sig"}, "other files than a notice and its signature")
        raw = files["notice.json"]
        self.signed("safelight-notice", "notice.json.sig", raw)
        self.said = parsed(raw)
        need(jcs(self.said) == raw and self.said["format"] == "safelight-notice/1", "not such a notice")
        need(self.said["studio"] == studio, "another studio")
        need(self.said["recipient"] == recipient_of(key), "it was written to somebody else")


class Bundle(Signed):
    """One bundle, opened and checked as section 1 of the page says."""

    def __init__(
        self, path: Path, key: Path, signers: Path, studio: str, files: dict[str, bytes] | None = None
    ) -> None:
        super().__init__(files or unpacked(path, key), signers, studio)
        raw = self.files["manifest.json"]
        self.manifest = parsed(raw)
        need(jcs(self.manifest) == raw, "manifest.json is not in its canonical form")
        self.signed("safelight-bundle", "manifest.json.sig", raw)
        need(self.manifest["studio"]["id"] == studio, "another studio")
        need(self.manifest["recipient"]["id"] == recipient_of(key), "it was made for somebody else")
        listed = [each["path"] for each in self.manifest["members"]]
        unlisted = ("manifest.json", "manifest.json.sig", "SHA256SUMS")
        need([each for each in self.files if each not in unlisted] == listed, "other files than the manifest lists")
        for each in self.manifest["members"]:
            data = self.files[each["path"]]
            need((len(data), sha256(data)) == (each["size"], each["sha256"]), f"{each['path']} is not as it was sent")
        if "journal_entries" in self.manifest:
            empty = self.manifest["journal_head"] == "0" * 64
            need((self.manifest["journal_entries"] == 0) == empty, "the journal's end is not the entry of this number")
        numbered = [each["path"] for each in self.manifest["members"] if each["role"] == "status"]
        paths = ["status/list.json", *(f"status/list-{number}.json" for number in range(2, len(numbered) + 1))]
        need(numbered == paths, "the status lists are not numbered")
        self.statuses = {number: self.status_list(path, number) for number, path in enumerate(paths, 1)}
        self.receipts = {}
        for path_in_bundle in listed:
            if path_in_bundle.endswith(".jsonld") and path_in_bundle.startswith("records/"):
                statement, answers = self._record(path_in_bundle)
                self.receipts[statement["id"]] = (statement, answers)
        for photo in self.manifest["photos"]:
            known = {each["id"] for receipt in photo["receipts"] for each in self.receipts[receipt][1]}
            need(set(photo["records"]) <= known, "a photo names records that are not there")
            said = photo.get("seen", photo["receipts"])
            need(len(said) == len(photo["receipts"]), "seen is not said of each receipt")
            for number, receipt in enumerate(photo["receipts"]):
                named = [each for each in self.receipts[receipt][0]["photos"] if each["guid"] == photo["guid"]]
                for each in named:
                    same = all(each[key] == photo[key] for key in ("image_hash_kind", "image_sha256"))
                    need(same, "another picture than was signed about")
                if "seen" in photo:
                    possible = {"after-signing", "not-named"}
                    if named:
                        possible = {"before-signing" if named[0].get("shown") else "named-only"}
                    need(photo["seen"][number] in possible, "seen is not what was signed")

    def _record(self, path: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        graph = parsed(self.files[path])["@graph"]
        statement = graph[0]["slc:statement"]
        need(sha256(jcs(statement)) == graph[0]["slc:statementSha256"], f"{path}: not what was signed")
        self.signed("safelight-record", f"{path}.sig", jcs(statement))
        listed = {each["id"]: each["sha256"] for each in statement["records"]}
        answers = []
        for node in graph:
            if node["@type"] == "dpv:ConsentRecord":
                answer = node["slc:answer"]
                need(sha256(jcs(node)) == listed[answer["id"]], f"{path}: an answer was altered")
                number = answer.get("status_list", 1)
                need(number in self.statuses, f"{path}: its status list is missing")
                named = node["credentialStatus"]["statusListCredential"]
                need(named == self.statuses[number]["id"], f"{path}: the list it names is another one")
                answers.append(answer)
            elif node["@id"].startswith("party:"):
                need(sha256(jcs(node)) in statement["recipients"], f"{path}: a recipient was altered")
        need(f"notices/{statement['notice']['sha256']}.txt" in self.files, f"{path}: the notice is missing")
        return statement, answers


def ended(status: dict[str, Any], index: int) -> bool:
    bits = status["bits"]
    return index >= len(bits) * 8 or bool(bits[index // 8] >> (7 - index % 8) & 1)


class Withdrawn:
    """What all notices together say: of one record or photo the highest number counts, in whatever order they came."""

    def __init__(self, notices: list[Notice]) -> None:
        self.ended: dict[str, str] = {}
        self.held: dict[str, bool] = {}
        for said in sorted((each.said for each in notices), key=lambda said: int(said["number"])):
            for item in said["items"]:
                word = item["ended"] if item["ended"] in ("expired", "invalidated") else "withdrawn"
                self.ended[item["record"]] = word
            for each in said["photos"]:
                self.held[each["photo"]["guid"]] = each["state"] == "withheld"


def answer(
    bundle: Bundle, statuses: dict[int, dict[str, Any]], asked: dict[str, str], withdrawn: Withdrawn | None = None
) -> tuple[str, str]:
    """Section 4, line by line: (why not, '') or ('', the last day)."""
    use, place, day = asked["use"], asked["place"], asked["day"]
    me = bundle.manifest["recipient"]["id"]
    photo = next((each for each in bundle.manifest["photos"] if each["guid"] == asked["photo"]), None)
    if photo is None or not photo["receipts"]:
        return "nobody-known", ""
    withdrawn = withdrawn or Withdrawn([])
    if withdrawn.held.get(photo["guid"]):
        return "photo-withheld", ""
    people: dict[str, list[tuple[dict[str, Any], dict[str, Any]]]] = {}
    for receipt in photo["receipts"]:
        statement, answers = bundle.receipts[receipt]
        people.setdefault(statement["subject"], [])
        people[statement["subject"]] += [
            (statement, each) for each in answers if each["scope"] == use and each["id"] in photo["records"]
        ]
    ends = []
    for records in people.values():
        if not records:
            return "not-granted", ""
        statement, record = records[-1]
        status = statuses[record.get("status_list", 1)]
        if record["kind"] in YES and record["id"] in withdrawn.ended:
            return withdrawn.ended[record["id"]], ""
        if record["kind"] not in YES or ended(status, record["status_index"]):
            return record["kind"] if record["kind"] not in YES else "withdrawn", ""
        minor, adult, grant = statement["signed_as_minor"], statement["adult_on"], record["grant"]
        last, sleeps = record["last_day"], record["sleeps_after"]
        if minor and use in SCOPES and SCOPES[use]["minors_rule"] == "blocked":
            return "not-for-minors", ""
        if grant is None or last is None:
            return "limit-unknown", ""
        if day < min(record["at"][:10], record.get("day", record["at"][:10])):
            return "not-yet", ""
        if day > last:
            return "over", ""
        if sleeps and day > sleeps:
            return "review-unanswered", ""
        if minor and (adult is None or day >= adult):
            return "of-age-ask-again", ""
        where = grant["territory"]
        if where["kind"] != "worldwide" and place not in (EEA if where["kind"] == "EEA" else where["countries"]):
            return "territory", ""
        if me not in grant["recipients"]:
            return "recipient", ""
        if day > status["validUntil"][:10]:
            return "status-list-too-old", ""
        ends += [last, status["validUntil"][:10], *([sleeps] if sleeps else [])]
        ends += [(date.fromisoformat(adult) - timedelta(days=1)).isoformat()] if minor else []
    if place not in bundle.manifest["territory"]["countries"]:
        return "territory", ""  # a delivery is for one place, whatever the people allowed
    return "", min(ends)


def stated(bundle: Bundle, asked: dict[str, str]) -> list[str | None]:
    """Of each record of the use, in their order, how its signing is about the photo."""
    photo = next(each for each in bundle.manifest["photos"] if each["guid"] == asked["photo"])
    word = {
        record["id"]: photo.get("seen", [None] * (number + 1))[number]
        for number, receipt in enumerate(photo["receipts"])
        for record in bundle.receipts[receipt][1]
        if record["scope"] == asked["use"]
    }
    return [word[each] for each in photo["records"] if each in word]


def together(copies: list[dict[str, Any]]) -> dict[str, Any]:
    """One list as several bundles carried it: the newest period, and every bit that any copy set."""
    newest = dict(max(copies, key=lambda status: str(status["validFrom"])))
    # A bit once set stays set; two lists may bear the same second, so all of them are looked at.
    size = max(len(each["bits"]) for each in copies)
    bits = 0
    for each in copies:
        bits |= int.from_bytes(each["bits"].ljust(size, b"\0"), "big")
    newest["bits"] = bits.to_bytes(size, "big")
    return newest


def main() -> None:
    key, signers, studio, *paths = sys.argv[1:]
    opened = {Path(each): unpacked(Path(each), Path(key)) for each in paths}
    told_by = (Path(key), Path(signers), studio)
    bundles = [Bundle(path, *told_by, files) for path, files in opened.items() if "notice.json" not in files]
    withdrawn = Withdrawn([Notice(each, *told_by) for each in opened.values() if "notice.json" in each])
    numbers = sorted({number for each in bundles for number in each.statuses})
    statuses = {
        number: together([each.statuses[number] for each in bundles if number in each.statuses]) for number in numbers
    }
    for line in sys.stdin:
        asked = json.loads(line)
        told = [answer(each, statuses, asked, withdrawn) for each in bundles]
        until = max((last for why, last in told if not why), default="")
        best = [each for each, (why, last) in zip(bundles, told, strict=True) if not why and last == until]
        seen = [stated(each, asked) for each in best]
        why = [why for why, _ in told if why]
        print(json.dumps({"allowed": bool(until), "why": why, "until": until or None, "seen": seen}))


if __name__ == "__main__":
    main()
