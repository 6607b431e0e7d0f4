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


def spoken(words: str) -> float:
    """How many seconds after its first word a line has said these, and a moment to act on them."""
    return len(words) / PACE + 0.4


MENU = "6 threat, 5 harm, 1 time out, 2 supervisor"
OFFER = "energy desk, about a bill. Press 1 to accept"
BRIEFING = "A caller with Ana, about a bill, a time out was held. Press 1 to take it, 2 to decline"
CONDUCT = "Warn of 1 shouting at our team, 2 personal insults"

ARRIVAL = [
    Step("caller", Call(NUMBER)),
    Step("caller", Press("1"), Started("Press 1 for a bill"), after=spoken("Press 1 for a bill")),
    Step("ana", Press("1"), Started("Press 1 to accept"), after=spoken(OFFER)),
    Step("caller", Say("This bill is wrong, and nobody listens!"), InRoom(2), after=0.3),
]
CONSENTED_HOLD = [
    Step("ana", Press("*"), InRoom(2), after=1.8),
    Step("ana", Press("1"), Started("6 threat"), after=spoken("6 threat, 5 harm, 1 time out")),
    Step("caller", Press("1"), Started("Press 1 to hold"), after=spoken("Press 1 to hold")),
    Step("caller", Say("Took you long enough. Get me somebody who can do something!"), InRoom(2), after=0.3),
]
SUPERVISOR = [
    Step("ana", Press("*"), InRoom(2), after=1),
    Step("ana", Press("2"), Started("6 threat"), after=spoken(MENU)),
    Step("caller", Say("Yes, fine."), Heard("Or say yes or no"), after=0.4),
    Step("sam", Press("2"), Started("Press 1 to take it"), after=spoken(BRIEFING)),
    Step(
        "sam", Press("1"), Started("Press 1 if something urgent"), after=spoken("Press 1 if something urgent keeps you")
    ),
    Step("sky", Press("1"), Started("Press 1 to take it"), after=spoken(BRIEFING)),
    Step("ana", Say("They were billed twice, and we have put that right."), InRoom(2), after=0.3),
    Step("sky", Press("*"), InRoom(2), after=2.5),
    Step("sky", Press("1"), Started("Press 1 to bring the caller in"), after=spoken("Press 1 to bring the caller in")),
    Step("sky", Press("*"), InRoom(3), after=5.2),
    Step("sky", Press("1"), Started("Press 1 when you have the call"), after=spoken("Press 1 when you have the call")),
    Step("ana", HangUp(), Heard("1 resolved"), after=0.5),
]
DECLINED_HOLD = [
    Step("sky", Press("*"), InRoom(2), after=0.5),
    Step("sky", Press("1"), Started("6 threat"), after=spoken("6 threat, 5 harm, 1 time out")),
    Step("caller", Say("No, not again, you idiots."), Heard("Or say yes or no"), after=0.4),
]
WARNINGS = [
    Step("sky", Press("*"), InRoom(2), after=1.2),
    Step("sky", Press("3"), Started("6 threat"), after=spoken(f"{MENU}, 3 warning")),
    Step("sky", Press("2"), Started("Warn of"), after=spoken(CONDUCT)),
    Step("caller", Say("I will talk as I like, idiot."), InRoom(2), after=0.5),
    Step("sky", Press("*"), InRoom(2), after=1.2),
    Step("sky", Press("3"), Started("6 threat"), after=spoken("6 threat, 5 harm, 2 supervisor, 3 warning")),
    Step("sky", Press("2"), Started("Warn of"), after=spoken(CONDUCT)),
    Step("caller", Say("Idiots, all of you!"), InRoom(2), after=3),
]
CLOSING = [
    Step("sky", Press("*"), InRoom(2), after=7.2),
    Step("sky", Press("4"), Started("6 threat"), after=spoken(f"{MENU}, 4 end the call")),
    Step("sky", Press("2"), Started("What went on"),
         after=spoken("What went on after the warning: 2 personal insults")),
    Step("sky", Press("1"), Started("Did the caller go on"),
         after=spoken("Did the caller go on with personal insults after the warning? Press 1 to end the call")),
    Step("sky", Press("3"), Started("1 resolved"), after=spoken("1 resolved, 2 call back promised, 3 unresolved")),
    Step("sky", HangUp(), Started("Saved"), after=spoken("Saved. You may hang up now.")),
]  # fmt: skip
PARTS = (
    ("A caller is angry",
     "They choose from a menu, and Ana is rung. She is on the call only after she pressed a key.", ARRIVAL),
    ("1 Time out",
     "Ana presses star and 1. The caller is asked, and is put on hold only after a yes.", CONSENTED_HOLD),
    ("2 Delegate upwards",
     "Star and 2: a supervisor is rung, briefed, accepts by key, talks with Ana first, is introduced, and only then "
     "Ana leaves. Sam is busy and declines; Sky takes the call.", SUPERVISOR),
    ("3 Draw the line",
     "Sky offers a time out once more; the caller says no and goes on with insults. Star and 3 plays a warning, first "
     "a gentle one, then a final one. It counts only if it was heard in full.", DECLINED_HOLD + WARNINGS),
    ("The end, by a person's decision",
     "The insults go on. Star and 4 opens only now. Sky names what went on and confirms, and could stop it with star "
     "until the last word.", CLOSING),
)  # fmt: skip
"""The title, what is going to happen, and the steps."""


def script() -> Script:
    """A hold with consent, a supervisor who declines, one who consults and takes the call, a declined hold, two
    warnings, the closing."""
    return Script([step for _, _, steps in PARTS for step in steps], phones=PHONES)


def headings() -> dict[int, tuple[str, str]]:
    """The title and the text of each part, by the position of its first step in the script."""
    found, position = {}, 0
    for title, text, steps in PARTS:
        found[position] = (title, text)
        position += len(steps)
    return found
