"""Checks of what is kept of callers: adjustments have their lines, and restrictions people who can decide on them."""

from collections.abc import Iterator

from callflow.configuration.checks.flows import every_step
from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean
from callflow.core.fragment_catalogue import FRAGMENTS, OF_ADJUSTMENTS

CHECKS: list[Check] = []
check = collector(CHECKS)


@check("CF270")
def adjustments_have_their_lines(draft: ConfigurationDraft) -> Iterator[Found]:
    """In every language: nobody may be asked in a language that then has no words for the answer."""
    if not any(step.adjustments for _, _, step, _ in every_step(draft)):
        return
    for language, file in draft.scripts.items():
        for id in sorted(OF_ADJUSTMENTS - {*file.scripts, *file.fragments}):
            where = "fragments" if id in FRAGMENTS else "scripts"
            message = f'"{id}" is missing, but callers can say what they need (the verb adjustments)'
            yield Found(draft.script_sources[language], (where,), message, key=True)


@check("CF271", needs=("people",))
def seniors_exist(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    known = [*draft.people.supervisors, *draft.people.agents]
    for number, id in enumerate(draft.people.seniors):
        if id not in known:
            yield Found(draft.people_source, ("seniors", number), f'nobody has the id "{id}"{did_you_mean(id, known)}')


@check("CF272", needs=("people",))
def an_appeal_has_somebody_else(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.people
    if len({*draft.people.seniors}) == 1:
        message = "an appeal is answered by another senior than the one who decided: name at least two (policy rule 33)"
        yield Found(draft.people_source, ("seniors",), message)
