"""The environment variables that a configuration needs: secrets for lookups of flows, and those that sign webhooks."""

from collections.abc import Iterator, Mapping

from callflow.core.configuration import Configuration
from callflow.core.flow.lookup import LookupStep


def unset(configuration: Configuration, environ: Mapping[str, str]) -> str:
    """Those that are needed and not set, in words; "" for none."""
    lacking = dict.fromkeys(f"{name} ({what})" for name, what in needed(configuration) if not environ.get(name))
    return f"environment variables are not set: {', '.join(lacking)}" if lacking else ""


def needed(configuration: Configuration) -> Iterator[tuple[str, str]]:
    """Each variable, and what needs it."""
    for flow in configuration.flows.values():
        for name, step in flow.steps.items():
            if isinstance(step, LookupStep):
                yield from ((variable, f"step {name} of {flow.name}") for variable in step.lookup.headers.values())
    yield from ((one.secret, f"webhook {one.name}") for one in configuration.webhooks.values())
