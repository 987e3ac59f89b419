"""What all pictures of the report have in common: a figure of its own, and a small sharp PNG."""

import hashlib
import io
import re
from typing import TYPE_CHECKING

from memeval.reporting.text import printable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

WIDTH, HEIGHT = 3.9, 3.3
"""Inches: three stand beside one another on a wide screen, and one is as wide as a phone."""
DPI, SHARPER = 100, 2
"""Pixels of a page for an inch, and those of the picture for each of them."""
COLOURS = 96
"""Of a picture's palette: enough for smooth letters, and a third of the bytes."""
TOP, RIGHT = 0.35, 0.16  # inches


def png(figure: "Figure") -> bytes:
    """Return a figure as a PNG with a palette."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from PIL import Image

    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    buffer = io.BytesIO()
    whole = Image.frombytes("RGBA", canvas.get_width_height(), canvas.buffer_rgba())
    whole.convert("RGB").quantize(COLOURS).save(buffer, "png")
    return buffer.getvalue()


def new_figure(
    *, height: float = HEIGHT, left: float = 0.6, bottom: float = 0.55, top: float = TOP
) -> "tuple[Figure, Axes]":
    """Return a figure of its own, which no window or global state knows of, with fixed margins.

    Sizes are in inches. matplotlib's own layout draws everything three times, which a run of many
    models would wait for.
    """
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, height), dpi=DPI * SHARPER)
    figure.subplots_adjust(
        left=left / WIDTH, right=1 - RIGHT / WIDTH, bottom=bottom / height, top=1 - top / height
    )
    return figure, figure.subplots()


def without_kind(preset: str) -> str:
    """Return a preset's name without its folder, as pictures have it."""
    return plain(preset.partition("/")[2] or preset)


def plain(text: str) -> str:
    """Return text in which matplotlib finds no formula."""
    return printable(text).replace("$", r"\$")


def stem(*names: str) -> str:
    """Return a file name for names, as of a model and a suite: what is safe of them, and a digest.

    The digest is of all of them.
    """
    digest = hashlib.sha256("\0".join(names).encode("utf-8", "replace")).hexdigest()[:6]
    safe = (re.sub(r"[^A-Za-z0-9]+", "-", name).strip("-")[:40] for name in names)
    return "-".join([*filter(None, safe), digest])
