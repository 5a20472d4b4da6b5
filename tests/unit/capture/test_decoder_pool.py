"""Decoding at arm's length: what comes back is right, and what breaks a decoder costs one file."""

from __future__ import annotations

import contextlib
import io
import os
import signal
import struct
import subprocess
import sys
import threading
import time
import zlib
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from PIL import Image

from safelight.capture.decoder_pool import DecoderPool, Limits
from safelight.demo.drawn.portrait import drawn_portrait
from safelight.domain.errors import Malformed, WrongUsage
from safelight.images.imagehash import image_data_sha256
from safelight.images.media_type import MediaType

APP = Path(__file__).resolve().parents[3] / "app"


def opened(jpeg: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(jpeg))
    picture.load()
    return picture


def difference(one: Image.Image, other: Image.Image) -> float:
    a, b = (list(picture.convert("L").resize((48, 48)).tobytes()) for picture in (one, other))
    return sum(abs(x - y) for x, y in zip(a, b, strict=True)) / len(a)


@pytest.mark.parametrize("kind", list(MediaType)[:5])
def test_a_real_portrait_in_every_format(kind, encoded, decoders, portraits):
    seen = decoders.develop(encoded[kind], kind)
    assert (seen.width, seen.height, seen.orientation) == (256, 304, 1)
    assert (seen.pixel_hash_kind, seen.pixel_sha256) == image_data_sha256(encoded[kind], kind)
    thumbnail, preview = opened(seen.thumbnail_jpeg), opened(seen.preview_jpeg)
    assert thumbnail.size == (216, 256) and preview.size == (256, 304)
    for rendition in (thumbnail, preview):
        assert set(rendition.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert not rendition.getexif()
    with Image.open(portraits / "grace_hopper.jpg") as truth:
        assert difference(preview, truth) < 8


def test_heic_notes(encoded, decoders):
    seen = decoders.develop(encoded[MediaType.HEIC], MediaType.HEIC)
    assert seen.camera_model == "Camera Phone 9"
    assert seen.camera_time == datetime(2026, 5, 4, 9, 30)  # noqa: DTZ001 - as cameras say it
    assert "GPSLatitude" in seen.removable


def test_a_raw_file_is_shown_by_its_preview(encoded, decoders, portraits):
    pytest.importorskip("rawpy")
    seen = decoders.develop(encoded[MediaType.DNG], MediaType.DNG)
    assert (seen.width, seen.height) == (128, 96)
    assert (seen.pixel_hash_kind, seen.orientation) == ("tiff-strips", 6)
    assert seen.camera_model == "Lantern DNG"
    assert seen.camera_time == datetime(2026, 5, 4, 9, 15)  # noqa: DTZ001 - as cameras say it
    assert set(seen.removable) >= {"BodySerialNumber", "CameraSerialNumber"}
    with Image.open(portraits / "grace_hopper.jpg") as truth:
        assert difference(opened(seen.preview_jpeg), truth.transpose(Image.Transpose.ROTATE_270)) < 8


def test_what_is_not_read_in_files_that_leave_whole_counts_as_private(encoded, decoders):
    film = encoded[MediaType.HEIC] + struct.pack(">I4s24x", 32, b"mpvd")
    assert set(decoders.develop(film, MediaType.HEIC).removable) >= {"other data"}
    pytest.importorskip("rawpy")
    for kind in (MediaType.CR3, MediaType.RAF, MediaType.ORF, MediaType.RW2):
        assert "EXIF" in decoders.develop(encoded[MediaType.DNG], kind).removable
    assert "EXIF" not in decoders.develop(encoded[MediaType.DNG], MediaType.NEF).removable


def test_a_raw_file_without_preview_is_developed(encoded, decoders):
    pytest.importorskip("rawpy")
    data = encoded[MediaType.DNG]
    at = data.index(struct.pack("<HHII", 279, 4, 1, len(encoded[MediaType.JPEG])))
    bent = data[: at + 8] + bytes(4) + data[at + 12 :]  # the preview is said to have no bytes
    seen = decoders.develop(bent, MediaType.DNG)
    assert (seen.width, seen.height) == (128, 96)
    assert max(opened(seen.preview_jpeg).size) == 64, "developed from the sensor's data, at half size"


@pytest.mark.parametrize("turn", range(1, 9))
def test_orientation_is_told_and_applied(turn, decoders, portraits):
    with Image.open(portraits / "grace_hopper.jpg") as truth:
        upright = truth.convert("RGB").resize((256, 304))
    inverse = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    stored = upright.transpose(inverse[turn]) if turn in inverse else upright
    exif = Image.Exif()
    exif[274] = turn
    out = io.BytesIO()
    stored.save(out, "JPEG", exif=exif, quality=90)
    seen = decoders.develop(out.getvalue(), MediaType.JPEG)
    assert (seen.orientation, seen.width, seen.height) == (turn, *stored.size)
    assert difference(opened(seen.preview_jpeg), upright) < 4


def test_camera_time_and_what_should_go(decoders):
    berlin = timezone(timedelta(hours=2))
    data = drawn_portrait(3, (320, 400), camera_time=datetime(2026, 5, 4, 9, 30, 5, 250_000, berlin))
    seen = decoders.develop(data, MediaType.JPEG)
    assert seen.camera_time == datetime(2026, 5, 4, 9, 30, 5, 250_000, berlin)
    assert seen.camera_time.utcoffset() == timedelta(hours=2)
    assert seen.camera_model == "Safelight Lantern One"
    wanted = {
        "BodySerialNumber",
        "LensSerialNumber",
        "GPSLatitude",
        "GPSLatitudeRef",
        "GPSLongitude",
        "GPSLongitudeRef",
    }
    assert set(seen.removable) == wanted
    assert seen.slate is None


def test_what_exiftool_writes_is_noted(decoders, portraits, exiftool, tmp_path):
    path = tmp_path / "a.jpg"
    path.write_bytes((portraits / "astronaut.jpg").read_bytes())
    exiftool(
        "-EXIF:OwnerName=Anna", "-XMP-aux:SerialNumber=7", "-XMP-exif:GPSLatitude=4", "-UserComment=hello", str(path)
    )
    path.write_bytes(path.read_bytes() + b"\0\0\0\x18ftypmp42 a film behind the picture")
    seen = decoders.develop(path.read_bytes(), MediaType.JPEG)
    wanted = {"CameraOwnerName", "UserComment", "XMP:SerialNumber", "XMP:GPSLatitude", "TrailingData"}
    assert set(seen.removable) == wanted


def test_colours_of_another_profile_are_converted(decoders, portraits):
    from PIL import ImageCms

    with Image.open(portraits / "astronaut.png") as truth:
        picture = truth.convert("RGB").resize((200, 200))
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ")).tobytes()
    out = io.BytesIO()
    picture.save(out, "PNG", icc_profile=lab)
    decoders.develop(out.getvalue(), MediaType.PNG)  # a profile that is of no use does no harm
    out = io.BytesIO()
    picture.save(out, "PNG", icc_profile=b"\0" * 200)
    assert difference(opened(decoders.develop(out.getvalue(), MediaType.PNG).preview_jpeg), picture) < 4


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "LA", "CMYK", "I;16", "1", "F"])
def test_every_way_of_storing_colour(mode, decoders, portraits):
    with Image.open(portraits / "astronaut.png") as truth:
        picture = truth.convert("RGB").resize((120, 120))
    kind, name = (MediaType.TIFF, "TIFF") if mode in ("CMYK", "F") else (MediaType.PNG, "PNG")
    if mode == "I;16":
        grey = picture.convert("L")
        stored = Image.frombytes("I;16", grey.size, b"".join(bytes((v, v)) for v in grey.tobytes()))
    elif mode == "F":
        stored = picture.convert("F").point(lambda value: value * (1 / 255))
    else:
        stored = picture.convert(mode)
    out = io.BytesIO()
    stored.save(out, name)
    seen = decoders.develop(out.getvalue(), kind)
    assert difference(opened(seen.preview_jpeg), picture) < (60 if mode == "1" else 6)


