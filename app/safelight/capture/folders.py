"""Finds photographs in files, folders, memory cards and what was dropped, and knows what beside them is no frame."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from safelight.capture.ordering import natural_order as natural_order
from safelight.capture.reading import shown_name
from safelight.domain.errors import WrongUsage
from safelight.images.image_format import PICTURE_NAMES

Aside = Callable[[Path, str], None]
"""``aside(path, why)`` hears of a file that was not taken, with the reason in a few words."""

_SYSTEM = frozenset({"system volume information", "$recycle.bin", "lost.dir", "lost+found", "@eadir", "__macosx"})
_EDITORS = frozenset({"captureone", "output"})
"""Folders an editor keeps its settings, caches and finished pictures in: nothing there comes from a camera."""
_BESIDE = frozenset(
    {".xmp", ".cos", ".cop", ".cot", ".cof", ".comask", ".cosessiondb", ".cocatalogdb", ".pp3", ".dop", ".arp", ".on1"}
    | {".aae", ".thm", ".vrd", ".nksc", ".lock", ".db", ".ini"}
)
"""Endings of what editors and cameras leave beside a picture."""
_UNFINISHED = (
    *(".part", ".partial", ".tmp", ".temp", ".filepart", ".crdownload", ".download"),
    *("_exiftool_tmp", "_original", "~"),
)
"""How the names of files end that are not written to the end yet, or were put aside by an editor."""
DEEPEST = 32
"""So many folders inside each other are looked into."""


def find_photos(paths: Sequence[Path], *, aside: Aside | None = None) -> Iterator[Path]:
    """Every picture at or below ``paths``, each once, in the order cameras count (IMG_9 before IMG_10).

    A file named outright is always handed on: reading it will tell what it is. Of a folder, what is called like a
    picture is taken, hidden and system files are passed over, links are not followed, and all else is told to
    ``aside``. Of a memory card (a folder with ``DCIM`` in it) only ``DCIM`` is looked at. Nothing is opened. Raises
    WrongUsage if a path does not exist.
    """
    given: set[Path] = set()
    tell = aside or tell_nobody
    for path in paths:
        start = Path(os.path.realpath(path))  # a link named outright is meant; links found below are not followed
        if not start.exists():
            raise WrongUsage(f"There is nothing at {shown_name(path)}.", "Check the path; nothing was taken in.")
        found = _below(start, tell, 0) if start.is_dir() else iter((start,))
        for photo in found:
            if photo not in given:
                given.add(photo)
                yield photo


def tell_nobody(path: Path, why: str) -> None:
    """An :data:`Aside` that tells nobody."""


def passed_over(name: str) -> bool:
    """Whether a file or folder of this name is no frame and nobody needs to hear of it.

    Hidden files, system folders, what an editor keeps (``CaptureOne``, ``Output``, sidecars), and files under the name
    they have while somebody writes them. Upper and lower case are one.
    """
    low = name.lower()
    return (
        low.startswith(".")
        or low in _SYSTEM
        or low in _EDITORS
        or low.endswith(_UNFINISHED)
        or os.path.splitext(low)[1] in _BESIDE  # noqa: PTH122 - a path for each of thousands of names is slow
        or low.endswith((".lrdata", ".cocatalog"))
    )


def dropped_paths(texts: Sequence[str]) -> tuple[tuple[Path, ...], tuple[tuple[str, str], ...]]:
    """The files of a list that was dropped (``text/uri-list``, or plain paths), and what is none with the reason.

    Only absolute paths of this machine are files; an address of the network is never followed. Nothing is opened.
    """
    paths, refused = dict[Path, None](), list[tuple[str, str]]()
    for text in texts:
        line = text.strip()
        if not line or line.startswith("#"):
            continue
        path = _local(line)
        if path is None:
            refused.append((shown_name(Path(line[-200:])), "It is no file of this computer."))
        else:
            paths[path] = None
    return tuple(paths), tuple(refused)


def _local(line: str) -> Path | None:
    if "\0" in line:
        return None
    if line.lower().startswith("file:"):
        try:
            parts = urlsplit(line)
        except ValueError:
            return None
        if parts.netloc not in ("", "localhost"):
            return None
        line = unquote(parts.path, errors="surrogateescape")
        if os.name == "nt":
            line = line.lstrip("/")
    path = Path(line)
    return path if path.is_absolute() and "\0" not in line else None


def _below(folder: Path, tell: Aside, depth: int) -> Iterator[Path]:
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: (natural_order(entry.name), entry.name))
    except OSError as error:
        tell(folder, f"the folder cannot be listed: {os.strerror(error.errno or 0)}")
        return
    card = [entry for entry in entries if entry.name.upper() == "DCIM" and entry.is_dir(follow_symlinks=False)]
    for entry in card if card and depth == 0 else entries:
        path = folder / entry.name
        if entry.name.lower() == "output" and entry.is_dir(follow_symlinks=False):
            tell(path, "made by an editor; name the folder itself to take it in")
        if passed_over(entry.name):
            continue
        try:
            if entry.is_symlink():
                tell(path, "a link")
            elif entry.is_dir(follow_symlinks=False):
                if depth < DEEPEST:
                    yield from _below(path, tell, depth + 1)
                else:
                    tell(path, "too deep")
            elif not entry.is_file(follow_symlinks=False):
                tell(path, "not a file")
            elif path.suffix.lower() in PICTURE_NAMES:
                yield path
            else:
                tell(path, "not a picture")
        except OSError as error:
            tell(path, os.strerror(error.errno or 0))
