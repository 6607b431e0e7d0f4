"""Checks that a language is complete and is that language: no text is another's, and other files' words are said in it.

Those (``written``) are in the default language; ``names`` of scripts/<language>.yaml says them in another one.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from callflow.configuration.checks.flows import every_step
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.checks.scripts import texts, variables_in
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.function_words import VARIABLE, other_language, unreadable
from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.shapes import LANGUAGE
from callflow.configuration.reading.source import Loc, Source
from callflow.core.flow.speech import plain
from callflow.core.languages import primary

CHECKS: list[Check] = []
check = collector(CHECKS)

CALLERS, STAFF, PERHAPS = "callers", "staff", "perhaps"
"""Who hears a name: callers, only staff, or callers if it is not the same in every language."""
SHORT = 2
"""So many words may be the same in two languages."""


class Written(NamedTuple):
    """A text in another file that is spoken: its place and who hears it."""

    source: Source
    loc: Loc
    text: str
    hears: str


def written(draft: ConfigurationDraft) -> Iterator[Written]:
    """Everything that is spoken and does not stand in the scripts, apart from names of people."""
    if draft.callflow:
        for key, hears in (("name", PERHAPS), ("contact", CALLERS)):
            text = getattr(draft.callflow.organisation, key)
            yield Written(draft.callflow_source, ("organisation", key), text, hears)
    if draft.deescalation:
        source, line = draft.deescalation_source, draft.deescalation.draw_the_line
        yield Written(source, ("time_out", "reason"), draft.deescalation.time_out.reason, CALLERS)
        for key, one in line.conduct.items():
            yield Written(source, ("draw_the_line", "conduct", key, "name"), one.name, CALLERS)
    if draft.people:
        for id, person in draft.people.supervisors.items():
            yield Written(draft.people_source, ("supervisors", id, "role"), person.role, CALLERS)
        for id, team in draft.people.teams.items():
            yield Written(draft.people_source, ("teams", id, "name"), team.name or id.replace("_", " "), STAFF)
    if draft.guidance and draft.guidance_source:
        for id, offer in draft.guidance.offers.items():
            yield Written(draft.guidance_source, ("offers", id, "name"), offer.name, STAFF)
    yield from _in_flows(draft)


def _in_flows(draft: ConfigurationDraft) -> Iterator[Written]:
    for source, _, step, loc in every_step(draft):
        for key, choice in (step.choices or {}).items():
            if choice.reason:
                yield Written(source, (*loc, "choices", key, "reason"), choice.reason, STAFF)
    spoken = {name for _, _, _, text in texts(draft) for name in variables_in(text)}
    for source, _, step, loc in every_step(draft):
        for value in step.words or {} if step.into in spoken else ():
            if any(letter.isalpha() for letter in value):
                yield Written(source, (*loc, "words", value), value, PERHAPS)
    for name, flow in draft.flows.items():
        for variable, one in flow.variables.items():
            if variable in spoken and any(letter.isalpha() for letter in one.default or ""):
                yield Written(draft.flow_sources[name], ("variables", variable, "default"), one.default, PERHAPS)


def _others(draft: ConfigurationDraft) -> Iterator[str]:
    """The languages besides the default one. "en-gb" is the same language as "en"."""
    default = draft.callflow.language if draft.callflow else ""
    codes = (code for code in draft.scripts if re.fullmatch(LANGUAGE, code))
    yield from (code for code in codes if primary(code) != primary(default))


def _missing(draft: ConfigurationDraft, language: str, *hears: str) -> Iterator[Found]:
    names, reported = draft.scripts[language].names, set()
    callers = "callers hear" if language in draft.heard_languages() else "callers would hear"
    for one in written(draft):
        if one.hears in hears and one.text not in names and one.text not in reported:
            reported.add(one.text)
            line, _ = one.source.place(one.loc)
            who = "staff hear" if one.hears == STAFF else callers
            message = (f'"{one.text}" ({one.source.name}, line {line}) is not in "names"'
                       f"{did_you_mean(one.text, names)}: {who} it in the default language")  # fmt: skip
            yield Found(draft.script_sources[language], ("names",), message, key=True)


@check("CF191", needs=("callflow", "default_scripts"))
def names_for_callers_are_translated(draft: ConfigurationDraft) -> Iterator[Found]:
    heard = draft.heard_languages()
    for language in _others(draft):
        if language in heard:
            yield from _missing(draft, language, CALLERS)


@check("CF192", needs=("callflow", "default_scripts"))
def names_are_translated(draft: ConfigurationDraft) -> Iterator[Found]:
    """Those that only staff hear, or perhaps nobody; and all of a language that nobody has chosen yet."""
    heard, of_staff = draft.heard_languages(), {language for _, language in draft.languages_of_staff()}
    for language in _others(draft):
        yield from _missing(draft, language, PERHAPS, *([STAFF] if language in of_staff else []),
                            *([] if language in heard else [CALLERS]))  # fmt: skip


@check("CF192", needs=("callflow", "default_scripts", "people"))
def people_have_names_that_can_be_said(draft: ConfigurationDraft) -> Iterator[Found]:
    """Names of people stay as they are, if the voice can read their letters."""
    assert draft.people
    agents, supervisors = draft.people.agents.values(), draft.people.supervisors.values()
    everybody = dict.fromkeys([*(one.name for one in agents), *(one.name for one in supervisors)])
    for language in _others(draft):
        names = draft.scripts[language].names
        for name in everybody:
            if name not in names and (script := unreadable(name, language)):
                message = f'"{name}" is not in "names": a voice of {language} cannot read letters that are {script}'
                yield Found(draft.script_sources[language], ("names",), message, key=True)


@check("CF193", needs=("callflow", "default_scripts"))
def texts_are_in_their_language(draft: ConfigurationDraft) -> Iterator[Found]:
    same = set()
    for source, loc, it, text in _same(draft):
        if len(_words(text)) > SHORT:
            same.add((source.label, loc))
            yield Found(source, loc, f"{it} is word for word as in the default language; translate it")
    for source, loc, it, text, code in _all(draft):
        if re.fullmatch(LANGUAGE, code) and (source.label, loc) not in same and (why := other_language(text, code)):
            yield Found(source, loc, f"{it} is not in {primary(code)}: {why}")


@check("CF194", needs=("callflow", "default_scripts"))
def short_texts_differ(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, it, text in _same(draft):
        if 0 < len(_words(text)) <= SHORT and not other_language(text, draft.code_of(source)):
            yield Found(source, loc, f"{it} is the same as in the default language; is it translated?")


@check("CF250", needs=("callflow", "all_flows"))
def translations_are_signed(draft: ConfigurationDraft) -> Iterator[Found]:
    """Only of a language that somebody may hear."""
    for code in sorted(draft.heard_languages() & draft.scripts.keys()):
        if draft.scripts[code].draft:
            message = f"no native speaker of {code} has signed these words, and people hear them"
            yield Found(draft.script_sources[code], ("draft",), message)


def _words(text: str) -> list[str]:
    return plain(VARIABLE.sub(" ", text))


def _all(draft: ConfigurationDraft) -> Iterator[tuple[Source, Loc, str, str, str]]:
    """Every text that is spoken: its place, what it is, the text, and its language."""
    for source, loc, id, text in texts(draft):
        yield source, loc, f'"{id}"', text, draft.code_of(source)
    for language, file in draft.scripts.items():
        source = draft.script_sources[language]
        for name, text in file.names.items():
            if text != name:
                yield source, ("names", name), f'"{text}"', text, draft.code_of(source)
    for one in written(draft):
        if one.hears != PERHAPS and draft.callflow:
            yield one.source, one.loc, f'"{one.text}"', one.text, draft.callflow.language


def _same(draft: ConfigurationDraft) -> Iterator[tuple[Source, Loc, str, str]]:
    """Every text of another language that is word for word the one of the default language.

    Unless it is the default language's text that is in another language.
    """
    assert draft.callflow
    assert draft.default_scripts
    default, code = draft.default_scripts, draft.callflow.language
    translated = {one.text for one in written(draft) if one.hears != PERHAPS}
    lines = {id: one.text for id, one in default.scripts.items()} | default.fragments
    others = {draft.script_sources[language].label for language in _others(draft)}
    for source, loc, id, text in texts(draft):
        if source.label in others and text == lines.get(id) and not other_language(text, code):
            yield source, loc, f'"{id}"', text
    for language in _others(draft):
        for name, text in draft.scripts[language].names.items():
            if text == name and name in translated:
                yield draft.script_sources[language], ("names", name), f'"{name}"', text
