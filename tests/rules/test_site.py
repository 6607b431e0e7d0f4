"""docs/ as a site: every page is in its navigation, every link leads somewhere, and nothing comes from another host."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SETTINGS = ROOT / ".ci" / "mkdocs.yml"
NOT_PAGES: set[str] = set()


def test_the_site_is_built_without_a_broken_link(tmp_path: Path) -> None:
    argv = [sys.executable, "-m", "mkdocs", "build", "--quiet", "-f", str(SETTINGS), "-d", str(tmp_path / "site")]
    done = subprocess.run(argv, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True,
                          timeout=300, check=False)  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    page = (tmp_path / "site" / "going-live.html").read_text(encoding="utf-8")
    asked = re.findall(r"<(?:script|link|img)[^>]*(?:src|href)=\"(https?://[^\"]+)", page)
    assert asked == []


def test_every_page_is_in_the_navigation() -> None:
    named = set(re.findall(r"[\w-]+\.md", SETTINGS.read_text(encoding="utf-8")))
    there = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert named == there - NOT_PAGES
