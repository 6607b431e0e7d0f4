"""Scripts speak, code does not: where a prompt is made, the code names lines and fragments and has no words of its own.

A string that ends up in a prompt is followed back through names and functions of the same module. What is found there
must be a known id, or have no letters (a blank, a digit, punctuation, markup).
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from callflow.configuration.loading import load
from callflow.core.briefing import TRIED
from callflow.core.call import Outcome
from callflow.core.fragment_catalogue import FRAGMENTS
from callflow.core.script_catalogue import SCRIPTS, STAFF_LINE
from callflow.service.prompt_recordings import HEARD_AS, PromptState

ROOT = Path(__file__).parents[2] / "callflow"
MODULES = sorted(
    path for package in ("core", "telephony", "web") for path in (ROOT / package).rglob("*.py")
)  # fmt: skip
MAKES_A_PROMPT = frozenset({"prompt", "Prompt", "fragment", "say", "says", "said", "polite_hangup", "_line", "words"})
MARKUP = re.compile(r"<[^>]*>|</?\w+|\w+=\"|>")
WORDS = "WORDS"
"""The table of the variables that follow from a call (core/draft.py)."""


def spoken_by(source: str) -> list[str]:
    """Every string with letters that this module puts into a prompt and that is no id."""
    tree = ast.parse(source)
    return sorted({text for text in _Sources(tree).texts() if not _is_an_id(text) and re.search("[A-Za-z]", text)})


def _is_an_id(text: str) -> bool:
    """A line, a fragment, or the beginning and end of an id put together (``safeguarding_on``)."""
    known = {*SCRIPTS, *FRAGMENTS}
    return text in known or (text.startswith("_") and any(one.endswith(text) for one in known))


class _Sources:
    """Where the values of prompts come from, within one module."""

    def __init__(self, tree: ast.Module) -> None:
        functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef)]
        top = [one for one in tree.body if not isinstance(one, ast.FunctionDef | ast.ClassDef)]
        self.module = ast.Module(body=top, type_ignores=[])
        self.functions = {one.name: one for one in functions}
        self.seen: set[ast.AST] = set()

    def texts(self) -> Iterator[str]:
        for scope in (self.module, *self.functions.values()):
            for node in ast.walk(scope):
                if isinstance(node, ast.Call) and _name(node.func) in MAKES_A_PROMPT:
                    for value in (*node.args, *(one.value for one in node.keywords)):
                        yield from self.behind(value, scope)
        for value, scope in self.defined(WORDS, self.module):
            yield from self.behind(value, scope)

    def behind(self, value: ast.AST, scope: ast.AST) -> Iterator[str]:
        """The strings that this expression may turn out to be."""
        if value in self.seen:
            return
        self.seen.add(value)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield MARKUP.sub("", value.value)
        inside = ((one, scope) for one in _inside(value))
        for one, where in (*inside, *self.defined(_name(value), scope)):
            yield from self.behind(one, where)

    def defined(self, name: str, scope: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        """What a name stands for: what a function returns, what was assigned to it."""
        known = self.functions.get(name)
        for node in ast.walk(known) if known else ():
            if isinstance(node, ast.Return) and node.value:
                yield node.value, known or scope
        for node in (*ast.walk(scope), *self.module.body):
            if name in _names(node):
                yield node.value, scope  # type: ignore[attr-defined]


def _inside(value: ast.AST) -> list[ast.AST]:
    """The parts of an expression that its value is made of: no keys, indices and comparisons."""
    match value:
        case ast.Dict(values=values):
            return [*values]
        case ast.DictComp(value=one):
            return [one]
        case ast.Compare() | ast.Call(func=ast.Attribute(attr="word")):
            return []
        case ast.Subscript(value=table):
            return [table]
        case ast.Call(func=called, args=arguments) if _name(called) in ("get", "next"):
            return [called, *arguments[-1:]]
    return list(ast.iter_child_nodes(value))


def _names(node: ast.AST) -> list[str]:
    """The plain names that a statement gives a value to."""
    match node:
        case ast.Assign(targets=targets):
            return [one.id for one in targets if isinstance(one, ast.Name)]
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value:
            return [name]
        case ast.AugAssign(target=ast.Name(id=name)):
            return [name]
    return []


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_module_has_words_of_its_own(path: Path) -> None:
    assert spoken_by(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        'draft.prompt("whisper", tried="nothing yet")',
        'draft.prompt("whisper", **told(draft))\ndef told(draft):\n    return {"ask": "your help"}',
        'def page():\n    text = f"We are sorry, {us} is closed."\n    return Part(said(text))',
        'SORRY = "We are sorry"\nreply = polite_hangup(SORRY)',
        'WORDS = {"agent": lambda draft: draft.name(draft.lead, "our agent")}',
        'class Draft:\n    def role(self):\n        return "supervisor"\nWORDS = {"role": Draft.role}',
        'TRIED = {"declined": "a time out"}\ndraft.prompt("whisper", tried=TRIED.get(outcome, "tried_nothing"))',
    ],
)
def test_words_are_found_however_they_get_there(source: str) -> None:
    assert spoken_by(source)


def test_nobody_hears_our_own_terms() -> None:
    """Neither callers nor staff know the names of settings, places and steps."""
    ours = re.compile(
        r"\b(civility|delegate upwards|draw the line|ladder|safeguarding|helper|wrap-?up|leg|stage)\b", re.I
    )
    language = load(ROOT.parent / "config", ROOT.parent / "audio").languages["en"]
    texts = {id: one.text for id, one in language.scripts.items()} | language.fragments
    assert {id: text for id, text in texts.items() if ours.search(text)} == {}


def test_every_outcome_of_a_time_out_can_be_told() -> None:
    assert set(TRIED) | {Outcome.UNTRIED, Outcome.UNAVAILABLE} == set(Outcome)
    assert set(TRIED.values()) <= set(FRAGMENTS)


def test_every_outcome_of_a_recording_has_a_line_that_tells_it() -> None:
    assert set(PromptState) - set(HEARD_AS) == {PromptState.WAITING}
    assert set(HEARD_AS.values()) <= set(STAFF_LINE)
    assert len(set(HEARD_AS.values())) == len(HEARD_AS)
