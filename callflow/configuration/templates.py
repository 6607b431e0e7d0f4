"""Writes a first configuration: the shipped files with other names and numbers, including their comments.

The files are those of the checkout that this package runs from (`make` installs it in place), or in the wheel
(`make wheel`). Text is replaced instead of generating YAML, to keep the comments.
"""

import json
import re
import shutil
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from callflow.configuration import schema
from callflow.configuration.languages import READY, add
from callflow.core.records import record

PACKAGE = Path(__file__).parents[1]
SHIPPED = PACKAGE / "shipped" if (PACKAGE / "shipped").is_dir() else PACKAGE.parent
"""Where the shipped config/ and audio/ are."""
COPIED = ("deescalation.yaml",)
TEAM = "service_desk"
GUIDE = PACKAGE / "configuration" / "first_steps.md"
"""The README that a new directory gets."""
REHEARSED = ("connected", "hold_yes", "hold_no", "hold_silence", "consulting", "supervisor_takes_over", "steps_tried",
             "closing", "warned", "warning_cut", "safeguarding", "threat")  # fmt: skip
"""The shipped scenarios that only need one agent and one supervisor."""
SHIPPED_TEAM = re.compile(r"(?<=^teams:\n  )\w+", re.MULTILINE)


@record
class Staff:
    """One person. ``role`` is for supervisors only."""

    name: str
    phone: str
    role: str = ""


@record
class Beginning:
    """The values that have to be given."""

    organisation: str
    number: str
    agents: Sequence[Staff]
    supervisors: Sequence[Staff]
    security_phone: str
    emergency_number: str
    timezone: str
    contact: str
    languages: Sequence[str] = ()
    """Besides English: translations that come with Callflow."""


class NotShipped(Exception):
    """The shipped files are missing or were changed."""


def write(target: Path, begin: Beginning, shipped: Path = SHIPPED) -> None:
    """Write the folders ``config`` and ``audio`` into a directory. Raises NotShipped, NotAdded."""
    source, config = shipped / "config", target / "config"
    if not (source / "callflow.yaml").is_file() or not (shipped / "audio").is_dir():
        raise NotShipped(f"there is no config/ and audio/ in {shipped.as_posix()}: give a checkout with --from")
    for folder in ("flows", "scripts"):
        (config / folder).mkdir(parents=True)
    for name in COPIED:
        shutil.copyfile(source / name, config / name)
    _write(config / "callflow.yaml", _replaced(source / "callflow.yaml", _callflow(begin)))
    _write(config / "people.yaml", _replaced(source / "people.yaml", _people(begin)))
    team = SHIPPED_TEAM.search((source / "people.yaml").read_text(encoding="utf-8"))
    for path in (source / "guidance.yaml", *sorted(source.glob("flows/*.yaml"))):
        text = path.read_text(encoding="utf-8")
        _write(config / path.relative_to(source), re.sub(rf"\b{team[0]}\b", TEAM, text) if team else text)
    for path in sorted(source.glob("scripts/*.yaml")):
        shutil.copyfile(path, config / "scripts" / path.name)
    for code in begin.languages:
        path = add(code, config, source / READY)
        _write(path, _replaced(path, _named(begin)))
    scenarios(source / "scenarios", config / "scenarios", begin)
    _write(target / "README.md", GUIDE.read_text(encoding="utf-8").replace("ORGANISATION", begin.organisation))
    schema.write(config / "schema")
    shutil.copytree(shipped / "audio", target / "audio")


def scenarios(source: Path, target: Path, begin: Beginning) -> None:
    """Rehearsals of the three steps and both locks, with the first agent and the first supervisor."""
    target.mkdir()
    agents = ids(begin.agents)
    (agent, ana), *_ = agents.items()
    (supervisor, sam), *_ = ids(begin.supervisors, taken=agents).items()
    said = {"Ana and Sam": f"{ana.name} and {sam.name}", "Ana": ana.name, "a team leader": sam.role}
    for name in REHEARSED:
        text = (source / f"{name}.yaml").read_text(encoding="utf-8")
        text = re.sub(r"\b(ana|sam)\b", lambda found: {"ana": agent, "sam": supervisor}[found[1]], text)
        text = re.sub(r"^#.*", lambda found: found[0].replace("Ana", "an agent"), text, flags=re.MULTILINE)
        for shipped, ours in said.items():
            text = re.sub(rf"(?<=saying: ){shipped}(?=[,}}])", quoted(ours).replace("\\", r"\\"), text)
        _write(target / f"{name}.yaml", text)


