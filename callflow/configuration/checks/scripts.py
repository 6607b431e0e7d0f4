"""Checks of scripts: complete, no unknown ids, only known variables, short and civil."""

import re
from collections.abc import Iterator

from callflow.configuration.checks.flows import every_step, prompts_of
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.scripts import ScriptsFile
from callflow.configuration.reading.source import Loc, Source
from callflow.core.emergency import ANYWHERE
from callflow.core.fragment_catalogue import FRAGMENTS, NOT_EVERYWHERE
from callflow.core.receipt_lines import LINES
from callflow.core.script_catalogue import SCRIPTS

CHECKS: list[Check] = []
check = collector(CHECKS)

OWN_VARIABLES = frozenset({"org", "ref"}) | ANYWHERE
"""Variables that any script of ops may use, because they are known at every moment of a call."""
VARIABLE = re.compile(r"\{([^{}]*)\}")
_CLOSING = "[\"')\\]”“’»」』）]*"
SENTENCE_END = re.compile(rf"[.!?]+{_CLOSING}(?=\s|$)|[。！？｡؟۔।॥။።፧។]+{_CLOSING}")
"""Latin marks end a sentence only before a blank (8.30, example.com); those of other scripts, always."""
MOST_SENTENCES = 2
RETIRED = frozenset({
    "greeting_ask", "greeting_notice", "hold_desk", "hold_reask", "refuse_no_consent", "refuse_time_out_first",
    "ringing_supervisor", "silence", "standby", "supervisor_reask", "unnamed_reason", "warn_playing",
})  # fmt: skip
"""What every configuration had to have until nothing spoke it any more: no reason to refuse a directory."""
FORBIDDEN = re.compile(r"\b(calm down|sir|madam|ma'am|policy says|you people)\b", re.IGNORECASE)
"""Rule 45 and policy.md 5.6, for English only."""


def variables_of(id: str) -> frozenset[str]:
    return SCRIPTS[id].variables if id in SCRIPTS else OWN_VARIABLES


def hears(id: str) -> str:
    """Who hears a script or a fragment: "caller" or "staff". A script that ops added is heard by callers."""
    known = SCRIPTS.get(id) or FRAGMENTS.get(id)
    return known.hears if known else "caller"


def fixed(id: str) -> frozenset[str]:
    """The variables of a fragment or of a written line, which know nothing of flows."""
    return LINES[id] if id in LINES else FRAGMENTS[id].variables


def variables_in(text: str) -> set[str]:
    return set(VARIABLE.findall(text))


def sentences(text: str) -> int:
    """The number of sentences of a text. Words after the last full stop count as one."""
    parts = SENTENCE_END.split(text.strip())
    return len([part for part in parts if part.strip()])


def texts(draft: ConfigurationDraft) -> Iterator[tuple[Source, Loc, str, str]]:
    """Every line and fragment in every language, also what is written: its source, its place, its id and its words."""
    for language, id, script in draft.every_script():
        yield draft.script_sources[language], ("scripts", id, "text"), id, script.text
    for source, loc, id, text in fragments(draft):
        yield source, loc, id, text
    for language, file in draft.scripts.items():
        for id, text in file.written.items():
            yield draft.script_sources[language], ("written", id), id, text


def fragments(draft: ConfigurationDraft) -> Iterator[tuple[Source, Loc, str, str]]:
    """Every fragment in every language, like ``texts``."""
    for language, file in draft.scripts.items():
        for id, text in file.fragments.items():
            yield draft.script_sources[language], ("fragments", id), id, text


def missing(file: ScriptsFile) -> Iterator[tuple[Loc, str, str]]:
    """What every language has and this one lacks: where it belongs, its id, and it in words."""
    for id in sorted(set(SCRIPTS) - {*file.scripts, *NOT_EVERYWHERE}):
        yield ("scripts",), id, f'the line "{id}"'
    for id in sorted(set(FRAGMENTS) - {*file.fragments, *NOT_EVERYWHERE}):
        yield ("fragments",), id, f'the fragment "{id}"'


def _named(draft: ConfigurationDraft) -> Iterator[tuple[Source, Loc, str]]:
    """Every place outside of the scripts that refers to one."""
    for source, _, step, loc in every_step(draft):
        for key, id in prompts_of(step):
            yield source, (*loc, key), id
    if draft.deescalation:
        for number, id in enumerate(draft.deescalation.draw_the_line.warnings):
            yield draft.deescalation_source, ("draw_the_line", "warnings", number), id


