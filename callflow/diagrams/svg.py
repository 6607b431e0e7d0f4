"""A page of boxes, lines and text, written as SVG with the standard library only."""

from collections.abc import Iterable, Sequence
from html import escape

FONT = "Helvetica, Arial, 'Liberation Sans', sans-serif"
WIDE = set("mwMWABCDGHKNOQRSUVXYZ@%")
NARROW = set("iljftrI.,:;'!|()[] ")
MARGIN = 24
Point = tuple[float, float]


def width_of(text: str, size: float = 12) -> float:
    """Estimated width of a text in points; rather too wide, because fonts differ from machine to machine."""
    return size * sum(0.80 if one in WIDE else 0.34 if one in NARROW else 0.60 for one in text)


def wrapped(text: str, width: float, size: float = 12) -> list[str]:
    """Break a text into lines of at most this width in points. A word that is too long is cut."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and width_of(longer, size) > width:
            lines.append(line)
            line = word
        else:
            line = longer
        line = fitted(line, width, size)
    return [*lines, line] if line else lines


def fitted(text: str, width: float, size: float = 12) -> str:
    while len(text) > 1 and width_of(text, size) > width:
        text = text[:-2].rstrip() + "…" if len(text) > 2 else "…"
    return text


class Page:
    """One drawing. Things are drawn in the order of the calls; coordinates are in points from the top left."""

    def __init__(self, title: str) -> None:
        self.title = title
        self._parts: list[str] = []
        self._right = self._bottom = 0.0

    def box(self, x: float, y: float, w: float, h: float, *, mark: str = "", round_: float = 6, hint: str = ""
            ) -> None:  # fmt: skip
        """``hint``: shown to whoever points at the box."""
        self._reach(x + w, y + h)
        title = f"<title>{escape(hint, quote=False)}</title>" if hint else ""
        self._parts.append(f'<rect class="box {mark}" x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" '
                           f'rx="{round_:g}"{f">{title}</rect>" if title else "/>"}')  # fmt: skip

    def text(self, x: float, y: float, words: str, *, size: float = 12, at: str = "start", bold: bool = False,
             halo: bool = False) -> None:  # fmt: skip
        half = width_of(words, size)
        self._reach(x + {"start": half, "middle": half / 2, "end": 0.0}[at], y + 4)
        style = (' font-weight="bold"' if bold else "") + (' class="halo"' if halo else "")
        anchor = "" if at == "start" else f' text-anchor="{at}"'
        self._parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"{anchor}{style}>{escape(words, quote=False)}</text>'
        )

    def line(self, points: Sequence[Point], *, mark: str = "", arrow: bool = True) -> None:
        for x, y in points:
            self._reach(x, y)
        path = " ".join(f"{'M' if first else 'L'}{x:.1f} {y:.1f}" for first, (x, y) in _flagged(points))
        end = ' marker-end="url(#arrow)"' if arrow else ""
        self._parts.append(f'<path class="edge {mark}" d="{path}"{end}/>')

    def _reach(self, x: float, y: float) -> None:
        self._right, self._bottom = max(self._right, x), max(self._bottom, y)

    def written(self, *, styled: bool = True) -> str:
        """The text of the SVG file; without its style as a part of a page, which has the classes."""
        w, h = self._right + MARGIN, self._bottom + MARGIN
        kind = f'font-family="{FONT}"' if styled else 'class="drawing" role="img"'
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w:.0f} {h:.0f}" width="{w:.0f}" height="{h:.0f}" '
            f"{kind}>"
        )
        style = STYLE if styled else ARROW
        return "\n".join([head, f"<title>{escape(self.title)}</title>", style, *self._parts, "</svg>", ""])


def _flagged(points: Sequence[Point]) -> Iterable[tuple[bool, Point]]:
    return ((number == 0, point) for number, point in enumerate(points))


ARROW = """<defs><marker id="arrow" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="9" markerHeight="9" \
markerUnits="userSpaceOnUse" orient="auto"><path d="M0 1 L9 5 L0 9 z"/></marker></defs>"""
STYLE = f"""{ARROW}
<style>
svg {{ background: #fff }} text {{ fill: #111; pointer-events: none }}
.halo {{ stroke: #fff; stroke-width: 4px; paint-order: stroke }}
.box {{ fill: #fff; stroke: #111; stroke-width: 1.2 }}
.person {{ fill: #e8eef7; stroke-width: 2.2 }} .end {{ fill: #eee }}
.edge {{ fill: none; stroke: #111; stroke-width: 1.1 }} .by-itself {{ stroke-dasharray: 5 3 }}
.added {{ fill: #e6f4e6; stroke: #176117; stroke-width: 2.6 }}
.removed {{ fill: #fbeaea; stroke: #a11; stroke-dasharray: 7 4 }}
.changed {{ fill: #fff6dd; stroke: #8a5a00; stroke-width: 2.6; stroke-dasharray: 12 3 2 3 }}
path.added, path.removed, path.changed {{ fill: none }}
</style>"""
