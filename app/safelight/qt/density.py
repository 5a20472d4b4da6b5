"""How large things are: one table for the person in front of the camera, one for the photographer's desk.

A subject reads at arm's length, once, and touches with any finger: large type, large targets. A photographer works
here all day with mouse and keyboard and wants to see many pictures at a time. Colours, controls and style sheet are
the same theme for both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """Sizes in device-independent pixels before scaling; radii and outlines stay as they are at every scale.

    ``type`` is size and weight (100-900) by role, sizes in ``unit``. Both tables have the roles that controls ask for;
    the desk has some more.
    """

    name: str
    unit: Literal["points", "pixels"]
    type: Mapping[str, tuple[float, int]]
    scales: tuple[float, ...]
    """The sizes of text that can be chosen, as factors."""
    control: int
    """The least height of a button."""
    small: int
    """The least height of a quiet or square button."""
    field: int
    """The height inside a line to type."""
    row: int
    """A row of a list."""
    chip: int
    """A filter, or a state in a list."""
    paragraph: int
    """The width words would like to wrap at."""
    gap: int
    """Between a drawing and its words."""
    pad: int
    """Left and right of the words on a button."""
    pad_quiet: int
    radius: int
    radius_field: int
    radius_card: int
    outline: int
    """How wide the outline is of what can be touched."""
    focus_outline: int


SUBJECT = Density(
    name="subject",
    unit="points",
    type={  # nothing is smaller than 18 points
        "title": (26.0, 650), "lead": (20.0, 400), "heading": (20.0, 600), "body": (18.0, 400), "muted": (18.0, 400),
        "warning": (18.0, 600), "step": (18.0, 500), "button": (18.0, 600),
    },
    scales=(1.0, 1.5, 2.0),
    control=64, small=48, field=48, row=64, chip=48,  # WCAG 2.2, 2.5.5 asks for 44
    paragraph=560, gap=10, pad=22, pad_quiet=14,
    radius=12, radius_field=10, radius_card=14, outline=2, focus_outline=3,
)  # fmt: skip
DESK = Density(
    name="desk",
    unit="pixels",
    type={
        "title": (34.0, 650), "lead": (14.0, 400), "heading": (15.0, 650), "body": (13.0, 400), "muted": (13.0, 400),
        "warning": (13.0, 600), "step": (13.0, 500), "button": (13.0, 600),
        "list": (14.0, 500), "small": (12.0, 400), "key": (13.0, 600),
    },
    scales=(1.0, 1.25, 1.5, 2.0),
    control=40, small=40, field=36, row=52, chip=40,  # whoever works on a tripod table hits them
    paragraph=420, gap=8, pad=16, pad_quiet=8,
    radius=8, radius_field=8, radius_card=10, outline=2, focus_outline=2,
)  # fmt: skip
