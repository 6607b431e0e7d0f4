"""What can be broken in a module: mutmut's mutation operators on libcst's tree, and three that mutmut lacks."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import libcst as cst
import libcst.matchers as m
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators

Operator = Callable[[Any], Iterable[cst.CSTNode]]


@dataclass(frozen=True, eq=False)
class Break:
    """One mutation of one line. ``executed`` are the lines that a test must have run to notice it."""

    kind: str
    line: int
    executed: range
    old: cst.CSTNode
    new: cst.CSTNode


def removed_statement(node: cst.SimpleStatementLine) -> Iterator[cst.CSTNode]:
    """``call(...)`` and ``raise`` become ``pass``."""
    if m.matches(node, m.SimpleStatementLine(body=[m.Expr(m.Call()) | m.Raise()])):
        yield node.with_changes(body=[cst.Pass()])


def returned_none(node: cst.Return) -> Iterator[cst.CSTNode]:
    if node.value and not m.matches(node.value, m.Name("None")):
        yield node.with_changes(value=cst.Name("None"), whitespace_after_return=cst.SimpleWhitespace(" "))


def negated_condition(node: cst.If | cst.While | cst.CompIf) -> Iterator[cst.CSTNode]:
    test = node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()])
    yield node.with_changes(test=cst.UnaryOperation(cst.Not(), test))


OPERATORS: Sequence[tuple[Any, Operator]] = [
    *mutation_operators,
    (cst.SimpleStatementLine, removed_statement),
    (cst.Return, returned_none),
    (cst.If | cst.While | cst.CompIf, negated_condition),
]

# Never executed, or executed once at import by what is not ours: annotations, decorators, imports, docstrings,
# unions of types that only annotations use. Texts of exceptions and of the log, which are for people. And the default
# "" of a parameter or a field: it stands for none, and any other text that is no id of anything would do, too.
NOT_BROKEN = (
    m.Annotation()
    | m.Decorator()
    | m.Import()
    | m.ImportFrom()
    | m.Expr(m.SimpleString() | m.ConcatenatedString())
    | m.If(m.Name("TYPE_CHECKING"))
    | m.Assign(value=m.BinaryOperation(operator=m.BitOr(), right=m.Name() | m.Attribute()))
    | m.Assign(value=m.Call(func=m.Name("TypeVar")))
    | m.Raise()
    | m.Param(default=m.SimpleString('""'))
    | m.AnnAssign(value=m.SimpleString('""'))
    | m.SimpleStatementLine(body=[m.Expr(m.Call(func=m.Attribute(value=m.Name("log"))))])
)


class Module:
    """The source of a module, and every way to break it."""

    def __init__(self, code: str) -> None:
        self._wrapper = MetadataWrapper(cst.parse_module(code))
        visitor = _Visitor()
        self._wrapper.visit(visitor)
        self.breaks = visitor.found

    def code(self, broken: Break) -> str:
        changed = self._wrapper.module.deep_replace(broken.old, broken.new)
        assert isinstance(changed, cst.Module)
        return changed.code


class _Visitor(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Break] = []
        self._statements: list[range] = []
        self._line = 1

    def on_visit(self, node: cst.CSTNode) -> bool:
        if m.matches(node, NOT_BROKEN):
            return False
        place = self.get_metadata(PositionProvider, node, None)
        if place:  # operators of one character may have none: theirs is that of what is around them
            self._line = place.start.line
        if isinstance(node, cst.SimpleStatementLine):
            self._statements.append(range(place.start.line, place.end.line + 1))
        executed = self._statements[-1] if self._statements else range(self._line, self._line + 1)
        for type_, operator in OPERATORS:
            if isinstance(node, type_):
                for new in operator(node):
                    self.found.append(Break(operator.__name__, self._line, executed, node, new))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if isinstance(original_node, cst.SimpleStatementLine) and self._statements:
            self._statements.pop()
