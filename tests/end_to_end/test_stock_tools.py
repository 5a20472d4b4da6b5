"""What one day leaves, in the hands of programs we did not write: they open it, verify it and find nothing amiss."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import c2pa
import pikepdf
import pytest
from rdflib import Graph, URIRef

HERE = Path(__file__).parent
VOCABULARY = HERE.parent / "assets" / "vocabulary" / "dpv-2.3-subset.ttl"
RESOURCES = HERE.parents[1] / "resources"
SPACES = (
    "https://w3id.org/dpv#", "https://w3id.org/dpv/pd#", "https://w3id.org/dpv/ai#", "https://w3id.org/dpv/loc#",
    "https://w3id.org/dpv/legal/eu/gdpr#", "http://www.w3.org/ns/odrl/2/", "https://w3id.org/safelight/consent#",
)  # fmt: skip
RELEASES = "http://ns.useplus.org/ldf/vocab/"
NAMES = ("editorial", "directory", "ai", "later")
Tool = Callable[[str], str]


def run(*argv: str | Path, stdin: bytes | None = None, cwd: Path | None = None) -> subprocess.CompletedProcess[bytes]:
    done = subprocess.run([str(each) for each in argv], input=stdin, capture_output=True, check=False, cwd=cwd)
    assert done.returncode == 0, (argv, done.stdout, done.stderr)
    return done


@pytest.fixture(scope="session")
def opened(day: Any, stock_tool: Tool, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each bundle of the day, decrypted and unpacked as its README says: ``age -d | tar x``."""
    folders = {}
    for name in NAMES:
        folders[name] = folder = tmp_path_factory.mktemp(name)
        clear = run(stock_tool("age"), "-d", "-i", day.folder / "agency.txt", day.bundle(name)).stdout
        run(stock_tool("tar"), "x", stdin=clear, cwd=folder)
    return folders


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("name", NAMES)
def test_every_file_is_as_it_was_sent(opened: dict[str, Path], name: str, stock_tool: Tool) -> None:
    said = run(stock_tool("sha256sum"), "--strict", "-c", "SHA256SUMS", cwd=opened[name]).stdout.decode()
    assert sorted(line.removesuffix(": OK") for line in said.splitlines()) == [
        each for each in names(opened[name]) if each != "SHA256SUMS"
    ]


