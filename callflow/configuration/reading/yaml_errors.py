"""What is wrong with a file that is not YAML, in plain words, with the likely cause and its place.

The parser says where it could not go on, in its own terms ("expected <block end>, but found '<scalar>'"). The mistake
is often before that: a quote or a bracket that is not closed, a tab, a colon in a text.
"""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from ruamel.yaml.error import MarkedYAMLError

CURLED: Final = "\u201c\u201d\u201e\u201f\u00ab\u00bb\u2018\u2019\u201a\u201b"
TEXT_WITH_COLON: Final = re.compile(r"^\s*(?:- )?[\w\"' -]+?:\s+(?P<text>[^\s\"'{\[|>&*#].*?:(?:\s.*|$))")
KEY_WITHOUT_BLANK: Final = re.compile(r"^\s*(?P<key>[A-Za-z_][\w-]*):(?P<value>[^\s/].*)$")
COMMA_MISSING: Final = re.compile(r"(?P<word>[\w\"']+):\s*$")
BRACKETS: Final = {"{": "}", "[": "]"}
NEEDS_QUOTES: Final = "@`%*&!|>?"


class Explained(NamedTuple):
    """The line and the column, counted from 0, and what is wrong there."""

    line: int
    column: int
    message: str


def explained(error: MarkedYAMLError, text: str) -> Explained:
    """The likely cause of this error in this text."""
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    lines = text.split("\n")
    line = min(line, len(lines) - 1)
    began = error.context_mark.line if error.context_mark else line
    found = next(_causes(error, lines, line, column, began), None)
    return found or Explained(line, column, "this cannot be understood here: look at the line and at the one before it")


def _causes(error: MarkedYAMLError, lines: list[str], line: int, column: int, began: int) -> Iterator[Explained]:
    """Likely causes, the most certain first."""
    told = f"{error.context or ''} {error.problem or ''}"
    yield from _tab(lines, line)
    yield from _open_quote(lines, line, began, told)
    yield from _curled(lines, line)
    yield from _needs_quotes(lines, line, column, told)
    yield from _second_document(lines, line, told)
    yield from _flow(lines, line, column, told)
    yield from _colon(lines, line, told)
    yield from _indentation(lines, line, told)


def _tab(lines: list[str], line: int) -> Iterator[Explained]:
    for number in (line, line - 1):
        indent = re.match(r"\s*", lines[number])
        if number >= 0 and indent and "\t" in indent[0]:
            yield Explained(number, indent[0].index("\t"), "a tab cannot indent a line: use spaces")


def _open_quote(lines: list[str], line: int, began: int, told: str) -> Iterator[Explained]:
    """A quote that is closed nowhere, or by the opening quote of another text further on."""
    for number in range(min(began, line), line + 1):
        row = _without_comment(lines[number])
        for quote in ('"', "'"):
            plain = row.replace('\\"', "  ") if quote == '"' else row.replace("''", "  ")
            others = plain.count("'" if quote == '"' else '"')
            opens = re.search(rf"(?:^|[\s:\[{{,-]){quote}", plain)
            if plain.count(quote) % 2 and opens and not (quote == "'" and others):
                column = plain.index(quote, opens.start())
                yield Explained(number, column, f"the quote {quote} that opens here is not closed in this line")
    if "quoted scalar" in told:
        yield Explained(began, 0, "a quote that opens in this line is not closed")


def _curled(lines: list[str], line: int) -> Iterator[Explained]:
    place = next((at for at, one in enumerate(lines[line]) if one in CURLED), None)
    if place is not None:
        yield Explained(line, place, f'the quote {lines[line][place]} is not one of YAML: write " instead')


def _needs_quotes(lines: list[str], line: int, column: int, told: str) -> Iterator[Explained]:
    row = lines[line]
    sign = row[column] if column < len(row) else ""
    if sign and sign in NEEDS_QUOTES and ("cannot start any token" in told or "alias" in told or "anchor" in told):
        yield Explained(line, column, f'a text that begins with {sign} needs quotes: "{sign}..."')


def _second_document(lines: list[str], line: int, told: str) -> Iterator[Explained]:
    if "document" in told:
        yield Explained(line, 0, "a line of --- begins a second document: a file has only one, so delete the line")


def _flow(lines: list[str], line: int, column: int, told: str) -> Iterator[Explained]:
    """Between { and } or [ and ]."""
    if "flow" not in told and "or '}'" not in told and "or ']'" not in told:
        return
    row = lines[line]
    if column < len(row) and row[column] == ":" and (word := COMMA_MISSING.search(row[: column + 1])):
        yield Explained(line, word.start(), f"a comma is missing before {word['word']}")
    opened = _opened(lines, line, column)
    if opened:
        number, at, bracket = opened
        other = f", or a comma is missing before line {line + 1}, column {column + 1}" if number == line else ""
        yield Explained(number, at, f"the {bracket} that opens here is not closed by {BRACKETS[bracket]}{other}")


def _opened(lines: list[str], line: int, column: int) -> tuple[int, int, str] | None:
    """The last bracket before this place that is still open."""
    open_ones: list[tuple[int, int, str]] = []
    for number in range(max(0, line - 40), line + 1):
        row = re.sub(r"\"(?:\\.|[^\"\\])*\"", lambda found: " " * len(found[0]), _without_comment(lines[number]))
        for at, one in enumerate(row[:column] if number == line else row):
            if one in BRACKETS:
                open_ones.append((number, at, one))
            elif one in BRACKETS.values() and open_ones and BRACKETS[open_ones[-1][2]] == one:
                open_ones.pop()
    return open_ones[-1] if open_ones else None


def _colon(lines: list[str], line: int, told: str) -> Iterator[Explained]:
    row = _without_comment(lines[line])
    if "mapping values are not allowed" in told and (found := TEXT_WITH_COLON.match(row)):
        yield Explained(line, found.start("text"), 'a text with a colon and a blank in it needs quotes: "..."')
    if "could not find expected ':'" in told:
        for number in (line, line - 1):
            written = KEY_WITHOUT_BLANK.match(_without_comment(lines[number])) if number >= 0 else None
            if written:
                key, value = written["key"], written["value"].strip()
                yield Explained(number, written.end("key") + 1, f"a blank is missing after the colon: {key}: {value}")
        alone = next(
            (one for one in (line, line - 1) if one >= 0 and lines[one].strip() and ":" not in lines[one]), line
        )
        yield Explained(alone, 0, "here a key, a colon and a value are expected")


def _indentation(lines: list[str], line: int, told: str) -> Iterator[Explained]:
    if "block" not in told and "mapping values are not allowed" not in told:
        return
    here, before = _indent(lines[line]), next((one for one in reversed(lines[:line]) if one.strip()), "")
    entry = lines[line].lstrip().startswith("- ")
    if here != _indent(before):
        what = "this entry of a list" if entry else "this line"
        yield Explained(line, here, f"{what} is indented by {here} blanks and the line before it by {_indent(before)}: "
                                    "lines of one level begin in the same column")  # fmt: skip
    elif entry:
        yield Explained(line, here, "a list begins here where keys with values are expected")


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _without_comment(line: str) -> str:
    return re.sub(r"(^|\s)#.*$", "", line)