def quoted(text: str) -> str:
    """Quote any text for YAML, which accepts JSON strings."""
    return json.dumps(text, ensure_ascii=False)


def _callflow(begin: Beginning) -> Mapping[str, str]:
    return {
        r"(?<=  name: )[^#\n]*[^#\s]": quoted(begin.organisation),
        r"(?<=  contact: )[^#\n]*[^#\s]": quoted(begin.contact),
        r'(?<=emergency_number: )"\d+"': quoted(begin.emergency_number),
        r'(?<=^caller_id: )"\+\d+"': quoted(begin.number),
        r'(?<=^numbers:\n)(  "\+\d+": .*\n)+': f"  {quoted(begin.number)}: front_desk\n",
        r"(?<=^timezone: )\S+": begin.timezone,
    }


def _people(begin: Beginning) -> Mapping[str, str]:
    agents, supervisors = ids(begin.agents), ids(begin.supervisors, taken=ids(begin.agents))
    members = f"agents: [{', '.join(agents)}], supervisors: [{', '.join(supervisors)}], ring: in_order"
    team = f"{{name: {TEAM.replace('_', ' ')}, {members}}}"
    security = f'{{name: the security desk, phone: "{begin.security_phone}"}}'
    return {
        r"(?<=^agents:\n)(  \w+: .*\n)+": "".join(_person(id, one) for id, one in agents.items()),
        r"(?<=^supervisors:\n)(  \w+: .*\n)+": "".join(_person(id, one) for id, one in supervisors.items()),
        r"(?<=^security: )\{.*\}": security,
        r"(?<=^teams:\n)(  \w+: .*\n)+": f"  {TEAM}: {team}\n",
    }


def _named(begin: Beginning) -> Mapping[str, str]:
    """A name is not translated. Where to write is: until somebody does, the organisation is named for it."""
    said = {begin.organisation: begin.organisation, begin.contact: begin.organisation, TEAM.replace("_", " "): ""}
    rows = "".join(f"  {quoted(one)}: {quoted(said)}\n" for one, said in said.items() if said)
    return {r"(?<=^names:\n)": rows}


def ids(people: Sequence[Staff], taken: Mapping[str, Staff] | None = None) -> dict[str, Staff]:
    """An id for each person, made of the name in lower case, with a number if two would be the same."""
    found: dict[str, Staff] = {}
    for one in people:
        letters = unicodedata.normalize("NFKD", one.name.lower()).encode("ascii", "ignore").decode()
        plain = re.sub(r"[^a-z0-9]+", "_", letters).strip("_")[:30]
        name = plain if re.match("[a-z]", plain) else f"person_{plain}".rstrip("_")
        numbered = (name if count == 1 else f"{name}_{count}" for count in range(1, 10_000))
        found[next(id for id in numbered if id not in {*found, *(taken or {}), "security", "caller", "callflow"})] = one
    return found


def _person(id: str, one: Staff) -> str:
    role = f", role: {quoted(one.role)}" if one.role else ""
    return f'  {id}: {{name: {quoted(one.name)}, phone: "{one.phone}"{role}}}\n'


def _replaced(path: Path, changes: Mapping[str, str]) -> str:
    text = path.read_text(encoding="utf-8")
    for pattern, value in changes.items():
        text, count = re.subn(pattern, value.replace("\\", r"\\"), text, count=1, flags=re.MULTILINE)
        if not count:
            raise NotShipped(f"{path.as_posix()} is not as it was shipped: nothing there looks like {pattern}")
    return text


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
