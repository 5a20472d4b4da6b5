"""Drawn portraits: the same for the same seed, different for others, and a photograph to every reader of EXIF."""

from __future__ import annotations

import io
import json
import shutil
import subprocess
from datetime import datetime, timedelta, timezone

import pytest
from PIL import Image

from safelight.demo.drawn.portrait import drawn_portrait

TIME = datetime(2026, 5, 4, 9, 30, 5, 123_000, timezone(timedelta(hours=-3)))


def test_equal_seeds_equal_bytes_and_other_seeds_other_people():
    made = [drawn_portrait(seed, (160, 200), camera_time=TIME) for seed in range(4)]
    assert len(set(made)) == 4
    assert drawn_portrait(3, (160, 200), camera_time=TIME) == made[3]
    assert drawn_portrait(3, (160, 200), camera_time=TIME, frame=1) != made[3]


@pytest.mark.skipif(shutil.which("exiftool") is None, reason="exiftool is not installed")
def test_exiftool_reads_the_camera(tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes(
        drawn_portrait(1, (160, 200), camera_time=TIME, serial="SL-7", gps=(-33.85, 151.21), orientation=6)
    )
    said = json.loads(subprocess.run(["exiftool", "-json", "-n", path], capture_output=True, check=True).stdout)[0]
    assert said["Model"] == "Lantern One" and said["SerialNumber"] == "SL-7"
    assert said["GPSLatitude"] == pytest.approx(-33.85) and said["GPSLongitude"] == pytest.approx(151.21)
    assert said["SubSecDateTimeOriginal"] == "2026:05:04 09:30:05.123-03:00"
    assert (said["Orientation"], said["ImageWidth"], said["ImageHeight"]) == (6, 200, 160)
    assert "Warning" not in said


def test_a_face_not_a_box():
    """Skin, hair, cloth and backdrop: many colours, and an even left and right."""
    with Image.open(io.BytesIO(drawn_portrait(1, (400, 500), camera_time=TIME, gps=None))) as picture:
        assert len(set(picture.resize((60, 75)).quantize(64).tobytes())) > 30
        assert not picture.getexif().get_ifd(0x8825)
