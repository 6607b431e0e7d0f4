"""The rows of ``script_catalogue`` about those who listen to a call, and act on it from elsewhere."""

CALLER = """
    listener_notice: supervisor
    supervisor_joins: agent supervisor
"""
STAFF = """
    listener_joins: supervisor
    listen_offer: facts
    join_offer: facts
    listen_wait:
    listen_menu: agent
    told_final_warning: facts conduct
    vetoed: supervisor
"""

STAFF_LINE = """
    staff_calls_key:
    staff_calls_none:
    staff_calls_one:
    staff_calls_many: n
    staff_no_calls:
    staff_no_more_calls:
    staff_call_need: reason
    staff_call: ref agent time
    staff_call_keys: choices
    staff_call_next:
    staff_call_gone:
    staff_call_changed:
    staff_locked:
    staff_vetoed:
    staff_agreed:
    staff_refused: reason
    staff_act_begins:
"""
FRAGMENTS = """
    call_without_agent:
    call_since_now:
    call_since: n
    card_safeguarding:
    card_threat:
    card_closing:
    card_alone:
    card_hold:
    card_co_sign:
    card_offer:
    act_listen: key
    act_coach: key
    act_join: key
    act_take_over: key
    act_lock: key
    act_veto: key
    act_co_sign: key
    refused_not_your_call:
    refused_own_call:
    refused_call_over:
    refused_nobody_there:
    refused_already:
    refused_on_the_call:
    refused_rung_already:
    refused_being_asked:
    refused_telephone_in_use:
    refused_enough_listeners:
    refused_enough_telephones:
    refused_helper_there:
    refused_not_now:
    refused_nothing_to_stop:
    refused_nothing_to_sign:
"""
"""On the staff line: what needs a person on a call, the acts that are open, and why one is not (``Reason``)."""
