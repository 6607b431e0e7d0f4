"""Leads a newcomer through a time out in half a minute, and then kills the server during a hold.

People react to what they hear, by the ids of lines, so any configuration with an agent and a hold will do. The caller
is played here. The agent is the visitor, who is shown which key to press; for the second part the agent is played, too.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from callflow.core.configuration import Configuration
from callflow.core.flow.menu import MenuStep
from callflow.emulator import Emulator, Leg, NotOnACall, Phone
from callflow.emulator import events as e
from callflow.emulator.extensions import address
from callflow.emulator.legs import Heard
from callflow.simulator.expectations import MUSIC, Prompts, together_with
from callflow.simulator.scenario import CALLERS_NUMBER

ANGRY = "This bill is wrong! I have rung three times, and nobody listens!"
YES = "Yes. Fine."
BACK = "So. What did you find?"
STAR, OFFER, YES_KEY = "*", "1", "1"
"""Keys that no configuration changes."""
RING_SECONDS = 1.2
KILL_AFTER_SECONDS = 3.0
"""From the first note of the music until the server is killed."""
STARTED = (e.SayStarted, e.PlayStarted)
ENDED = (e.SayEnded, e.PlayEnded)
QUESTION = ("hold_request", "hold_choices")
BEATS: Mapping[str, str] = {
    "ready": "You are {you}. An angry caller is about to ring. Turn your sound on.",
    "arriving": "The caller is welcomed: you hear it in your left ear, where the caller is.",
    "ringing": "{you}'s telephone rings.",
    "offer": "Press {offer}: you take the call.",
    "angry": "The caller is with you. Listen.",
    "star": "That is hard to listen to. Press *: only you hear a menu.",
    "menu": "Press {time_out}: the time out. Nothing happens to the caller without a yes.",
    "asked": "Now the caller is asked, in your left ear. {you} has time to breathe.",
    "agreed": "A yes. The caller is told how long, and that is a promise.",
    "holding": "On hold until the second that was promised. {you} is told when five seconds are left.",
    "back": "Together again, as promised. The journal has written itself. And if our server dies?",
    "killing": "{you} asks for a hold. Three seconds into the music, the server is killed.",
    "killed": "The server is dead (kill -9). The caller hears music, and has our promise.",
    "kept": "Nothing of ours is running, and they are together again, as promised.",
    "free": "You play everybody: call, answer, press keys, speak. What you do can be saved as a scenario.",
    "over": "The call is over.",
}


class Guide:
    """Subscribes to the emulator. ``kill`` ends the server; it is called in the emulator's clock thread."""

    def __init__(self, emulator: Emulator, configuration: Configuration, prompts: Prompts,
                 kill: Callable[[], None]) -> None:  # fmt: skip
        self._emulator, self._configuration, self._prompts, self._kill = emulator, configuration, prompts, kill
        self._menus = {step.script: next(iter(step.choices))
                       for flow in configuration.flows.values() for step in flow.steps.values()
                       if isinstance(step, MenuStep) and step.choices}  # fmt: skip
        self._time_out = configuration.policy.menu.keys["time_out"]
        self._names = {address(one.phone, one.extension): one.name for one in configuration.agents.values()}
        self._caller = emulator.phone(CALLERS_NUMBER)
        self.you = next(iter(self._names))
        self.promised: float | None = None
        self.back: float | None = None
        self._guided: Leg | None = None
        """The caller's part of the call in which people are played here."""
        self._plays_agent = self._wants_kill = self._killed = self._again = self._angry = False
        self._holds, self._listens_until = 0, 0.0
        self._lines: dict[str, str] = {}
        emulator.on_event(self._notice)

    # -- what the visitor asks for

    def begin(self) -> None:
        """A call comes in, which the visitor takes. What is going on ends first."""
        with self._emulator.clock.lock:
            self._plays_agent = self._wants_kill = self._killed = False
            self._new_call()

    def kill(self) -> None:
        """Kill the server in the middle of a hold: of this one, or of one that is asked for now."""
        with self._emulator.clock.lock:
            self._wants_kill = self._plays_agent = True
            self._killed, now = False, self._place()
            goes_on = {"ringing": "answer", "offer": OFFER, "menu": self._time_out, "asked": "", "agreed": ""}
            if now == "holding":
                self._emulator.clock.after(0.0, self._killing)
            elif now in goes_on:
                self._later(0.5, self._you, goes_on[now])
            elif self._together() and self._holds < self._configuration.policy.time_out.most_per_call:
                self._later(0.5, self._you, STAR)
            else:
                self._new_call()

    def _new_call(self) -> None:
        self._again = True
        for leg in self._live():
            if leg.phone:
                leg.phone.hang_up()
        self._call_if_free()

    def _call_if_free(self) -> None:
        if self._again and not self._live():
            self._again = False
            self._guided = self._caller.call(next(iter(self._configuration.numbers)))

    # -- what people do about what happens

    @property
    def _plays(self) -> bool:
        """Whether people are played here, and not by the visitor alone."""
        return self._wants_kill or (self._guided is not None and self._caller.leg is self._guided)

    def _notice(self, event: e.Event) -> None:
        if isinstance(event, e.CallPlaced) and event.direction == "inbound":
            self.promised = self.back = None
            self._holds, self._angry = 0, False
        if isinstance(event, e.HungUp):
            self._emulator.clock.after(0.5, self._call_if_free)
        if isinstance(event, e.Ringing) and event.number in self._names:
            self.you = event.number
            self._later(RING_SECONDS, self._you, "answer")
        if isinstance(event, e.JoinedRoom | e.RoomStarted | e.LeftRoom):
            self._emulator.clock.post(self._met)
        if isinstance(event, STARTED + ENDED):
            leg = self._emulator.legs.get(getattr(event, "leg", ""))
            begins, whole = isinstance(event, STARTED), bool(getattr(event, "complete", False))
            if leg and leg.person == CALLERS_NUMBER:
                self._caller_heard(self._id(leg), begins, whole)
            elif self._plays_agent and begins:
                self._agent_hears(self._id(leg))

    def _agent_hears(self, id: str) -> None:
        if id in ("offer", "menu"):
            self._later(0.8, self._you, OFFER if id == "offer" else self._time_out)
        elif id.startswith("refuse_"):  # this caller has been on hold for long enough
            self._emulator.clock.post(self._new_call)

    def _caller_heard(self, id: str, begins: bool, whole: bool) -> None:
        if begins and id in self._menus:
            self._later(0.3, self._caller, self._menus[id])
        if whole and id == "hold_request":
            self._later(0.2, self._caller, YES)
            self._later(1.0, self._caller, YES_KEY)  # words are listened to only after keys were not pressed
        if whole and id == "hold_start":
            self.promised = self._emulator.clock.monotonic() + self._configuration.policy.time_out.seconds
            self.back, self._holds = None, self._holds + 1
        if begins and id == MUSIC and self.promised and self.back is None and self._wants_kill:
            self._emulator.clock.after(KILL_AFTER_SECONDS, self._killing)

    def _met(self) -> None:
        if not self._together():
            return
        if self.promised and self.back is None:
            self.back = self._emulator.clock.monotonic()
            self._later(0.5, self._caller, BACK)
        elif not self._angry:
            self._angry = True
            self._listens_until = self._emulator.clock.monotonic() + 0.5
            self._later(0.4, self._caller, ANGRY)
        if self._plays_agent and self._wants_kill:
            self._later(4.0, self._you, STAR)

    def _killing(self) -> None:
        if self._wants_kill and self._place() == "holding":
            self._wants_kill, self._killed = False, True
            self._kill()

    def _later(self, seconds: float, who: Phone, does: str) -> None:
        self._emulator.clock.after(seconds, partial(self._does, who, does))

    def _does(self, phone: Phone, does: str) -> None:
        """Press a key, answer, or say these words, if that is still possible."""
        if not self._plays:
            return
        try:
            if does == "answer":
                phone.answer()
            elif does == STAR:
                if self._together():
                    phone.press(STAR)
            elif len(does) == 1:
                phone.press(does)
            elif does:
                phone.say(does)
        except NotOnACall:
            return

    # -- what the page shows

    def state(self) -> dict[str, Any]:
        """The beat with its sentence, the key to press next, and the promise, in seconds of the emulator's clock."""
        with self._emulator.clock.lock:
            place = self._place()
            keys = {"offer": OFFER, "star": STAR, "menu": self._time_out}
            glows = keys.get(place, "") if self._plays and not self._plays_agent else ""
            said = {"you": self._names[self.you], "offer": OFFER, "time_out": self._time_out}
            beat = self._beat(place)
            return {"beat": beat, "words": BEATS[beat].format(**said), "glows": glows,
                    "you": self._you.number, "promised": self.promised, "back": self.back,
                    "killed": self._killed}  # fmt: skip

    def _beat(self, place: str) -> str:
        if self._killed:
            return "killed" if self.back is None else "kept"
        if place in ("ready", "over"):
            return place
        return "killing" if self._wants_kill else place if self._plays else "free"

    def _place(self) -> str:
        """Where the call is, by what the caller and the agent hear."""
        caller, agent = self._caller.leg, self._you.leg
        if caller is None:
            return "arriving" if self._again else "over" if self._caller.legs else "ready"
        hears, agent_hears = self._id(caller), self._id(agent)
        on_hold = self.promised is not None and self.back is None
        places = (
            ("asked", hears in QUESTION or agent_hears == "hold_asked"),
            ("holding", on_hold),
            ("agreed", hears == "hold_start"),
            ("ringing", agent is not None and agent.rings),
            ("offer", agent_hears == "offer"),
            ("menu", agent_hears == "menu"),
            (self._in_talk(caller), self._together()),
        )
        return next((place for place, so in places if so), "arriving")

    def _in_talk(self, caller: Leg) -> str:
        listens = self._emulator.clock.monotonic() < max(caller.talking_until, self._listens_until)
        return "back" if self.back else "angry" if listens or not self._angry else "star"

    @property
    def _you(self) -> Phone:
        return self._emulator.phone(self.you)

    def _id(self, leg: Leg | None) -> str:
        """The line that somebody hears, or heard last: its id, MUSIC, or "" for somebody who is in a room."""
        if leg is None or leg.seat:
            return ""
        said = next((one for one in reversed(leg.heard) if one.kind in ("say", "play") and self._line(one)), None)
        return self._line(said) if said else ""

    def _line(self, sound: Heard) -> str:
        """The id of a line, MUSIC, or "" for a sound of waiting. Kept, because it is asked for all the time."""
        what = sound.text_or_url
        if what not in self._lines:
            self._lines[what] = self._prompts.id(sound)
        return self._lines[what]

    def _together(self) -> bool:
        return {self._caller.number, self.you} <= together_with(self._emulator, self._caller)

    def _live(self) -> list[Leg]:
        return [leg for leg in self._emulator.legs.values() if leg.live]
