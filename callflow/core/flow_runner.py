"""The flow before a person is there: from step to step, into other flows and back, the waiting line, a message."""

from dataclasses import replace

from callflow.core import call_back
from callflow.core.call import CALLER, Search
from callflow.core.configuration import Group, Step
from callflow.core.draft import DecisionDraft
from callflow.core.events import (
    CallStarted,
    DigitPressed,
    ForwardEnded,
    LegEvent,
    LegJoined,
    LookupDone,
    LookupFailed,
    MessageRecorded,
    TimerFired,
    WordsSpoken,
)
from callflow.core.flow import call_back_step, forwarding, looking_up
from callflow.core.flow.next_step import NextStep
from callflow.core.flow.verbs import VERBS
from callflow.core.stages import PlaceName, Stage

QUEUE_MUSIC_SECONDS = 30
MOST_SILENT_STEPS = 30
"""Steps in a row without a sound. The configuration check finds such circles; a call must not hang in one (F4)."""
DEEPEST = 5
"""Flows inside flows."""


def begin(draft: DecisionDraft, event: CallStarted) -> None:
    if draft.call.step:
        return  # told twice
    flow = draft.configuration.flows[draft.call.flow]
    draft.note("call_started", outcome="number withheld" if not event.number else "number shown")
    enter(draft, flow.start)


def step_of(draft: DecisionDraft) -> Step:
    return draft.configuration.flows[draft.call.flow].steps[draft.call.step]


def enter(draft: DecisionDraft, name: str) -> None:
    """Follow the way until the caller is somewhere. Without a step the flow is over."""
    way: NextStep = name
    for _ in range(MOST_SILENT_STEPS):
        way = _return(draft) if way == "" else way
        if not way:
            return say_goodbye(draft) if way == "" else None
        draft.stage(Stage.ARRIVING, step=way, attempts=0, search=None, lookup="")
        way = _begin(draft, step_of(draft))
    if way is not None:
        draft.note("flow_lost", outcome="steps without an end")
        nobody(draft)
    return None


def _begin(draft: DecisionDraft, step: Step) -> NextStep:
    match step.verb:
        case "connect":
            wait_for(draft, step)
        case "flow":
            return _call(draft, step)
        case "end":
            say_goodbye(draft, step.script)
        case _:
            return VERBS[step.verb].begin(draft, step)
    return None


def _call(draft: DecisionDraft, step: Step) -> NextStep:
    """Into another flow, which comes back to ``next``; too deep (the check forbids it) goes straight on."""
    if len(draft.call.returns) >= DEEPEST or step.flow not in draft.configuration.flows:
        return step.next
    back = f"{draft.call.flow}/{step.next}"
    draft.call = draft.call.but(flow=step.flow, returns=(*draft.call.returns, back))
    return draft.configuration.flows[step.flow].start


def _return(draft: DecisionDraft) -> str:
    """The end of a flow that another one called: where that one goes on."""
    while draft.call.returns:
        *before, last = draft.call.returns
        flow, _, step = last.partition("/")
        draft.call = draft.call.but(flow=flow, returns=tuple(before))
        if step:
            return step
    return ""


def follow(draft: DecisionDraft, way: NextStep) -> None:
    if way is not None:
        enter(draft, way)


def say_goodbye(draft: DecisionDraft, script: str = "") -> None:
    """The flow ends as ops wrote it, after everything was offered; nobody was closed out by it."""
    values: dict[str, str] = {}
    if not script and draft.call.call_back and draft.call.call_back.confirmed:
        script, values = call_back_step.goodbye(draft)
    draft.note("flow_ended", script=script or "goodbye")
    draft.release(CALLER, draft.prompt(script or "goodbye", **values))


def pressed(draft: DecisionDraft, event: DigitPressed) -> None:
    step = step_of(draft)
    if step.verb in VERBS:
        follow(draft, VERBS[step.verb].pressed(draft, step, event))


def spoken(draft: DecisionDraft, event: WordsSpoken) -> None:
    """Words where the step did not ask for any are nothing."""
    step = step_of(draft)
    if step.verb in VERBS and event.leg == CALLER and draft.call.caller.at(PlaceName.STEP):
        follow(draft, VERBS[step.verb].spoken(draft, step, event))


def ended(draft: DecisionDraft, event: LegEvent) -> None:
    """A ``say`` ran out, a message was left or not, a menu heard nothing."""
    step = step_of(draft)
    if draft.call.caller.at(PlaceName.MESSAGE) and step.verb != "voicemail":
        return say_goodbye(draft)  # nobody was reached, and no message was left after failure_nobody
    return follow(draft, VERBS[step.verb].ended(draft, step, event)) if step.verb in VERBS else None


def fell_back(draft: DecisionDraft, event: LegJoined) -> None:
    """A fallback document put an arriving caller into the empty room: serve the step again."""
    draft.arrived(event.leg)
    if event.leg != CALLER or draft.call.caller.at(PlaceName.GONE):
        return
    step = step_of(draft)
    match step.verb:
        case "lookup" if draft.call.lookup:  # it is under way: nobody is asked a second time
            follow(draft, looking_up.still(draft, step, event))
        case "forward":
            follow(draft, forwarding.lost(draft, step, event))
        case _:
            enter(draft, draft.call.step)


