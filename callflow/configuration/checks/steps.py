"""Checks of single verbs: variables, languages, other flows, lookups, words, numbers outside."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from callflow.configuration.checks.flows import every_step, prompts_of
from callflow.configuration.checks.phones import is_emergency_phone, is_ours, telephone
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.dialling import is_premium
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.shapes import StepShape
from callflow.configuration.reading.source import Loc
from callflow.core.draft import FREE, WORDS
from callflow.core.flow.speech import spaced
from callflow.core.flow.sub_flow import DEEPEST
from callflow.core.script_catalogue import SCRIPTS
from callflow.core.variables import NAME, OF_THE_CALL, SECRETS_OF_OURS

CHECKS: list[Check] = []
check = collector(CHECKS)

TAKEN = frozenset().union(FREE, WORDS, OF_THE_CALL, *(words.variables for words in SCRIPTS.values()))
"""Variable names that already have a meaning."""
SILENT = ("hours", "flow")
"""Verbs that are not heard. ``language`` is one if it only sets a language."""


def _declared_in(draft: ConfigurationDraft) -> Iterator[tuple[str, StepShape, Loc]]:
    for name, flow in draft.flows.items():
        for step, shape in flow.steps.items():
            yield name, shape, ("steps", step)


def _uses(step: StepShape) -> Iterator[tuple[Loc, str]]:
    """Every variable that a step uses, and where, except those that a lookup address may always use."""
    if step.into:
        yield ("into",), step.into
    for name in step.values or {}:
        yield ("values", name), name
    templates: dict[Loc, str] = {("body", key): text for key, text in (step.body or {}).items()}
    templates[("lookup",)] = step.lookup or ""
    for loc, text in templates.items():
        for name in NAME.findall(text):
            if name not in OF_THE_CALL:
                yield loc, name


@check("CF070")
def variables_are_declared(draft: ConfigurationDraft) -> Iterator[Found]:
    for name, step, loc in _declared_in(draft):
        known = draft.flows[name].variables
        for within, used in _uses(step):
            if used not in known:
                message = f'the variable "{used}" is not declared in this flow{did_you_mean(used, known)}'
                yield Found(draft.flow_sources[name], (*loc, *within), message, key=within[0] == "values")


@check("CF070")
def lines_speak_declared_variables(draft: ConfigurationDraft) -> Iterator[Found]:
    """A prompt may only speak variables that this flow declares; any other would be heard as a gap."""
    elsewhere = {name for flow in draft.flows.values() for name in flow.variables}
    for name, step, loc in _declared_in(draft):
        known = draft.flows[name].variables
        for key, id in prompts_of(step):
            texts = [file.scripts[id].text for file in draft.scripts.values() if id in file.scripts]
            for used in sorted({one for text in texts for one in NAME.findall(text)} & elsewhere - set(known)):
                message = f'"{id}" speaks {{{used}}}, which is not declared in this flow{did_you_mean(used, known)}'
                yield Found(draft.flow_sources[name], (*loc, key), message)


@check("CF071")
def variables_have_names_of_their_own(draft: ConfigurationDraft) -> Iterator[Found]:
    for name, flow in draft.flows.items():
        for variable in flow.variables:
            if variable in TAKEN:
                message = f'"{variable}" means something else in our lines; take another name'
                yield Found(draft.flow_sources[name], ("variables", variable), message, key=True)


@check("CF073", needs=("callflow",))
def lookups_have_an_address(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    for source, _, step, loc in every_step(draft):
        fault = address_fault(step.lookup, draft.callflow.lookups.allow_http) if step.lookup else ""
        if fault:
            yield Found(source, (*loc, "lookup"), fault)
        if step.lookup and step.body and step.method != "POST":
            yield Found(source, (*loc, "body"), 'a "body" is only sent with "method: POST"', key=True)


def address_fault(url: str, allow_http: list[str]) -> str:
    """What is wrong with the address of another system, in words; "" for nothing."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return "this address cannot be read"
    faults = {
        "an address begins with https:// and a host": parts.scheme not in ("http", "https") or not parts.hostname,
        "a variable may stand in the path or after the question mark, not in the host": "{" in parts.netloc,
        "a user and password do not belong into an address; use headers": "@" in parts.netloc,
        "an address has no fragment": "#" in url,
        "this address has a brace without its partner": bool(re.search(r"[{}]", NAME.sub("", url))),
        "this address has a space or another character that must be written as %20": not re.fullmatch(r"[!-~]+", url),
        f'without encryption only hosts in callflow.yaml may be asked: lookups: {{allow_http: ["{parts.hostname}"]}}':
            parts.scheme == "http" and parts.hostname not in allow_http,
    }  # fmt: skip
    return next((fault for fault, present in faults.items() if present), "")


