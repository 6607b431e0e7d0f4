#!/usr/bin/env python3
"""Compare the pinned versions with known vulnerabilities, without the network.

    .venv/bin/python .ci/audit.py                     # every requirements*.txt; exit code 1 for a vulnerable version
    .venv/bin/python .ci/audit.py --refresh FOLDER    # read the advisories of the pinned packages anew

``advisories.json`` has the advisories of the packages that we pin, taken from a checkout of the Python Packaging
Advisory Database (FOLDER), and those that were added by hand since. It says of which day both are; what was found
later is not in it. Refresh it before each release, and add the package when a dependency is added.
"""

import argparse
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import Version

HERE = Path(__file__).parent
ADVISORIES = HERE / "advisories.json"
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", re.MULTILINE)


def pins(files: list[Path]) -> dict[str, str]:
    """The pinned version of each package."""
    found = [pin for file in files for pin in PIN.findall(file.read_text(encoding="utf-8"))]
    return {canonicalize_name(name): version for name, version in found}


def affected(version: str, ranges: list[list[str | None]]) -> bool:
    """Whether the version is in one of the ranges [introduced, fixed); None for fixed: not fixed yet."""
    here = Version(version)
    return any(
        here >= Version(introduced or "0") and (fixed is None or here < Version(fixed)) for introduced, fixed in ranges
    )


def problems(pinned: dict[str, str], known: dict[str, Any]) -> Iterator[str]:
    """One line for each advisory that a pinned version has."""
    advisories = [*known["database"]["advisories"], *known["by_hand"]["advisories"]]
    for one in advisories:
        version = pinned.get(one["package"])
        if version and affected(version, one["ranges"]):
            fixed = ", ".join(str(end) for _, end in one["ranges"] if end) or "no version"
            yield f"{one['package']} {version}: {', '.join(one['ids'])}, fixed in {fixed}"


def read(folder: Path, packages: list[str]) -> dict[str, Any]:
    """The advisories of these packages in a checkout of the database."""
    from ruamel.yaml import YAML

    yaml = YAML(typ="safe")
    found = []
    for package in packages:
        for file in sorted((folder / "vulns" / package).glob("*.yaml")):
            entry = yaml.load(file.read_text(encoding="utf-8"))
            ranges = [pair for one in entry["affected"] for pair in _ranges(one)]
            if ranges and "withdrawn" not in entry:
                ids = [entry["id"], *(alias for alias in entry.get("aliases", ()) if alias.startswith("CVE-"))]
                found.append({"package": package, "ids": ids, "ranges": ranges})
    day = subprocess.run(
        ["git", "-C", str(folder), "log", "-1", "--format=%cs"], capture_output=True, text=True, check=True
    )
    return {"date": day.stdout.strip(), "advisories": found}


def _ranges(entry: dict[str, Any]) -> Iterator[list[str | None]]:
    for one in entry.get("ranges", ()):
        if one["type"] == "ECOSYSTEM":
            begin: str | None = None
            for event in one["events"]:
                if "introduced" in event:
                    begin = str(event["introduced"])
                elif "fixed" in event:
                    yield [begin, str(event["fixed"])]
                    begin = None
            if begin is not None:
                yield [begin, None]


def _text(known: dict[str, Any]) -> str:
    """JSON with one advisory a line."""
    parts = []
    for name, part in known.items():
        rows = ",\n".join(f"  {json.dumps(one)}" for one in part["advisories"])
        parts.append(f'"{name}": {{"date": "{part["date"]}", "advisories": [\n{rows}\n]}}')
    return "{" + ",\n".join(parts) + "}\n"


def main() -> int:
    options = argparse.ArgumentParser(description="Compare the pinned versions with known vulnerabilities.")
    options.add_argument("files", nargs="*", type=Path, help="requirements files; by default all of the project")
    options.add_argument("--refresh", type=Path, metavar="FOLDER", help="a checkout of the advisory database")
    given = options.parse_args()
    pinned = pins(given.files or sorted(HERE.parent.glob("requirements*.txt")))
    known = json.loads(ADVISORIES.read_text(encoding="utf-8"))
    if given.refresh:
        known["database"] = read(given.refresh, sorted(pinned))
        ADVISORIES.write_text(_text(known), encoding="utf-8")
    found = list(problems(pinned, known))
    print(*found, sep="\n", end="\n" * bool(found))
    days = f"advisories of {known['database']['date']}, added to by hand until {known['by_hand']['date']}"
    print(f"{len(pinned)} pinned versions, {len(found)} known to be vulnerable ({days})")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
