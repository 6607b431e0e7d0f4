"""Takes over what a file includes: lines of a language, or steps of a flow, that stand in other files.

What a file says itself counts more. Every value keeps the place where it was written. A file in ``scripts`` without a
voice, or in ``flows`` without a start, is no language and no flow if another one includes it.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import Any, NamedTuple

from callflow.configuration.problems import Problem, did_you_mean
from callflow.configuration.reading.source import Loc, Source

SHARED = "shared"
"""The folder of files that are only included."""


class Kind(NamedTuple):
    """What can be shared: the folder of the files that include, the keys of what they take over, and the key that a
    file has which stands for itself."""

    folder: str
    keys: tuple[str, ...]
    marker: str


LINES = Kind("scripts", ("scripts", "fragments", "names"), "voice")
STEPS = Kind("flows", ("parameters", "variables", "steps"), "start")


class Included(NamedTuple):
    """``sources``: the files that stand for themselves, with what they include. ``others``: files that are only
    included, by their path below the configuration directory."""

    sources: dict[str, Source]
    others: dict[str, Source]
    problems: list[Problem]


def include(sources: Mapping[str, Source], kind: Kind, read: Callable[[str], Source]) -> Included:
    """``read`` reads a file by its path below the configuration directory."""
    if not any(_entry(one, "include") for one in sources.values()):
        return Included(dict(sources), {}, [])
    including = _Including(kind, read, {one.name: one for one in sources.values()})
    made = {name: including.whole(source, ()) for name, source in sources.items()}
    named = including.named
    only = {one.name for one in sources.values() if one.name in named and _entry(one, kind.marker) is None}
    others = {name: one for name, one in including.files.items() if name in only or name not in including.own}
    for source in others.values():
        including.problems += _faults(source, kind)
    return Included({name: one for name, one in made.items() if one.name not in only}, others, including.problems)


def _entry(source: Source, key: str) -> Any:
    return source.value.get(key) if isinstance(source.value, dict) else None


def _faults(source: Source, kind: Kind) -> Iterator[Problem]:
    """What is wrong with a file that is only included, besides its entries."""
    if not isinstance(source.value, dict):
        return
    known = ("version", "include", *kind.keys)
    for key in source.value:
        if key not in known:
            yield source.problem((key,), "CF010", f'unknown key "{key}"{did_you_mean(key, known)}', key=True)
    version = source.value.get("version")
    if version is None:
        yield source.problem(("version",), "CF011", '"version" is missing', key=True)
    elif version != 1:
        yield source.problem(("version",), "CF015", f'"version" is "{version}"; this program reads version 1')


@dataclass(slots=True)
class _Including:
    kind: Kind
    read: Callable[[str], Source]
    files: dict[str, Source]
    """Everything that was read, by its path."""
    own: set[str] = field(init=False)
    named: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    _whole: dict[str, Source] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.own = set(self.files)

    def whole(self, source: Source, chain: tuple[str, ...]) -> Source:
        """The file with what it includes, made once."""
        if source.name not in self._whole:
            self._whole[source.name] = self._made(source, (*chain, source.name))
        return self._whole[source.name]

    def _made(self, source: Source, chain: tuple[str, ...]) -> Source:
        names = _entry(source, "include")
        if not isinstance(names, list):
            return source  # nothing, or of the wrong type
        made = replace(source, value=dict(source.value), problems=list(source.problems), origins={})
        taken: dict[Loc, Source] = {}
        for number, name in enumerate(names):
            if not isinstance(name, str):
                continue
            loc: Loc = ("include", number)
            fault = self._fault(source, name, chain) or ("is included twice" if name in names[:number] else "")
            if fault:
                self.problems.append(source.problem(loc, "CF207", f'"{name}" {fault}'))
                continue
            self.named.add(name)
            self._take(made, source, self.whole(self.files[name], chain), taken, loc)
        return made

    def _fault(self, source: Source, name: str, chain: tuple[str, ...]) -> str:
        path, folders = PurePosixPath(name), (SHARED, self.kind.folder)
        if "\\" in name or ".." in path.parts or path.parts[:1] not in [(one,) for one in folders]:
            return f"is not below {SHARED}/ or {self.kind.folder}/ of the configuration directory"
        if path.suffix != ".yaml" or path.as_posix() != name:
            return "is not the path of a file that ends in .yaml"
        if name in chain:
            return f"includes this file again: {' -> '.join([*chain[chain.index(name) :], name])}"
        if name not in self.files:
            found = self.read(name)
            if any(one.code == "CF001" for one in found.problems):
                return f"is not there{did_you_mean(name, set(self.files) - {source.name})}"
            self.files[name] = found
        return ""

    def _take(self, made: Source, source: Source, other: Source, taken: dict[Loc, Source], loc: Loc) -> None:
        for key in self.kind.keys:
            entries, own = _entry(other, key), _entry(source, key)
            if not isinstance(entries, dict) or not (own is None or isinstance(own, dict)):
                continue
            all_of_it = dict(made.value.get(key) or {})
            for name, entry in entries.items():
                at: Loc = (key, name)
                if name in (own or {}):
                    continue
                written = other.written_at(at)[0]
                before = taken.setdefault(at, written)
                if before.name != written.name:
                    message = (
                        f'"{name}" is in {before.name} and in {written.name}: write it here, or include one of them'
                    )
                    self.problems.append(source.problem(loc, "CF208", message))
                    continue
                all_of_it[name] = entry
                made.origins[at] = other, at
            if all_of_it:
                made.value[key] = all_of_it
