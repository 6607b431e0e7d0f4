"""Every fragment: words that complete scripts, as values of their variables. The YAML must have all of them."""

from collections.abc import Mapping
from types import MappingProxyType

from callflow.core import act_lines, adjustment_lines, offer_lines
from callflow.core.script_catalogue import (
    AFTER_TONE,
    CALLER,
    CALLING,
    CALLS_OUT,
    OF_BRIEFINGS,
    OF_RECORDING,
    SHARED_TELEPHONE,
    STAFF,
    STAFF_LINE,
    Words,
    lines,
)

FRAGMENTS: Mapping[str, Words] = MappingProxyType(
    lines("caller", """
    unnamed_agent:
    unnamed_supervisor:
    emergency_numbers: police ambulance
    due_tomorrow: time
    due_in_days: time n
""" + adjustment_lines.NEEDS)
    | lines("staff", """
    unnamed_team:
    about: reason
    withheld_number:
    offer_waiting: n
    briefing_agent: agent
    briefing_alone:
    briefing_reason: reason
    tried_time_out:
    tried_time_out_declined:
    tried_time_out_unanswered:
    tried_time_out_skipped:
    flag_safeguarding:
    flag_threat:
    flag_one_warning:
    flag_warnings: n
    choice_time_out: key
    choice_supervisor: key
    choice_warning: key
    choice_end_call: key
    choice_safeguarding: key
    choice_threat: key
    choice_relief: key
    choice_card_data: key
    choice_skip: key
    choice_repeat: key
    choice_silence:
    choice_unlock: key
    next_time_out: key
    next_supervisor: key
    next_warning: key
    next_end_call: key
    outgoing_about: ref
    outgoing_promised: time
    outgoing_closed:
    outgoing_alone:
""" + adjustment_lines.FLAGS + offer_lines.FRAGMENTS + act_lines.FRAGMENTS)
)  # fmt: skip

OF_ADJUSTMENTS = frozenset({
    *(id for id in (*CALLER, *STAFF) if id.startswith("adjustments_")),
    *(id for id in FRAGMENTS if id.startswith("need_")),
})  # fmt: skip
"""The lines and fragments that only a configuration needs in which callers can say what they need."""
OF_CALLS_OUT = frozenset({*CALLS_OUT, *[one for one in FRAGMENTS if one.startswith("outgoing_")]})
OF_THE_STAFF_LINE = frozenset({*STAFF_LINE, *lines("staff", act_lines.FRAGMENTS)})
NOT_EVERYWHERE = frozenset({
    SHARED_TELEPHONE, AFTER_TONE, *OF_THE_STAFF_LINE, *CALLING, *OF_RECORDING, *OF_BRIEFINGS, *OF_CALLS_OUT,
    *OF_ADJUSTMENTS, *offer_lines.OF_OFFERS,
})  # fmt: skip
"""What only some configurations need."""
