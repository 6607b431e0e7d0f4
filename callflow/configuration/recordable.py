"""Every file that a configuration could play: its name, its words, and which values lines in pieces are filled with."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.recorded_lines import (
    VARIABLE,
    RecordedLine,
    Speaks,
    files_of,
    in_pieces,
    named_files,
    value_path,
)
from callflow.core.script_catalogue import CALLS_OUT, STAFF
from callflow.core.staff_line.numbers import Numbered, numbered

SECONDS = (5, 10, 15, 20, 30, 45, 60, 90, 120)
"""How long holds, graces and countdowns usually are; with what the rules say."""
DIGITS = tuple("0123456789")
SPELLED = frozenset({"ref", "emergency", "police", "ambulance", "last3", "key"})
"""Variables that are spoken digit by digit, from ten recordings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recordable:
    """``name`` is what commands call it: the path below the language's folder without its ending.

    ``line`` is the id of its line, "" for a value. ``piece``: it is played between others, without silence around it.
    """

    name: str
    path: str
    words: str
    line: str
    staff: bool
    piece: bool


def recordables(draft: ConfigurationDraft, language: str) -> dict[str, Recordable]:
    """By name: every line whole or in pieces, and the values that are known."""
    found: dict[str, Recordable] = {}
    for id, script in draft.scripts[language].scripts.items():
        staff = id in STAFF or (id in CALLS_OUT and CALLS_OUT[id].hears == "staff")
        for way in ways_of(draft, language, id):
            for path, words in way.words.items():
                name = path.removeprefix(f"{language}/").removesuffix(".wav")
                found[name] = Recordable(name=name, path=path, words=words, line=id, staff=staff,
                                         piece=way.how is Speaks.PIECES)  # fmt: skip
        for value in values_in(draft, language, script.text):
            path = value_path(language, value)
            name = path.removeprefix(f"{language}/").removesuffix(".wav")
            found.setdefault(name, Recordable(name=name, path=path, words=value, line="", staff=False, piece=True))
    return found


def ways_of(draft: ConfigurationDraft, language: str, id: str) -> list[RecordedLine]:
    """The ways in which a line can be recorded, the best first."""
    script = draft.scripts[language].scripts[id]
    conduct = conduct_of(draft, language)
    if script.audio is None:
        return list(files_of(f"{language}/{id}", script.text, conduct))
    return list(named_files(script.audio, script.text, conduct, frozenset(draft.recordings)))


def by_telephone(draft: ConfigurationDraft, language: str) -> list[Numbered]:
    """Every line and value of a language, with what is recorded of it on the staff line."""
    found: list[Numbered] = []
    values: dict[str, str] = {}
    for id, script in draft.scripts[language].scripts.items():
        words = next((dict(way.words) for way in ways_of(draft, language, id)), {})
        if any(VARIABLE.search(one) for one in words.values()):  # one file is named for words that change
            words = in_pieces(str(PurePosixPath(script.audio or "").with_suffix("")), script.text)[1]
        found.append(Numbered(id=id, parts=words, whole=list(words.values()) == [script.text]))
        if VARIABLE.search(script.text):
            values |= {value_path(language, one): one for one in values_in(draft, language, script.text)}
    for path, words_of_it in values.items():
        name = path.removeprefix(f"{language}/").removesuffix(".wav")
        found.append(Numbered(id=name, parts={path: words_of_it}, whole=True))
    return found


def typed_numbers(draft: ConfigurationDraft, language: str) -> dict[str, str]:
    """By path, what is typed on the staff line to record this file: 104, or 113*2 for a piece."""
    return {
        path: f"{number}*{piece}" if (piece := one.piece(path)) else number
        for number, one in numbered(by_telephone(draft, language)).items()
        for path in one.parts
    }


def conduct_of(draft: ConfigurationDraft, language: str) -> dict[str, str]:
    """Conduct key -> as it is named in this language."""
    names = draft.scripts[language].names
    rules = draft.deescalation.draw_the_line.conduct if draft.deescalation else {}
    return {key: names.get(one.name, one.name) for key, one in rules.items()}


def values_in(draft: ConfigurationDraft, language: str, text: str) -> Iterator[str]:
    """The values that the variables of a text can have, as far as the configuration tells them."""
    names = draft.scripts[language].names
    for variable in dict.fromkeys(VARIABLE.findall(text)):
        for value in dict.fromkeys(_values(draft, language, variable.strip("{}"))):
            yield names.get(value, value)


def unrecorded_in(draft: ConfigurationDraft, language: str, text: str) -> list[str]:
    """The variables of a line in pieces for which it is spoken, at least with some of their values."""
    recorded = draft.values.get(language, {})
    spoken = []
    for variable in dict.fromkeys(VARIABLE.findall(text)):
        values = list(values_in(draft, language, variable))
        if not values or any(one not in recorded for one in values):
            spoken.append(variable)
    return spoken


def _values(draft: ConfigurationDraft, language: str, variable: str) -> Iterable[str]:
    people, fragments = draft.people, draft.scripts[language].fragments
    supervisors = people.supervisors if people else {}
    names = [one.name for one in supervisors.values()]
    us = draft.callflow.organisation if draft.callflow else None
    known: dict[str, Callable[[], Iterable[str]]] = {
        **dict.fromkeys(SPELLED, lambda: DIGITS),
        "agent": lambda: [*(one.name for one in (people.agents if people else {}).values()), *names,
                          *_fragment(fragments, "unnamed_agent")],
        "supervisor": lambda: [*names, *_fragment(fragments, "unnamed_supervisor")],
        "supervisor_role": lambda: [*(one.role for one in supervisors.values()),
                                    *_fragment(fragments, "unnamed_supervisor")],
        "conduct": lambda: conduct_of(draft, language).values(),
        "reason": lambda: [draft.deescalation.time_out.reason] if draft.deescalation else [],
        "n": lambda: _seconds(draft),
        "org": lambda: [us.name] if us else [],
        "contact": lambda: [us.contact] if us else [],
    }  # fmt: skip
    return known[variable]() if variable in known else ()


def _seconds(draft: ConfigurationDraft) -> list[str]:
    own: set[int] = set()
    if rules := draft.deescalation:
        own = {rules.time_out.seconds, rules.time_out.heads_up_seconds, rules.draw_the_line.grace_seconds,
               rules.draw_the_line.cancel_seconds}  # fmt: skip
    return [str(one) for one in sorted({*SECONDS, *own})]


def _fragment(fragments: dict[str, str], id: str) -> list[str]:
    return [fragments[id]] if id in fragments else []
