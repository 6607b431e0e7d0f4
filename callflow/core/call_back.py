"""The promise of a call back: it has an owner, a due time and, if the caller gave one, a number (rule 19)."""

from dataclasses import replace
from datetime import timedelta

from callflow.core import prompts
from callflow.core.call import CALLER, CallBack, Prompt
from callflow.core.draft import DecisionDraft
from callflow.core.events import ConsentGiven, ConsentNotHeard, ConsentRefused, DigitPressed, Event, LegEvent, LegJoined
from callflow.core.stages import PlaceName, Stage

SHORTEST_NUMBER = 7
LONGEST_NUMBER = 15
"""Digits of a number that may be dialled (E.164 allows 15)."""
CHOICE_SECONDS = 60
"""Bound on each question to the caller, typing included; its document ends long before."""


def promised(draft: DecisionDraft) -> CallBack:
    """A new promise, owned by the team's first supervisor (or agent), to the number the caller showed."""
    team = draft.configuration.teams.get(draft.call.team) or next(iter(draft.configuration.teams.values()))
    owner = (*team.supervisors, *team.agents)[0]
    due = draft.at + timedelta(minutes=draft.policy.delegate_upwards.call_back_minutes)
    return CallBack(owner=owner, due=due, number=draft.call.number)


def promised_by(draft: DecisionDraft, person: str) -> None:
    """Somebody of the staff says that they promised one: it is theirs, to the number the caller showed."""
    if draft.call.call_back:
        return
    promise = replace(promised(draft), owner=person)
    draft.note("call_back", person, key="2", outcome="promised" if promise.number else "no number", owner=person)
    if promise.number:
        draft.call = draft.call.but(call_back=promise)


def spoken(draft: DecisionDraft, promise: CallBack) -> tuple[str, str]:
    """The owner's name and the due time as they are said."""
    return draft.configuration.person(promise.owner).name, prompts.clock_time(draft.configuration, promise.due)


def offer(draft: DecisionDraft, staff_script: str) -> None:
    """The caller chooses: a call back, or carrying on with the lead."""
    draft.stage(Stage.OFFERING_CALL_BACK, search=None, consent=None)
    _, time = spoken(draft, promised(draft))
    question, answer = draft.prompt("no_supervisor", time=time), draft.prompt("carry_on")
    seconds = draft.policy.time_out.answer_seconds
    draft.put(CALLER, PlaceName.CALL_BACK_QUESTION, question, answer, seconds=seconds)
    bound = round(draft.seconds(question) + seconds + draft.seconds(answer)) + 1
    draft.put(draft.call.lead, PlaceName.STANDBY, draft.prompt(staff_script), seconds=bound)
    draft.timer("call_back_question", CHOICE_SECONDS)


def ask_from_hold(draft: DecisionDraft) -> None:
    """3 at a check-in: the caller would rather be rung back than hold on."""
    draft.stage(Stage.OFFERING_CALL_BACK, search=None, consent=None, call_back=_kept(draft))
    draft.note("call_back", CALLER, key="3", script="hold_checkin", outcome="wanted")
    draft.put(draft.call.lead, PlaceName.STANDBY, draft.prompt("call_back_choice"), seconds=CHOICE_SECONDS)
    confirm(draft) if draft.call.number else ask_number(draft)


def _kept(draft: DecisionDraft) -> CallBack:
    """A promise that the caller confirmed stands until they confirm another one."""
    given = draft.call.call_back
    return given if given and given.confirmed else promised(draft)


def wanted(draft: DecisionDraft, event: ConsentGiven) -> None:
    """A yes: to a call back at all, or to the number read out."""
    if draft.call.caller.at(PlaceName.CALL_BACK_CONFIRM):
        return keep(draft, event)
    draft.call = draft.call.but(call_back=_kept(draft))
    draft.note("call_back", CALLER, key=event.how, script="no_supervisor", outcome="wanted")
    return confirm(draft) if draft.call.number else ask_number(draft)


