"""What a variable of a flow means on a call: what was asked or looked up, else what ops gave as its default."""

import re

from callflow.core.call import Call
from callflow.core.configuration import Configuration

NAME = re.compile(r"\{(\w+)\}")
SECRETS_OF_OURS = ("CALLFLOW_", "TWILIO_")
"""Beginnings of environment variables that no look-up may send to another system, whatever a flow says."""
OF_THE_CALL = ("number", "ref")
"""Beside the declared ones, in addresses and bodies of lookups: the caller's number ("" if withheld), the reference."""


def value(configuration: Configuration, call: Call, name: str) -> str:
    if name in call.variables:
        return call.variables[name]
    flows = configuration.flows
    here = flows.get(call.flow)
    # The present flow's default first, else that of any other: the same name is the same variable.
    defaults = (flow.variables.get(name, "") for flow in (*((here,) if here else ()), *flows.values()))
    return next((one for one in defaults if one), "")


def in_request(configuration: Configuration, call: Call, name: str) -> str:
    """The same for a request to another system: there a number is dialled or compared, not spoken."""
    return {"number": call.number, "ref": call.reference}.get(name) or value(configuration, call, name)
