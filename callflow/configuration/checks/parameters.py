"""Checks of the parameters of flows. What is wrong with the values is found when they are filled in."""

from collections.abc import Iterator

from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.checks.steps import TAKEN
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.reading.parameters import parameters_in
from callflow.core.variables import NAME

CHECKS: list[Check] = []
check = collector(CHECKS)


@check("CF206")
def parameters_are_used(draft: ConfigurationDraft) -> Iterator[Found]:
    """In the flow itself, or in a line."""
    spoken = {
        name for file in draft.scripts.values() for one in file.scripts.values() for name in NAME.findall(one.text)
    }
    spoken -= TAKEN
    for source in draft.templates.values():
        used = parameters_in({key: one for key, one in source.value.items() if key != "parameters"}) | spoken
        for name in source.value["parameters"]:
            if name not in used:
                spoken_as = "" if name in TAKEN else f", or {{{name}}} in a line"
                message = f'nothing in this flow uses "{name}": write ${name} as a value{spoken_as}'
                yield Found(source, ("parameters", name), message, key=True)
