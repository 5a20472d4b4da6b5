"""Answers an agency's questions from bundles alone; written from sections 1, 4 and 5 of ``resources/formats.md``.

``asking_reader.py KEY BUNDLE... < QUESTIONS`` wants age and the standard library. Whether the bundles are genuine is
checked elsewhere (``second_reader.py``). Questions are JSON lines ``{"photo", "use", "territory", "on"}``; each answer
is ``{"allowed", "blocker", "expires"}``.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import subprocess
import sys
import tarfile
from datetime import date, timedelta
from pathlib import Path
from typing import Any

RULES = Path(__file__).parents[2] / "resources" / "rules"
EEA = json.loads((RULES / "adequacy.json").read_text("utf-8"))["eea_members"]
USES = {each["id"]: each for each in json.loads((RULES / "scopes.json").read_text("utf-8"))["scopes"]}
ENDED = {each: each for each in ("refused", "withdrawn", "expired", "invalidated")} | {"requested": "unanswered"}


def opened(path: str, key: str) -> dict[str, Any]:
    clear = subprocess.run(["age", "-d", "-i", key, path], capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(clear), mode="r:") as tar:
        files = {each.name: tar.extractfile(each).read() for each in tar if not each.name.startswith("photos/")}  # type: ignore[union-attr]
    made: dict[str, Any] = {"manifest": json.loads(files["manifest.json"]), "records": {}}
    lists = [name for name in files if name.startswith("status/") and name.endswith(".json")]
    made["lists"] = {int(name[12:-5] or 1): json.loads(files[name]) for name in lists}
    for name in files:
        if name.startswith("records/") and name.endswith(".jsonld"):
            graph = json.loads(files[name])["@graph"]
            for node in graph:
                if node["@type"] == "dpv:ConsentRecord":
                    made["records"][node["slc:answer"]["id"]] = (graph[0]["slc:statement"], node["slc:answer"])
    return made


def within(where: dict[str, Any], place: str) -> bool:
    return where["kind"] == "worldwide" or place in (EEA if where["kind"] == "EEA" else where["countries"])


class Agency:
    def __init__(self, bundles: list[dict[str, Any]]) -> None:
        newest = sorted(bundles, key=lambda each: (each["manifest"]["sequence"], each["manifest"]["created_at"]))
        self.bundles = newest[::-1]
        self.me = bundles[0]["manifest"]["recipient"]["id"]
        self.vouched, self.bits = {}, {}
        for number in {number for each in bundles for number in each["lists"]}:
            lists = [each["lists"][number] for each in bundles if number in each["lists"]]
            latest = max(each["validFrom"] for each in lists)
            self.vouched[number] = min(each["validUntil"] for each in lists if each["validFrom"] == latest)[:10]
            packed = [each["credentialSubject"]["encodedList"][1:] for each in lists]
            unpacked = [base64.urlsafe_b64decode(each + "=" * (-len(each) % 4)) for each in packed]
            self.bits[number] = [gzip.decompress(each) for each in unpacked]

    def ended(self, record: dict[str, Any]) -> bool:
        index = record["status_index"]
        inside = [bits for bits in self.bits[record.get("status_list", 1)] if index < 8 * len(bits)]
        return not inside or any(bits[index // 8] & (0x80 >> index % 8) for bits in inside)

    def person(self, statement: dict[str, Any], record: dict[str, Any], use: str, place: str, day: str) -> str:
        """The code of the first of lines 7 to 16 that fits, or the last day of a yes."""
        grant, minor, adult = record["grant"], statement["signed_as_minor"], statement["adult_on"]
        if record["kind"] in ENDED:
            return ENDED[record["kind"]]
        vouched = self.vouched[record.get("status_list", 1)]
        began = min(record.get("day", "9999"), record["at"][:10])
        for code, fits in (
            ("withdrawn", lambda: self.ended(record)),
            ("not-for-minors", lambda: minor and USES[use]["minors_rule"] == "blocked"),
            ("limit-unknown", lambda: grant is None or record["last_day"] is None),
            ("not-yet", lambda: day < began),
            ("over", lambda: day > record["last_day"]),
            ("review-unanswered", lambda: record["sleeps_after"] and day > record["sleeps_after"]),
            ("of-age-ask-again", lambda: minor and (adult is None or day >= adult)),
            ("territory", lambda: not within(grant["territory"], place)),
            ("recipient", lambda: self.me not in grant["recipients"]),
            ("status-list-too-old", lambda: day > vouched),
        ):
            if fits():
                return code
        before_adult = [str(date.fromisoformat(adult) - timedelta(days=1))] if minor else []
        return min([record["last_day"], vouched, *filter(None, [record["sleeps_after"]]), *before_adult])

    def answer(self, asked: dict[str, str]) -> dict[str, Any]:
        use, place, day = asked["use"], asked["territory"], asked["on"]
        if USES[use]["kind"] == "notice":
            return {"allowed": False, "blocker": "not-a-use", "expires": None}
        found = [(bundle, each) for bundle in self.bundles for each in bundle["manifest"]["photos"]]
        found = [(bundle, each) for bundle, each in found if each["guid"] == asked["photo"]]
        no, ends = [(False, "nobody-known")], []
        for bundle, photo in found:
            if set(photo["subjects"]) != set(found[0][1]["subjects"]):
                continue
            about = [bundle["records"][each] for each in photo["records"]]
            about = [each for each in about if each[1]["scope"] == use]
            told = [self.person(statement, record, use, place, day) for statement, record in about]
            told += ["not-granted"] * (len(photo["subjects"]) - len(told))
            limit = bundle["manifest"]["territory"]
            blockers = [each for each in told if not each[0].isdigit()]
            if not blockers and limit is not None and not within(limit, place):
                blockers = ["territory"]
            if blockers:
                no.append((bool(about), blockers[0]))
            else:
                ends.append(min(told))
        if ends:
            return {"allowed": True, "blocker": None, "expires": max(ends)}
        told_no = no[1:] or no
        blocker = next((why for about, why in told_no if about), told_no[0][1])
        return {"allowed": False, "blocker": blocker, "expires": None}


if __name__ == "__main__":
    agency = Agency([opened(path, sys.argv[1]) for path in sys.argv[2:]])
    for line in sys.stdin:
        print(json.dumps(agency.answer(json.loads(line))))
