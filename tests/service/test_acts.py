"""Acts through the service: on the state that was seen, with a telephone that is not in use, and on record."""

from callflow.core import acts
from callflow.core.act_refusals import Reason
from callflow.core.events import Act
from callflow.service.acts import Acts, Answer, open_acts
from callflow.service.people import PersonPresence, Presence
from callflow.service.ports import RingRequest
from tests.core.example import CONFIGURATION
from tests.web.edge import Edge, verbs


def acting(edge: Edge) -> Acts:
    return Acts(edge.callflow.calls)


def presence(edge: Edge, person: str) -> PersonPresence:
    (found,) = edge.store.transact(lambda tx: tx.presence([person], edge.now))
    return found  # type: ignore[no-any-return]


def listening() -> Edge:
    """Sam waits for the notice to the caller."""
    edge = Edge().talking()
    done = acting(edge).act(edge.call.reference, "sam", Act.LISTEN, acts.state(edge.call))
    assert done.answer is Answer.DONE
    edge.flush()
    edge.later(3).enters("s2")
    edge.later(1).answers("s2", Digits="1")
    return edge.flush()


def test_an_act_on_an_older_state_is_refused_with_the_new_one() -> None:
    edge = Edge().talking()
    seen = acts.state(edge.call)
    assert acting(edge).act(edge.call.id, "sam", Act.LOCK, seen).answer is Answer.DONE
    late = acting(edge).act(edge.call.id, "sky", Act.LISTEN, seen)
    assert (late.answer, late.state) == (Answer.STALE, acts.state(edge.call))
    assert late.state != seen
    assert acting(edge).act("no such call", "sam", Act.LOCK, seen).answer is Answer.UNKNOWN


def test_nobody_is_rung_who_is_on_another_call() -> None:
    edge = listening()
    edge.rings("CA" + "d" * 32)
    edge.later(2).answers()
    edge.later(2).answers(Digits="1")
    edge.flush()
    ben = edge.call.legs[1].id
    edge.later(3).enters(ben)
    edge.later(2).answers(ben, Digits="1")
    refused = acting(edge).act(edge.call.id, "sam", Act.LISTEN, acts.state(edge.call))
    assert (refused.answer, refused.reason) == (Answer.REFUSED, Reason.TELEPHONE_IN_USE)
    assert refused.words


def test_who_listens_is_on_a_call_and_free_as_soon_as_they_hang_up() -> None:
    edge = listening()
    assert presence(edge, "sam").presence is Presence.ON_CALL
    edge.post(f"/voice/{edge.call.id}/s2/status", edge.form(edge.call.legs[2].sid, CallStatus="completed"))
    assert presence(edge, "sam").presence is Presence.FREE


def test_nothing_but_our_own_documents_brings_a_listener_into_the_room() -> None:
    """No fallback, no stale address: without us the listener is let go, and the caller hears nobody new."""
    edge = Edge().talking()
    acting(edge).act(edge.call.id, "sam", Act.LISTEN, acts.state(edge.call))
    edge.flush()
    rung = [one for one in edge.provider.sent if isinstance(one, RingRequest)]
    assert [one.listens for one in rung] == [False, True]
    assert "Dial" not in verbs(edge.post("/voice/no-call/s2/4/listening", edge.form("CA9")))


def test_what_is_open_is_asked_without_a_transaction() -> None:
    edge = Edge().talking()
    found = open_acts(edge.call, CONFIGURATION, "sam", edge.now)
    assert found[Act.LISTEN] is None
    assert found[Act.UNLOCK] is Reason.NOT_LOCKED
    assert set(open_acts(edge.call, CONFIGURATION, "ben", edge.now).values()) == {Reason.NOT_YOUR_CALL}