# Files that break decoders ---------------------------------------------------------------------------------------


def test_thousands_of_scans_are_refused_at_once(decoders, scan_bomb):
    assert 400_000 < len(scan_bomb) < 900_000
    start = time.perf_counter()
    with pytest.raises(Malformed, match=r"bomb.jpg is built to keep a computer busy"):
        decoders.develop(scan_bomb, MediaType.JPEG, name="bomb.jpg")
    assert time.perf_counter() - start < 3


def test_an_ordinary_progressive_jpeg_is_welcome(decoders, portraits):
    with Image.open(portraits / "grace_hopper.jpg") as picture:
        out = io.BytesIO()
        picture.save(out, "JPEG", progressive=True)
    assert decoders.develop(out.getvalue(), MediaType.JPEG).width == 512


def _png(wide: int, high: int, body: bytes, *more: tuple[bytes, bytes]) -> bytes:
    chunks = [(b"IHDR", wide.to_bytes(4, "big") + high.to_bytes(4, "big") + b"\x08\x00\0\0\0"), *more]
    chunks += [(b"IDAT", body), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        len(data).to_bytes(4, "big") + kind + data + zlib.crc32(kind + data).to_bytes(4, "big") for kind, data in chunks
    )


def test_bombs_of_pixels_and_text(decoders):
    small = zlib.compress(b"\0" * 1000)
    for wide, high in ((60_000, 60_000), (1_000_000, 121), (11_000, 11_000)):
        with pytest.raises(Malformed, match="more pixels than the limit of 120 million"):
            decoders.develop(_png(wide, high, small), MediaType.PNG)
    text = (b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * (80 << 20), 9))
    row = zlib.compress((b"\0" + b"\x80" * 64) * 64)
    assert decoders.develop(_png(64, 64, row, text), MediaType.PNG).removable == ("text",)
    profile = (b"iCCP", b"p\0\0" + zlib.compress(b"x" * (80 << 20), 9))
    with contextlib.suppress(Malformed):
        decoders.develop(_png(64, 64, row, profile), MediaType.PNG)
    assert decoders.develop(_png(64, 64, row), MediaType.PNG).width == 64


