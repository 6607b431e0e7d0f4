"""What `make mutants` does to a line."""

from textwrap import dedent

import pytest

from tests.mutants.breaking import Module


def broken(code: str) -> set[str]:
    module = Module(dedent(code))
    return {module.code(one) for one in module.breaks}


@pytest.mark.parametrize(("before", "after"), [
    ("a = b < 3\n", "a = b <= 3\n"),
    ("a = b < 3\n", "a = b < 4\n"),
    ("a = b and c\n", "a = b or c\n"),
    ("a += 1\n", "a -= 1\n"),
    ("ring(leg)\n", "pass\n"),
    ("raise Late\n", "pass\n"),
    ("def f():\n    return leg\n", "def f():\n    return None\n"),
    ("if leg:\n    pass\n", "if not (leg):\n    pass\n"),
    ("a = [one for one in all if one]\n", "a = [one for one in all if not (one)]\n"),
    ("@property\ndef f():\n    return 1\n", "@property\ndef f():\n    return 2\n"),
    ("TABLE = {A: 'late'}\n", "TABLE = {A: 'XXlateXX'}\n"),
])  # fmt: skip
def test_a_line_is_broken(before: str, after: str) -> None:
    assert after in broken(before)


@pytest.mark.parametrize("code", [
    "import a\n", '"""Says why."""\n', "Event = Rang | Answered\n", 'log.info("rang %s", leg)\n',
    "@dataclass(slots=True)\nclass A:\n    a: int | None\n    b: str = \"\"\n", 'def f(a: str = "") -> None: ...\n',
])  # fmt: skip
def test_what_never_runs_is_left_alone(code: str) -> None:
    assert broken(code) == set()


def test_a_break_knows_its_line_and_what_must_have_run() -> None:
    (one,) = [
        one for one in Module("a = 1\nb = f(\n    2,\n)\n").breaks if one.kind == "operator_number" and one.line > 1
    ]
    assert (one.line, one.executed) == (3, range(2, 5))
