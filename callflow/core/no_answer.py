"""A caller who does not answer (rule 3): asked by key three times over two minutes, then let go by a person's key.

Silence is never conduct: nothing here warns, and nothing counts for the third step. A caller who cannot speak presses
any key, which begins it all anew. Star brings the caller back at any moment.
"""

from typing import Final

from callflow.core import ladder, prompts
from callflow.core.call import CALLER, Call, Prompt
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, Event, LegEvent, LegJoined, TimerFired
from callflow.core.margins import MARGIN_SECONDS
from callflow.core.notes import NoteKind, NoteOutcome
from callflow.core.stages import PlaceName, Stage
from callflow.core.timer_names import Timer

KEY: Final = "#"
"""After star: the caller does not answer. No digit, because all of those can be configured."""
PROMPTS: Final = 3
OVER_SECONDS: Final = 120
"""Rule 3: so many prompts, played in full and unanswered, and so long since the first of them began."""
LISTEN_SECONDS: Final = 8
"""How long a key is waited for after a prompt. Then the agent hears whether the caller speaks."""
AWAY: Final = (PlaceName.SILENCE, PlaceName.LET_GO)
"""Where the caller hears that we wait, or goodbye, while the agent is in the room."""


def may_let_go(call: Call) -> bool:
    since = call.silent_since
    waited = since is not None and (call.at - since).total_seconds() >= OVER_SECONDS
    return waited and call.silent_prompts >= PROMPTS and not call.locks


def ask(draft: DecisionDraft, event: DigitPressed) -> None:
    """``*`` ``#``: the caller is asked for any sign, or, after enough of these, the lead whether to end the call."""
    if draft.call.locks:
        return _refused(draft, event)
    if may_let_go(draft.call):
        return draft.put(event.leg, PlaceName.END_SILENT, draft.prompt("no_answer_confirm"),
                         seconds=draft.policy.menu.seconds)  # fmt: skip
    said = draft.prompt("still_here")
    draft.stage(Stage.TALKING)
    draft.call = draft.call.but(silent_since=draft.call.silent_since or draft.at)
    draft.put(CALLER, PlaceName.SILENCE, said, seconds=LISTEN_SECONDS)
    draft.timer(Timer.SILENCE, draft.seconds(said) + LISTEN_SECONDS + MARGIN_SECONDS[Timer.SILENCE])
    draft.note(
        NoteKind.NO_ANSWER, draft.actor(event.leg), key=event.key, script="still_here", outcome=NoteOutcome.ASKED
    )
    return draft.room(event.leg, draft.prompt("silence_asked"))


def _refused(draft: DecisionDraft, event: DigitPressed) -> None:
    refusal = ladder.LOCKED
    draft.note(NoteKind.REFUSED, draft.actor(event.leg), key=event.key, script=refusal.script)
    draft.stage(Stage.TALKING)
    draft.room(event.leg, draft.refusal(refusal))


def joined(draft: DecisionDraft, event: LegJoined) -> None:
    """The caller is back in the room. The prompt counts only if its own document has been played to its end."""
    caller = draft.call.caller
    asked, said_goodbye = caller.at(PlaceName.SILENCE), caller.at(PlaceName.LET_GO)
    draft.arrived(event.leg)
    if event.leg != CALLER or not (asked or said_goodbye):
        return
    draft.call = draft.call.without_timer(Timer.SILENCE)
    elapsed = (event.at - caller.since).total_seconds()
    full = asked and event.token == caller.token == caller.seen and elapsed >= _needed(draft, caller.place.prompts[0])
    outcome = NoteOutcome.NO_CLEAR_ANSWER if full else NoteOutcome.CUT_SHORT
    draft.call = draft.call.but(silent_prompts=draft.call.silent_prompts + full)
    draft.note(NoteKind.NO_ANSWER, CALLER, script="still_here", outcome=outcome, n=draft.call.silent_prompts)


def _needed(draft: DecisionDraft, said: Prompt) -> float:
    return prompts.least_seconds(draft.configuration, draft.call.language, said) + LISTEN_SECONDS


def answered(draft: DecisionDraft, event: DigitPressed) -> None:
    """Any key of the caller: somebody is there, and all begins anew."""
    draft.call = draft.call.but(silent_prompts=0, silent_since=None).without_timer(Timer.SILENCE)
    draft.note(NoteKind.NO_ANSWER, CALLER, key=event.key, outcome=NoteOutcome.ANSWERED)
    draft.room(CALLER)
    draft.room(draft.call.lead, draft.prompt("silence_answered"))


def confirmed(draft: DecisionDraft, event: DigitPressed) -> None:
    """``1``: goodbye is said, and the call ends, if no key and no star stops it. Other keys carry on."""
    draft.stage(Stage.TALKING)
    if event.key != "1" or not may_let_go(draft.call):
        return draft.room(event.leg)
    said = draft.prompt("no_answer_goodbye")
    draft.put(CALLER, PlaceName.LET_GO, said)
    draft.timer(Timer.SILENCE, draft.seconds(said) + MARGIN_SECONDS[Timer.SILENCE])
    draft.note(NoteKind.NO_ANSWER, draft.actor(event.leg), key=event.key, script="no_answer_goodbye",
               outcome=NoteOutcome.DECIDED, n=draft.call.silent_prompts)  # fmt: skip
    return draft.room(event.leg, draft.prompt("silence_goodbye"))


def come_back(draft: DecisionDraft, event: Event) -> None:
    """Star, or a deadline whose report never came: the caller is with the lead, and nothing is counted."""
    if draft.call.caller.place.name in AWAY:
        by = draft.actor(event.leg) if isinstance(event, LegEvent) else ""
        draft.note(NoteKind.NO_ANSWER, by or "callflow", outcome=NoteOutcome.CANCELLED)
        draft.room(CALLER)


def over(draft: DecisionDraft, event: TimerFired) -> None:
    draft.call = draft.call.without_timer(event.name)
    come_back(draft, event)


def let_go(draft: DecisionDraft, seconds: float) -> bool:
    """Whether the caller's leg ended ``seconds`` into goodbye, after its last word."""
    caller = draft.call.caller
    if not caller.at(PlaceName.LET_GO) or caller.seen != caller.token:
        return False
    return seconds >= prompts.least_seconds(draft.configuration, draft.call.language, caller.place.prompts[0])
