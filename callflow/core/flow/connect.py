"""``connect``: the queue of a team. The time in it is limited (F4); then ``otherwise`` follows, or a message."""

from dataclasses import replace
from typing import ClassVar

from callflow.core.call import CALLER, Search
from callflow.core.configuration import Group
from callflow.core.draft import DecisionDraft
from callflow.core.events import DigitPressed, LegEvent, LegJoined, LineCounted, TimerFired, WordsSpoken
from callflow.core.flow import recording_notice
from callflow.core.flow.next_step import NextStep
from callflow.core.flow_step import Step, StepWithChoices
from callflow.core.notes import NoteKind, NoteOutcome, OutcomeText
from callflow.core.records import record
from callflow.core.stages import PlaceName, Stage
from callflow.core.timer_names import Timer

QUEUE_MUSIC_SECONDS = 30
LONGEST_QUEUE_MUSIC_SECONDS = 120
PROGRESS_SLACK_SECONDS = 5
"""Music goes on for so long after the position is due, so that nothing is said again shortly before."""
WAIT_SECONDS = 300


@record
class ConnectStep(StepWithChoices):
    """Rings the agents of ``team`` (its id) while the caller waits, up to ``wait_seconds``; then ``otherwise``.

    ``choices`` are keys that callers can press while they wait; ``offer`` is the id of the script that says so.
    """

    verb: ClassVar[str] = "connect"

    team: str
    wait_seconds: int = WAIT_SECONDS
    priority: int = 0
    """The priority in the queue, 0 to 9. Callers with a higher one are served first."""
    progress_seconds: int = 0
    """How often a waiting caller hears the position in the queue; 0: at the end of each queue document."""
    offer: str = ""


def begin(draft: DecisionDraft, step: ConnectStep) -> NextStep:
    """Tell or ask the caller about the recording, if there is any, and then search for somebody."""
    if recording_notice.is_due(draft):
        recording_notice.speak(draft, step)
    else:
        search(draft, step)
    return None


def heard(draft: DecisionDraft, step: ConnectStep, event: LegEvent) -> NextStep:
    if recording_notice.is_due(draft) and recording_notice.heard(draft, step):
        search(draft, step)
    return None


def pressed(draft: DecisionDraft, step: ConnectStep, event: DigitPressed) -> NextStep:
    if recording_notice.is_due(draft) and recording_notice.pressed(draft, step, event):
        search(draft, step)
    return None


def spoken(draft: DecisionDraft, step: ConnectStep, event: WordsSpoken) -> NextStep:
    if recording_notice.is_due(draft) and recording_notice.spoken(draft, step, event):
        search(draft, step)
    return None


def search(draft: DecisionDraft, step: ConnectStep) -> None:
    wanted = Search(group=Group.AGENTS, team=step.team, since=draft.at, priority=step.priority)
    draft.stage(Stage.WAITING, team=step.team, search=wanted)
    draft.timer(Timer.QUEUE, step.wait_seconds)
    draft.note(NoteKind.WAITING, outcome=OutcomeText(Group.AGENTS))
    queue(draft, "connecting")


def waiting_step(draft: DecisionDraft) -> Step | None:
    """The step at which the caller waits, or None after the return from a sub-flow."""
    return draft.configuration.flows[draft.call.flow].steps.get(draft.call.step)


def queue(draft: DecisionDraft, script: str, **values: object) -> None:
    """Play ``script`` and music. If the step has keys to press while waiting, they are announced and accepted."""
    step = waiting_step(draft)
    spoken = [draft.prompt(script, **values)]
    details = {"seconds": QUEUE_MUSIC_SECONDS}
    if isinstance(step, ConnectStep):
        spoken += [draft.prompt(step.offer)] if step.offer else []
        details |= {"keys": 1} if step.choices else {}
        if step.progress_seconds:
            draft.timer(Timer.PROGRESS, step.progress_seconds)
            said = round(sum(draft.seconds(one) for one in spoken))
            until = step.progress_seconds - said + PROGRESS_SLACK_SECONDS
            details["seconds"] = min(max(until, PROGRESS_SLACK_SECONDS), LONGEST_QUEUE_MUSIC_SECONDS)
    draft.put(CALLER, PlaceName.QUEUE, *spoken, **details)


def still_waiting(draft: DecisionDraft, event: LegEvent) -> None:
    """The queue document has ended: play another one, so that the caller is never in silence."""
    if isinstance(event, LegJoined):
        draft.arrived(event.leg)
    if event.leg == CALLER:
        progress(draft)


def counted(draft: DecisionDraft, event: LineCounted) -> None:
    """Note the position in the line, before anything is said about it."""
    if draft.call.search:
        draft.call = draft.call.but(search=replace(draft.call.search, ahead=event.ahead))


def progress(draft: DecisionDraft) -> None:
    ahead = draft.call.search.ahead if draft.call.search else 0
    queue(draft, "queue_progress", n=ahead + 1)


def progress_due(draft: DecisionDraft, event: TimerFired) -> None:
    """It is time to tell the caller the position in the queue."""
    draft.call = draft.call.without_timer(event.name)
    if draft.call.stage is Stage.WAITING:
        progress(draft)


def pressed_in_queue(draft: DecisionDraft, event: DigitPressed) -> NextStep:
    """A key of ``choices`` leads out of the queue; with any other key the caller goes on waiting."""
    step = waiting_step(draft)
    choice = step.choices.get(event.key) if isinstance(step, StepWithChoices) else None
    if draft.call.stage is not Stage.WAITING or event.leg != CALLER:
        return None
    if not choice:
        progress(draft)
        return None
    draft.note(NoteKind.LEFT_THE_LINE, CALLER, outcome=OutcomeText(choice.next))
    draft.call = draft.call.but(reason=choice.reason or draft.call.reason)
    draft.release_candidates("offer_gone")
    return choice.next


def not_connected(draft: DecisionDraft, why: NoteOutcome) -> str:
    """Nobody could be reached: the step's ``otherwise``, or ""."""
    draft.note(NoteKind.NOT_CONNECTED, outcome=why)
    draft.release_candidates("offer_gone")
    step = waiting_step(draft)
    return step.otherwise if step else ""
