"""Who hears the provider's music on joining the room first: only those whom nobody will meet there soon."""

from xml.etree import ElementTree

import pytest

from callflow.core.call import Call, Leg, LegStatus, Place, Prompt, Role
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.telephony.place_documents import render
from tests.telephony.test_twiml_places import NOW, URLS, configuration

ASKED = (Prompt("ask", {"agent": "Ana", "n": "30"}), Prompt("no_answer", {"agent": "Ana"}))
PLACES = {
    P.ROOM: Place(P.ROOM),
    P.HOLD_QUESTION: Place(P.HOLD_QUESTION, ASKED, {"seconds": 8}),
    P.WARNING: Place(P.WARNING, (Prompt("warning"),), {"conduct": "3"}),
    P.HOLD: Place(P.HOLD, (Prompt("note"), Prompt("note")), {"music": 20, "seconds": 30}),
    P.QUEUE: Place(P.QUEUE, (Prompt("note"),), {"seconds": 30}),
    P.CONSULT_WAIT: Place(P.CONSULT_WAIT, (Prompt("note"),) * 3, {"seconds": 60, "every": 30}),
    P.AGENT_LEFT: Place(P.AGENT_LEFT, (Prompt("note"),)),
    P.BUSY_MENU: Place(P.BUSY_MENU, (Prompt("menu"),), {"seconds": 4}),
    P.STANDBY: Place(P.STANDBY, (Prompt("note"),), {"seconds": 20}),
}


def hears(leg: str, stage: S, caller: P, lead: P | None) -> str:
    """What this leg hears if it joins first: music or silence."""
    legs = [Leg(id="caller", role=Role.CALLER, place=PLACES[caller], status=LegStatus.UP, since=NOW)]
    if lead:
        legs.append(Leg(id="a1", role=Role.LEAD, person="ana", place=PLACES[lead], status=LegStatus.UP, since=NOW))
    call = Call(id="c7", reference="4", digest="", language="en", flow="desk", number="", called="", at=NOW,
                started_at=NOW, stage=stage, legs=tuple(legs), lead="a1" if lead else "")  # fmt: skip
    found = call.leg(leg)
    assert found is not None
    room = ElementTree.fromstring(render(call, found, configuration(), URLS)).find("Dial/Conference")
    assert room is not None
    return {None: "music", "": "silence"}[room.get("waitUrl")]


@pytest.mark.parametrize(("stage", "caller", "lead"), [
    (S.TALKING, P.ROOM, P.ROOM), (S.CHOOSING, P.ROOM, P.BUSY_MENU), (S.ASKING_HOLD, P.HOLD_QUESTION, P.STANDBY),
    (S.WARNING, P.WARNING, P.ROOM),
])  # fmt: skip
def test_a_caller_whose_lead_comes_is_met_and_not_played_to(stage: S, caller: P, lead: P) -> None:
    assert hears("caller", stage, caller, lead) == "silence"
    assert hears("a1", stage, caller, lead) == "silence"


@pytest.mark.parametrize(("stage", "caller", "lead"), [
    (S.WAITING, P.QUEUE, None), (S.LEFT_ALONE, P.AGENT_LEFT, None), (S.TALKING, P.ROOM, None),
    (S.HOLDING, P.HOLD, P.STANDBY), (S.RINGING, P.CONSULT_WAIT, P.ROOM), (S.CONSULTING, P.CONSULT_WAIT, P.ROOM),
])  # fmt: skip
def test_a_caller_who_may_wait_for_long_is_never_left_in_silence(stage: S, caller: P, lead: P | None) -> None:
    """Also with our server down, when these documents lead into the room and nobody can be told (floor F4)."""
    assert hears("caller", stage, caller, lead) == "music"


@pytest.mark.parametrize("lead", [P.ROOM, P.BUSY_MENU])
def test_a_lead_hears_music_only_while_supervisors_are_rung_and_the_caller_waits(lead: P) -> None:
    assert hears("a1", S.RINGING, P.CONSULT_WAIT, lead) == "music"
    assert hears("a1", S.RINGING, P.ROOM, lead) == "silence"
    assert hears("a1", S.CONSULTING, P.CONSULT_WAIT, lead) == "silence"
