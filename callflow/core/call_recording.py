"""Whether the caller is recorded now (rules 13, 20, 41 and 42). Only the caller's leg is, and never before a notice or
a yes. While the caller is held, waits, or says card data, the recording is paused; then it goes on by itself."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from callflow.core.call import CALLER, Call
from callflow.core.draft import SYSTEM, DecisionDraft
from callflow.core.events import (
    CallRecorded,
    DigitPressed,
    RecordingPaused,
    RequestRefused,
    TalkOverMeasured,
    TimerFired,
)
from callflow.core.evidence import RUNNING, Recorded
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.recordings import number
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from callflow.core.timer_names import Timer

AWAY: Final[Mapping[P, str]] = MappingProxyType({
    P.HOLD: "hold", P.CHECK_IN: "hold", P.CONSULT_WAIT: "consult", P.QUEUE: "waiting", P.AGENT_LEFT: "waiting",
    P.STEP: "waiting", P.MESSAGE: "message",
})  # fmt: skip
"""The places of a caller who talks with nobody of ours, and why the recording is paused there."""
CARD_DATA: Final = "card data"
START, PAUSE, RESUME = REQUESTS = ("start_recording", "pause_recording", "resume_recording")
"""The names of our requests in the journal, if they are refused."""


def follow(draft: DecisionDraft) -> None:
    """After every decision: start, pause, resume or end the recording as the places and the key have it."""
    was = draft.call.recording
    if was in (Recorded.OFF, Recorded.REFUSED, Recorded.STOPPED):
        return
    now, why = _now(draft.call)
    if now is not was:
        draft.call = draft.call.but(recording=now)
        draft.note(NoteKind.RECORDING, SYSTEM, outcome=_outcome(was, now), **({"reason": why} if why else {}))


def _now(call: Call) -> tuple[Recorded, str]:
    """What is to be, and why if it is not recorded."""
    if call.stage in (Stage.AFTERCARE, Stage.ENDED) or not call.caller.live:
        return (Recorded.STOPPED if call.recording in RUNNING else call.recording), ""
    if call.recording is Recorded.ALLOWED and not (call.stage is Stage.TALKING and call.caller.in_room):
        return Recorded.ALLOWED, ""
    why = CARD_DATA if Timer.RECORDING in call.deadlines else AWAY.get(call.caller.place.name, "")
    if call.recording is Recorded.PAUSING and not why:
        return Recorded.PAUSING, ""
    return (Recorded.PAUSED if why else Recorded.ON), why


def _outcome(was: Recorded, now: Recorded) -> NoteOutcome:
    if now is Recorded.STOPPED:
        return NoteOutcome.ENDED
    if now is Recorded.PAUSED:
        return NoteOutcome.PAUSED
    return NoteOutcome.RESUMED if was in RUNNING else NoteOutcome.BEGUN


def allowed(draft: DecisionDraft, recording: Recorded, outcome: NoteOutcome, script: str) -> None:
    """The caller has heard the notice, or has answered the question."""
    draft.call = draft.call.but(recording=recording)
    draft.note(NoteKind.RECORDING, CALLER, script=script, outcome=outcome)


def card_data(draft: DecisionDraft, event: DigitPressed) -> None:
    """The key for card data asks the provider for a pause, or ends the pause. A second press meanwhile asks no more."""
    draft.stage(Stage.TALKING)
    if draft.call.recording not in RUNNING:
        draft.room(event.leg, draft.prompt("recording_not_on"))
    elif Timer.RECORDING in draft.call.deadlines:
        _go_on(draft, draft.actor(event.leg), event.key)
    elif draft.call.recording is Recorded.PAUSING:
        draft.room(event.leg)
    else:
        draft.call = draft.call.but(recording=Recorded.PAUSING)
        draft.note(NoteKind.RECORDING, draft.actor(event.leg), key=event.key, outcome=NoteOutcome.ASKED,
                   reason=CARD_DATA)  # fmt: skip
        draft.room(event.leg)


def paused(draft: DecisionDraft, event: RecordingPaused) -> None:
    """The provider has paused it for card data: both people hear so, and not before. If the lead has begun something
    else meanwhile, and so would not hear it, the pause is called off."""
    if draft.call.recording is not Recorded.PAUSING:
        return
    if draft.call.stage is not Stage.TALKING:
        draft.call = draft.call.but(recording=Recorded.ON)
        draft.note(NoteKind.RECORDING, SYSTEM, outcome=NoteOutcome.RESUMED)
        return
    seconds = draft.configuration.recording.pause_seconds
    draft.timer(Timer.RECORDING, seconds)
    draft.call = draft.call.but(recording=Recorded.PAUSED)
    draft.note(NoteKind.RECORDING, draft.actor(draft.call.lead), outcome=NoteOutcome.PAUSED, reason=CARD_DATA,
               seconds=seconds)  # fmt: skip
    draft.room(draft.call.lead, draft.prompt("recording_pauses", n=seconds))
    draft.room(CALLER, draft.prompt("recording_paused"))


def pause_over(draft: DecisionDraft, event: TimerFired) -> None:
    """The time for card data is over. Both people must hear that, so it waits until they are together."""
    if draft.call.stage is Stage.TALKING:
        _go_on(draft, SYSTEM, "")


def _go_on(draft: DecisionDraft, actor: str, key: str) -> None:
    draft.call = draft.call.without_timer(Timer.RECORDING).but(recording=Recorded.ON)
    draft.note(NoteKind.RECORDING, actor, key=key, outcome=NoteOutcome.RESUMED)
    draft.room(draft.call.lead, draft.prompt("recording_resumes"))
    draft.room(CALLER, draft.prompt("recording_resumed"))


def refused(draft: DecisionDraft, event: RequestRefused) -> None:
    """The provider does not do what we asked. Only a start that it refuses for good proves that nothing is recorded:
    any other request may have been carried out although it failed."""
    call = draft.call
    if event.request == START and event.lasting and call.recording in RUNNING:
        draft.call = call.without_timer(Timer.RECORDING).but(recording=Recorded.STOPPED)
    elif event.request == PAUSE and call.recording is Recorded.PAUSING:
        _not_paused(draft)
    elif event.request == PAUSE and Timer.RECORDING in call.deadlines:
        if call.stage is Stage.TALKING:
            _not_paused(draft)
        else:
            draft.timer(Timer.RECORDING, 0)  # both hear that it goes on, as soon as they are together


def _not_paused(draft: DecisionDraft) -> None:
    """The lead must know that card data would be recorded."""
    draft.call = draft.call.without_timer(Timer.RECORDING).but(recording=Recorded.ON)
    draft.note(NoteKind.RECORDING, SYSTEM, outcome=NoteOutcome.NOT_PAUSED, reason=CARD_DATA)
    if draft.call.stage is Stage.TALKING:
        draft.room(draft.call.lead, draft.prompt("recording_not_paused"))


def kept(draft: DecisionDraft, event: CallRecorded) -> None:
    """The provider has the recording of the call, which is over."""
    draft.note(NoteKind.CALL_RECORDED, CALLER, outcome=OutcomeText(event.recording), seconds=event.seconds,
               recording=number(draft.call), ago=round(event.ago, 1))  # fmt: skip


def talked_over(draft: DecisionDraft, event: TalkOverMeasured) -> None:
    """Written beside the warning, and nothing else: no number decides (rules 24 and 40)."""
    if event.warning < len(draft.call.warnings):
        draft.note(NoteKind.TALK_OVER, CALLER, script=draft.call.warnings[event.warning].script,
                   seconds=round(event.seconds, 1), engine=event.engine, warning=event.warning + 1)  # fmt: skip
