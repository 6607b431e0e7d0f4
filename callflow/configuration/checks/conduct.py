"""Checks of conduct and its keys, and of phrases that are spoken inside a sentence."""

import re
from collections.abc import Iterator

from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.checks.scripts import fragments
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.reading.source import Loc, Source
from callflow.core.languages import primary

CHECKS: list[Check] = []
check = collector(CHECKS)

NEVER_CONDUCT = re.compile(
    r"\b(threat\w*|complain\w*|su(e|es|ing)|lawyers?|legal action|managers?|supervisors?|repeat\w*|repetit\w*"
    r"|critici\w*|long|loud\w*|swearing at the situation|silence|crying|disagree\w*)\b",
    re.IGNORECASE,
)
"""Rules 27 and 36, for English only."""
PROTECTING = ("safeguarding", "threat")
MENU_DIGITS = "1234"
"""Keys with a fixed meaning in other staff menus, where the keys for safeguarding and threat also work (core.keys)."""
SIGNS = ".!?,;:。、！？，；：؟،؛۔।॥…"


def _protecting(draft: ConfigurationDraft) -> dict[str, str]:
    """Key -> "safeguarding" or "threat"."""
    assert draft.deescalation
    keys = draft.deescalation.menu.keys.model_dump()
    return {keys[name]: name for name in PROTECTING}


@check("CF160", needs=("deescalation",))
def conduct_is_a_reason(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    for key, one in draft.deescalation.draw_the_line.conduct.items():
        if found := NEVER_CONDUCT.search(one.name):
            rule = (
                "for a threat there is a key of its own (policy rule 36)"
                if found[0].lower().startswith("threat")
                else "nobody's call is ended for that (policy rule 27)"
            )
            message = f'"{found[0]}" is no conduct: {rule}'
            yield Found(draft.deescalation_source, ("draw_the_line", "conduct", key, "name"), message)


@check("CF161", needs=("deescalation",))
def conduct_keys_are_free(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    taken = _protecting(draft)
    for key in draft.deescalation.draw_the_line.conduct:
        if key in taken:
            message = f'the key {key} is "{taken[key]}" in every staff menu; this conduct could never be named'
            yield Found(draft.deescalation_source, ("draw_the_line", "conduct", key), message, key=True)


@check("CF162", needs=("deescalation",))
def protecting_keys_are_free(draft: ConfigurationDraft) -> Iterator[Found]:
    for key, name in _protecting(draft).items():
        if key in MENU_DIGITS:
            message = (
                f'"{name}" works in every staff menu, and others use {key} for themselves; choose one of 0 and 5 to 9'
            )
            yield Found(draft.deescalation_source, ("menu", "keys", name), message)


@check("CF167")
def completed_lines_read_well(draft: ConfigurationDraft) -> Iterator[Found]:
    for source, loc, text, language in _inside_a_sentence(draft):
        if why := _unfit(text, language):
            yield Found(source, loc, f'"{text}" is spoken in the middle of a sentence: {why}')


def _inside_a_sentence(draft: ConfigurationDraft) -> Iterator[tuple[Source, Loc, str, str]]:
    """Fragments, and names of other files. That of the organisation may have capitals in any language, and a name may
    end as it does where it is written: "Jones & Co."
    """
    for source, loc, _, text in fragments(draft):
        yield source, loc, text, draft.code_of(source)
    for language, file in draft.scripts.items():
        for name, text in file.names.items():
            if text[-1:] != name[-1:]:
                yield draft.script_sources[language], ("names", name), text, ""


@check("CF167", needs=("deescalation", "callflow"))
def fragments_fit_in_a_sentence(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    assert draft.deescalation
    rules = draft.deescalation
    conduct = rules.draw_the_line.conduct
    places: list[tuple[Loc, str]] = [(("time_out", "reason"), rules.time_out.reason)]
    places += [(("draw_the_line", "conduct", key, "name"), one.name) for key, one in conduct.items()]
    for loc, text in places:
        if why := _unfit(text, draft.callflow.language if draft.callflow else "en"):
            message = f'"{text}" is spoken in the middle of a sentence: {why}'
            yield Found(draft.deescalation_source, loc, message)
    if rules.time_out.reason.lower().startswith("to "):
        yield Found(
            draft.deescalation_source, ("time_out", "reason"), 'callers hear "to to ..."; leave the first "to" out'
        )


@check("CF171", needs=("callflow", "deescalation"))
def defaults_are_understood(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    assert draft.deescalation
    if draft.callflow.language.partition("-")[0] == "en":
        return
    rules = draft.deescalation
    for part, step, key in (
        ("time_out", rules.time_out, "reason"),
        ("draw_the_line", rules.draw_the_line, "conduct"),
    ):
        if key not in step.model_fields_set:
            message = f'"{key}" is not given, and callers would hear ours, which is English'
            yield Found(draft.deescalation_source, (part,), message, key=True)


def _unfit(text: str, language: str) -> str:
    if text[-1] in SIGNS:
        return f'no "{text[-1]}" at its end'
    first = text.split()[0] if text.split() else ""
    # Nouns have capitals in German, for example.
    english = primary(language) == "en"
    if english and first[:1].isupper() and first[1:].islower() and first.isascii() and " " in text:
        return "no capital at its beginning"
    return "name what was done, not who did it" if text.lower().startswith(("you ", "he ", "she ", "they ")) else ""


@check("CF039", needs=("deescalation",))
def every_hold_is_possible(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.deescalation
    hold = draft.deescalation.time_out
    if hold.seconds <= hold.total_seconds < hold.seconds * hold.most_per_call:
        message = (
            f'"most_per_call" is {hold.most_per_call}, but {hold.total_seconds} seconds in all are less than '
            f"{hold.most_per_call} holds of {hold.seconds}"
        )
        yield Found(draft.deescalation_source, ("time_out", "most_per_call"), message)
