"""One YAML file as plain values, with the line and column of each.

Nodes are converted here and not by ruamel's constructors, to keep keys as they are written (``1`` is the key "1"), to
find every duplicate key and not just the first, and to know the place of every key and value.
"""

import re
import unicodedata
from collections.abc import Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from callflow.configuration.problems import Problem
from callflow.configuration.reading import invisible
from callflow.configuration.reading.yaml_errors import explained

Loc = tuple[str | int, ...]
"""The path of a value from the top of the file: keys of mappings and indexes of lists."""

DIRECTIVE = re.compile(r"\A(?:\s*(?:#.*)?\n)*%", re.MULTILINE)
LEADING_ZERO = re.compile(r"[+-]?0[0-9_]*[0-9](?:\.|$)")
TAG = "tag:yaml.org,2002:"
PLAIN_TAGS = {
    TAG + name for name in ("str", "int", "float", "bool", "null", "map", "seq", "timestamp", "merge", "value")
}
NUMBERS = (TAG + "int", TAG + "float")


@dataclass(slots=True)
class Source:
    """``label`` is the path of the file for messages; ``name`` its path inside the configuration directory."""

    label: str
    name: str
    content: bytes = b""
    value: Any = None
    problems: list[Problem] = field(default_factory=list)
    values: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    keys: dict[Loc, tuple[int, int]] = field(default_factory=dict)
    numeric_keys: set[Loc] = field(default_factory=set)
    unwritten: set[Loc] = field(default_factory=set)
    """The places of keys with nothing after the colon."""
    origins: dict[Loc, tuple["Source", Loc]] = field(default_factory=dict)
    """Where values stand that were written elsewhere: given for a parameter, or in an included file."""

    def written_at(self, loc: Loc) -> tuple["Source", Loc]:
        """The file and the place where a value was written."""
        for length in range(len(loc), 0, -1):
            if found := self.origins.get(loc[:length]):
                return found[0].written_at((*found[1], *loc[length:]))
        return self, loc

    def place(self, loc: Loc, *, key: bool = False) -> tuple[int, int]:
        """Line and column of a value, or of its key. For a missing value, those of the nearest value around it."""
        while loc:
            found = self.keys.get(loc) or self.values.get(loc) if key else self.values.get(loc)
            if found:
                return found
            # A missing value is reported at the key of the mapping that it is missing from.
            loc, key = loc[:-1], True
        return 1, 1

    def problem(self, loc: Loc, code: str, message: str, *, key: bool = False) -> Problem:
        source, at = self.written_at(loc) if self.origins else (self, loc)
        return Problem(source.label, *source.place(at, key=key), code, message)

    def report(self, mark: StreamMark | None, code: str, message: str) -> None:
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        self.problems.append(Problem(self.label, line, column, code, message))


def read(directory: Path, name: str) -> Source:
    """Read a file. ``problems`` has what is wrong with the file or its YAML, ``value`` what could be read."""
    path = directory / name
    source = Source(label=path.as_posix(), name=name)
    try:
        source.content = path.read_bytes()
        text = source.content.decode("utf-8-sig")
    except FileNotFoundError:
        source.report(None, "CF001", "this file is missing")
    except UnicodeDecodeError as error:
        source.report(
            _mark(source.content[: error.start].decode("utf-8", "replace"), None), "CF002", not_utf8(source.content)
        )
    except OSError as error:
        source.report(None, "CF002", f"this file cannot be read: {error.strerror or 'of an unknown reason'}")
    else:
        parse(source, text)
    return source


def parse(source: Source, text: str) -> None:
    """Fill in ``value``, the places and the problems of this text."""
    if directive := DIRECTIVE.search(text):
        message = "a line that begins with % is a directive of YAML, which is not read here: delete it"
        source.report(_mark(text, directive.start()), "CF003", message)
        return
    try:
        node = composed(text)
        if node is not None:
            source.value = _Reading(source, text).value(node, ())
    except MarkedYAMLError as error:
        line, column, message = explained(error, text)
        source.problems.append(Problem(source.label, line + 1, column + 1, "CF003", message))
    except ReaderError as error:
        character = f"U+{ord(error.character):04X}" if isinstance(error.character, str) else "this character"
        source.report(_mark(text, error.position), "CF003", f"{character} cannot stand in a YAML file: delete it")
    except RecursionError:
        source.report(None, "CF003", "lists or keys are nested too deeply")
    except (YAMLError, ValueError, TypeError, AssertionError, AttributeError, NotImplementedError):
        # Some rare YAML (odd tags) raises Python errors in the parser.
        source.report(
            None, "CF003", "this file has YAML of a kind that is not read here: use keys, lists and text only"
        )