def forward_ended(draft: DecisionDraft, event: ForwardEnded) -> None:
    step = step_of(draft)
    if step.verb == "forward" and event.leg == CALLER and draft.call.caller.at(PlaceName.STEP):
        follow(draft, forwarding.ended(draft, step, event))


def looked_up(draft: DecisionDraft, event: LookupDone) -> None:
    if looking_up.awaited(draft, event):
        follow(draft, looking_up.done(draft, step_of(draft), event))


def not_looked_up(draft: DecisionDraft, event: LookupFailed) -> None:
    if looking_up.awaited(draft, event):
        follow(draft, looking_up.failed(draft, step_of(draft), event.reason))


def lookup_took_too_long(draft: DecisionDraft, event: TimerFired) -> None:
    follow(draft, looking_up.failed(draft, step_of(draft), "no answer in time"))


def wait_for(draft: DecisionDraft, step: Step) -> None:
    """Into the waiting line of a team. The line has an end (F4): then the flow's ``otherwise``, or a message."""
    search = Search(group=Group.AGENTS, team=step.team, since=draft.at, priority=step.priority)
    draft.stage(Stage.WAITING, team=step.team, search=search)
    draft.timer("queue", step.wait_seconds)
    draft.note("waiting", outcome=Group.AGENTS)
    queue(draft, "connecting")


def queue(draft: DecisionDraft, script: str, **values: object) -> None:
    """Lines and music; where ops gave keys to press while waiting, they are said and taken at any moment."""
    step = draft.configuration.flows[draft.call.flow].steps.get(draft.call.step)
    spoken = [draft.prompt(script, **values)]
    details = {"seconds": QUEUE_MUSIC_SECONDS}
    if step and step.verb == "connect":
        spoken += [draft.prompt(step.offer)] if step.offer else []
        details |= {"keys": 1} if step.choices else {}
        if step.progress_seconds:
            draft.timer("progress", step.progress_seconds)
    draft.put(CALLER, PlaceName.QUEUE, *spoken, **details)


def still_waiting(draft: DecisionDraft, event: LegEvent) -> None:
    """The queue document came to its end: another one, so that the caller is never in silence."""
    if isinstance(event, LegJoined):
        draft.arrived(event.leg)
    if event.leg == CALLER:
        progress(draft)


def progress(draft: DecisionDraft) -> None:
    ahead = draft.call.search.ahead if draft.call.search else 0
    queue(draft, "queue_progress", n=ahead + 1)


def progress_due(draft: DecisionDraft, event: TimerFired) -> None:
    """Time to tell the caller how it stands; the search counts those before on the way."""
    draft.call = draft.call.without_timer(event.name)
    if draft.call.stage is Stage.WAITING:
        progress(draft)


def pressed_in_line(draft: DecisionDraft, event: DigitPressed) -> None:
    """A key that the flow offers to somebody who waits leads out of the line; another one goes on waiting."""
    step = draft.configuration.flows[draft.call.flow].steps.get(draft.call.step)
    choice = step.choices.get(event.key) if step else None
    if draft.call.stage is not Stage.WAITING or event.leg != CALLER:
        return None
    if not choice:
        return progress(draft)
    draft.note("left_the_line", CALLER, outcome=choice.next)
    draft.call = draft.call.but(reason=choice.reason or draft.call.reason)
    draft.release_candidates("offer_gone")
    return enter(draft, choice.next)


def waited_long_enough(draft: DecisionDraft, event: TimerFired) -> None:
    draft.note("not_connected", outcome="waited long enough")
    give_up(draft)


def give_up(draft: DecisionDraft) -> None:
    """Nobody can be reached: the flow's way out, else a message with an owned call back (rule 2)."""
    draft.release_candidates("offer_gone")
    step = draft.configuration.flows[draft.call.flow].steps.get(draft.call.step)
    if step and step.otherwise:
        return enter(draft, step.otherwise)
    return nobody(draft)


def nobody(draft: DecisionDraft) -> None:
    promise = call_back.promised(draft)
    draft.stage(Stage.ARRIVING, search=None, call_back=promise if promise.number else None)
    owner, time = call_back.spoken(draft, promise)
    draft.put(CALLER, PlaceName.MESSAGE, draft.prompt("failure_nobody", owner=owner, time=time))


def message_left(draft: DecisionDraft, event: MessageRecorded) -> None:
    """A message is a promise: it has an owner and a time (rule 19)."""
    promise = call_back.promised(draft)
    draft.call = draft.call.but(call_back=replace(promise, number=_number(draft)))
    draft.note("message_left", CALLER, outcome=event.recording, seconds=event.seconds, owner=promise.owner)
    step = step_of(draft)
    if step.verb == "voicemail" and (way := step.next or _return(draft)):
        return enter(draft, way)
    draft.note("flow_ended", script="message_thanks")
    return draft.release(CALLER, draft.prompt("message_thanks"))


def _number(draft: DecisionDraft) -> str:
    """A number that the caller typed for a call back is better than the one they rang from."""
    given = draft.call.call_back
    return given.number if given and given.number else draft.call.number