def test_a_sound_picture_comes_in_whatever_stands_beside_it(decoders):
    row = zlib.compress((b"\0" + b"\x80" * 64) * 64)
    packet = b"<x:xmpmeta xmlns:x='adobe:ns:meta/'>" + b" " * 1_200_000 + b"</x:xmpmeta>"
    beside = {
        "packed XMP": (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(packet)),
        "plain XMP": (b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet * 5),
        "torn XMP": (b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + zlib.compress(packet)[:-9]),
        "long profile": (b"iCCP", b"p\0\0" + zlib.compress(bytes(1_200_000))),
        "torn profile": (b"iCCP", b"p\0\0" + zlib.compress(bytes(9_000))[:-9]),
        "torn text": (b"zTXt", b"Comment\0\0" + zlib.compress(b"x" * 900)[:-9]),
        "odd EXIF": (b"eXIf", b"II*\0\xff\xff\xff\x7f"),
    }
    for what, chunk in beside.items():
        assert decoders.develop(_png(64, 64, row, chunk), MediaType.PNG).width == 64, what


def test_orientation_is_found_where_readers_find_it(decoders, encoded):
    """Named twice the first counts; without EXIF the XMP counts."""
    data = encoded[MediaType.JPEG]
    entry = b"\x01\x12\0\3\0\0\0\1\0\6\0\0"
    twice = b"Exif\0\0MM\0*\0\0\0\x08\0\2" + entry + entry.replace(b"\6", b"\3") + bytes(4)
    xmp = b"http://ns.adobe.com/xap/1.0/\0" + (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="6"/></rdf:RDF></x:xmpmeta>'
    )
    for body in (twice, xmp):
        turned = data[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + data[2:]
        assert decoders.develop(turned, MediaType.JPEG).orientation == 6


def test_what_goes_is_named_whatever_space_it_stands_in(decoders, encoded):
    data = encoded[MediaType.JPEG]
    xmp = b"http://ns.adobe.com/xap/1.0/\0" + (
        b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        b'<rdf:Description xmlns:pdf="http://ns.adobe.com/pdf/1.3/" pdf:Author="Berta" xmlns:a="http://a.example/" '
        b'a:Job="4711" xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmp:Rating="4"/></rdf:RDF></x:xmpmeta>'
    )
    named = data[:2] + b"\xff\xe1" + (len(xmp) + 2).to_bytes(2, "big") + xmp + data[2:]
    found = decoders.develop(named, MediaType.JPEG).removable
    assert {"XMP:Author", "XMP:Job"} == {each for each in found if each.startswith("XMP")}
    assert "comment" in found


def test_the_cap_of_pixels_is_a_choice(encoded):
    with DecoderPool(workers=1, limits=Limits(pixels=50_000)) as room, pytest.raises(Malformed, match="pixels"):
        room.develop(encoded[MediaType.JPEG], MediaType.JPEG)
    with pytest.raises(WrongUsage):
        Limits(pixels=301_000_000)


def test_postscript_called_a_picture_meets_no_interpreter(decoders, crafted):
    for kind in MediaType:
        with pytest.raises(Malformed):
            decoders.develop(crafted.eps, kind, name="a.jpg")


@pytest.mark.parametrize("kind", list(MediaType)[:5])
def test_noise_inside_a_whole_file(kind, encoded, decoders):
    """Structure intact, coded data garbage: the decoder must fail or cope, and the next picture must come."""
    data = bytearray(encoded[kind])
    middle = len(data) // 2
    data[middle : middle + 400] = bytes(value * 37 % 251 for value in range(400))
    with contextlib.suppress(Malformed):
        decoders.develop(bytes(data), kind)
    assert decoders.develop(encoded[MediaType.JPEG], MediaType.JPEG).width == 256


def test_exif_made_to_break_readers(decoders, encoded):
    data = encoded[MediaType.JPEG]
    for junk in (
        b"II*\0\xff\xff\xff\x7f",
        b"MM\0*\0\0\0\x08\xff\xff" + b"\x87\x69\0\x04\0\0\0\x01\0\0\0\x08" * 9,
        b"\0",
    ):
        body = b"Exif\0\0" + junk
        bent = data[:2] + b"\xff\xe1" + (len(body) + 2).to_bytes(2, "big") + body + data[2:]
        assert decoders.develop(bent, MediaType.JPEG).width == 256


def test_a_killed_worker_is_replaced_and_the_others_still_come(encoded, make_scans):
    slow = make_scans(6000, 60)  # within what is allowed, and seconds of work
    with DecoderPool(workers=2) as room:
        room.develop(encoded[MediaType.PNG], MediaType.PNG)
        (first,) = room.pids
        struggling = room.submit(slow, MediaType.JPEG, name="slow.jpg")
        good = [room.submit(encoded[kind], kind) for kind in list(MediaType)[:4] * 3]
        time.sleep(0.3)
        os.kill(first, signal.SIGKILL)
        assert [future.result().width for future in good] == [256] * 12
        # Whoever was killed: a picture whose worker died without its doing is developed by a fresh one.
        with_luck = struggling.exception(timeout=60)
        assert with_luck is None or isinstance(with_luck, Malformed)
        assert room.develop(encoded[MediaType.JPEG], MediaType.JPEG).width == 256
        assert first not in room.pids


def test_the_clock_and_the_processor_time_end_a_worker(make_scans, encoded):
    slow = make_scans(8000, 90)
    for limits in (Limits(wall_seconds=0.6), Limits(cpu_seconds=1)):
        with DecoderPool(workers=1, limits=limits) as room:
            start = time.perf_counter()
            with pytest.raises(Malformed, match=r"slow.jpg took longer to decode than a picture may"):
                room.develop(slow, MediaType.JPEG, name="slow.jpg")
            assert time.perf_counter() - start < 8
            assert room.develop(encoded[MediaType.JPEG], MediaType.JPEG).width == 256


def test_memory_is_limited():
    wide = 10_900
    body = zlib.compress(b"\0" * (wide + 1) * wide, 1)
    limits = Limits(memory=400 << 20)
    with DecoderPool(workers=1, limits=limits) as room, pytest.raises(Malformed, match=r"memory|decode"):
        room.develop(_png(wide, wide, body), MediaType.PNG)


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux")
def test_a_worker_owns_nothing(decoders, encoded, tmp_path):
    with (tmp_path / "archive").open("wb") as secret:
        os.set_inheritable(secret.fileno(), True)
        with DecoderPool(workers=1) as room:
            room.develop(encoded[MediaType.JPEG], MediaType.JPEG)
            (pid,) = room.pids
            limits = Path(f"/proc/{pid}/limits").read_text()
            assert "Max core file size        0 " in limits
            assert "Max file size             0 " in limits
            assert f"Max address space         {2 << 30} " in limits
            assert os.getpriority(os.PRIO_PROCESS, pid) > os.getpriority(os.PRIO_PROCESS, 0)
            if os.geteuid() == 0:  # a process that may not be dumped shows this to nobody else
                held = [str(entry.readlink()) for entry in Path(f"/proc/{pid}/fd").iterdir()]
                assert sorted(name.split(":")[0] for name in held) == ["/dev/null", "pipe", "pipe"]
                environment = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
                assert {line.split(b"=")[0] for line in environment} <= {
                    *(b"", b"LC_ALL", b"OPENBLAS_NUM_THREADS", b"OMP_NUM_THREADS", b"LD_LIBRARY_PATH", b"LC_CTYPE"),
                }
                own, theirs = (Path(f"/proc/{who}/ns/net").readlink() for who in ("self", pid))
                assert own != theirs or not _may_leave_the_network(), "a worker has an empty network of its own"


def _may_leave_the_network() -> bool:
    code = "import ctypes, sys; sys.exit(ctypes.CDLL(None).unshare(0x40000000) != 0)"
    return subprocess.run([sys.executable, "-c", code]).returncode == 0


def test_one_worker_serves_many_and_memory_stays_flat(portraits):
    with Image.open(portraits / "astronaut.png") as picture:
        out = io.BytesIO()
        picture.convert("RGB").resize((2400, 2400)).save(out, "JPEG", quality=90)
    data = out.getvalue()
    with DecoderPool(workers=1) as room:

        def resident() -> int:
            return int(Path(f"/proc/{room.pids[0]}/statm").read_text().split()[1]) * 4096

        for _ in range(4):
            room.develop(data, MediaType.JPEG)
        pids, early = room.pids, resident()
        for _ in range(25):
            room.develop(data, MediaType.JPEG)
        assert room.pids == pids
        assert resident() < early + (8 << 20)


def test_workers_work_side_by_side_and_end(encoded):
    with DecoderPool(workers=2) as room:
        names = [room.submit(encoded[MediaType.JPEG], MediaType.JPEG) for _ in range(8)]
        assert len({future.result().pixel_sha256 for future in names}) == 1
        pids = room.pids
        assert len(pids) == 2
    assert room.pids == ()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with pytest.raises(WrongUsage, match="closed"):
        room.develop(encoded[MediaType.JPEG], MediaType.JPEG)


def test_a_worker_that_lies_is_not_believed(encoded):
    liar = (
        "import sys,json\n"
        "inbox=sys.stdin.buffer\n"
        "while True:\n"
        "    lengths=inbox.read(12)\n"
        "    if not lengths: break\n"
        "    inbox.read(int.from_bytes(lengths[:4],'big')+int.from_bytes(lengths[4:],'big'))\n"
        "    out=%s\n"
        "    sys.stdout.buffer.write(out); sys.stdout.buffer.flush()\n"
    )
    heads = [
        b'{"refused":"<script>"}',
        b'{"width":-1}',
        b'{"width":1,"height":1,"orientation":9}',
        b"[1]",
        b"{" * 5000,
        b'{"width":5,"height":5,"orientation":1,"camera_time":null,"camera_model":"a\\u202eb","removable":[],"texts":[],"thumbnail":4}',
        b'{"width":5,"height":5,"orientation":1,"camera_time":"soon","camera_model":"a","removable":[],"texts":[],"thumbnail":4}',
        b'{"width":5,"height":5,"orientation":1,"camera_time":null,"camera_model":"a","removable":[],"texts":[],"thumbnail":4}',
    ]
    answers = [len(head).to_bytes(4, "big") + (8).to_bytes(8, "big") + head + b"<html>!!" for head in heads]
    answers += [b"\xff" * 12, b""]
    for answer in answers:
        code = liar % repr(answer) if answer else "import sys; sys.exit(3)"
        with DecoderPool(workers=1, command=[sys.executable, "-c", code]) as room:
            with pytest.raises(Malformed, match="made the decoder fail"):
                room.develop(encoded[MediaType.JPEG], MediaType.JPEG)


def test_decoding_needs_no_numpy(encoded, tmp_path):
    """The core is installed without it; only raw files bring it."""
    (tmp_path / "a.jpg").write_bytes(encoded[MediaType.JPEG])
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "from safelight.capture.developing import develop\n"
        "from safelight.images.media_type import MediaType\n"
        "print(develop(open(sys.argv[1], 'rb').read(), MediaType.JPEG, 10**8, look=True).width)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "a.jpg")],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(APP)},
    )
    assert done.stdout.strip() == "256", done.stderr


