"""Checks that prompts name the keys that work, and no others."""

import re
from collections.abc import Iterator, Mapping
from unicodedata import digit

from callflow.configuration.checks.flows import every_step
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.checks.scripts import texts, variables_in
from callflow.configuration.draft import ConfigurationDraft
from callflow.core.fragment_catalogue import FRAGMENTS
from callflow.core.languages import WITHOUT_BLANKS
from callflow.core.places import REPEAT
from callflow.core.script_catalogue import SCRIPTS, STAFF_LINE, Words

CHECKS: list[Check] = []
check = collector(CHECKS)

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
WORDS = {word: str(digit) for digit, word in enumerate(DIGITS)}
NUMBER = {**WORDS, "ten": "10", "twelve": "12", "fifteen": "15"}
LETTER = rf"(?:\d|(?![{WITHOUT_BLANKS}])\w)"
"""A letter that, beside a digit, makes it a part of a word: not in "按1" and "1번"."""
KEY = re.compile(rf"(?<![.,:+{{-])(?<!{LETTER})(\d)(?!{LETTER}|[}}%]|[.,:]\d)")
PRESS = re.compile(r"\bpress(?: star and)? (\w+)\b", re.IGNORECASE)
SECONDS = re.compile(r"\b(\w+) seconds?\b", re.IGNORECASE)

NO_WORDS = Words("", frozenset(), ())
ACCEPTED: Mapping[str, str] = {
    "hold_choices": "12", "hold_checkin_choices": "123", "hold_start": "2", "supervisor_choices": "12",
    "call_back_choices": "12", "recording_choices": "12", "call_back_keys": "12", "yes_or_no": REPEAT,
    "consult_ringing": "2", "offer": "12", "outgoing_offer": "12", "invitation": "12", "call_key": "5",
    "call_confirm": "12", "whisper": "123", "decline_menu": "123", "whisper_ready": "123",
    "have_it": "13", "hold_answer_yes": "123", "end_confirm": "12", "end_read_aloud": "3", "no_answer_confirm": "12",
    "told_warning": "1", "told_closing": "1", "told_final_warning": "12", "listen_offer": "12", "join_offer": "12",
    "listen_menu": "123489", "co_sign_offer": "123", "skip_menu": "1234", "attest_menu": "12",
    "unlock_menu": "123", "briefing_offer": "1", "wrap_up": "12349", "cooldown": "89", "cooldown_skipped": "9",
    "staff_menu": "123", "staff_menu_away": "123",
}  # fmt: skip
"""The keys that the core accepts where this prompt is spoken (core/keys.py). It must name these and no others."""
CONFIGURED = {"key": ("next", "key"), "choices": ("choices",)}
"""Variable of the catalogue -> what a line with it must contain, because the keys of the star menu are configured."""


ASKED: Mapping[str, str] = {
    "hold_request": "hold_choices", "hold_checkin": "hold_checkin_choices", "supervisor_offer": "supervisor_choices",
    "no_supervisor": "call_back_choices", "recording_question": "recording_choices",
    "callback_confirm": "call_back_keys", "asked_again": "the choices",
    "not_clear": "the choices",
}  # fmt: skip
"""What a caller hears in full, so that a key pressed meanwhile is lost, and the line in which the keys count."""


def keys_in(text: str) -> set[str]:
    """The keys that a text names: single digits of any script, and number words after "press"."""
    spelled = (WORDS.get(word.lower(), "") for word in PRESS.findall(text))
    digits = (str(digit(one)) for one in KEY.findall(text))
    return {*digits, *spelled} - {""}


def _listed(keys: set[str]) -> str:
    first, last = sorted(keys)[:-1], sorted(keys)[-1:]
    return " and ".join([*([", ".join(first)] if first else []), *last])


def _are(keys: set[str]) -> str:
    return "are" if len(keys) > 1 else "is"


def _do(keys: set[str]) -> str:
    return "do" if len(keys) > 1 else "does"


@check("CF142")
def questions_name_their_keys(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, id, text in texts(draft):
        if missing := set(ACCEPTED.get(id, "")) - keys_in(text):
            yield Found(source, loc, f'"{id}" does not say what {_listed(missing)} {_are(missing)} for')


@check("CF143")
def lines_name_keys_that_work(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, id, text in texts(draft):
        if id in ACCEPTED and (idle := keys_in(text) - set(ACCEPTED[id])):
            yield Found(source, loc, f'"{id}" names {_listed(idle)}, which {_do(idle)} nothing there')


@check("CF180")
def keys_are_named_where_they_count(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, id, text in texts(draft):
        if id in ASKED and (early := keys_in(text)):
            message = (
                f'"{id}" names {_listed(early)}, but a key is lost while it is spoken; name the keys in {ASKED[id]}'
            )
            yield Found(source, loc, message)


@check("CF144")
def staff_lines_leave_the_keys_to_the_settings(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, id, text in texts(draft):
        given = (SCRIPTS.get(id) or FRAGMENTS.get(id, NO_WORDS)).variables
        wanted = () if id in STAFF_LINE else next((names for name, names in CONFIGURED.items() if name in given), ())
        if wanted and not variables_in(text) & {*wanted}:
            needed = " or ".join(f"{{{name}}}" for name in wanted)
            yield Found(source, loc, f'"{id}" must say {needed}: the keys of the star menu are settings')
        elif wanted and (said := keys_in(text)):
            yield Found(source, loc, f'"{id}" names {_listed(said)} itself; the keys of the star menu are settings')


@check("CF145", needs=("deescalation",))
def seconds_are_those_that_are_set(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    cancel = draft.deescalation.draw_the_line.cancel_seconds
    for source, loc, id, text in texts(draft):
        for word in SECONDS.findall(text) if id == "end_confirm" else ():
            said = NUMBER.get(word.lower(), word)
            if said.isdigit() and int(said) != cancel:
                yield Found(source, loc, f'"{id}" says "{word} seconds", but "cancel_seconds" is {cancel}')


def _spoken_by_steps(draft: ConfigurationDraft) -> Iterator[tuple[str, str, str, set[str] | None]]:
    """Language, script id, step, and the keys that work there; None if the step takes no key."""
    for _, name, step, _ in every_step(draft):
        for verb in ("say", "menu", "voicemail", "end", "wait", "offer"):
            id = getattr(step, verb)
            for language, file in draft.scripts.items():
                if id in file.scripts:
                    yield language, id, name, set(step.choices or {}) if verb in ("menu", "offer") else None


@check("CF135", needs=("all_flows",))
def menus_say_what_they_offer(draft: ConfigurationDraft) -> Iterator[Found]:
    for language, id, step, works in _spoken_by_steps(draft):
        missing = (works or set()) - keys_in(draft.scripts[language].scripts[id].text)
        if missing:
            message = f'"{id}" does not say what {_listed(missing)} {_are(missing)} for in the menu "{step}"'
            yield Found(draft.script_sources[language], ("scripts", id, "text"), message)


@check("CF136", needs=("all_flows",))
def flow_lines_name_keys_that_work(draft: ConfigurationDraft) -> Iterator[Found]:
    for language, id, step, works in _spoken_by_steps(draft):
        text = draft.scripts[language].scripts[id].text
        # In a step without keys only "press 7" names a key, and not "open 7 days a week".
        pressed = {WORDS.get(word.lower(), word) for word in PRESS.findall(text)} & set(WORDS.values())
        said = pressed if works is None else keys_in(text)
        if idle := said - (works or set()):
            message = f'"{id}" names {_listed(idle)}, which {_do(idle)} nothing at the step "{step}"'
            yield Found(draft.script_sources[language], ("scripts", id, "text"), message)