@pytest.mark.parametrize("name", NAMES)
def test_the_studio_signed_manifest_status_and_every_record(
    day: Any, opened: dict[str, Path], name: str, stock_tool: Tool
) -> None:
    folder, keygen = opened[name], stock_tool("ssh-keygen")

    def verify(namespace: str, signature: Path, data: bytes) -> subprocess.CompletedProcess[bytes]:
        argv = (keygen, "-Y", "verify", "-f", day.folder / "allowed_signers", "-I", day.studio_id, "-n", namespace)
        return subprocess.run([*map(str, argv), "-s", str(signature)], input=data, capture_output=True, check=False)

    signed = [
        ("safelight-bundle", folder / "manifest.json.sig", (folder / "manifest.json").read_bytes()),
        ("safelight-status", folder / "status/list.json.sig", (folder / "status/list.json").read_bytes()),
    ]
    for record in sorted(folder.glob("records/*.jsonld")):
        with_jq = run(stock_tool("jq"), "-cjS", '."@graph"[0]."slc:statement"', record).stdout
        statement = json.loads(record.read_bytes())["@graph"][0]["slc:statement"]
        assert json.dumps(statement, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode() == with_jq
        signed.append(("safelight-record", Path(f"{record}.sig"), with_jq))
    assert len(signed) == 2 + (1 if name in ("ai", "later") else 2)
    for namespace, signature, data in signed:
        assert verify(namespace, signature, data).returncode == 0, (namespace, signature)
        assert verify(namespace, signature, data + b" ").returncode != 0
        assert verify("safelight-notice", signature, data).returncode != 0
    readme = (folder / "README.txt").read_text("utf-8")
    assert (day.folder / "allowed_signers").read_text().split()[-1] in readme


def test_each_bundle_holds_what_it_is_for_and_no_more(day: Any, opened: dict[str, Path]) -> None:
    """Who refused, who was not asked, and answers to other questions do not leave the studio."""
    photos = {name: len(list(folder.glob("photos/*"))) for name, folder in opened.items()}
    assert photos == {"editorial": 3, "directory": 3, "ai": 1, "later": 1}
    for name, folder in opened.items():
        uses = json.loads((folder / "manifest.json").read_bytes())["uses"]
        for record in folder.glob("records/*.jsonld"):
            graph = json.loads(record.read_bytes())["@graph"]
            asked = {node["slc:answer"]["scope"] for node in graph if "slc:answer" in node}
            assert asked <= set(uses), (name, asked)
            assert all(node["slc:answer"]["grant"] for node in graph if "slc:answer" in node)
    # Only Grace said that her name may be shown, and only one bundle takes names along.
    for name, folder in opened.items():
        named = [each for each in names(folder) if each.startswith("receipts/")]
        assert len(named) == (1 if name == "editorial" else 0)
        for path in names(folder):
            data = (folder / path).read_bytes()
            assert b"Eileen" not in data and b"Dorothy" not in data and b"astronaut" not in data, path
            if name != "editorial":
                assert b"Grace" not in data and b"grace" not in data, path


@pytest.fixture(scope="session")
def marked(opened: dict[str, Path]) -> list[tuple[Path, dict[str, Any], bytes]]:
    """Each exported photo with its manifest entry and its policy."""
    found = []
    for folder in opened.values():
        for photo in json.loads((folder / "manifest.json").read_bytes())["photos"]:
            found.append((folder / photo["path"], photo, (folder / photo["policy"]).read_bytes()))
    return found


def test_exiftool_reads_what_the_photo_may_be_used_for(
    marked: list[tuple[Path, dict[str, Any], bytes]], stock_tool: Tool
) -> None:
    for path, photo, policy in marked:
        argv = (stock_tool("exiftool"), "-json", "-G1", "-struct", "-n", "-XMP:all", "-GPS:all", path)
        found = json.loads(run(*argv).stdout)[0]
        assert found["XMP-iptcExt:DigitalImageGUID"].endswith(photo["guid"])
        assert found["XMP-plus:ModelReleaseID"] == [f"urn:uuid:{each}" for each in photo["receipts"]]
        assert str(found["XMP-plus:ModelReleaseStatus"]).removeprefix(RELEASES) == "MR-LMR"
        assert str(found["XMP-plus:DataMining"]).removeprefix(RELEASES).startswith("DMI-")
        (rights,) = found["XMP-iptcExt:EmbdEncRightsExpr"]
        assert rights["EncRightsExpr"].encode() == policy
        assert [each["PersonId"] for each in found["XMP-iptcExt:PersonInImageWDetails"]] == [photo["subjects"]]
        assert found["XMP-plus:Licensor"][0]["LicensorEmail"] == "rights@lampe.example"
        for key in ("XMP-dc:Creator", "XMP-dc:Rights", "XMP-xmpRights:Marked", "XMP-xmpRights:UsageTerms",
                    "XMP-photoshop:Credit", "XMP-photoshop:Instructions", "XMP-plus:CopyrightOwner",
                    "XMP-plus:MinorModelAgeDisclosure", "XMP-plus:OtherConstraints", "XMP-iptcExt:RegistryID",
                    "XMP-iptcExt:DigitalSourceType"):  # fmt: skip
            assert found.get(key), (path, key)
        assert not any(key.startswith("GPS") for key in found)
        whole = run(stock_tool("exiftool"), "-validate", "-warning", "-a", path).stdout.decode()
        assert "XMP" not in "".join(re.findall(r"Warning.*", whole)), whole


def test_exiv2_reads_the_same(marked: list[tuple[Path, dict[str, Any], bytes]], stock_tool: Tool) -> None:
    for path, photo, policy in marked:
        lines = run(stock_tool("exiv2"), "-q", "-PXkv", path).stdout.decode().splitlines()
        found = {line.split(maxsplit=1)[0]: line.split(maxsplit=1)[-1].strip() for line in lines}
        assert found["Xmp.iptcExt.DigImageGUID"].endswith(photo["guid"])
        assert found["Xmp.plus.ModelReleaseID"] == ", ".join(f"urn:uuid:{each}" for each in photo["receipts"])
        assert found["Xmp.iptcExt.EmbdEncRightsExpr[1]/Iptc4xmpExt:EncRightsExpr"].encode() == policy
        assert found["Xmp.plus.ModelReleaseStatus"] == f"{RELEASES}MR-LMR"
        assert found["Xmp.plus.DataMining"].startswith(f"{RELEASES}DMI-")
        for key in ("dc.creator", "dc.rights", "xmpRights.UsageTerms", "photoshop.Credit", "photoshop.Instructions",
                    "plus.OtherConstraints", "plus.MinorModelAgeDisclosure", "iptcExt.DigitalSourceType",
                    "plus.CopyrightOwner[1]/plus:CopyrightOwnerName", "plus.Licensor[1]/plus:LicensorEmail",
                    "iptcExt.RegistryId[1]/Iptc4xmpExt:RegItemId",
                    "iptcExt.PersonInImageWDetails[1]/Iptc4xmpExt:PersonId"):  # fmt: skip
            assert found.get(f"Xmp.{key}"), (path, key)


def test_the_ai_answer_is_in_every_place_a_machine_looks(
    opened: dict[str, Path], marked: list[tuple[Path, dict[str, Any], bytes]], stock_tool: Tool
) -> None:
    for path, photo, _ in marked:
        trains = path.is_relative_to(opened["ai"])
        mining = json.loads(run(stock_tool("exiftool"), "-json", "-n", "-XMP-plus:DataMining", path).stdout)[0]
        code = str(mining["DataMining"]).removeprefix(RELEASES)
        assert trains is not (code == "DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING"), (code, photo["guid"])
        with c2pa.Reader(str(path)) as reader:
            entries = {
                label: entry["use"]
                for each in reader_assertions(reader)
                if each["label"] == "cawg.training-mining"
                for label, entry in each["data"]["entries"].items()
            }
        assert entries
        assert trains is any(use != "notAllowed" for use in entries.values()), entries


def reader_assertions(reader: Any) -> list[dict[str, Any]]:
    told = json.loads(reader.json())
    assertions: list[dict[str, Any]] = told["manifests"][told["active_manifest"]]["assertions"]
    return assertions


def test_content_credentials_are_trusted_with_the_card_and_valid_without(
    day: Any, marked: list[tuple[Path, dict[str, Any], bytes]]
) -> None:
    root = json.loads((day.folder / "studio-card.json").read_bytes())["ca_certificate"]
    settings = {"verify": {"verify_trust": True}, "trust": {"trust_anchors": root}}
    for path, _, _ in marked:
        with c2pa.Reader(str(path)) as reader:
            assert reader.get_validation_state() == "Valid"
        with c2pa.Context.from_dict(settings) as context, c2pa.Reader(str(path), context=context) as reader:
            assert reader.get_validation_state() == "Trusted", reader.json()
        damaged = bytearray(path.read_bytes())
        damaged[len(damaged) * 3 // 4] ^= 1
        path_of_damaged = path.with_name(f"damaged{path.suffix}")
        path_of_damaged.write_bytes(damaged)
        try:
            with c2pa.Reader(str(path_of_damaged)) as reader:
                assert reader.get_validation_state() == "Invalid"
        finally:
            path_of_damaged.unlink()


@pytest.mark.parametrize("who", ["grace", "dorothy"])
def test_the_receipt_is_signed_archivable_and_carries_its_record(
    day: Any, who: str, stock_tool: Tool, verapdf: Callable[[str, Path], tuple[bool, list[str]]], tmp_path: Path
) -> None:
    pdf = day.folder / f"{who}.pdf"
    said = run(stock_tool("pdfsig"), pdf).stdout.decode()
    assert "Signature is Valid" in said and "Total document signed" in said
    assert said.count("Signature #") == 1
    told = subprocess.run([stock_tool("mutool"), "sign", "-v", pdf], capture_output=True, text=True, check=False)
    assert "The document is unchanged since signing" in told.stdout + told.stderr
    assert verapdf("3b", pdf) == (True, [])
    run(stock_tool("pdfdetach"), "-saveall", "-o", tmp_path, pdf)
    (attached,) = tmp_path.iterdir()
    record = json.loads(attached.read_bytes())
    receipt = day.said[f"consent {who}"]
    assert record["@graph"][0]["slc:statement"]["id"] == receipt["id"]
    statement = json.dumps(record["@graph"][0]["slc:statement"], ensure_ascii=False, sort_keys=True,
                           separators=(",", ":")).encode()  # fmt: skip
    assert hashlib.sha256(statement).hexdigest() == receipt["statement_sha256"]
    assert attached.read_bytes() == archived_document(day, receipt["id"])
    with pikepdf.open(pdf) as opened:
        (name,) = opened.attachments
        assert str(opened.attachments[name].relationship) == "/Data"


def archived_document(day: Any, receipt: str) -> bytes:
    from safelight.studio.founding import open_studio

    with open_studio(day.folder / "studio", (day.folder / "passphrase").read_text().strip()) as studio:
        return studio.archive.consents.receipt(receipt).document  # type: ignore[arg-type]


# rdflib's own JSON-LD parser and pyshacl use what rdflib has deprecated.
@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib", "ignore::DeprecationWarning:pyshacl")
def test_linked_data_tools_know_every_word_and_the_shapes_hold(opened: dict[str, Path]) -> None:
    import pyshacl

    known = Graph().parse(VOCABULARY, format="turtle")
    known.parse(RESOURCES / "vocabulary" / "profile.ttl", format="turtle")
    shapes = Graph().parse(RESOURCES / "vocabulary" / "shapes.ttl", format="turtle")
    for folder in opened.values():
        everything = Graph()
        for path in sorted([*folder.glob("records/*.jsonld"), *folder.glob("policies/*.jsonld")]):
            everything.parse(data=path.read_bytes(), format="json-ld")
        used = {term for triple in everything for term in triple if isinstance(term, URIRef)}
        words = {each for each in used if str(each).startswith(SPACES)}
        assert len(words) > 40
        assert words <= set(known.subjects()), words - set(known.subjects())
        conforms, _, report = pyshacl.validate(everything, shacl_graph=shapes)
        assert conforms, report
        everything.remove((None, URIRef("https://w3id.org/dpv#hasPurpose"), None))
        conforms, _, _ = pyshacl.validate(everything, shacl_graph=shapes)
        assert not conforms
