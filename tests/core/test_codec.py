"""Every call there can be comes back from its text exactly as it was."""

import json
from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callflow.core import codec
from callflow.core.call import Call, Leg, Lock, Place, Prompt, Search
from callflow.core.codec import NewerCall, UnreadableCall, decode, encode, from_micros
from callflow.core.configuration import Group
from callflow.core.evidence import CallBack, Closing, Consent, Warned

AT = datetime(2026, 11, 22, 10, 0, 0, 123456, tzinfo=UTC)

texts = st.text(max_size=12)
whole = st.integers(-(2**53), 2**53)
seconds = st.floats(allow_nan=False, allow_infinity=False)
times = st.datetimes(timezones=st.just(UTC)).map(lambda at: at.replace(fold=0))
places = st.builds(
    Place,
    prompts=st.lists(st.builds(Prompt, values=st.dictionaries(texts, texts, max_size=2)), max_size=2).map(tuple),
    details=st.dictionaries(texts, texts | whole, max_size=2),
)


# Every field, those with a default too: a field that is added to a class is made up here by its type.
def built(made: type[Any], **special: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    by_type: dict[Any, st.SearchStrategy[Any]] = {str: texts, int: whole, float: seconds, bool: st.booleans(),
                                                  datetime: times, datetime | None: st.none() | times}  # fmt: skip
    by_name = {one.name: by_type[one.type] if one.type in by_type else st.from_type(one.type)  # type: ignore[arg-type]
               for one in fields(made) if one.name not in special}  # fmt: skip
    return st.builds(made, **by_name, **special)


def some(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.lists(strategy, max_size=3).map(tuple)


calls = built(
    Call,
    locks=some(st.sampled_from(Lock)),
    legs=some(built(Leg, place=places)),
    consent=st.none() | built(Consent),
    warnings=some(built(Warned)),
    closing=st.none() | built(Closing),
    search=st.none() | built(Search, tried=some(texts)),
    call_back=st.none() | built(CallBack),
    deadlines=st.dictionaries(texts, times, max_size=3),
    returns=some(texts),
    variables=st.dictionaries(texts, texts, max_size=3),
)


def plain_call(**changes: Any) -> Call:
    call = Call(id="c1", reference="4F7K", digest="d1", language="en", flow="front_desk", number="+15550100999",
                called="+15550100100", started_at=AT, at=AT)  # fmt: skip
    return call.but(**changes)


@given(calls)
def test_a_call_comes_back_exactly(call: Call) -> None:
    text = encode(call)
    assert text.isascii()
    back = decode(text)
    assert back == call
    # Equal is not enough: a list is no tuple to hash, and "talking" is not Stage.TALKING to ``is``.
    assert repr(back) == repr(call)


@given(times)
def test_times_are_exact_to_the_microsecond(at: datetime) -> None:
    assert from_micros(codec.to_micros(at)) == at


def test_a_time_of_another_zone_is_the_same_moment() -> None:
    there = AT.astimezone(timezone(timedelta(hours=-5)))
    back = decode(encode(plain_call(at=there)))
    assert back.at == AT
    assert back.at.tzinfo is UTC


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        encode(plain_call(at=AT.replace(tzinfo=None)))


def test_what_is_at_its_default_is_not_written() -> None:
    assert set(json.loads(encode(plain_call()))) == {
        "v", "id", "reference", "digest", "language", "flow", "number", "called", "started_at", "at", "legs"
    }  # fmt: skip


def test_a_call_of_a_later_version_says_so() -> None:
    later = json.dumps({**json.loads(encode(plain_call())), "v": codec.VERSION + 1, "new": {"shape": 1}})
    with pytest.raises(NewerCall, match="later version"):
        decode(later)


@pytest.mark.parametrize(
    "text",
    ["", "[]", "null", "{}", '{"v":1}', '{"v":"1"}', '{"v":0}', encode(plain_call())[:-9],
     encode(plain_call(attempts=1)).replace("attempts", "attempted"),
     encode(plain_call()).replace('"legs":[]', '"legs":[["s1"]]')],
)  # fmt: skip
def test_damaged_text_is_told_without_quoting_it(text: str) -> None:
    with pytest.raises(UnreadableCall) as caught:
        decode(text)
    assert "+1555" not in str(caught.value)


def test_older_calls_are_brought_up_step_by_step() -> None:
    steps = {1: lambda found: {**found, "team": found["queue"]}, 2: lambda found: {**found, "steps": 2}}
    assert codec.upcast({"queue": "desk"}, 1, steps, newest=3) == {"queue": "desk", "team": "desk", "steps": 2}


def test_every_older_version_has_its_upcaster() -> None:
    assert set(codec.UPCASTERS) == set(range(codec.OLDEST, codec.VERSION))


def test_the_layout_of_version_2_is_read() -> None:
    text = (
        '{"v":2,"id":"c1","reference":"4F7K","digest":"d1","language":"en","flow":"front_desk","number":"+15550100999",'
        '"called":"+15550100100","stage":"holding","seq":3,"started_at":1795341600123456,"at":1795341600123456,'
        '"legs":[["caller","caller","","CA1","up",2,1,0,["hold",[["hold_start",{"n":"30"}]],{"seconds":30}],'
        '1795341600123456],["s1","lead","ana","","ringing",1,0,20,["hold_desk"],1795341600123456]],'
        '"locks":["threat"],"search":{"group":"agents","team":"desk","tried":["ben"],"priority":0,'
        '"since":1795341600123456},"consent":{"kind":"hold","how":"key","used":false,"at":1795341600123456},'
        '"deadlines":{"hold_end":1795341630123456}}'
    )
    call = decode(text)
    assert call.legs[0].place.number("seconds") == 30
    assert call.legs[1].since == AT
    assert call.search == Search(group=Group.AGENTS, team="desk", tried=("ben",), since=AT)
    assert call.deadlines == {"hold_end": AT + timedelta(seconds=30)}
    assert decode(encode(call)) == call
