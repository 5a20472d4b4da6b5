"""What leaves, as a photographer hands it out: a bundle, a no by name, own pictures, a client without a card."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

USE = "use.portfolio"
Run = Callable[..., subprocess.CompletedProcess[str]]


def test_a_photographer_hands_pictures_out(
    safelight: Run,
    open_faster: Callable[[Path, str], None],
    portraits: Path,
    tmp_path: Path,
    stock_tool: Callable[[str], str],
) -> None:
    exiftool = stock_tool("exiftool")
    words = tmp_path / "words"
    words.write_text("four unrelated words here\n")
    words.chmod(0o600)

    def studio(*arguments: object, code: int = 0) -> str:
        base = ("--studio", tmp_path / "studio", "--passphrase-file", words)
        done = safelight(*base, *map(str, arguments))
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout + done.stderr

    def agency(*arguments: object, code: int = 0) -> str:
        base = ("--passphrase-file", words, "agency", "--agency", tmp_path / "agency")
        done = safelight(*base, *map(str, arguments))
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    # The day: two people, two real pictures that say where and with what they were taken.
    studio("studio", "init", "--name", "Nordlicht", "--country", "DE", "--contact", "hello@nordlicht.example")
    agency("init", "--name", "Agence", "--country", "FR", "--contact", "rights@agence.example")
    open_faster(tmp_path / "studio", "four unrelated words here")
    open_faster(tmp_path / "agency", "four unrelated words here")
    agency("card", "-o", tmp_path / "agency.json")
    studio("studio", "card", "-o", tmp_path / "studio.json")
    agency("trust", tmp_path / "studio.json")
    studio("recipient", "add", tmp_path / "agency.json")
    told = studio("recipient", "add", "--name", "Nordwind GmbH", "--country", "DE", "--role", "employer")
    assert "Only an export needs its card" in told
    studio("staff", "add", "Kim")
    studio("session", "new", "Spring", "--offer", USE, "--recipient", "Agence", "--recipient", "Nordwind GmbH")
    camera = {"Grace Hopper": ("IMG_0001.jpg", "grace_hopper.jpg"), "Eileen Collins": ("IMG_0042.jpg", "astronaut.jpg")}
    for name, (file, source) in camera.items():
        studio("subject", "add", "Spring", name)
        shutil.copyfile(portraits / source, tmp_path / file)
        place = ("-GPSLatitude=54.3", "-GPSLatitudeRef=N", "-GPSLongitude=10.1")
        dirt = (*place, "-SerialNumber=SN-4711", "-Artist=Kim S.")
        subprocess.run([exiftool, "-q", "-overwrite_original", *dirt, tmp_path / file], check=True)
        studio("capture", "add", "Spring", tmp_path / file, "--subject", name)
        yes: Any = {"answer": "yes", "recipients": ["Agence", "Nordwind GmbH"], "territory": "EEA", "term": "P1Y"}
        answers = tmp_path / f"{name}.json"
        choice = yes if name == "Grace Hopper" else "no"
        answers.write_text(json.dumps({"format": "safelight-answers/1", "choices": {USE: choice}}))
        studio("consent", "record", name, "--choices", answers, "--typed", name, "--method", "demonstration")

    # Who stays is said by file and person, before and after; who may not be written to is said too.
    export = ("export", "Spring", "--to", "Agence", "--use", USE)
    for told in (studio(*export, "--dry-run"), studio(*export, "-o", tmp_path / "out.age")):
        assert "1 photo may leave, 1 stays." in told
        assert "stays: IMG_0042.jpg (Eileen Collins): refused" in told
    told = studio("export", "Spring", "--to", "Nordwind GmbH", "--use", USE, "-o", tmp_path / "x.age", code=2)
    assert "An export needs its card" in told and not (tmp_path / "x.age").exists()
    told = studio("subject", "show", "Grace Hopper")
    assert "to Agence in FR for use.portfolio" in told and "IMG_0001.jpg under " in told

    # Everybody is given their own, also who refused, also after the session was closed.
    studio("session", "close", "Spring")
    folder = tmp_path / "for Eileen"
    assert "1 photo and 1 receipt of Eileen Collins" in studio("deliver", "Eileen Collins", "-o", folder)
    listed = subprocess.run(["ls", "-la", folder], capture_output=True, text=True, check=True).stdout.splitlines()[1:]
    assert listed[0].startswith("drwx------") and all(each.startswith("-rw-------") for each in listed[2:])
    photo, receipt = sorted(each.rpartition(" ")[2] for each in listed[2:])
    assert photo == "IMG_0042.jpg" and receipt.startswith("receipt-") and receipt.endswith(".pdf")
    picture = folder / "IMG_0042.jpg"
    (tags,) = json.loads(subprocess.run([exiftool, "-j", "-a", "-G1", picture], capture_output=True, check=True).stdout)
    assert tags["XMP-xmpRights:UsageTerms"].startswith("Personal copy, given to a person in the picture")
    assert tags["XMP-plus:DataMining"].endswith("DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING")
    assert not [each for each in tags if "GPS" in each or "Serial" in each] and b"SN-4711" not in picture.read_bytes()
    assert "Kim S." not in json.dumps(tags)
    with Image.open(picture) as given, Image.open(portraits / "astronaut.jpg") as taken:
        assert given.tobytes() == taken.tobytes()
    assert "exists already" in studio("deliver", "Eileen Collins", "-o", folder, code=2)
    assert "1 photo given to them" in studio("subject", "show", "Eileen Collins")

    # Between bundles the list alone keeps the yes vouched for.
    agency("import", tmp_path / "out.age")
    studio("status", "-o", tmp_path / "status.json")
    agency("refresh", tmp_path / "status.json")
