"""What whoever is rung is told of the call before the accept key: recorded facts, no opinions (policy.md 3.3)."""

from callflow.core import offers
from callflow.core.adjustment_lines import TO_STAFF
from callflow.core.call import Lock, Outcome, Word
from callflow.core.draft import DecisionDraft, listed
from callflow.core.recognised import of_text

TRIED = {
    Outcome.ACCEPTED: "tried_time_out",
    Outcome.DECLINED: "tried_time_out_declined",
    Outcome.NO_CLEAR_ANSWER: "tried_time_out_unanswered",
    Outcome.SKIPPED: "tried_time_out_skipped",
}
FLAGS = {Lock.SAFEGUARDING: "flag_safeguarding", Lock.THREAT: "flag_threat"}
"""The fragments for the outcome of the time out, and for the locks that are on."""


def facts(draft: DecisionDraft) -> Word:
    """The briefing before a supervisor presses 1: recorded facts, no opinions (policy.md 3.3)."""
    call, agent = draft.call, agent_there(draft)
    said: list[Word] = [draft.fragment("briefing_agent", agent=agent) if agent else draft.fragment("briefing_alone")]
    said += [draft.fragment("briefing_reason", reason=call.reason)] if call.reason else []
    said += [draft.fragment(TRIED[call.time_out])] if call.time_out in TRIED else []
    return listed([*said, *flags(draft)])


def agent_there(draft: DecisionDraft) -> str:
    """The name of the agent who is with the caller, or ""."""
    lead = draft.call.lead_leg
    return draft.configuration.person(lead.person).name if lead and lead.live else ""


def flags(draft: DecisionDraft) -> list[Word]:
    """What whoever takes the call must know before: a threat, safeguarding, what the caller needs, what is known of the
    number, and the warnings that were heard."""
    heard = sum(1 for one in draft.call.warnings if one.heard_at)
    said: list[Word] = [draft.fragment(FLAGS[lock]) for lock in draft.call.locks]
    said += [draft.fragment(TO_STAFF[need]) for need in draft.call.adjustments if need in TO_STAFF]
    said += [*known(draft), *offers.told(draft)]
    return [*said, draft.fragment("flag_one_warning" if heard == 1 else "flag_warnings", n=heard)] if heard else said


def known(draft: DecisionDraft) -> list[Word]:
    """What is on record about the number. It prepares people for the call, and decides nothing (rule 33)."""
    found, supervisors = of_text(draft.call.recognised), draft.configuration.supervisors
    said: list[Word] = [draft.fragment("flag_restricted")] if found.restriction else []
    if not found.back:
        return said
    reason = found.reason or draft.fragment("flag_unnamed_reason")
    owner = supervisors[found.person].name if found.person in supervisors else draft.fragment("unnamed_supervisor")
    return [*said, draft.fragment("flag_heads_up", reason=reason, supervisor=owner)]