def composed(text: str) -> Node | None:
    yaml = YAML(typ="safe", pure=True)
    yaml.composer.warn_double_anchors = False
    found: Node | None = yaml.compose(text)
    return found


def not_utf8(content: bytes) -> str:
    """Why a file is not text in UTF-8, and what to do."""
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    what = "it is text in UTF-16" if wide else "it is text in another encoding, or no text at all"
    return f"this file is not text in UTF-8; {what}: save it as UTF-8 in your editor"


def _mark(text: str, position: int | None) -> StreamMark:
    before = text[:position]
    position = len(before)
    return StreamMark("", position, before.count("\n"), position - before.rfind("\n") - 1)


class _Reading:
    """Converts the nodes of one file to values, and adds places and problems to its source."""

    def __init__(self, source: Source, text: str) -> None:
        self.source = source
        self.text = text
        self.met: set[int] = set()

    def value(self, node: Node, loc: Loc) -> Any:
        if id(node) in self.met:
            return self.alias(loc)
        self.met.add(id(node))
        mark = node.start_mark
        self.source.values[loc] = (mark.line + 1, mark.column + 1)
        if node.tag not in PLAIN_TAGS:
            return self.source.report(mark, "CF005", f'the tag "{node.tag}" is not read here')
        if isinstance(node, MappingNode):
            return self.mapping(node, loc)
        if isinstance(node, SequenceNode):
            return [self.value(item, (*loc, number)) for number, item in enumerate(node.value)]
        assert isinstance(node, ScalarNode)
        seen = self.visible(node)
        if not node.style and seen != node.value:
            return _number(seen)  # the character made a text of it
        if not node.style and not seen:
            self.source.unwritten.add(loc)
        if not node.style and node.tag in NUMBERS and LEADING_ZERO.match(seen):
            plain = seen.replace("_", "").lstrip("+-0") or "0"
            self.source.report(mark, "CF258", f'"{seen}" begins with 0, which some programs read as another number: '
                                              f'write {plain}, or "{seen}" in quotes if it is text')  # fmt: skip
        return _scalar(node.tag, seen)

    def visible(self, node: ScalarNode, *, key: bool = False) -> str:
        """The text without invisible characters, of which the first is reported where it stands.

        Letters are composed (NFC): a name is the same name in every file, whatever editor it was written with.
        """
        text = str(node.value)
        places = invisible.unwanted(text, key=key)
        if places:
            more = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
            message = f"{invisible.named(text[places[0]])} cannot be seen here{more}: delete it"
            self.source.report(self.mark_in(node, places[0]), "CF080", message)
        return unicodedata.normalize("NFC", invisible.without(text, places))

    def mark_in(self, node: ScalarNode, place: int) -> StreamMark:
        """Where this character of a scalar stands in the file; the scalar's beginning if it is written as an escape."""
        start, character = node.start_mark, node.value[place]
        written = self.text[start.index : node.end_mark.index]
        same = [at for at, one in enumerate(written, start.index) if one == character]
        before = node.value.count(character, 0, place)
        return _mark(self.text, same[before]) if before < len(same) else start

    def alias(self, loc: Loc) -> None:
        """Report an alias. Its node only knows the place of its first use, and an alias to a parent would never end."""
        place = self.source.place(loc, key=True)
        self.source.values[loc] = place
        self.source.problems.append(
            Problem(self.source.label, *place, "CF005", "aliases are not read here; write the value out")
        )

    def mapping(self, node: MappingNode, loc: Loc) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in node.value:
            mark = key.start_mark
            if not isinstance(key, ScalarNode):
                self.source.report(mark, "CF005", "a key must be text")
                continue
            name = self.visible(key, key=True)
            place = (*loc, name)
            if name in found:
                first = self.source.keys[place][0]
                self.source.report(mark, "CF004", f'"{name}" is given twice, first in line {first}')
                continue
            self.source.keys[place] = (mark.line + 1, mark.column + 1)
            if key.tag in NUMBERS:
                self.source.numeric_keys.add(place)
            found[name] = self.value(value, place)
        return found


def _scalar(tag: str, text: str) -> Hashable:
    """A number, true, false, None, or the text as it is written."""
    if tag == TAG + "bool":
        return text.lower() == "true"
    if tag == TAG + "null":
        return None
    if tag in NUMBERS:
        return _number(text.replace("_", ""))
    return text


def _number(text: str) -> Hashable:
    for read_number in (int, lambda digits: int(digits, 0), float):
        try:
            return read_number(text)
        except ValueError:
            continue
    return text
