"""Leads a newcomer through a time out in half a minute, and then kills the server during a hold.

People react to what they hear, by the ids of lines, so any configuration with an agent and a hold will do. The caller is
played here. The agent is the visitor, who is shown which key to press; for the second part the agent is played as well.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from callflow.core.configuration import Configuration
from callflow.core.flow.menu import MenuStep
from callflow.emulator import Emulator, Leg, NotOnACall, Phone
from callflow.emulator import events as e
from callflow.emulator.extensions import address
from callflow.simulator.expectations import MUSIC, Prompts, is_said, together_with
from callflow.simulator.scenario import CALLERS_NUMBER

ANGRY = "This bill is wrong! I have rung three times, and nobody listens!"
YES = "Yes. Fine."
BACK = "So. What did you find?"
STAR = "*"
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
    "star": "That is hard to listen to. Press *: the caller waits, and only you hear a menu.",
    "menu": "Press {time_out}: the time out. Nothing happens to the caller without a yes.",
    "asked": "Now the caller is asked, in your left ear. You hear nothing of it, and can breathe.",
    "agreed": "A yes. The caller is told how long, and that is a promise.",
    "holding": "On hold until the second that was promised. {you} is told when five seconds are left.",
    "back": "Back together on the promised second. The journal has written itself. What if our server dies?",
    "killing": "{you} asks for another hold. As soon as the music plays, the server is killed.",
    "killed": "The server is dead: kill -9. The caller hears music, and has our promise.",
    "kept": "Nothing of ours is running, and they are together again, on the promised second.",
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
        self.begun: float | None = None
        self.promised: float | None = None
        self.back: float | None = None
        self._plays_agent = self._wants_kill = self._killed = self._again = self._angry = False
        self._holds = 0
        emulator.on_event(self._notice)

    # -- what the visitor asks for

    def begin(self) -> None:
        """A call comes in, which the visitor takes. What is going on ends first."""
        self._plays_agent = self._wants_kill = False
        self._new_call()

    def kill(self) -> None:
        """Kill the server in the middle of a hold: of this one, or of one that is asked for now."""
        with self._emulator.clock.lock:
            self._wants_kill = self._plays_agent = True
            self._killed, now = False, self._place()
            if now == "holding":
                self._emulator.clock.after(0.0, self._killing)
            elif now in ("asked", "agreed", "menu", "offer", "arriving", "ringing"):
                self._again = False
            elif self._together() and self._holds < self._configuration.policy.time_out.most_per_call:
                self._later(0.5, self._you, STAR)
            else:
                self._new_call()

    def _new_call(self) -> None:
        with self._emulator.clock.lock:
            self.promised = self.back = None
            self._killed = self._angry = False
            self._holds, self._again = 0, True
            self.begun = self._emulator.clock.monotonic()
            for leg in self._live():
                if leg.phone:
                    leg.phone.hang_up()
            self._call_if_free()

    def _call_if_free(self) -> None:
        if self._again and not self._live():
            self._again = False
            self.begun = self._emulator.clock.monotonic()
            self._caller.call(next(iter(self._configuration.numbers)))

    # -- what people do about what happens

    def _notice(self, event: e.Event) -> None:
        if self.begun is None:
            return
        if isinstance(event, e.HungUp):
            self._emulator.clock.after(0.5, self._call_if_free)
        if isinstance(event, e.Ringing) and event.number in self._names:
            self.you = event.number
            self._later(RING_SECONDS, self._you, "answer")
        if isinstance(event, e.JoinedRoom | e.RoomStarted | e.LeftRoom):
            self._emulator.clock.post(self._met)
        if isinstance(event, STARTED + ENDED):
            self._heard(event)

    def _heard(self, event: e.Event) -> None:
        leg = self._emulator.legs.get(getattr(event, "leg", ""))
        id = self._id(leg)
        if leg is None or not id:
            return
        begins, whole = isinstance(event, STARTED), bool(getattr(event, "complete", False))
        if leg.person == CALLERS_NUMBER:
            if begins and id in self._menus:
                self._later(0.3, self._caller, self._menus[id])
            if whole and id == "hold_request":
                self._later(0.7, self._caller, YES)
            if whole and id == "hold_start":
                self._promise()
            if begins and id == MUSIC and self.promised and self.back is None and self._wants_kill:
                self._emulator.clock.after(KILL_AFTER_SECONDS, self._killing)
        elif self._plays_agent and begins and id in ("offer", "menu"):
            self._later(0.8, self._you, "1" if id == "offer" else self._time_out)

    def _promise(self) -> None:
        self.promised = self._emulator.clock.monotonic() + self._configuration.policy.time_out.seconds
        self.back, self._holds = None, self._holds + 1

    def _met(self) -> None:
        if not self._together():
            return
        if self.promised and self.back is None:
            self.back = self._emulator.clock.monotonic()
            self._later(0.5, self._caller, BACK)
        elif not self._angry:
            self._angry = True
            self._later(0.4, self._caller, ANGRY)
        if self._plays_agent and self._wants_kill and not self._killed:
            self._later(4.0, self._you, STAR)

    def _killing(self) -> None:
        if self._wants_kill and self._place() == "holding":
            self._wants_kill, self._killed = False, True
            self._kill()

    def _later(self, seconds: float, who: Phone, does: str) -> None:
        self._emulator.clock.after(seconds, partial(self._does, who, does))

    def _does(self, phone: Phone, does: str) -> None:
        """Press a key, answer, or say these words, if that is still possible."""
        try:
            if does == "answer":
                phone.answer()
            elif does == STAR:
                if self._together():
                    phone.press(STAR)
            elif len(does) == 1:
                phone.press(does)
            else:
                phone.say(does)
        except NotOnACall:
            return

    # -- what the page shows

    def state(self) -> dict[str, Any]:
        """The beat with its sentence, the key to press next, and the promise, in seconds of the emulator's clock."""
        with self._emulator.clock.lock:
            place = self._place()
            keys = {"offer": "1", "star": STAR, "menu": self._time_out}
            glows = keys.get(place, "") if not self._plays_agent else ""
            said = {"you": self._names[self.you], "offer": keys["offer"], "time_out": self._time_out}
            beat = self._beat(place)
            return {"beat": beat, "words": BEATS[beat].format(**said), "begun": self.begun, "glows": glows,
                    "you": self._you.number, "promised": self.promised, "back": self.back,
                    "killed": self._killed}  # fmt: skip

    def _beat(self, place: str) -> str:
        if self._killed:
            return "killed" if self.back is None else "kept"
        if self._wants_kill and place in ("star", "angry", "back"):
            return "killing"
        return place

    def _place(self) -> str:
        """Where the call is, by what the caller and the agent hear."""
        if self.begun is None:
            return "ready"
        caller, agent = self._caller.leg, self._you.leg
        if caller is None:
            return "arriving" if self._again else "over"
        hears, agent_hears = self._id(caller), self._id(agent)
        if hears in QUESTION:
            return "asked"
        if self.promised and self.back is None:
            return "holding"
        if hears == "hold_start":
            return "agreed"
        if agent and agent.rings:
            return "ringing"
        if agent_hears in ("offer", "menu"):
            return agent_hears
        if self._together():
            talking = self._emulator.clock.monotonic() < caller.talking_until
            return "back" if self.back else "angry" if talking or not self._angry else "star"
        return "asked" if agent_hears == "hold_asked" else "arriving"

    @property
    def _you(self) -> Phone:
        return self._emulator.phone(self.you)

    def _id(self, leg: Leg | None) -> str:
        """The line that somebody hears, or heard last: its id, MUSIC, or ""."""
        said = [one for one in leg.heard if is_said(one) or self._prompts.id(one) == MUSIC] if leg else []
        return self._prompts.id(said[-1]) if said else ""

    def _together(self) -> bool:
        return {self._caller.number, self.you} <= together_with(self._emulator, self._caller)

    def _live(self) -> list[Leg]:
        return [leg for leg in self._emulator.legs.values() if leg.live]
