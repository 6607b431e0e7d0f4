"""A real server process is killed during a hold: everybody is together on time, and a new process goes on."""

from pathlib import Path

import pytest

from callflow.core.stages import Stage
from callflow.emulator import Emulator
from callflow.emulator.conditions import Call, Heard, InRoom, Nothing, Press, Started, Step
from callflow.emulator.script import Script
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.configurations import brief
from tests.e2e.conversation import LINE, PHONES
from tests.e2e.processes import nodes, provider, until

PROMISE = 15
HOLD = [
    Step("caller", Call(LINE)),
    Step("caller", Press("1"), Started("Press 1 for a bill"), after=0.1),
    Step("ana", Press("1"), Started("Press 1 to accept"), after=0.1),
    Step("ana", Press("*"), InRoom(2), after=0.3),
    Step("ana", Press("1"), Started("6 threat"), after=0.2),
    Step("caller", Press("1"), Heard("to look at your account?"), after=0.2),
    Step("caller", Nothing(), Heard("or press 2 to talk."), after=0.0),
    Step("caller", Nothing(), Started("/music/"), after=1.0),
]
STAR = [
    Step("ana", Press("*"), InRoom(2), after=0.2),
    Step("ana", Press("*"), Started("6 threat"), after=0.2),
    Step("ana", Nothing(), InRoom(2)),
]


def play(emulator: Emulator, steps: list[Step]) -> None:
    Script(steps, phones=PHONES).run(emulator)


def promised_end(emulator: Emulator) -> float:
    heard = next(one for one in emulator.phone(PHONES["caller"]).heard if "About 15 seconds" in one.text_or_url)
    return heard.monotonic + heard.seconds_heard + PROMISE


def in_room(emulator: Emulator, name: str) -> bool:
    leg = emulator.phone(PHONES[name]).leg
    return leg is not None and leg.seat is not None


def together(emulator: Emulator) -> bool:
    return any(len(room.members) == 2 for room in list(emulator.rooms.values()))


@pytest.mark.long
@pytest.mark.ci
def test_the_hold_outlives_its_server(tmp_path: Path) -> None:
    """SIGKILL during the music: all are together by the promised time, and the new process has the stage, the star menu
    and the whole journal."""
    with provider() as emulator, nodes(emulator, tmp_path, brief(tmp_path)) as (server, database):
        play(emulator, HOLD)
        server.kill()
        until(lambda: together(emulator), "the two to be together", PROMISE + 5)
        assert emulator.clock.monotonic() <= promised_end(emulator) + 0.3
        server.start()
        store = open_store(f"sqlite:///{database}", SECRETS)
        try:
            call = store.calls()[0].id
            until(lambda: [one.note.outcome for one in store.journal(call)][-1] == "returned on time", "the news", 5)
            play(emulator, STAR)
            until(lambda: store.calls()[0].stage is Stage.TALKING, "the stage", 5)
            emulator.phone(PHONES["caller"]).hang_up()
            until(lambda: any(one.note.kind == "call_ended" for one in store.journal(call)), "the end", 5)
            kinds = [one.note.kind for one in store.journal(call)]
            assert [kind for kind in kinds if kind in ("consent", "hold", "call_ended")] == [
                "consent", "hold", "hold", "call_ended",
            ]  # fmt: skip
            assert [one.seq for one in store.journal(call)] == list(range(1, len(kinds) + 1))
        finally:
            store.close()


@pytest.mark.long
@pytest.mark.ci
def test_key_2_needs_no_server(tmp_path: Path) -> None:
    """2 during the hold after the server was killed, with nothing else there: thanks, the room, and the lead joins by
    the promised time."""
    with provider() as emulator, nodes(emulator, tmp_path, brief(tmp_path)) as (server, _):
        play(emulator, HOLD)
        server.kill()
        emulator.phone(PHONES["caller"]).press("2")
        until(lambda: in_room(emulator, "caller"), "the caller in the room", 6)
        until(lambda: together(emulator), "the two to be together", PROMISE + 5)
        assert emulator.clock.monotonic() <= promised_end(emulator) + 0.3


@pytest.mark.long
@pytest.mark.parametrize("how", [pytest.param("document", marks=pytest.mark.ci), "second node"])
def test_a_key_for_a_dead_server(tmp_path: Path, how: str) -> None:
    """Another key during the hold after the server was killed: another process, with another database, or the document
    that the provider hosts brings the caller into the room, and the lead joins by the promised time."""
    document = "https://handler.example/twiml/EH1" if how == "document" else ""
    with (
        provider() as emulator,
        nodes(emulator, tmp_path, brief(tmp_path), second=not document, document=document) as (server, _),
    ):
        play(emulator, HOLD)
        server.kill()
        emulator.phone(PHONES["caller"]).press("5")
        until(lambda: in_room(emulator, "caller"), "the caller in the room", 12)
        until(lambda: together(emulator), "the two to be together", PROMISE + 5)
        assert emulator.clock.monotonic() <= promised_end(emulator) + 0.3


def test_a_new_caller_is_taken_up_by_the_server_that_returns(tmp_path: Path) -> None:
    document = "https://handler.example/twiml/EH1"
    with provider() as emulator, nodes(emulator, tmp_path, brief(tmp_path), document=document) as (server, _):
        server.kill()
        play(emulator, [Step("caller", Call(LINE)), Step("caller", Nothing(), Heard("connect you to a person."))])
        until(lambda: in_room(emulator, "caller"), "the caller in the room", 3)
        server.start()
        play(emulator, [Step("caller", Nothing(), Started("Press 1 for a bill"), within=15)])
