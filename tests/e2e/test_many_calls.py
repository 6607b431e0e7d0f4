"""200 calls at once, each with a hold by consent, on one server process with SQLite: everybody is back on time."""

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from callflow.core.stages import Stage
from callflow.emulator import Answers, Emulator, NotOnACall
from callflow.emulator.events import Event, HungUp, JoinedRoom, SayEnded, SayStarted
from callflow.store import open_store
from tests.contracts.sample import SECRETS
from tests.e2e.configurations import brief
from tests.e2e.conversation import LINE
from tests.e2e.processes import nodes, provider, until

CALLS = 200
ARRIVAL_SECONDS = 16.0
PROMISE = timedelta(seconds=15)
LATE = timedelta(seconds=1)
WITHIN_SECONDS = 75
AGENTS = {f"a{n:03}": f"+1555020{n:04}" for n in range(CALLS)}


def people() -> dict[str, Any]:
    agents = {name: {"name": name.upper(), "phone": number} for name, number in AGENTS.items()}
    team = {"agents": list(agents), "supervisors": ["sam", "sky"], "ring": "in_order"}
    return {"agents": agents, "teams": {"energy_desk": team}}


class Crowd:
    """Everybody presses the expected key as soon as it is asked for. Records when each caller was back."""

    def __init__(self, emulator: Emulator) -> None:
        self.emulator = emulator
        self.promised: dict[str, datetime] = {}
        self.back: dict[str, datetime] = {}
        self.over: set[str] = set()
        self._asked: set[str] = set()
        emulator.on_event(self._take)

    def arrive(self) -> None:
        """Callers arrive one after the other, evenly spaced."""
        for n in range(CALLS):
            caller = self.emulator.phone(f"+1555030{n:04}")
            self.emulator.clock.after(n * ARRIVAL_SECONDS / CALLS, lambda caller=caller: caller.call(LINE))
        for number in AGENTS.values():
            self.emulator.phone(number).behave(Answers(0.5))

    def _take(self, event: Event) -> None:
        match event:
            case SayStarted():
                self._begins(event.leg, event.text)
            case SayEnded(complete=True):
                self._ends(event)
            case JoinedRoom():
                self._joins(event)
            case HungUp():
                self.over.add(event.leg)

    def _begins(self, leg: str, text: str) -> None:
        if "Press 1 to accept" in text or text.startswith(("Press 1 for a bill", "6 threat")):
            self._press(leg, "1", 0.2)
        elif "hash when done" in text:
            self._press(leg, "#", 0.2)

    def _ends(self, event: SayEnded) -> None:
        if event.text.endswith("to look at your account?"):
            self._press(event.leg, "1", 0.3)
        elif event.text.startswith("Thank you. About"):
            self.promised[event.leg] = event.at + PROMISE

    def _joins(self, event: JoinedRoom) -> None:
        leg = self.emulator.legs[event.leg]
        if leg.direction == "inbound":
            if event.leg in self.promised and event.leg not in self.back:
                self.back[event.leg] = event.at
                self.emulator.clock.after(3.0, leg.phone.hang_up)  # type: ignore[union-attr]
        elif event.leg not in self._asked:
            self._asked.add(event.leg)
            self._press(event.leg, "*", 1.5)

    def _press(self, leg: str, key: str, after: float) -> None:
        phone = self.emulator.legs[leg].phone

        def press() -> None:
            try:
                phone.press(key)  # type: ignore[union-attr]
            except NotOnACall:
                return

        self.emulator.clock.after(after, press)


def test_two_hundred_holds_at_once(tmp_path: Path) -> None:
    """There is no error; every hold begins with a yes and ends by the promised time; every call is ENDED."""
    with provider() as emulator, nodes(emulator, tmp_path, brief(tmp_path, people=people())) as (server, database):
        crowd = Crowd(emulator)
        crowd.arrive()
        until(lambda: len(crowd.over) >= 2 * CALLS, "all 200 calls to be over", WITHIN_SECONDS)
        assert emulator.errors == []
        late = [leg for leg, at in crowd.promised.items() if crowd.back[leg] > at + LATE]
        assert (len(crowd.promised), len(crowd.back), late) == (CALLS, CALLS, [])
        assert "\ncallflow_failures_total 0.0\n" in server.get("/metrics"), server.told
        store = open_store(f"sqlite:///{database}", SECRETS)
        try:
            until(lambda: not store.calls(), "all to be ENDED", 10)
            calls = store.calls(live=False)
            assert Counter(call.stage for call in calls) == {Stage.ENDED: CALLS}
            ends = [one.note.outcome for call in calls for one in store.journal(call.id) if one.note.kind == "hold"]
            assert Counter(ends) == {"begun": CALLS, "returned on time": CALLS}
        finally:
            store.close()
