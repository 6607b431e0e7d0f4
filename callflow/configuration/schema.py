"""JSON Schema of each kind of file, for editors: keys, ranges and defaults with their reasons, while ops type.

The schemas say what one file can say about itself. What holds between files only ``callflow check`` knows.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from callflow.configuration.reading.rules import DeescalationFile
from callflow.configuration.reading.shapes import CallflowFile, FlowFile, GuidanceFile, PeopleFile, ScriptsFile, Shape

KINDS: Mapping[str, type[Shape]] = MappingProxyType({
    "callflow": CallflowFile,
    "people": PeopleFile,
    "deescalation": DeescalationFile,
    "flow": FlowFile,
    "scripts": ScriptsFile,
    "guidance": GuidanceFile,
})  # fmt: skip
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(kind: str) -> dict[str, Any]:
    """The schema of one kind of file."""
    model = KINDS[kind]
    found = _spoken(model.model_json_schema())
    return {"$schema": DIALECT, **found, "title": model.__doc__}


def written(kind: str) -> str:
    """As it stands in a file."""
    return json.dumps(schema(kind), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def file_name(kind: str) -> str:
    return f"{kind}.schema.json"


def write(folder: Path) -> list[Path]:
    """Every schema into a folder; returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {kind: folder / file_name(kind) for kind in KINDS}
    for kind, path in paths.items():
        path.write_text(written(kind), encoding="utf-8")
    return list(paths.values())


def _spoken(part: Any) -> Any:
    """Names of our classes mean nothing to ops; a rule of the policy does, in the description."""
    if isinstance(part, list):
        return [_spoken(one) for one in part]
    if not isinstance(part, dict):
        return part
    inside = {
        key: {name: _spoken(one) for name, one in value.items()} if key in ("properties", "$defs") else _spoken(value)
        for key, value in part.items()
        if key not in ("title", "rule", "says")
    }
    if "patternProperties" in part:
        inside["additionalProperties"] = False  # an id that is not written like one is a mistake
    if "rule" in part:
        reasons = dict.fromkeys(str(part[key]) for key in ("description", "says") if key in part)
        inside["description"] = f"{'; '.join(reasons)} (policy rule {part['rule']})"
    return inside
