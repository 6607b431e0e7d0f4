"""The example of docs/flows in a copy of the shipped configuration: every verb, reached by a number of its own."""

import shutil
from pathlib import Path

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs" / "flows"
NUMBER = "+15550100109"


def with_example(config: Path) -> Path:
    """Add the example's flows, lines and number to a configuration directory, as its own first lines say."""
    for name in ("reception.yaml", "after_hours.yaml"):
        shutil.copyfile(DOCS / name, config / "flows" / name)
    lines = config / "scripts" / "en.yaml"
    lines.write_text(lines.read_text(encoding="utf-8") + (DOCS / "lines.yaml").read_text(encoding="utf-8"), "utf-8")
    numbers = config / "callflow.yaml"
    text = numbers.read_text(encoding="utf-8")
    known = '  "+15550100100": front_desk\n'
    assert known in text
    numbers.write_text(text.replace(known, f'{known}  "{NUMBER}": reception\n'), "utf-8")
    return config
