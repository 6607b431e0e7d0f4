"""A drawing as a page for browsers, or as a picture."""

import re
import tempfile
from pathlib import Path
from typing import Final

from callflow import extras

TITLE: Final = re.compile(r"<title>(.*?)</title>")
PAGE: Final = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>body {{ margin: 0 }} svg {{ display: block; max-width: 100%; height: auto; margin: 0 auto }}</style>
{drawing}</html>
"""
DOTS_PER_INCH: Final = 144


class CannotDraw(Exception):
    """The picture cannot be made; the message says what to do."""


def page(drawing: str) -> str:
    """An HTML page with an SVG drawing. The whole words of a step are shown to whoever points at it."""
    found = TITLE.search(drawing)
    return PAGE.format(title=found[1] if found else "Callflow", drawing=drawing)


def png(drawing: str) -> bytes:
    """The drawing as a PNG. Raises CannotDraw without the package typst, which draws it."""
    try:
        import typst
    except ImportError:
        raise CannotDraw(f"a PNG needs the package typst: {extras.how('evidence')}; or write .svg") from None
    with tempfile.TemporaryDirectory(prefix="callflow-diagram-") as folder:
        (Path(folder) / "drawing.svg").write_text(drawing, encoding="utf-8")
        source = Path(folder) / "page.typ"
        source.write_text('#set page(width: auto, height: auto, margin: 0pt)\n#image("drawing.svg")', encoding="utf-8")
        made = typst.compile(str(source), format="png", ppi=DOTS_PER_INCH)
    return made if isinstance(made, bytes) else bytes(made[0])
