"""JSON Schema of each kind of file, for editors: keys, ranges and defaults, with their reasons.

Only for rules about single values; the others are checked by ``callflow check``.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any

from callflow.configuration.reading.guidance import GuidanceFile
from callflow.configuration.reading.hours import CalendarsFile
from callflow.configuration.reading.practice import PracticeFile
from callflow.configuration.reading.rules import DeescalationFile
from callflow.configuration.reading.scripts import ScriptsFile
from callflow.configuration.reading.shapes import CallflowFile, FlowFile, PeopleFile
from callflow.configuration.reading.shared import SharedLinesFile, SharedStepsFile
from callflow.configuration.reading.strict import Shape

KINDS: Mapping[str, type[Shape]] = MappingProxyType({
    "callflow": CallflowFile,
    "people": PeopleFile,
    "deescalation": DeescalationFile,
    "flow": FlowFile,
    "scripts": ScriptsFile,
    "guidance": GuidanceFile,
    "calendars": CalendarsFile,
    "practice": PracticeFile,
    "shared_lines": SharedLinesFile,
    "shared_steps": SharedStepsFile,
})  # fmt: skip
DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(kind: str) -> dict[str, Any]:
    """The JSON Schema of one kind of file."""
    model = KINDS[kind]
    found = _spoken(model.model_json_schema())
    return {"$schema": DIALECT, **found, "title": model.__doc__}


def written(kind: str) -> str:
    """The schema as text."""
    return json.dumps(schema(kind), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def file_name(kind: str) -> str:
    return f"{kind}.schema.json"


def write(folder: Path) -> list[Path]:
    """Write all schemas into a folder; returns the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = {kind: folder / file_name(kind) for kind in KINDS}
    for kind, path in paths.items():
        path.write_text(written(kind), encoding="utf-8")
    return list(paths.values())


def _spoken(part: Any) -> Any:
    """Remove class names from a schema, and add the policy rule to the description."""
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
        inside["additionalProperties"] = False  # reject ids that do not match the pattern
    if "rule" in part:
        reasons = dict.fromkeys(str(part[key]) for key in ("description", "says") if key in part)
        inside["description"] = f"{'; '.join(reasons)} (policy rule {part['rule']})"
    return inside