@check("CF074")
def headers_keep_our_secrets(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, _, step, loc in every_step(draft):
        for header, secret in (step.headers or {}).items():
            if secret.removeprefix("$").startswith(SECRETS_OF_OURS):
                message = f'"{secret}" is a secret of this program; another system must not be given it'
                yield Found(source, (*loc, "headers", header), message)


@check("CF075")
def flows_go_through_flows_that_are_there(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, _, step, loc in every_step(draft):
        if step.flow and draft.flow_names is not None and step.flow not in draft.flow_names:
            hint = did_you_mean(step.flow, draft.flow_names)
            yield Found(source, (*loc, "flow"), f'there is no flow "{step.flow}"{hint}')


@check("CF076")
def flows_come_to_an_end(draft: ConfigurationDraft) -> Iterator[Found]:
    for name, flow in draft.flows.items():
        for step, shape in flow.steps.items():
            path = _deepest(draft, shape.flow, [name]) if shape.flow else []
            if len(path) - 1 > DEEPEST or (path and path[-1] == name):
                what = "goes round in a circle" if path[-1] == name else f"goes deeper than {DEEPEST} flows"
                message = f"this {what}: {' -> '.join(path)}"
                yield Found(draft.flow_sources[name], ("steps", step, "flow"), message)


def _deepest(draft: ConfigurationDraft, flow: str, before: list[str]) -> list[str]:
    """The longest chain of called flows from here, preferring one that returns to its beginning."""
    path = [*before, flow]
    if flow in before or flow not in draft.flows or len(path) > DEEPEST + 1:
        return path
    called = [step.flow for step in draft.flows[flow].steps.values() if step.flow]
    paths = [_deepest(draft, one, path) for one in called]
    round_trips = [one for one in paths if one[-1] == before[0]]
    return max(round_trips or paths, key=len, default=path)


@check("CF077", needs=("languages",))
def languages_are_there(draft: ConfigurationDraft) -> Iterator[Found]:
    known = draft.languages or set()
    for source, _, step, loc in every_step(draft):
        offered: dict[Loc, str] = {("languages", key): code for key, code in (step.languages or {}).items()}
        if step.language and not step.languages:
            offered[("language",)] = step.language
        for within, code in offered.items():
            if code not in known:
                message = f"there is no file scripts/{code}.yaml{did_you_mean(code, known)}"
                yield Found(source, (*loc, *within), message)


@check("CF078")
def words_mean_one_thing(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, _, step, loc in every_step(draft):
        meant: dict[str, str] = {}
        for within, key, words in _words_of(step):
            for number, word in enumerate(words):
                said = spaced(word).strip()
                other = meant.setdefault(said, key)
                place = (*loc, *within, number)
                if not said:
                    yield Found(source, place, f'"{word}" has no letter that could be heard')
                elif other != key:
                    yield Found(source, place, f'"{word}" means {key} and {other}: words choose only if they are clear')


def _words_of(step: StepShape) -> Iterator[tuple[Loc, str, list[str]]]:
    """Where words stand, the key or value that they mean, and the words."""
    for key, choice in (step.choices or {}).items():
        yield ("choices", key, "words"), key, choice.words
    for value, words in (step.words or {}).items():
        yield ("words", value), f'"{value}"', words


@check("CF079", needs=("callflow",))
def numbers_outside_are_outside(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, _, step, loc in every_step(draft):
        if not step.forward:
            continue
        faults = {
            "this is an emergency number, which no machine may ring": is_emergency_phone(step.forward, draft),
            "this is a premium rate number: we would pay for every caller's conversation":
                is_premium(telephone(step.forward, draft)),
            "this is one of our own numbers: the call would come back": is_ours(step.forward, draft),
        }  # fmt: skip
        if fault := next((one for one, present in faults.items() if present), ""):
            yield Found(source, (*loc, "forward"), fault)


@check("CF253")
def who_answers_outside_is_announced(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, name, step, loc in every_step(draft):
        if step.forward and not step.wait:
            yield Found(
                source, (*loc, "forward"), f'"{name}" puts callers through without a word: write a line as `wait`'
            )


@check("CF035")
def steps_do_not_contradict_themselves(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, name, step, loc in every_step(draft):
        if step.digits and step.digits.least > step.digits.most:
            message = f'"{name}" wants at least {step.digits.least} digits and at most {step.digits.most}'
            yield Found(source, (*loc, "digits"), message)
        if step.digits and step.words:
            message = f'"{name}" has "digits", which are typed, and "words", which are spoken; ask for one of them'
            yield Found(source, (*loc, "words"), message, key=True)
        if step.connect and bool(step.offer) != bool(step.choices):
            here, missing = ("offer", "choices") if step.offer else ("choices", "offer")
            yield Found(
                source, (*loc, here), f'"{here}" needs "{missing}": what is said and what is pressed go together'
            )


@check("CF035")
def variables_are_kept_or_erased(draft: ConfigurationDraft) -> Iterator[Found]:
    """One ``ask`` that does not keep its answer erases the variable, so another one cannot keep it."""
    erased = {step.into: name for _, name, step, _ in every_step(draft) if step.ask and not step.keep}
    for source, _, step, loc in every_step(draft):
        if step.keep and step.into in erased:
            message = f'"{step.into}" is kept here, but "{erased[step.into]}" asks for it, too, and does not keep it'
            yield Found(source, (*loc, "keep"), message)


@check("CF131")
def silent_steps_come_to_a_sound(draft: ConfigurationDraft) -> Iterator[Found]:
    """A call must not loop through steps that take no time."""
    for name, flow in draft.flows.items():
        silent = {one: shape for one, shape in flow.steps.items() if _is_silent(shape)}
        for start in silent:
            if start in _onward(silent, start):
                message = f'from "{start}" steps without a sound lead back to it'
                yield Found(draft.flow_sources[name], ("steps", start), message, key=True)


def _is_silent(step: StepShape) -> bool:
    return any(getattr(step, verb) for verb in SILENT) or bool(step.language and not step.languages)


def _onward(silent: dict[str, StepShape], start: str) -> set[str]:
    found: set[str] = set()
    ahead = [start]
    while ahead:
        step = silent[ahead.pop()]
        targets = {one for one in (step.next, step.otherwise, step.open, step.closed) if one in silent} - found
        found |= {one for one in targets if one}
        ahead += [one for one in targets if one]
    return found
