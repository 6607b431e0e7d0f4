"""The layout of stored orders: a server reads what an earlier Callflow stored and did not send any more."""

import json
from typing import get_args

import pytest

from callflow.service.ports import (
    AnnounceRequest,
    LookupStepRequest,
    ProviderRequest,
    RecordRequest,
    RedirectRequest,
    ReleaseRequest,
    RingRequest,
)
from callflow.store.rows import order_from_json, order_to_json

STORED = {
    '{"id":"c.s1.1.ringleg","kind":"ring","call":"c","leg":"s1","token":1,"to":"+15550100121",'
    '"caller_id":"+15550100100","ring_seconds":25}': RingRequest(
        id="c.s1.1.ringleg", call="c", leg="s1", token=1, to="+15550100121", caller_id="+15550100100", ring_seconds=25
    ),
    '{"id":"c.s1.1.ringleg","kind":"ring","call":"c","leg":"s1","token":1,"to":"+15550100121"}': RingRequest(
        id="c.s1.1.ringleg", call="c", leg="s1", token=1, to="+15550100121", ring_seconds=20
    ),
    '{"id":"c.caller.5.redirectleg","kind":"redirect","call":"c","leg":"caller","token":5,"sid":"CA1"}': (
        RedirectRequest(id="c.caller.5.redirectleg", call="c", leg="caller", token=5, sid="CA1")
    ),
    '{"id":"c.s1.3.releaseleg","kind":"release","call":"c","leg":"s1","token":3,"sid":"CA2"}': (
        ReleaseRequest(id="c.s1.3.releaseleg", call="c", leg="s1", token=3, sid="CA2")
    ),
    '{"id":"c.caller.41.announce","kind":"announce","call":"c","leg":"caller","token":41,"sid":"CA1"}': (
        AnnounceRequest(id="c.caller.41.announce", call="c", leg="caller", token=41, sid="CA1")
    ),
    '{"id":"c.caller.7.record","kind":"record","call":"c","leg":"caller","token":7,"sid":"CA1","change":"pause"}': (
        RecordRequest(id="c.caller.7.record", call="c", leg="caller", token=7, sid="CA1", change="pause")
    ),
    '{"id":"c.caller.6.lookup","kind":"lookup","call":"c","leg":"caller","token":6,"lookup":"find.3"}': (
        LookupStepRequest(id="c.caller.6.lookup", call="c", leg="caller", token=6, lookup="find.3")
    ),
}


@pytest.mark.parametrize(("text", "request_"), STORED.items())
def test_an_order_is_stored_as_ever(text: str, request_: ProviderRequest) -> None:
    assert order_from_json(text) == request_
    assert json.loads(order_to_json(request_)) == json.loads(text)


def test_every_kind_is_here() -> None:
    assert {type(one) for one in STORED.values()} == set(get_args(ProviderRequest))
