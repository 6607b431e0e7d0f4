"""The value of a flow's variable on a call: what was entered or looked up, or else its default."""

import re

from callflow.core.call import Call
from callflow.core.configuration import INSTANCE, Configuration

NAME = re.compile(r"\{(\w+)\}")
SECRETS_OF_OURS = ("CALLFLOW_", "TWILIO_")
"""Prefixes of environment variables that no lookup may send to another system."""
OF_THE_CALL = ("number", "ref", "language")
"""Further variables in URLs and bodies of lookups: the caller's number ("" if withheld), the call's reference, and the
language in which the caller will hear the answer."""


def running(call: Call) -> list[str]:
    """The names of the flows that the call is in: the one that runs now, and those that called it."""
    return [call.flow, *(back.partition("/")[0] for back in reversed(call.returns))]


def value(configuration: Configuration, call: Call, name: str) -> str:
    if name in call.variables:
        return call.variables[name]
    flows = configuration.flows
    # The default of the present flow or of those that called it, or else that of any other, because a name means the
    # same variable in every flow. But what was given to another instance of a file is not meant here.
    others = [one for one in flows if INSTANCE not in one]
    defaults = (flows[one].variables.get(name, "") for one in (*running(call), *others) if one in flows)
    return next((one for one in defaults if one), "")


def in_request(configuration: Configuration, call: Call, name: str) -> str:
    """As ``value``, for a request to another system, where numbers are not spelled out to be spoken."""
    of_the_call = {"number": call.number, "ref": call.reference, "language": call.language}
    return of_the_call.get(name) or value(configuration, call, name)