def ask_number(draft: DecisionDraft) -> None:
    draft.timer("call_back_question", CHOICE_SECONDS)
    draft.put(
        CALLER, PlaceName.CALL_BACK_NUMBER, draft.prompt("call_back_number"), draft.prompt("carry_on"), seconds=10
    )


def confirm(draft: DecisionDraft) -> None:
    promise = draft.call.call_back or promised(draft)
    owner, time = spoken(draft, promise)
    last3 = " ".join(promise.number[-3:])
    draft.timer("call_back_question", CHOICE_SECONDS)
    read = draft.prompt("callback_confirm", owner=owner, last3=last3, time=time)
    draft.put(CALLER, PlaceName.CALL_BACK_CONFIRM, read, draft.prompt("call_back_keys"), draft.prompt("carry_on"),
              seconds=draft.policy.time_out.answer_seconds)  # fmt: skip


def typed(draft: DecisionDraft, event: DigitPressed) -> None:
    """A number was typed; one that cannot be dialled is asked for again."""
    digits = "".join(one for one in event.key if one.isdigit())
    if draft.call.call_back is None or not SHORTEST_NUMBER <= len(digits) <= LONGEST_NUMBER:
        return ask_number(draft)
    draft.call = draft.call.but(call_back=replace(draft.call.call_back, number=f"+{digits}"))
    return confirm(draft)


def keep(draft: DecisionDraft, event: LegEvent) -> None:
    promise = replace(draft.call.call_back or promised(draft), confirmed=True)
    draft.call = draft.call.but(call_back=promise)
    owner, time = spoken(draft, promise)
    draft.note("call_back", CALLER, script="callback_confirm", outcome="confirmed", owner=promise.owner)
    carry_on(draft, draft.prompt("call_back_kept", owner=owner, time=time), "call_back_promised", time=time)


def refused(draft: DecisionDraft, event: ConsentRefused) -> None:
    if draft.call.caller.at(PlaceName.CALL_BACK_CONFIRM):
        if draft.call.call_back:  # not that number: as long as there is no other one, nobody is to ring it
            draft.call = draft.call.but(call_back=replace(draft.call.call_back, number="", confirmed=False))
        return ask_number(draft)
    draft.note("call_back", CALLER, key=event.how, outcome="declined")
    return carry_on(draft, draft.prompt("carry_on"), "caller_back")


def not_heard(draft: DecisionDraft, event: ConsentNotHeard) -> None:
    carry_on(draft, draft.prompt("carry_on"), "caller_back")


def carry_on(draft: DecisionDraft, to_caller: Prompt, to_lead: str, **values: object) -> None:
    """Caller and lead are together again."""
    _over(draft)
    draft.room(CALLER, to_caller)
    draft.room(draft.call.lead, draft.prompt(to_lead, **values))


def taken_back(draft: DecisionDraft, event: DigitPressed) -> None:
    """The lead does not wait for the caller's choice."""
    draft.note("call_back", draft.actor(event.leg), key=event.key, outcome="taken back")
    carry_on(draft, draft.prompt("carry_on"), "caller_back")


def came_back(draft: DecisionDraft, event: Event) -> None:
    """A document's own tail brought somebody back into the room without an answer."""
    if isinstance(event, LegJoined):
        draft.arrived(event.leg)
        if event.leg == CALLER:
            draft.note("call_back", CALLER, outcome="not answered")
            _over(draft)
            draft.room(draft.call.lead)
        return
    draft.note("call_back", outcome="time over")
    _over(draft)
    draft.room(CALLER)
    draft.room(draft.call.lead)


def _over(draft: DecisionDraft) -> None:
    """An unconfirmed promise stays on file rather than being lost, unless there is no number to ring."""
    promise = draft.call.call_back
    draft.stage(Stage.TALKING, call_back=promise if promise and promise.number else None)
