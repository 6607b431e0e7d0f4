"""Checks of what agents may offer, and of their sentences (guidance.yaml)."""

from collections.abc import Iterator
from string import Formatter

from callflow.configuration.checks.flows import every_step
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean
from callflow.core.fragment_catalogue import FRAGMENTS
from callflow.core.offer_lines import OF_OFFERS

CHECKS: list[Check] = []
check = collector(CHECKS)
REASON = "reason"


@check("CF282", needs=("guidance", "callflow"))
def offers_have_their_lines(draft: ConfigurationDraft) -> Iterator[Found]:
    """In the language of the house, which speaks for the others where they have no lines for staff."""
    assert draft.guidance
    assert draft.callflow
    file = draft.scripts.get(draft.callflow.language)
    if draft.guidance.offers and file:
        for id in sorted(OF_OFFERS - {*file.scripts, *file.fragments}):
            message = f'"{id}" is missing, but agents may offer something (offers of guidance.yaml)'
            where = "fragments" if id in FRAGMENTS else "scripts"
            yield Found(draft.script_sources[draft.callflow.language], (where,), message, key=True)


@check("CF283", needs=("guidance", "people"))
def offers_are_for_teams(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.guidance
    assert draft.guidance_source
    assert draft.people
    teams = [*draft.people.teams]
    for id, offer in draft.guidance.offers.items():
        for number, team in enumerate(offer.teams):
            if team not in teams:
                message = f'there is no team "{team}"{did_you_mean(team, teams)}'
                yield Found(draft.guidance_source, ("offers", id, "teams", number), message)


@check("CF284", needs=("guidance",))
def offers_are_for_reasons(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.guidance
    assert draft.guidance_source
    reasons = sorted(_reasons(draft))
    if not draft.flows:  # told already
        return
    for id, offer in draft.guidance.offers.items():
        for number, reason in enumerate(offer.reasons):
            if reason not in reasons:
                message = f'no choice of a flow has the reason "{reason}"{did_you_mean(reason, reasons)}'
                yield Found(draft.guidance_source, ("offers", id, "reasons", number), message)


def _reasons(draft: ConfigurationDraft) -> set[str]:
    steps = [step for _, _, step, _ in every_step(draft)]
    return {one.reason for step in steps for one in (step.choices or {}).values() if one.reason}


@check("CF292", needs=("guidance",))
def offers_have_numbers_of_their_own(draft: ConfigurationDraft) -> Iterator[Found]:
    """Two offers may share a number only if no call can have both."""
    assert draft.guidance
    assert draft.guidance_source
    offers = [*draft.guidance.offers.items()]
    for place, (id, one) in enumerate(offers):
        for earlier, other in offers[:place]:
            apart = _apart(one.teams, other.teams) or _apart(one.reasons, other.reasons)
            if one.number == other.number and not apart:
                message = f'"{earlier}" has the number {one.number}, too, and both may be offered on the same call'
                yield Found(draft.guidance_source, ("offers", id, "number"), message)


def _apart(ours: list[str], theirs: list[str]) -> bool:
    return bool(ours and theirs and not {*ours} & {*theirs})


@check("CF293", needs=("guidance", "deescalation"))
def offers_leave_the_protective_keys(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.guidance
    assert draft.guidance_source
    assert draft.deescalation
    keys = draft.deescalation.menu.keys
    for id, one in draft.guidance.offers.items():
        for name in ("safeguarding", "threat"):
            if getattr(keys, name) == one.number:
                message = f'{one.number} is the key for "{name}", which works in every menu (policy rule 34)'
                yield Found(draft.guidance_source, ("offers", id, "number"), message)


@check("CF294", needs=("guidance",))
def sentences_have_known_variables(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.guidance
    assert draft.guidance_source
    known = [REASON, *sorted({name for flow in draft.flows.values() for name in flow.variables})]
    for kind, sentences in _sentences(draft):
        for number, sentence in enumerate(sentences):
            for name in sorted(_fields(sentence) - {*known}):
                message = f'"{{{name}}}" is no variable of a flow{did_you_mean(name, known)}; "{REASON}" is one, too'
                yield Found(draft.guidance_source, ("sentences", kind, number), message)


@check("CF295", needs=("guidance",))
def something_can_always_be_said(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.guidance
    assert draft.guidance_source
    for kind, sentences in _sentences(draft):
        if sentences and all(_fields(one) for one in sentences):
            message = f'every sentence of "{kind}" has a variable, so there is none while nothing is known'
            yield Found(draft.guidance_source, ("sentences", kind), message, key=True)


def _sentences(draft: ConfigurationDraft) -> list[tuple[str, list[str]]]:
    assert draft.guidance
    found = draft.guidance.sentences
    return [("empathy", found.empathy), ("summary", found.summary)]


def _fields(sentence: str) -> set[str]:
    try:
        return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}
    except ValueError:
        return {sentence}
