"""Which files are the recording of a line, and what each of them says.

A line is recorded whole (``en/greeting.wav``, or ``audio`` in the YAML), once for every conduct
(``en/warning_final_{conduct}.wav``), or in pieces around its variables: "Thank you. {agent} will be back." is
``en/hold_start.1.wav``, the agent's name, and ``en/hold_start.2.wav``. Names and numbers are recorded in
``en/values/``; without the one that is needed, the whole line is spoken.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import PurePosixPath

from callflow.audio.manifest import Entry, spaced

CONDUCT = "{conduct}"
"""A placeholder in the path of a recording: there is one recording per conduct key."""
VARIABLE = re.compile(r"(\{\w+\})")
VALUES = "values"
"""The folder of recorded names and numbers, in that of the language."""


class Speaks(StrEnum):
    """How a line is heard. ``MISSING``: some of its files are not there; ``OUTDATED``: they say other words."""

    RECORDED = "recorded"
    PIECES = "in pieces"
    SPOKEN = "spoken"
    MISSING = "missing"
    OUTDATED = "outdated"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedLine:
    """``whole``: conduct key, or "", -> path. ``pieces``: paths, and between them variables with their braces.

    ``words``: what each file must say. Only a line that is recorded or in pieces is played.
    """

    how: Speaks
    whole: Mapping[str, str] = field(default_factory=dict)
    pieces: tuple[str, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    unusable: tuple[str, ...] = ()
    """The files that are missing or outdated."""

    @property
    def played(self) -> tuple[str, ...]:
        """The files that are played; none if the line is spoken."""
        return () if self.unusable else tuple(self.words)


def in_pieces(stem: str, text: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """The pieces of a line, and the words of each file. What has no letter or digit between variables is no piece."""
    pieces: list[str] = []
    words: dict[str, str] = {}
    for part in VARIABLE.split(text):
        if VARIABLE.fullmatch(part):
            pieces.append(part)
        elif re.search(r"\w", part):
            path = f"{stem}.{len(words) + 1}.wav"
            words[path] = part.strip().lstrip(",;:. ")
            pieces.append(path)
    return tuple(pieces), words


def files_of(stem: str, text: str, conduct: Mapping[str, str]) -> Iterator[RecordedLine]:
    """The ways in which a line can be recorded, the best first."""
    variables = set(VARIABLE.findall(text))
    if not variables:
        yield RecordedLine(how=Speaks.RECORDED, whole={"": f"{stem}.wav"}, words={f"{stem}.wav": text})
    if variables == {CONDUCT} and conduct:
        whole = {key: f"{stem}_{key}.wav" for key in conduct}
        words = {whole[key]: text.replace(CONDUCT, name) for key, name in conduct.items()}
        yield RecordedLine(how=Speaks.RECORDED, whole=whole, words=words)
    if variables:
        pieces, said = in_pieces(stem, text)
        if said:
            yield RecordedLine(how=Speaks.PIECES, pieces=pieces, words=said)


def named_files(audio: str, text: str, conduct: Mapping[str, str], there: frozenset[str]) -> Iterator[RecordedLine]:
    """The same for a line with a path in the YAML: that file, or its pieces if there are any."""
    stem = str(PurePosixPath(audio).with_suffix(""))
    if CONDUCT in audio:
        whole = {key: audio.replace(CONDUCT, key) for key in conduct}
        words = {whole[key]: text.replace(CONDUCT, name) for key, name in conduct.items()}
        yield RecordedLine(how=Speaks.RECORDED, whole=whole, words=words)
        return
    pieces, said = in_pieces(stem, text)
    if set(VARIABLE.findall(text)) and said and not there.isdisjoint(said):
        yield RecordedLine(how=Speaks.PIECES, pieces=pieces, words=said)
    else:
        yield RecordedLine(how=Speaks.RECORDED, whole={"": audio}, words={audio: text})


def judged(ways: Iterable[RecordedLine], named: bool, digests: Mapping[str, str], known: Mapping[str, Entry]
           ) -> RecordedLine:  # fmt: skip
    """How the line is heard, by the files that are there (``digests``: path -> SHA-256) and the manifest.

    ``named`` in the YAML: it was meant to be recorded, so no file at all is missing, too.
    """
    found = RecordedLine(how=Speaks.SPOKEN)
    for one in ways:
        missing = tuple(path for path in one.words if path not in digests)
        outdated = tuple(path for path in one.words if path in digests and is_outdated(path, one, digests, known))
        if not missing and not outdated:
            return one
        listed = any(path in known for path in one.words)
        if found.how is Speaks.SPOKEN and (named or listed or len(missing) < len(one.words)):
            how = Speaks.MISSING if missing else Speaks.OUTDATED
            found = RecordedLine(how=how, words=one.words, unusable=missing or outdated)
    return found


def is_outdated(path: str, line: RecordedLine, digests: Mapping[str, str], known: Mapping[str, Entry]) -> bool:
    """Whether the manifest says that this very file says other words than the line."""
    entry = known.get(path)
    return entry is not None and entry.sha256 == digests[path] and entry.words != spaced(line.words[path])


def value_of(path: str, digest: str, known: Mapping[str, Entry]) -> str:
    """The value that a file in ``values/`` says: the manifest's words, or its name with blanks for underscores."""
    entry = known.get(path)
    if entry and entry.sha256 == digest:
        return entry.words
    return PurePosixPath(path).stem.replace("_", " ")


def value_path(language: str, value: str) -> str:
    """Where the recording of a value belongs."""
    name = "_".join(re.findall(r"\w+", value.casefold()))
    return f"{language}/{VALUES}/{name or 'value'}.wav"
