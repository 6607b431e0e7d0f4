"""What is stored of a call's events, how, and at what cost."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from callflow.core import events
from callflow.core.call import Place
from callflow.core.events import CallStarted, ConsentGiven, DigitPressed, LegJoined, LookupDone, WordsSpoken
from callflow.core.evidence import CallBack
from callflow.core.flow.ask import AskStep
from callflow.core.flow.call_back import CallBackStep
from callflow.core.flow.connect import ConnectStep
from callflow.core.flow.menu import MenuStep
from callflow.core.flow_step import Choice
from callflow.core.stages import PlaceName
from callflow.service import moments
from callflow.service.moments import Moment, UnreadableHistory
from callflow.service.redaction import redacted, restored
from callflow.simulator.replay_core import replayed
from callflow.store.memory import MemoryStore
from tests.contracts.sample import NOW, a_call, after
from tests.simulator.suite import played_into, shipped, shipped_scenarios

MOST_BYTES = 200
"""Of JSON, for an average moment of a call."""


def pressed(key: str, leg: str = "caller") -> DigitPressed:
    return DigitPressed(at=NOW, leg=leg, key=key)


def caller_at(place: PlaceName, **changes: object) -> object:
    call = a_call(**changes)
    return call.but(legs=(replace(call.caller, place=Place(place)),))


@pytest.mark.parametrize(
    ("place", "key", "kept"),
    [
        (PlaceName.HOLD, "2", "2"),
        (PlaceName.CHECK_IN, "3", "3"),
        (PlaceName.CALL_BACK_NUMBER, "15550100177", "?" * 11),
        (PlaceName.ROOM, "4", "?"),
        (PlaceName.STEP, "1", "1"),
        (PlaceName.STEP, "7", "?"),
        (PlaceName.STEP, "#", "#"),
        (PlaceName.STEP, "4111", "????"),
    ],
)
def test_only_answers_of_a_caller_are_kept(place: PlaceName, key: str, kept: str) -> None:
    """Only keys that answer a question or choose in a menu are stored (rule 42)."""
    call = caller_at(place, step="reason")
    assert redacted(call, pressed(key), shipped()) == pressed(kept)  # type: ignore[arg-type]
    assert redacted(call, pressed(key, "s1"), shipped()) == pressed(key, "s1")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("how", "key", "kept"),
    [("confirm", "2", "2"), ("confirm", "0", "0"), ("confirm", "7", "?"), ("digits", "2", "?"), ("digits", "0", "?")],
)
def test_the_answer_to_a_number_read_back_is_kept(how: str, key: str, kept: str) -> None:
    """In the step that promises a call back, and the wish to hear it again; a key of a number being typed is not."""
    flow = replace(shipped().flows["front_desk"], steps={"ring": CallBackStep(name="ring", team="energy_desk")})
    configuration = replace(shipped(), flows={"front_desk": flow})
    call = a_call(step="ring")
    call = call.but(legs=(replace(call.caller, place=Place(PlaceName.STEP, details={"how": how})),))
    assert redacted(call, pressed(key), configuration) == pressed(kept)


@pytest.mark.parametrize(("key", "kept"), [("1", "1"), ("4", "?")])
def test_who_leaves_the_queue_for_a_call_back_does_so_in_a_replay(key: str, kept: str) -> None:
    """A choice of a `connect` step is a choice of the flow, like one of a menu."""
    step = ConnectStep(name="desk", team="energy_desk", choices={"1": Choice(next="ring_me")})
    flow = replace(shipped().flows["front_desk"], steps={"desk": step})
    configuration = replace(shipped(), flows={"front_desk": flow})
    call = caller_at(PlaceName.QUEUE, step="desk")
    assert redacted(call, pressed(key), configuration) == pressed(kept)  # type: ignore[arg-type]


def test_numbers_and_words_stay_out() -> None:
    call = a_call()
    started = CallStarted(at=NOW, sid="CA1", number="+15550100199", called="+15550100100")
    assert redacted(call, started, shipped()) == replace(started, number="")
    words = WordsSpoken(at=NOW, leg="caller", words="My card is 4111")
    assert redacted(call, words, shipped()) == replace(words, words="?")
    looked_up = LookupDone(at=NOW, lookup="1", values={"name": "A. Caller"})
    assert redacted(call, looked_up, shipped()) == replace(looked_up, values={"name": "?"})


def test_what_was_meant_is_kept_in_the_words_of_the_flow() -> None:
    step = MenuStep(
        name="reason", script="reason_menu", choices={"1": Choice(next="desk", words=("a bill", "my bill"))}
    )
    flow = replace(shipped().flows["front_desk"], steps={"reason": step})
    configuration = replace(shipped(), flows={"front_desk": flow})
    call = caller_at(PlaceName.STEP, step="reason")
    for said, kept in (("It is about my bill, A. Caller", "a bill"), ("not a bill", "?"), ("help", "?")):
        words = WordsSpoken(at=NOW, leg="caller", words=said)
        assert redacted(call, words, configuration) == replace(words, words=kept)  # type: ignore[arg-type]


def test_what_was_answered_is_not_kept_but_that_it_was_an_answer() -> None:
    """So a replay goes the same way when the answer is erased: on, or to the question again."""
    days = {"monday": ("Monday", "first day"), "tuesday": ("Tuesday",)}
    step = AskStep(name="day", script="reason_menu", into="day", words=days, next="desk")
    flow = replace(shipped().flows["front_desk"], steps={"day": step})
    configuration = replace(shipped(), flows={"front_desk": flow})
    call = caller_at(PlaceName.STEP, step="day")
    for said, kept, again in (("Tuesday, please", "?", "Monday"), ("not Monday", "", ""), ("help", "", "")):
        words = WordsSpoken(at=NOW, leg="caller", words=said)
        assert redacted(call, words, configuration) == replace(words, words=kept)  # type: ignore[arg-type]
        stored = replace(words, words=kept)
        assert restored(stored, call, call, configuration) == replace(words, words=again)  # type: ignore[arg-type]
        known = call.but(variables={"day": "tuesday"})  # type: ignore[attr-defined]
    assert restored(replace(words, words="?"), call, known, configuration) == replace(words, words="Tuesday")  # type: ignore[arg-type]


def test_a_key_at_a_spoken_question_is_not_a_wish_to_hear_it_again() -> None:
    """0 is. Another key is not stored, and a replay must leave the question as the caller did."""
    step = AskStep(name="matter", script="reason_menu", into="matter", next="desk")
    flow = replace(shipped().flows["front_desk"], steps={"matter": step})
    configuration = replace(shipped(), flows={"front_desk": flow})
    call = caller_at(PlaceName.STEP, step="matter")
    for key, kept in (("5", "?"), ("0", "0")):
        assert redacted(call, pressed(key), configuration) == pressed(kept)  # type: ignore[arg-type]
        assert restored(pressed(kept), call, call, configuration) == pressed(kept)  # type: ignore[arg-type]


def test_what_the_call_holds_is_put_back() -> None:
    now = caller_at(PlaceName.CALL_BACK_NUMBER)
    last = a_call(call_back=CallBack(owner="sam", due=after(60), number="+15550100177"))
    assert restored(pressed("?" * 11), now, last, shipped()) == pressed("15550100177")  # type: ignore[arg-type]
    assert restored(pressed("?" * 8), now, last, shipped()) == pressed("0" * 8)  # type: ignore[arg-type]
    assert restored(pressed("?"), now, last, shipped()) == pressed("?")  # type: ignore[arg-type]


def test_every_fact_comes_back_from_text() -> None:
    values = {"sid": "CA1", "number": "", "called": "+1", "leg": "s1", "key": "1", "how": "key", "recording": "RE1",
              "seconds": 4, "person": "sam", "purpose": "to call back",
              "status": "busy", "token": None, "people": ("ana", "ben"), "missed": (0, 2), "ahead": 2,
              "name": "hold", "words": "?", "lookup": "1", "values": {"name": "?"}, "reason": "late", "request": "ring",
              "code": "21210", "lasting": True, "late_seconds": 1.5, "lost_token": 9,
              "closed": ("reception",), "kind": "call_back", "outcome": "kept",
              "details": {"minutes": 5}, "team": "desk", "agent": "ana", "about": "4711", "promise": "c1-promise-1",
              "told": ("closed", "warnings:2"), "recognised": '{"needs":["tics"]}',
              "ago": 2.5, "meaning": "yes", "engine": "vosk 1", "warning": 1, "place": "room",
              "offer": "fee"}  # fmt: skip
    kinds = events.ALL
    facts = [
        made(at=after(number), **{name: values[name] for name in made.__dataclass_fields__ if name != "at"})  # type: ignore[arg-type]
        for number, made in enumerate(kinds)
    ]
    whole = Moment(at=after(3), facts=tuple(facts), stage="holding", places={"caller": ("hold", "hold_start")})
    assert moments.from_json(moments.to_json(whole)) == whole


@pytest.mark.parametrize(
    "text", ["", "{}", "[1]", '[2,0,[],"",{},0]', '[1,0,[["Nothing",0]],"",{},0]', '[1,0,[["Served",0]],"",{},0]']
)
def test_what_is_no_history_is_refused(text: str) -> None:
    with pytest.raises(UnreadableHistory):
        moments.from_json(text)


@pytest.mark.parametrize(
    "text",
    [
        '[1,1767603643441429,[["DigitPressed",0,"caller","2"],["NobodyFree",0,1],["Served",0,"caller"]],"waiting",'
        '{"caller":["queue","connecting"]},2]',
        '[1,1767603760358571,[["SearchRenewed",0],["PeopleFound",0,["ana"],[]]],"",{"a2":["ringing"]},1]',
        '[1,1767603643941429,[["RingPlaced",-250000,"a1","CA9"]],"",{},0]',
    ],
)
def test_what_was_stored_before_is_read(text: str) -> None:
    assert moments.to_json(moments.from_json(text)) == text


def test_a_late_fact_keeps_its_own_time() -> None:
    joined = LegJoined(at=NOW - timedelta(seconds=2), leg="caller", token=3)
    given = ConsentGiven(at=NOW, leg="caller", how="key")
    whole = Moment(at=NOW, facts=(joined, given))
    assert moments.from_json(moments.to_json(whole)) == whole


@pytest.mark.parametrize("name", ["closing", "call_back_number_typed", "first_come_first_served", "nobody_answers"])
def test_a_whole_call_is_small_and_lived_again_exactly(name: str) -> None:
    store = MemoryStore()
    played_into(store, name)
    for call in store.calls(live=False):
        texts = [moments.to_json(one) for one in store.history(call.id)]
        assert sum(map(len, texts)) / len(texts) < MOST_BYTES
        assert all(call.number not in text for text in texts if call.number)
        assert all("15550100177" not in text for text in texts)
        told = [moments.from_json(text) for text in texts]
        assert [frame.after for frame in replayed(call, told, shipped_scenarios()[name].configuration)][-1] == call
        assert json.loads(texts[0])[0] == moments.VERSION