def test_a_missing_extra_is_a_sentence(encoded):
    hide = "import sys; sys.modules['pi_heif'] = None; sys.modules['rawpy'] = None\n"
    serve = "from safelight.capture.worker_main import serve; serve(sys.argv[1:])"
    start = f"{hide}sys.path.insert(0, {str(APP)!r}); {serve}"
    with DecoderPool(workers=1, command=[sys.executable, "-c", start]) as room:
        with pytest.raises(Malformed, match=r"HEIC, which this installation cannot read.*extra heic"):
            room.develop(encoded[MediaType.HEIC], MediaType.HEIC)
        with pytest.raises(Malformed, match=r"raw file, which this installation cannot read.*extra raw"):
            room.develop(encoded[MediaType.DNG], MediaType.DNG)


def test_the_program_itself_never_loads_a_decoder():
    code = (
        "import sys, safelight.capture.decoder_pool, safelight.capture.reading, safelight.capture.folders\n"
        "import safelight.capture.roster, safelight.capture.ink\n"
        "print([name for name in ('PIL', 'zxingcpp', 'rawpy', 'pi_heif', 'numpy') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": str(APP)})
    assert done.stdout.strip() == "[]", done.stderr


def test_threads_may_share_a_pool(decoders, encoded):
    found = []
    threads = [
        threading.Thread(target=lambda kind=kind: found.append(decoders.develop(encoded[kind], kind).height))
        for kind in list(MediaType)[:4] * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [304] * 12


def test_times_a_camera_gets_wrong(decoders, encoded):
    for stamp in ("0000:00:00 00:00:00", "2026:13:40 99:00:00", "", "yesterday", "2026-05-04 09:00:00"):
        exif = Image.Exif()
        exif.get_ifd(0x8769)[36867] = stamp
        with Image.open(io.BytesIO(encoded[MediaType.JPEG])) as picture:
            out = io.BytesIO()
            picture.save(out, "JPEG", exif=exif)
        assert decoders.develop(out.getvalue(), MediaType.JPEG).camera_time is None
    exif = Image.Exif()
    exif.get_ifd(0x8769)[36867] = "2026:05:04 09:00:00"
    exif.get_ifd(0x8769)[36881] = "+00:00"
    with Image.open(io.BytesIO(encoded[MediaType.JPEG])) as picture:
        out = io.BytesIO()
        picture.save(out, "JPEG", exif=exif)
    assert decoders.develop(out.getvalue(), MediaType.JPEG).camera_time == datetime(2026, 5, 4, 9, tzinfo=UTC)
