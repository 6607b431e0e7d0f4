"""The vocabulary of scenarios: actions, states, and behaviours of phones."""

from collections.abc import Callable, Mapping

from callflow.emulator import Answers, Busy, Manual, NoAnswer, Reject, Unreachable, Voicemail
from callflow.emulator.phones import Behaviour

ACTIONS: Mapping[str, str] = {
    "calls": "dials our number, or the one named; staff: has this caller called, as a customer",
    "presses": "presses keys, each when the line before it has begun",
    "says": "says something",
    "picks up": "answers a phone that is by hand",
    "declines": "refuses a ringing call",
    "acts": "acts on the call of the first caller, as on the board: listen, join, ring sky, unlock safe",
    "hangs up": "puts the receiver down",
    "now": "the phone behaves like this from now on",
}
WITHOUT_VALUE = frozenset({"picks up", "declines", "hangs up"})
WITH_VALUE = frozenset({"presses", "says", "now", "acts"})

EXPECTED = ("hears", "hears start", "is")
FURTHER = ("saying", "after", "within", "at least", "since")

STATES: Mapping[str, str] = {
    "ringing": "the phone rings",
    "on the line": "answered, wherever it is",
    "gone": "was on the line and is no more",
    "alone": "on the line, and hears nobody",
    "on hold": "hears music",
    "on a call": "is not rung for others",
    "wrapping up": "is not rung yet",
    "on a break": "off calls after what happened",
    "free": "can be rung",
    "away": "did not answer three times",
    "on duty": "may be rung at this time",
    "off duty": "is rung for a locked call only, if nobody else comes",
}

BEHAVIOURS: Mapping[str, Callable[[float], Behaviour]] = {
    "answers": Answers,
    "answers after": Answers,
    "by hand": lambda _: Manual(),
    "busy": lambda _: Busy(),
    "no answer": lambda _: NoAnswer(),
    "declines": lambda _: Reject(),
    "unreachable": lambda _: Unreachable(),
    "voicemail": lambda _: Voicemail(),
    "voicemail after": lambda seconds: Voicemail(after=seconds),
}
"""``after`` is followed by seconds; without it they are USUAL_SECONDS."""
USUAL_SECONDS = 2.0


def behaviour(named: str) -> Behaviour | None:
    """The behaviour that these words name, or None."""
    words, _, last = named.rpartition(" ")
    if last.replace(".", "", 1).isdigit() and words.endswith("after"):
        made = BEHAVIOURS.get(words)
        return made(float(last)) if made else None
    if named.endswith("after") or named not in BEHAVIOURS:
        return None
    return BEHAVIOURS[named](USUAL_SECONDS)


def spaced(word: str) -> str:
    """A YAML key as words: ``hangs_up`` is "hangs up"."""
    return word.replace("_", " ")


def split(text: str) -> tuple[str, str] | None:
    """Split a short step like "presses *1" into its verb and the rest; None if it does not begin with a verb."""
    verbs = sorted((*ACTIONS, *EXPECTED), key=len, reverse=True)
    for verb in verbs:
        if text == verb or text.startswith(f"{verb} "):
            return verb, text[len(verb) :].strip()
    return None
