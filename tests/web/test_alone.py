"""The announcement to somebody who is alone in the room: it goes on until somebody has come."""

from callflow.core.stages import Stage
from callflow.service.ports import StoreUnavailable
from tests.web.edge import Edge, verbs


def at_the_menu() -> Edge:
    edge = Edge().talking()
    edge.answers(edge.lead)
    assert edge.call.stage is Stage.CHOOSING
    return edge.flush()


def announcement(edge: Edge, leg: str = "caller", query: str = "") -> list[str]:
    return verbs(edge.post(f"/voice/{edge.call.id}/{leg}/waiting{query}", edge.form()))


def test_a_moment_of_silence_then_a_sound_again_and_again() -> None:
    edge = at_the_menu()
    assert announcement(edge) == ["Pause", "Redirect"]
    assert announcement(edge, query="?begun=1") == ["Play", "Redirect"]
    text = edge.post(f"/voice/{edge.call.id}/caller/waiting?begun=1", edge.form()).text
    assert "/audio/sounds/2/tone/3.wav" in text
    assert "/caller/waiting?begun=1" in text


def test_it_ends_when_somebody_comes() -> None:
    edge = at_the_menu()
    edge.answers(edge.lead, Digits="*")
    assert announcement(edge, query="?begun=1") == ["Play", "Redirect"]  # a digit may follow the star
    edge.answers(edge.lead, Digits="*")
    edge.answers(edge.lead)
    assert announcement(edge, query="?begun=1") == []


def test_nobody_else_hears_it() -> None:
    """A leg that is not alone, an unknown leg, an unknown call."""
    edge = at_the_menu()
    assert announcement(edge, leg=edge.lead) == announcement(edge, leg="s9") == []
    assert verbs(edge.post("/voice/nothing/caller/waiting", edge.form())) == []


def test_it_is_refused_to_strangers() -> None:
    edge = at_the_menu()
    assert edge.post(f"/voice/{edge.call.id}/caller/waiting", edge.form(), signed="").status_code == 403


def test_it_ends_without_a_database() -> None:
    edge = at_the_menu()

    def away(_call: str) -> None:
        raise StoreUnavailable("away")

    edge.store.recent = away
    assert announcement(edge) == []
