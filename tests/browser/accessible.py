"""axe-core (MPL-2.0, as npm has it, with its licence beside it): what a machine can see of WCAG 2.2 AA on a page."""

import hashlib
from functools import cache
from pathlib import Path

from playwright.sync_api import Page

FILE = Path(__file__).parent / "axe" / "axe-4.14.1.min.js"
SHA256 = "29348999450cdf2849a8e70b7912fc2da85a849da39c0d0d5394f51d4a9ed95c"
RUN = """async () => (await axe.run(document, {
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"],
})).violations.flatMap((one) => one.nodes.map((node) => `${one.id}: ${node.html.slice(0, 120)} (${one.help})`))"""


@cache
def _axe() -> str:
    content = FILE.read_bytes()
    assert hashlib.sha256(content).hexdigest() == SHA256, f"{FILE.name} is not the file of its package"
    return content.decode()


def findings(page: Page) -> list[str]:
    """What is not accessible on the page as it is now."""
    page.evaluate(_axe())
    return list(page.evaluate(RUN))
