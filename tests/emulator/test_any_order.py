"""Whatever people and the app do, in any order: nothing breaks, and the emulator's own books agree."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import hypothesis.strategies as st
from hypothesis import given, settings

from callflow.emulator import Chaos, NotOnACall
from tests.emulator.world import ANA, BASE, BEN, CALLER, LINE, Page, RestFailed, World, conference, twiml, world

PAGES: dict[str, Page] = {
    "/voice": twiml(
        '<Gather numDigits="1" action="/room"><Say>Press a key</Say></Gather>', "<Redirect>/dial</Redirect>"
    ),
    "/room": twiml(conference(dial='hangupOnStar="true" action="/after"', waitUrl="/wait", maxParticipants="3")),
    "/last": twiml(conference(dial='hangupOnStar="true"', endConferenceOnExit="true", participantLabel="last")),
    "/dial": twiml(f'<Dial action="/after" timeout="10" hangupOnStar="true"><Number url="/wait">{BEN}</Number></Dial>'),
    "/wait": twiml("<Say>Wait</Say>"),
    "/after": twiml('<Record timeout="3" action="/room"/>'),
    "/queue": twiml('<Enqueue waitUrl="/wait" action="/after">q</Enqueue>'),
    "/take": twiml("<Dial><Queue>q</Queue></Dial>", "<Redirect>/room</Redirect>"),
}
PHONES = [CALLER, ANA, BEN]
WORDS = st.sampled_from(
    "call out press star say hang redirect hold unhold kick announce end_room complete participant mute wait".split()  # noqa: SIM905
)
MOVES = st.lists(st.tuples(WORDS, st.integers(0, 11), st.sampled_from([0.0, 0.05, 0.4, 3.0, 12.0])), max_size=25)
TARGETS = sorted(PAGES)


@settings(max_examples=150)
@given(MOVES, st.booleans())
def test_the_books_agree(moves: list[tuple[str, int, float]], faulty: bool) -> None:
    chaos = Chaos(duplicate=0.2, delay=(0.0, 1.0), reorder=0.3, drop_callbacks=0.1, play_fails=0.3) if faulty else None
    it = world(dict(PAGES), chaos=chaos)
    for word, number, seconds in moves:
        with suppress(RestFailed, NotOnACall):  # refused: not on a call, not found, not in progress
            move(it, word, number)
        check(it)
        it.clock.run_for(seconds)
        check(it)
    for phone in PHONES:
        it.emulator.phone(phone).hang_up()
        it.emulator.phone(phone).hang_up()
    assert it.clock.run_until_idle(limit=20000)
    check(it)
    assert it.emulator.rooms == {}
    assert not any(leg.live for leg in it.emulator.legs.values())
    assert all(sound.ended for leg in it.emulator.legs.values() for sound in leg.heard)


def move(it: World, word: str, number: int) -> None:
    phone = it.emulator.phone(PHONES[number % 3])
    target = f"{BASE}{TARGETS[number % len(TARGETS)]}"
    legs = list(it.emulator.legs.values())
    leg = legs[number % len(legs)] if legs else None
    deeds: dict[str, Any] = {
        "call": lambda: phone.leg or phone.call(LINE),
        "out": lambda: it.rest.post("Calls.json", {"To": phone.number, "From": LINE, "Url": target}),
        "press": lambda: phone.press("1"),
        "star": lambda: phone.press("*"),
        "say": lambda: phone.say("hello there"),
        "hang": phone.hang_up,
        "participant": lambda: it.rest.post("Conferences/room/Participants.json", {"To": phone.number, "From": LINE}),
        "wait": lambda: None,
    }
    if word in deeds:
        deeds[word]()
    elif leg is not None:
        update(it, word, leg.sid, target)


def update(it: World, word: str, sid: str, target: str) -> None:
    if word in {"redirect", "complete"}:
        it.rest.post(f"Calls/{sid}.json", {"Url": target} if word == "redirect" else {"Status": "completed"})
        return
    rooms = list(it.emulator.exchange.rooms.values())
    if not rooms:
        return
    path = f"Conferences/{rooms[-1].sid}"
    if word == "end_room":
        it.rest.post(f"{path}.json", {"Status": "completed"})
    elif word == "kick":
        it.rest.call("DELETE", f"{path}/Participants/{sid}.json")
    else:
        form = {"hold": {"Hold": "true", "HoldUrl": f"{BASE}/wait"}, "unhold": {"Hold": "false"},
                "announce": {"AnnounceUrl": f"{BASE}/wait"}, "mute": {"Muted": "true"}}[word]  # fmt: skip
        it.rest.post(f"{path}/Participants/{sid}.json", form)


def check(it: World) -> None:
    """What must hold at every moment."""
    for room in it.emulator.exchange.rooms.values():
        assert (it.emulator.rooms.get(room.name) is room) is (room.status != "completed")
        for sid, seat in room.seats.items():
            leg = it.emulator.legs[sid]
            assert leg.seat is seat
            assert leg.live
            assert seat.situation
    for leg in it.emulator.legs.values():
        assert leg.live or (leg.seat is None and leg.program is None and leg.where == "gone")
        assert (leg.ended is None) is leg.live
        if leg.status == "in-progress" and leg.direction == "inbound":
            assert leg.program is not None
        playing = [sound for sound in leg.heard if not sound.ended]
        assert len(playing) <= 3
    for phone in PHONES:
        assert sum(leg.status == "in-progress" for leg in it.emulator.phone(phone).legs) <= 1
