"""How large an installation is: the default one, and what each extra adds.

    python -m tests.bench.size

MB of the files of Callflow's requirements as they are installed, with all that they require, without compiled bytecode.
Requirements that are not installed here are named instead of counted.
"""

import sys
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

EXTRAS = ("postgres",)


def required(requirements: list[str], extra: str, found: dict[str, float], missing: set[str]) -> None:
    """Add the MB of these requirements, and of theirs, to ``found``, by name."""
    for text in requirements:
        one = Requirement(text)
        name = canonicalize_name(one.name)
        if name in found or (one.marker and not one.marker.evaluate({"extra": extra})):
            continue
        try:
            known = distribution(name)
        except PackageNotFoundError:
            missing.add(name)
            continue
        found[name] = megabytes(known)
        for wanted in one.extras or {""}:
            required(known.requires or [], wanted, found, missing)


def megabytes(known: Distribution) -> float:
    files = [file.locate() for file in known.files or [] if file.suffix != ".pyc"]
    return sum(file.stat().st_size for file in files if file.is_file()) / 1e6  # type: ignore[attr-defined]


def measure() -> dict[str, tuple[dict[str, float], set[str]]]:
    """ "default" and every extra -> the MB of what it adds, by name, and what is not installed."""
    ours = distribution("callflow").requires or []
    default: dict[str, float] = {}
    without: set[str] = set()
    required(ours, "", default, without)
    sizes = {"default": (default, without)}
    for extra in EXTRAS:
        more, absent = dict(default), set[str]()
        required(ours, extra, more, absent)
        sizes[extra] = ({name: size for name, size in more.items() if name not in default}, absent)
    return sizes


if __name__ == "__main__":
    for kind, (found, absent) in measure().items():
        largest = ", ".join(f"{name} {size:.1f}" for name, size in sorted(found.items(), key=lambda one: -one[1])[:9])
        sys.stdout.write(f"{kind}: {sum(found.values()):.0f} MB in {len(found)} packages: {largest}\n")
        if absent:
            sys.stdout.write(f"  not installed here: {', '.join(sorted(absent))}\n")
