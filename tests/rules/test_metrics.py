"""What is counted is in the list of metrics, and what is in the list is counted."""

import ast
from collections.abc import Iterator
from pathlib import Path

from callflow.runtime.metrics import COUNTERS
from callflow.service.observing import COUNTED

ROOT = Path(__file__).parents[2]


def test_every_counter_is_listed_with_its_labels() -> None:
    observed = {(name, len(labels)) for name, *labels in COUNTED.values()}
    assert {*_counted(), *observed} == {(name, len(counter.labels)) for name, counter in COUNTERS.items()}


def _counted() -> Iterator[tuple[str, int]]:
    """(name, number of labels) of every call of ``counters.count`` or ``metrics.count``."""
    for path in sorted((ROOT / "callflow").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Attribute(
                        attr="count", value=ast.Attribute(attr="counters" | "metrics") | ast.Name(id="counters")
                    ),
                    args=[ast.Constant(value=str(name)), *labels],
                ):
                    yield name, len(labels)
