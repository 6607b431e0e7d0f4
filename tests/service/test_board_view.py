"""What the board says of calls. Each test is a conversation, looked at from the board."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.events import Act
from callflow.core.evidence import CallBack
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.core.stages import Stage
from callflow.service.board.call_view import CallView, call_view
from callflow.service.board.journal_facts import facts_of
from callflow.service.board.ladder_marks import MarkState
from callflow.service.board.needs import Card, CardAct, Need, card_of
from callflow.service.board.people_view import Doing, people_view
from callflow.service.board_view import PAGE, Filter, board
from callflow.service.live_calls import Live
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import Entry
from tests.core.example import CONFIGURATION
from tests.playbook import START, Playbook, talking
from tests.web.pages import board_scenes as scenes


def seen(book: Playbook, at: datetime | None = None, configuration: Configuration = CONFIGURATION) -> CallView:
    entries = [Entry(seq=number, at=book.at, note=note) for number, note in enumerate(book.notes, 1)]
    return call_view(book.call, configuration, facts_of(entries), at or book.at)


def said(view: CallView, at: datetime) -> str:
    """The sentence as it is read, with whole seconds for its clock."""
    one = view.sentence
    clock = one.until - at if one.until else at - one.since if one.since else None
    leads = f"{one.leads} " if one.until else ""
    return f"{one.before}{leads}{round(clock.total_seconds()) if clock is not None else ''}{one.ends}"


def card(view: CallView) -> Card:
    (found,) = view.cards
    return found


# -- a sentence for each stage


def test_who_holds_whom_and_until_when_is_one_sentence() -> None:
    book = scenes.holding()
    assert said(seen(book), book.at).startswith("Ana holds the caller by consent, back in 2")


SENTENCES = {
    "waiting": "Ana is being rung; the caller has been waiting for 0",
    "talking": "Ana talks with the caller.",
    "asking": "Ana asks the caller to hold.",
    "ringing": "Sam is being rung for Ana, the caller waits by consent, for another 56",
    "consulting": "Ana and Sam speak in private, the caller waits by consent, back in 36",
    "closing": "Ana closes the call: personal insults; the message begins in 4",
}


@pytest.mark.parametrize("scene", SENTENCES)
def test_each_stage_is_a_sentence(scene: str) -> None:
    book = scenes.SCENES[scene]()
    assert said(seen(book), book.at) == SENTENCES[scene]


def test_every_stage_has_a_sentence_that_ends() -> None:
    call = scenes.locked().call
    for stage in Stage:
        view = call_view(call.but(stage=stage), CONFIGURATION, facts_of([]), call.at)
        assert view.sentence.before[0].isupper()
        assert view.sentence.until or view.sentence.since or view.sentence.ends.endswith(".")


# -- what needs a person


def test_nobody_needs_anybody_on_an_ordinary_call() -> None:
    for scene in ("waiting", "talking", "holding", "asking", "declined", "consulting"):
        assert seen(scenes.SCENES[scene]()).cards == ()


def test_a_lock_without_a_supervisor_says_for_how_long_and_who_owns_it() -> None:
    book = talking().wait(70)
    locked_at = book.at
    book.away = {"sam", "sky"}
    book.agent("ana").star().presses("5").wait(40)
    entries = [Entry(seq=1, at=locked_at, note=note) for note in book.notes]
    found = card(call_view(book.call, CONFIGURATION, facts_of(entries), book.at))
    assert (found.need, found.since, found.act) == (Need.LOCK, locked_at, CardAct.JOIN)
    assert found.owner == "sam"
    assert "Ana is alone with the caller" in found.sentence


def test_the_card_of_a_lock_goes_when_the_supervisor_has_come() -> None:
    book = talking().agent("ana").star().presses("5")
    assert "Sam is being rung" in card(seen(book)).sentence
    book.supervisor("sam").answers().presses("1")
    assert seen(book).cards == ()


def test_an_offer_that_nobody_took_is_a_card_until_somebody_comes() -> None:
    found = card(seen(scenes.nobody_came()))
    assert (found.need, found.act, found.owner) == (Need.OFFER, CardAct.JOIN, "sam")


def test_a_hold_becomes_a_card_at_the_promised_second_and_not_before() -> None:
    book = scenes.holding()
    view = seen(book)
    assert view.turns_at
    assert view.cards == ()
    late = card(seen(book, view.turns_at))
    assert (late.need, late.since) == (Need.HOLD, view.turns_at)
    assert seen(book, view.turns_at - timedelta(milliseconds=1)).cards == ()


def test_a_closing_counts_down_and_one_act_stops_it() -> None:
    book = scenes.closing()
    found = card(seen(book))
    assert (found.need, found.act, found.until) == (Need.CLOSING, CardAct.VETO, book.at + timedelta(seconds=4))


def test_a_caller_whose_agent_has_left_is_a_card() -> None:
    book = talking().wait(10)
    book.away = {"sam", "sky"}
    book.agent("ana").star().presses("6").agent("ana").star().presses("7").wait(20)
    assert any(one.need in (Need.ALONE, Need.LOCK) and one.act is CardAct.TAKE_OVER for one in seen(book).cards)


@pytest.mark.parametrize(
    ("kind", "state", "cause", "act"),
    [
        (FollowUpKind.PROMISE, "late", "", CardAct.KEPT),
        (FollowUpKind.ALARM, "raised", "break_skipped", CardAct.CLEAR),
        (FollowUpKind.INCIDENT, "late", "", CardAct.ANSWER),
    ],
)
def test_what_remains_of_a_call_has_an_owner_and_one_act(
    kind: FollowUpKind, state: str, cause: str, act: CardAct
) -> None:
    one = FollowUp(id="x", kind=kind, call="c1", person="sky", state=state, at=START, body={"cause": cause})
    found = card_of(one, talking().call, CONFIGURATION)
    assert (found.owner_name, found.act, found.of) == ("Sky", act, "x")


def test_a_late_promise_is_kept_by_one_press_where_we_call_customers() -> None:
    call = talking().call.but(call_back=CallBack(owner="sky", due=START, number="+15550190042"))
    one = FollowUp(id="x", kind=FollowUpKind.PROMISE, call="c1", person="sky", state="late", at=START)
    found = card_of(one, call, replace(CONFIGURATION, outgoing_calls=True))
    assert (found.act, found.since) == (CardAct.CALL_BACK, START)


def test_a_closing_that_needs_an_agreement_is_a_card_until_somebody_agrees() -> None:
    book = scenes.finally_warned()
    book.call = book.call.but(adjustments=("speech",), warning_agreed="sam")
    book.tells = True
    book.wait(20)
    book.agent("ana").star().presses("4")
    found = card(seen(book))
    assert (found.need, found.act, found.owner) == (Need.CO_SIGN, CardAct.CO_SIGN, "sam")
    book.supervisor("sam").answers().presses("1")
    assert seen(book).cards == ()


def test_who_listens_and_who_coaches_stands_beside_the_call() -> None:
    book = talking().acts("sam", Act.LISTEN)
    assert seen(book).listeners == ("Sam is being rung",)
    book.supervisor("sam").answers().presses("1").caller().stays_silent().wait(3)
    assert seen(book).listeners == ("Sam listens",)
    assert seen(book.acts("sam", Act.COACH)).listeners == ("Sam coaches",)


# -- the ladder and warnings


def marks(book: Playbook) -> dict[str, tuple[MarkState, str]]:
    return {one.step: (one.state, one.word) for one in seen(book).ladder}


def test_the_ladder_says_what_was_asked_and_what_came_of_it() -> None:
    assert marks(talking())["Time out"] == (MarkState.OPEN, "not yet")
    assert marks(scenes.asking())["Time out"] == (MarkState.NOW, "asked now")
    assert marks(scenes.declined())["Time out"] == (MarkState.NO, "declined")
    assert marks(scenes.consulting())["Supervisor"] == (MarkState.NOW, "here")


def test_a_step_that_was_left_out_says_why() -> None:
    book = talking().agent("ana").star().presses("9").presses("3")
    mark = seen(book).ladder[0]
    assert (mark.word, mark.why) == ("skipped", "left out by the agent: conduct too severe")


def test_only_a_warning_heard_in_full_is_shown_as_heard() -> None:
    cut = scenes.declined().agent("ana").star().presses("2").caller().wait(3).presses("2").wait(20)
    cut.agent("ana").star().presses("3").presses("2").wait(1).star()
    assert seen(cut).heard == ()
    assert marks(cut)["Warning"] == (MarkState.NO, "cut short")
    full = seen(scenes.finally_warned())
    assert [(one.final, one.conduct) for one in full.heard] == [(False, "personal insults"), (True, "personal insults")]


def test_the_number_of_a_caller_is_never_shown_and_three_digits_only_where_staff_see_it() -> None:
    book = talking()
    assert seen(book).caller == "R1234"
    shown = seen(book, configuration=replace(CONFIGURATION, show_caller_number=True))
    assert shown.caller == "…042"
    assert book.number not in repr(shown)


# -- the whole


def live(*calls: Call, people: tuple[PersonPresence, ...] = ()) -> Live:
    order = sorted(calls, key=lambda one: (one.started_at, one.id))
    views = {one.id: call_view(one, CONFIGURATION, facts_of([]), one.at) for one in order}
    return Live(calls={one.id: one for one in calls}, views=views, people=people)


MINE = Filter(teams=("energy_desk",))


def test_what_needs_somebody_now_is_owned_by_a_supervisor_who_is_free() -> None:
    talks = PersonPresence(person="sam", presence=Presence.ON_CALL, since=START)
    assert [one.owner for one in board(live(scenes.locked().call), CONFIGURATION, MINE, START).cards] == ["sam"]
    shown = board(live(scenes.locked().call, people=(talks,)), CONFIGURATION, MINE, START)
    assert [one.owner_name for one in shown.cards] == ["Sky"]


def test_calls_that_need_somebody_come_first_then_those_with_a_promised_time() -> None:
    calls = [talking().call.but(id="young", started_at=START + timedelta(seconds=9)), talking().call.but(id="old"),
             scenes.locked().call.but(id="locked", started_at=START + timedelta(seconds=20))]  # fmt: skip
    assert [one.id for one in board(live(*calls), CONFIGURATION, MINE, START).calls] == ["locked", "old", "young"]
    held = scenes.holding().call.but(id="held", started_at=calls[-1].started_at)
    found = board(live(*calls, held), CONFIGURATION, MINE, START).calls
    assert [one.id for one in found] == ["locked", "held", "old", "young"]


def test_calls_of_other_teams_are_not_shown_and_not_counted() -> None:
    shown = board(live(talking().call), CONFIGURATION, Filter(teams=("other",)), START)
    assert (shown.live, shown.calls, shown.of) == (0, [], 0)


def test_nothing_is_cut_off_silently() -> None:
    calls = [talking().call.but(id=f"c{number}") for number in range(PAGE + 12)]
    first = board(live(*calls), CONFIGURATION, MINE, START)
    assert (len(first.calls), first.of, first.pages) == (PAGE, PAGE + 12, 2)
    assert len(board(live(*calls), CONFIGURATION, replace(MINE, page=2), START).calls) == 12
    assert len(board(live(*calls), CONFIGURATION, replace(MINE, page=99), START).calls) == 12


def test_the_filter_leaves_the_totals_alone() -> None:
    calls = [scenes.holding().call.but(id="hold"), talking().call.but(id="talk")]
    shown = board(live(*calls), CONFIGURATION, replace(MINE, group="hold"), START)
    assert ([one.id for one in shown.calls], shown.totals["talking"], shown.live) == (["hold"], 1, 2)


def doing(**presence: PersonPresence) -> dict[str, Doing]:
    shown = people_view(presence.values(), CONFIGURATION, {"energy_desk"}, START)
    return {one.person: one.doing for one in (*shown.supervisors, *shown.agents)}


def test_people_are_free_rung_talking_wrapping_up_or_resting_supervisors_first() -> None:
    known = [PersonPresence(person=name, presence=presence, since=START) for name, presence in (
        ("sam", Presence.RUNG), ("ana", Presence.ON_CALL), ("ben", Presence.COOL_DOWN))]  # fmt: skip
    shown = people_view(known, CONFIGURATION, {"energy_desk"}, START)
    assert [(one.name, one.doing) for one in shown.supervisors] == [("Sky", Doing.FREE), ("Sam", Doing.RUNG)]
    assert [(one.name, one.doing) for one in shown.agents] == [("Ana", Doing.TALKING), ("Ben", Doing.RESTING)]


def test_whoever_rests_is_free_when_the_break_is_over_and_nobody_sees_when_that_is() -> None:
    until = START + timedelta(minutes=10)
    resting = PersonPresence(person="ana", presence=Presence.COOL_DOWN, since=START, until=until)
    assert doing(ana=resting)["ana"] is Doing.RESTING
    assert people_view([resting], CONFIGURATION, {"energy_desk"}, until).agents[0].doing is Doing.FREE
    assert str(until.minute) not in repr(people_view([resting], CONFIGURATION, {"energy_desk"}, START))


def test_no_person_is_counted_timed_or_ranked() -> None:
    shown = people_view([], CONFIGURATION, {"energy_desk"}, START)
    assert set(shown.agents[0]._fields) == {"person", "name", "doing", "call"}
    assert [one.name for one in shown.agents] == sorted(one.name for one in shown.agents)
