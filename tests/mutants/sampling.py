"""Which lines are broken, and how: drawn by a seed."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import ndiff
from random import Random

from tests.mutants.breaking import Break, Module
from tests.mutants.trees import ROOT, modules


@dataclass(frozen=True)
class Mutant:
    name: str
    module: Module
    broken: Break

    @property
    def place(self) -> tuple[str, int]:
        return self.name, self.broken.line

    @property
    def code(self) -> str:
        return self.module.code(self.broken)

    def change(self) -> tuple[str, str]:
        """What stood there, and what stands there now."""
        before = (ROOT / self.name).read_text(encoding="utf-8").splitlines()
        difference = [*ndiff(before, self.code.splitlines())]
        return tuple(" ".join(one[2:].strip() for one in difference if one[0] == sign) for sign in "-+")  # type: ignore[return-value]


def drawn(seed: int, only: str = "") -> Iterator[Mutant]:
    """Every line once, in an order that the seed decides: one of each file first, then all the others.

    Of a line, first a kind of break is drawn and then one of the kind, so that no kind is favoured for being frequent.
    """
    dice = Random(seed)
    first: list[Mutant] = []
    others: list[Mutant] = []
    for name in modules():
        if only in name:
            found = _one_a_line(dice, name)
            dice.shuffle(found)
            first += found[:1]
            others += found[1:]
    dice.shuffle(first)
    dice.shuffle(others)
    yield from first
    yield from others


def _one_a_line(dice: Random, name: str) -> list[Mutant]:
    module = Module((ROOT / name).read_text(encoding="utf-8"))
    lines: dict[int, dict[str, list[Break]]] = defaultdict(lambda: defaultdict(list))
    for one in module.breaks:
        lines[one.line][one.kind].append(one)
    return [Mutant(name, module, dice.choice(kinds[dice.choice(sorted(kinds))])) for _, kinds in sorted(lines.items())]
