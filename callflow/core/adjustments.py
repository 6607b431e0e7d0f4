"""What changes for a caller who needs it (policy rules 8, 9, 26 and 30): three times the time for every answer and for
the grace, a second person for a warning, and an agent's word for a yes to a hold. The floors stay."""

from callflow.core.call import Call
from callflow.core.policy import DrawTheLine

TIMES = 3
ATTESTED = "agent-attested"
"""How a yes was given that an agent has heard, because no key and no recogniser could take it."""


def patience(call: Call) -> int:
    """By what every time to answer is multiplied on this call."""
    return TIMES if call.adjustments else 1


def grace_seconds(call: Call, rules: DrawTheLine) -> int:
    return rules.grace_seconds * patience(call)


def agreed(call: Call) -> bool:
    """Whether a second person has agreed to a warning, or none is needed: a supervisor leads the call."""
    lead = call.lead_leg
    return not call.adjustments or bool(call.warning_agreed) or bool(lead and lead.id.startswith("s"))
