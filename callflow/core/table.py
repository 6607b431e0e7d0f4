"""The table of handlers: what each event does in each stage. Only these handlers may change a stage.

Every pair of stage and event has exactly one row: the handler, ``ignore_late``, or ``impossible``, which means a bug in
our own code (``ImpossibleEvent``). A test compares the table with the product of all stages and events, so it fails
for a new stage or event until the rows are written.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from callflow.core import (
    acts,
    agent_search,
    call_recording,
    flow_runner,
    follow_ups,
    hangups,
    keys,
    menu,
    no_answer,
    offers,
    outgoing,
    question,
    recorded_answer,
    recordings,
    supervision,
    timers,
)
from callflow.core import events as e
from callflow.core.draft import DecisionDraft
from callflow.core.flow import connect, hours
from callflow.core.stages import Stage as S
from callflow.core.steps import delegate_upwards, draw_the_line, handing_over, offering_call_back, time_out

Handler = Callable[[DecisionDraft, Any], None]


class ImpossibleEvent(Exception):
    """An event that cannot happen in this stage, because of a bug. ``decide`` notes it and the call goes on."""


def ignore_late(draft: DecisionDraft, event: e.Event) -> None:
    """Ignore an event that belongs to something that is over."""


def came_to_room(draft: DecisionDraft, event: e.LegJoined) -> None:
    """A leg is in the room: the end of its document brought it there, or our reply did."""
    draft.arrived(event.leg)


def served(draft: DecisionDraft, event: e.Served) -> None:
    """The leg has fetched the document of its place. Its time counts from now on."""
    leg = draft.call.leg(event.leg)
    if leg and leg.seen != leg.token:
        draft.call = draft.call.changed(leg.id, seen=leg.token, since=event.at)


def impossible(draft: DecisionDraft, event: e.Event) -> None:
    """Raise ImpossibleEvent."""
    raise ImpossibleEvent(f"{type(event).__name__} in {draft.call.stage}")


ALWAYS: Mapping[type[e.Event], Handler] = MappingProxyType({
    e.CallStarted: impossible,
    e.OutgoingStarted: impossible,
    e.DigitPressed: keys.pressed,
    e.DeskPressed: keys.at_desk,
    e.OfferMade: offers.made,
    e.NothingPressed: keys.silent,
    e.StarPressed: menu.star,
    e.ConsentGiven: ignore_late,
    e.ConsentRefused: ignore_late,
    e.ConsentNotHeard: ignore_late,
    e.PlaceEnded: keys.silent,
    e.MessageRecorded: keys.recorded,
    e.LegAnswered: supervision.answered,
    e.LegNotReached: hangups.lost,
    e.LegJoined: came_to_room,
    e.LegLost: hangups.lost,
    e.PeopleFound: ignore_late,
    e.NobodyFree: ignore_late,
    e.EverybodyAway: ignore_late,
    e.SupervisorFound: supervision.found,
    e.TimerFired: timers.fired,
    e.WordsSpoken: ignore_late,
    e.ForwardEnded: ignore_late,
    e.LookupDone: ignore_late,
    e.LookupFailed: ignore_late,
    e.Served: served,
    e.RingPlaced: agent_search.placed,
    e.RequestRefused: hangups.request_refused,
    e.SearchRenewed: agent_search.renewed,
    e.LineCounted: ignore_late,
    e.FlowsClosed: ignore_late,
    e.ServerStarted: ignore_late,
    e.RecordingOpened: recordings.opened,
    e.CallRecorded: call_recording.kept,
    e.TalkOverMeasured: call_recording.talked_over,
    e.RecordingPaused: call_recording.paused,
    e.AnswerRecorded: ignore_late,
    e.AnswerRecognised: ignore_late,
    e.FollowedUp: follow_ups.noted,
    e.Acted: acts.acted,
})  # fmt: skip
"""The handlers of events for which a stage has no row of its own."""

ASKED: Mapping[type[e.Event], Handler] = MappingProxyType({
    e.ConsentRefused: question.refused, e.ConsentNotHeard: question.not_heard, e.LegJoined: question.came_back,
    e.AnswerRecorded: recorded_answer.recorded, e.AnswerRecognised: recorded_answer.recognised,
})  # fmt: skip
"""The handlers while the caller is asked a question, the same for all questions. The step that asked handles a yes."""

STILL_NOTED = (e.CallStarted, e.OutgoingStarted, e.RecordingOpened, e.CallRecorded, e.TalkOverMeasured,
               e.FollowedUp)  # fmt: skip
"""The events for which a call that has ended has the common handlers."""

OWN: Mapping[S, Mapping[type[e.Event], Handler]] = MappingProxyType({
    S.ARRIVING: {
        e.CallStarted: flow_runner.begin, e.LegJoined: flow_runner.fell_back, e.WordsSpoken: flow_runner.spoken,
        e.ForwardEnded: flow_runner.forward_ended, e.LookupDone: flow_runner.looked_up,
        e.LookupFailed: flow_runner.not_looked_up, e.FlowsClosed: hours.closed_by_hand,
    },
    S.WAITING: {
        e.LegJoined: connect.still_waiting, e.PeopleFound: supervision.ring, e.NobodyFree: flow_runner.nobody_free,
        e.LineCounted: connect.counted, e.FlowsClosed: hours.closed_by_hand,
        e.EverybodyAway: flow_runner.everybody_away,
    },
    S.TALKING: {e.LegJoined: no_answer.joined},
    S.CHOOSING: {e.LegJoined: menu.back_or_arrived},
    S.ASKING_HOLD: {**ASKED, e.ConsentGiven: time_out.hold},
    S.HOLDING: {e.LegJoined: time_out.desk_over},
    S.OFFERING_SUPERVISOR: {**ASKED, e.ConsentGiven: delegate_upwards.agreed},
    S.RINGING: {
        e.PeopleFound: supervision.ring, e.NobodyFree: delegate_upwards.nobody,
        e.LegJoined: delegate_upwards.ringing_joined,
    },
    S.CONSULTING: {e.LegJoined: handing_over.joined},
    S.INTRODUCING: {e.LegJoined: handing_over.introduced},
    S.OFFERING_CALL_BACK: {
        **ASKED, e.ConsentGiven: offering_call_back.agreed, e.ConsentRefused: offering_call_back.refused,
    },
    S.WARNING: {e.LegJoined: draw_the_line.joined},
    S.CLOSING: {e.LegJoined: draw_the_line.watched, e.ServerStarted: draw_the_line.not_after_an_outage},
    S.LEFT_ALONE: {
        e.LegJoined: hangups.agent_left_heard, e.PeopleFound: supervision.ring, e.NobodyFree: agent_search.nobody_now,
    },
    S.PREPARING: {e.OutgoingStarted: outgoing.begin, e.LegAnswered: outgoing.agent_answered},
    S.DIALLING: {
        e.LegAnswered: outgoing.customer_answered, e.LegJoined: outgoing.joined,
        e.ConsentGiven: outgoing.may_be_recorded, e.ConsentRefused: outgoing.not_recorded,
        e.ConsentNotHeard: outgoing.not_recorded,
    },
    S.AFTERCARE: {e.StarPressed: ignore_late, e.LegJoined: ignore_late},
    S.ENDED: {event: ignore_late for event in e.ALL if event not in STILL_NOTED},
})  # fmt: skip

TABLE: Mapping[tuple[S, type[e.Event]], Handler] = MappingProxyType({
    (stage, event): OWN[stage].get(event, ALWAYS[event]) for stage in S for event in e.ALL
})  # fmt: skip
