"""Which secrets of lookups and webhooks are not in the environment."""

from dataclasses import replace

from callflow.core.flow.lookup import Lookup, LookupStep
from callflow.core.webhooks import Webhook
from callflow.service.needed_variables import unset
from tests.core.example_flows import flowing

FIND = Lookup(url="https://crm.example.com/{account}", values={}, headers={"Authorization": "CRM_TOKEN"})
CONFIGURATION = replace(
    flowing(LookupStep(name="find", script="one_moment", lookup=FIND, otherwise="find")),
    webhooks={"crm": Webhook(name="crm", url="https://crm.example.com", secret="CRM_SECRET", subjects=frozenset())},
)


def test_each_that_is_not_set_is_named_with_what_needs_it() -> None:
    flow = next(iter(CONFIGURATION.flows))
    told = f"environment variables are not set: CRM_TOKEN (step find of {flow}), CRM_SECRET (webhook crm)"
    assert unset(CONFIGURATION, {"CRM_TOKEN": ""}) == told
    assert unset(CONFIGURATION, {"CRM_TOKEN": "t", "CRM_SECRET": "s"}) == ""
