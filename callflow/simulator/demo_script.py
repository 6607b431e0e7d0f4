"""The demo: one call through all three steps, as a phone script. The people react to what they hear."""

from callflow.emulator.script import Call, HangUp, Heard, InRoom, Press, Say, Script, Started, Step

NUMBER = "+15550100100"
PHONES = {"caller": "+15550100199", "ana": "+15550100111", "sam": "+15550100121", "sky": "+15550100122"}
NAMES = {"+15550100199": "Caller", "+15550100111": "Ana", "+15550100112": "Ben", "+15550100121": "Sam",
         "+15550100122": "Sky", "+15550100131": "Security"}  # fmt: skip

PACE = 24.0
"""Characters a second that people and voices speak in the demo, just below the fastest possible (core.prompts).
Recordings keep their length."""

SHORTER = {
    "time_out": {"seconds": 15, "ask_again_after_seconds": 30},
    "delegate_upwards": {"stay_seconds": 5, "consult_seconds": 20},
    "draw_the_line": {"grace_seconds": 10, "cancel_seconds": 3},
}
"""Changes to the shipped policy, inside the permitted ranges, so that the demo takes less than three minutes."""

ARRIVAL = [
    Step("caller", Call(NUMBER)),
    Step("caller", Press("1"), Started("Press 1 for a bill"), after=1),
    Step("ana", Press("1"), Started("Press 1 to accept"), after=0.8),
    Step("caller", Say("This bill is wrong, and nobody listens!"), InRoom(2), after=0.3),
]
CONSENTED_HOLD = [
    Step("ana", Press("*"), InRoom(2), after=1.8),
    Step("ana", Press("1"), Started("6 threat"), after=0.6),
    Step("caller", Press("1"), Heard("hold_request"), after=0.5),
    Step("caller", Say("Took you long enough. Get me somebody who can do something!"), InRoom(2), after=0.3),
]
SUPERVISOR = [
    Step("ana", Press("*"), InRoom(2), after=1),
    Step("ana", Press("2"), Started("6 threat"), after=0.6),
    Step("caller", Say("Yes, fine."), Heard("Or say yes or no"), after=0.4),
    Step("sam", Press("2"), Started("Press 1 to take it"), after=1),
    Step("sam", Press("1"), Started("Press 1 if something urgent"), after=0.6),
    Step("sky", Press("1"), Started("Press 1 to take it"), after=1.5),
    Step("ana", Say("They were billed twice, and we have put that right."), InRoom(2), after=0.3),
    Step("sky", Press("*"), InRoom(2), after=1.5),
    Step("sky", Press("1"), Started("Press 1 to bring the caller in"), after=0.6),
    Step("sky", Press("*"), InRoom(3), after=5.2),
    Step("sky", Press("1"), Started("Press 1 when you have the call"), after=0.6),
    Step("ana", HangUp(), Started("1 resolved"), after=0.5),
]
DECLINED_HOLD = [
    Step("sky", Press("*"), InRoom(2), after=0.5),
    Step("sky", Press("1"), Started("6 threat"), after=0.6),
    Step("caller", Say("No, not again, you idiots."), Heard("Or say yes or no"), after=0.4),
]
WARNINGS = [
    Step("sky", Press("*"), InRoom(2), after=1.2),
    Step("sky", Press("3"), Started("6 threat"), after=0.6),
    Step("sky", Press("2"), Started("Warn of"), after=0.6),
    Step("caller", Say("I will talk as I like, idiot."), InRoom(2), after=0.5),
    Step("sky", Press("*"), InRoom(2), after=1.2),
    Step("sky", Press("3"), Started("6 threat"), after=0.6),
    Step("sky", Press("2"), Started("Warn of"), after=0.6),
    Step("caller", Say("Idiots, all of you!"), InRoom(2), after=3),
]
CLOSING = [
    Step("sky", Press("*"), InRoom(2), after=7.2),
    Step("sky", Press("4"), Started("6 threat"), after=0.6),
    Step("sky", Press("2"), Started("What went on"), after=0.6),
    Step("sky", Press("1"), Started("Did the caller go on"), after=1),
    Step("sky", Press("3"), Started("1 resolved"), after=0.5),
    Step("sky", HangUp(), Started("Saved"), after=0.5),
]


def script() -> Script:
    """A hold with consent, a supervisor who declines, one who consults and takes the call, a declined hold, two
    warnings, the closing."""
    parts = (ARRIVAL, CONSENTED_HOLD, SUPERVISOR, DECLINED_HOLD, WARNINGS, CLOSING)
    return Script([step for part in parts for step in part], phones=PHONES)
