"""Checks of calls to customers: the lines that are spoken in them. That a flow connects to each team is CF133."""

from collections.abc import Iterator

from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.checks.staff_line import has_staff_line
from callflow.configuration.draft import ConfigurationDraft
from callflow.core.fragment_catalogue import FRAGMENTS, OF_CALLS_OUT
from callflow.core.script_catalogue import CALLING, SCRIPTS

CHECKS: list[Check] = []
check = collector(CHECKS)


def may_call(draft: ConfigurationDraft) -> bool:
    return draft.callflow is not None and draft.callflow.outgoing_calls != "no"


@check("CF280", needs=("callflow",))
def calls_to_customers_have_their_lines(draft: ConfigurationDraft) -> Iterator[Found]:
    if not may_call(draft):
        return
    assert draft.callflow
    everything = OF_CALLS_OUT | (CALLING.keys() if has_staff_line(draft) else set())
    heard_by_callers = {id for id in everything if (SCRIPTS.get(id) or FRAGMENTS[id]).hears == "caller"}
    for language, file in draft.scripts.items():
        needed = everything if language == draft.callflow.language else heard_by_callers
        for id in sorted(needed - {*file.scripts, *file.fragments}):
            message = f'"{id}" is missing, but staff may call customers (outgoing_calls: staff)'
            where = "fragments" if id in FRAGMENTS else "scripts"
            yield Found(draft.script_sources[language], (where,), message, key=True)
