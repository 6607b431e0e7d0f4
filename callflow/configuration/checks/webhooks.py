"""Checks of the systems that are told what happens on calls."""

from collections.abc import Iterator

from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.checks.steps import address_fault
from callflow.configuration.draft import ConfigurationDraft
from callflow.core.variables import SECRETS_OF_OURS

CHECKS: list[Check] = []
check = collector(CHECKS)


@check("CF310", needs=("callflow",))
def webhooks_have_an_address(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    for name, one in draft.callflow.webhooks.items():
        fault = address_fault(one.url, draft.callflow.lookups.allow_http)
        if "{" in one.url:
            fault = "the address of a webhook has no variables"
        if fault:
            yield Found(draft.callflow_source, ("webhooks", name, "url"), fault)


@check("CF311", needs=("callflow",))
def webhooks_have_a_secret_of_their_own(draft: ConfigurationDraft) -> Iterator[Found]:
    assert draft.callflow
    for name, one in draft.callflow.webhooks.items():
        if one.secret.startswith(SECRETS_OF_OURS):
            message = f'"{one.secret}" is a secret of this program; take another environment variable'
            yield Found(draft.callflow_source, ("webhooks", name, "secret"), message)
