"""Every script: its id, who hears it, and the variables that its text may contain. The YAML must have all of them.

The scripts of the caller and most of those of the staff are those of policy.md section 7. Words that complete scripts
are in ``fragment_catalogue``. ``key`` is the digit of the choice of the star menu that a line advises, and ``next``
says it in words. No other module has words that a person hears. A variable that is not listed here is reported as
unknown when YAML is checked.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from callflow.core import act_lines, adjustment_lines, offer_lines


class Words(NamedTuple):
    hears: str
    variables: frozenset[str]
    in_order: tuple[str, ...]
    """The same, sorted."""


def lines(hears: str, table: str) -> dict[str, Words]:
    """The rows of a table: the id of a line, and its variables."""
    rows = (row.split(":") for row in table.splitlines() if row.strip())
    return {
        name.strip(): Words(hears, frozenset(variables.split()), tuple(sorted(variables.split())))
        for name, variables in rows
    }


CALLER = lines("caller", """
    greeting: org
    connecting:
    queue_progress: n
    recording_notice: org
    recording_question: org
    recording_choices:
    recording_paused:
    recording_resumed:
    asked_again:
    not_clear:
    yes_or_no:
    yes_or_no_after_tone:
    no_clear_answer: agent
    hold_request: agent n reason
    hold_choices: agent n
    hold_declined: agent
    hold_no_answer: agent
    hold_start: agent n
    hold_checkin: agent n
    hold_checkin_choices: agent n
    hold_overrun: agent
    hold_return: agent
    supervisor_offer: agent supervisor_role
    supervisor_choices: agent supervisor_role
    supervisor_declined: agent
    supervisor_no_answer: agent
    consult_ringing: agent supervisor_role
    consult_wait: agent supervisor
    consult_checkin: agent
    consult_return: agent
    introduction: agent supervisor
    handover_done: agent supervisor
    no_supervisor: agent time
    call_back_choices: agent time
    call_back_number:
    call_back_impossible:
    callback_confirm: owner last3 time ref
    call_back_keys:
    call_back_kept: owner time ref
    carry_on: agent
    warning_first: agent conduct
    warning_final: agent conduct
    disconnect: conduct contact ref emergency police ambulance
    closing_stopped: agent
    still_here:
    no_answer_goodbye: emergency police ambulance
    agent_relief: agent supervisor_role
    agent_left: agent
    lead_lost: agent supervisor
    supervisor_left: agent supervisor
    failure_person:
    failure_nobody: owner time emergency police ambulance
    failure_again:
    number_not_in_use: org contact
    call_over:
    message_thanks: ref
    goodbye: org
""" + adjustment_lines.CALLER + act_lines.CALLER)  # fmt: skip

STAFF = lines("staff", """
    offer: team about n waiting
    you_are_away:
    offer_missed:
    offer_flags: flags
    offer_gone:
    offer_for: callee
    menu: choices
    busy_menu: choices
    busy_menu_locked: choices
    hold_asked: agent
    hold_answer_yes: n
    hold_answer_no:
    hold_answer_unclear:
    hold_answer_none:
    hold_more_asked:
    heads_up: n
    caller_back:
    supervisor_asked:
    briefing_offer:
    briefing_prompt:
    briefing_saved:
    supervisor_answer_yes: supervisor_role
    supervisor_answer_no:
    supervisor_answer_unclear:
    supervisor_answer_none:
    whisper: facts
    decline_menu:
    declined_thanks:
    caller_gone:
    caller_lost:
    joined: agent supervisor
    caller_joins:
    whisper_ready: n
    whisper_ready_last:
    have_it: agent
    taken_over: agent
    lead_lost_staff: agent about
    given_back: supervisor
    helper_lost: supervisor
    no_supervisor_staff:
    no_supervisor_locked: next key
    call_back_choice:
    call_back_promised: time
    warn_menu: choices threat
    warn_first_done: time next key
    warn_done: time n
    warn_cut: next key
    warn_learnt: time
    end_conduct: choices
    end_confirm: conduct n
    end_read_aloud:
    closing_watch: n
    closing_cancelled:
    closing_not_played:
    closing_read_aloud: next key
    call_closed:
    silence_asked:
    silence_answered:
    silence_goodbye:
    no_answer_confirm:
    told_warning: facts conduct
    told_closing: facts conduct
    told_thanks:
    co_sign_offer: facts conduct
    co_signed: supervisor next key
    co_sign_missing: next key
    skip_menu:
    attest_menu:
    cosign_choice:
    cosigned:
    skip_done:
    nothing_to_skip: next key
    safeguarding_on: supervisor emergency police ambulance
    threat_on: supervisor emergency police ambulance
    locked_ringing: supervisor
    unlock_menu:
    unlocked:
    relief_done:
    released: supervisor
    wrap_up:
    wrap_up_saved:
    adjustments_wrap_up:
    note_prompt:
    note_saved:
    incident_offer:
    incident_vulnerable:
    incident_helped:
    incident_words:
    cooldown: n supervisor
    cooldown_skipped:
    alert: org ref number agent emergency police ambulance
    alert_safeguarding: org ref number agent emergency police ambulance
    refuse_no_warning: next key
    refuse_cut_warning: next key
    refuse_grace: n next key
    refuse_lapsed: m next key
    refuse_warned: next key
    refuse_other_conduct: next key
    refuse_co_sign: next key
    refuse_asked_already: n next key
    refuse_no_answer: n next key
    refuse_most_holds: next key
    refuse_order: next key
    refuse_skip: next key
    refuse_cosign: next key
    refuse_locked: next key
    refuse_leave: supervisor
    refuse_take_over: agent n
    refuse_busy:
    refuse_relief: next key
    refuse_relief_helped:
    recording_pauses: n
    recording_resumes:
    recording_not_on:
    recording_not_paused:
    unknown_key:
    failure_join:
""" + act_lines.STAFF + offer_lines.STAFF)  # fmt: skip

STAFF_LINE = lines("staff", """
    staff_number:
    staff_pin:
    staff_wrong:
    staff_menu: agent
    staff_menu_away: agent
    staff_away:
    staff_back:
    staff_promise: time number ref
    staff_promise_late: time number ref
    staff_promise_keys:
    staff_promise_key_next:
    staff_no_promise:
    staff_no_more_promises:
    staff_goodbye:
    practice_choice: callee key
    practice_begin: callee
    practice_over:
    practice_pressed: n choices
    practice_open: n choices
    practice_closed: choices
    staff_incident_key:
    staff_incident_remind:
    staff_incident: owner ref n
    staff_incident_late: owner ref
    staff_incident_none:
    staff_incident_missing:
    staff_check_in_key: owner
    staff_check_in:
    staff_check_in_yes: owner
    staff_check_in_later:
    staff_check_in_no:
    record_key:
    record_number:
    record_unknown:
    record_changes:
    record_choice:
    record_piece: m n
    record_piece_choice:
    record_piece_kept:
    record_speak:
    record_nothing:
    record_review:
    record_kept:
    record_dropped:
    record_in_force: n
    record_in_doubt: n
    record_silent: n
    record_quiet: n
    record_clipped: n
    record_long: n
    record_words: n
    record_failed: n
    record_told_piece: n
""" + act_lines.STAFF_LINE)  # fmt: skip
"""What only a configuration needs that has a staff line."""

CALLS_OUT = lines("staff", """
    outgoing_offer: facts last3
    outgoing_dialling:
    outgoing_no_answer:
    outgoing_busy:
    outgoing_failed:
    outgoing_no_key:
    outgoing_not_now:
    outgoing_stopped:
""") | lines("caller", "invitation: agent org\ninvitation_over:")  # fmt: skip
"""What only a configuration needs in which staff may call customers; ``CALLING`` as well, if it has a staff line."""
CALLING = lines("staff", "call_key:\ncall_number:\ncall_confirm: last3\ncall_impossible:\ncall_begins:")

CHOICES = frozenset({
    "hold_choices", "hold_checkin_choices", "supervisor_choices", "call_back_choices", "call_back_keys",
})  # fmt: skip
"""The lines that name the keys of a question to the caller: while one is spoken, a key takes effect at once."""
SHARED_TELEPHONE = "offer_for"
"""The line that only a configuration needs in which several people have one telephone."""
OF_RECORDING = frozenset({
    "recording_notice", "recording_question", "recording_choices", "recording_paused", "recording_resumed",
    "recording_pauses",    "recording_resumes", "recording_not_on", "recording_not_paused", "choice_card_data",
})  # fmt: skip
"""The lines and the fragment that only a configuration needs which has calls recorded."""
OF_BRIEFINGS = frozenset({"briefing_offer", "briefing_prompt", "briefing_saved"})
"""The lines that only a configuration needs in which agents can record a briefing."""
AFTER_TONE = "yes_or_no_after_tone"
"""The same line where a spoken answer is recorded: it comes before the tone. Only those configurations need it."""
YES_OR_NO = "yes_or_no"
"""The line after the choices. From it on the answer may be words as well."""

SCRIPTS: Mapping[str, Words] = MappingProxyType({**CALLER, **STAFF, **STAFF_LINE, **CALLS_OUT, **CALLING})