@check("CF047", needs=("callflow", "languages"))
def default_language_has_scripts(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    language, known = draft.callflow.language, draft.languages or set()
    if language not in known:
        message = f"there is no file scripts/{language}.yaml; there is {', '.join(sorted(known))}"
        yield Found(draft.callflow_source, ("language",), message)


@check("CF047", needs=("people", "languages"))
def languages_of_staff_have_scripts(draft: ConfigurationDraft) -> Iterator[Found]:
    known = draft.languages or set()
    for loc, language in draft.languages_of_staff():
        if language not in known:
            message = f"there is no file scripts/{language}.yaml; there is {', '.join(sorted(known))}"
            yield Found(draft.people_source, (*loc, "language"), message)


@check("CF040", needs=("default_scripts",))
def every_line_is_there(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    assert draft.default_scripts
    source = draft.script_sources[draft.callflow.language]
    for loc, id, it in missing(draft.default_scripts):
        who = "callers hear" if hears(id) == "caller" else "staff hear"
        yield Found(source, loc, f"{it} is missing, which {who}", key=True)


@check("CF041", needs=("default_scripts",))
def named_lines_are_there(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.default_scripts
    # A required script that is missing is reported once, and not wherever it is referred to.
    known = {*draft.default_scripts.scripts, *SCRIPTS}
    for source, loc, id in _named(draft):
        if id not in known:
            yield Found(source, loc, f'there is no line "{id}" in the scripts{did_you_mean(id, known)}')


@check("CF042", needs=("all_flows", "deescalation"))
def lines_are_known(draft: ConfigurationDraft) -> Iterator[Found]:
    named = {id for _, _, id in _named(draft)}
    for language, id, _ in draft.every_script():
        if id not in SCRIPTS and id not in named and id not in RETIRED:
            message = f'the line "{id}" is not one of ours, and no flow speaks it{did_you_mean(id, SCRIPTS)}'
            yield Found(draft.script_sources[language], ("scripts", id), message, key=True)
    for source, loc, id, _ in fragments(draft):
        if id not in FRAGMENTS and id not in RETIRED:
            yield Found(source, loc, f'the fragment "{id}" is not one of ours{did_you_mean(id, FRAGMENTS)}', key=True)
    for language, file in draft.scripts.items():
        for id in file.written:
            if id not in LINES:
                message = f'the written line "{id}" is not one of ours{did_you_mean(id, LINES)}'
                yield Found(draft.script_sources[language], ("written", id), message, key=True)


@check("CF170", needs=("all_flows", "deescalation"))
def lines_are_spoken(draft: ConfigurationDraft) -> Iterator[Found]:
    named = {id for _, _, id in _named(draft)}
    for language, id, _ in draft.every_script():
        if id in RETIRED and id not in named:
            message = f'the line "{id}" is not spoken any more; it can be deleted'
            yield Found(draft.script_sources[language], ("scripts", id), message, key=True)
    for source, loc, id, _ in fragments(draft):
        if id in RETIRED:
            yield Found(source, loc, f'the fragment "{id}" is not spoken any more; it can be deleted', key=True)


@check("CF043")
def variables_are_given(draft: ConfigurationDraft) -> Iterator[Found]:
    spoken = {*SCRIPTS, *FRAGMENTS, *LINES, *(id for _, _, id in _named(draft))}
    declared = {name for flow in draft.flows.values() for name in flow.variables}
    for source, loc, id, text in texts(draft):
        if id not in spoken:
            continue  # an unknown line is a problem of its own, and whatever is in it may be right
        given = fixed(id) if id in FRAGMENTS or id in LINES else variables_of(id) | declared
        for name in dict.fromkeys(VARIABLE.findall(text)):
            if name not in given:
                may = ", ".join(f"{{{one}}}" for one in sorted(given)) or "no variable"
                yield Found(source, loc, f'"{id}" cannot use {{{name}}}{did_you_mean(name, given)}; it may use {may}')


@check("CF044")
def braces_are_pairs(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, id, text in texts(draft):
        if re.search(r"[{}]", VARIABLE.sub("", text)):
            yield Found(source, loc, f'"{id}" has a brace without its partner')


@check("CF045")
def lines_are_short(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, id, text in texts(draft):
        count = sentences(text)
        if count > MOST_SENTENCES:
            message = (
                f'"{id}" has {count} sentences; at most {MOST_SENTENCES} are heard by an angry caller (policy rule 45)'
            )
            yield Found(source, loc, message)


@check("CF046")
def lines_are_civil(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, id, text in texts(draft):
        for match in FORBIDDEN.finditer(text):
            yield Found(source, loc, f'"{id}" says "{match[0]}", which makes an angry caller angrier (policy rule 45)')
