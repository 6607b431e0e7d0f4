"""The keys that protect people (design, section 5): safeguarding, threat, relief; and skip, repeat, the way back."""

import pytest

from callflow.core.call import Lock
from callflow.core.stages import Stage
from callflow.emulator import NoAnswer
from tests.e2e.conversation import Conversation
from tests.e2e.scenes import consulting, holding, introducing, names_conduct, talking, warned

KEYS = [("5", "safeguarding"), ("6", "threat")]
SAID = {"safeguarding": "someone may come to harm", "threat": "a threat was made"}


@pytest.mark.parametrize(("key", "lock"), KEYS)
def test_one_press_locks_and_pages(key: str, lock: str) -> None:
    """5 or 6, without confirmation: a supervisor is rung and joins at once; security is alerted of a threat only."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses(key).hears(f"{lock}_on")
    talk.noted(lock, "ana", key=key, outcome="on").together("caller", "ana")
    talk.sam.hears("whisper", SAID[lock]).presses("1")
    talk.together("caller", "ana", "sam").check(Lock(lock) in talk.call.locks, "not locked")
    if lock == "threat":
        talk.security.hears("alert", "1 5 5 5 0 1 0 0 1 9 9")
    else:
        talk.security.never_rang()
    talk.over()


@pytest.mark.parametrize(("key", "lock"), KEYS)
@pytest.mark.parametrize("step", ["1", "3", "4"])
def test_a_lock_closes_the_steps(key: str, lock: str, step: str) -> None:
    """With a lock on there is no hold, no warning and no closing, whatever was heard before."""
    talk = warned(talking()).wait(16)
    for person in (talk.sam, talk.sky):
        person.behaves(NoAnswer())
    talk.ana.presses("*").hears("menu").presses(key).hears(f"{lock}_on")
    talk.ana.hears("no_supervisor_locked", within=90)
    talk.together("caller", "ana").wait(8)
    talk.ana.presses("*").hears("menu").presses(step).hears("refuse_locked")
    talk.together("caller", "ana").noted("refused", "ana", key=step, outcome="refuse_locked")
    talk.caller.never_heard("hold_request", "disconnect")
    talk.over()


def test_safeguarding_at_the_hold_desk_brings_the_caller_back() -> None:
    """At any moment (rule 34): the held caller is back at once, and no new hold begins."""
    talk = holding(talking()).wait(5)
    talk.ana.presses("5").hears("safeguarding_on")
    talk.caller.hears("hold_return")
    talk.together("caller", "ana", within=12).noted("safeguarding", "ana", outcome="on").over()


@pytest.mark.parametrize(("key", "lock"), KEYS)
def test_a_lock_stops_a_warning(key: str, lock: str) -> None:
    """During a warning: it stops, and does not count as heard."""
    talk = talking()
    names_conduct(talk, "3").caller.hears("warning_final")
    talk.wait(2)
    talk.ana.presses(key).hears(f"{lock}_on")
    talk.together("caller", "ana").noted("warning", "ana", outcome="cut short")
    talk.caller.never_heard("disconnect")
    talk.over()


@pytest.mark.parametrize("seconds", [2, 9])
def test_a_lock_stops_a_closing(seconds: float) -> None:
    """During the countdown or the message: the caller stays on the call."""
    talk = warned(talking()).wait(16)
    talk.ana.presses("*").hears("menu").presses("4").hears("end_conduct").presses("3").hears("end_confirm").presses(
        "1"
    ).hears("closing_watch")
    talk.wait(seconds)
    talk.ana.presses("5").hears("safeguarding_on")
    talk.together("caller", "ana").not_noted("call_ended").over()


def test_a_lock_while_the_caller_is_asked() -> None:
    """While the lead stands by: the question is withdrawn, and both are together."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("1").hears("hold_asked").presses("5").hears("safeguarding_on")
    talk.together("caller", "ana").noted("safeguarding").over()


@pytest.mark.parametrize("where", ["consulting", "introducing"])
def test_a_lock_with_a_supervisor_here(where: str) -> None:
    """In the consult or the introduction: all three are together."""
    talk = consulting(talking()) if where == "consulting" else introducing(talking())
    talk.ana.presses("*", after=2).hears("whisper_ready" if where == "consulting" else "refuse_leave").presses("5")
    talk.together("caller", "ana", "sam").noted("safeguarding", "ana", outcome="on").over()


def supervisor_leads(talk: Conversation, lock: str) -> Conversation:
    """A lock is on and Sam has the call."""
    talk.ana.presses("*").hears("menu").presses(dict((name, key) for key, name in KEYS)[lock])
    talk.sam.hears("whisper", SAID[lock]).presses("1")
    talk.together("caller", "ana", "sam").wait(11)
    talk.sam.presses("*").hears("have_it").presses("1")
    return talk.together("caller", "sam").wait(6)


@pytest.mark.parametrize(
    ("key", "reason"), [("1", "safe"), ("2", "misunderstanding"), ("3", "passed to emergency services")]
)
def test_only_a_supervisor_lifts_the_lock(key: str, reason: str) -> None:
    """A supervisor who leads presses the lock's key again and gives a reason. The ladder begins again."""
    talk = supervisor_leads(talking(), "safeguarding")
    talk.sam.presses("*").hears("menu").presses("5").hears("unlock_menu").presses(key).hears("unlocked")
    talk.together("caller", "sam").noted("unlocked", "sam", key=key, outcome=reason)
    talk.sam.presses("*", after=3).hears("menu").presses("1")
    talk.caller.hears("hold_request")
    talk.check(not talk.call.locks, "still locked").over()


@pytest.mark.parametrize("key", ["*", ""])
def test_the_lock_stays_on_without_a_reason(key: str) -> None:
    """Star or silence at the unlock menu keeps it locked."""
    talk = supervisor_leads(talking(), "threat")
    talk.sam.presses("*").hears("menu").presses("6").hears("unlock_menu")
    if key:
        talk.sam.presses(key)
    talk.together("caller", "sam").not_noted("unlocked").check(bool(talk.call.locks), "lifted").over()


def test_relief_is_not_open_without_cause() -> None:
    """7 on an ordinary call is refused, with what to do instead."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("7").hears("refuse_relief")
    talk.together("caller", "ana").noted("refused", "ana", key="7", outcome="refuse_relief").over()


def test_relief_keeps_the_caller() -> None:
    """7 after severe conduct: the agent is in a break, and the caller is told so and waits for a supervisor."""
    talk = warned(talking()).wait(2)
    talk.ana.presses("*").hears("menu").presses("7").hears("relief_done").hears("wrap_up")
    talk.caller.heard("agent_relief").hears("connecting")
    talk.sam.hears("whisper").presses("1")
    talk.together("caller", "sam").noted("relief", "ana", key="7").stage(Stage.TALKING)
    talk.sam.presses("*").hears("menu")
    talk.over()


def test_relief_after_a_threat_while_supervisors_are_rung() -> None:
    """6, then star and 7 while the phones ring: the agent leaves, and the supervisor who answers has the caller."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("6").hears("threat_on")
    talk.sam.behaves(NoAnswer()).rings()
    talk.together("caller", "ana")
    talk.ana.presses("*").hears("busy_menu_locked").presses("7").hears("relief_done")
    talk.caller.heard("agent_relief")
    talk.sky.hears("whisper", within=60).presses("1")
    talk.together("caller", "sky").over()


@pytest.mark.parametrize(
    ("key", "reason"),
    [("1", "caller will not hold"), ("2", "caller refuses a supervisor"), ("3", "conduct too severe"), ("4", "other")],
)
def test_a_step_is_skipped_with_a_reason(key: str, reason: str) -> None:
    """9 and a reason marks the next untried step. Two of them open step 3; a third has nothing left to skip."""
    talk = talking()
    for step in ("time_out", "delegate_upwards"):
        talk.ana.presses("*").hears("menu").presses("9").hears("skip_menu").presses(key).heard("skip_done")
        talk.together("caller", "ana").noted(step, "ana", key=key, outcome="skipped", reason=reason).wait(1)
    talk.ana.presses("*").hears("menu").presses("9").heard("nothing_to_skip")
    talk.together("caller", "ana").wait(1)
    names_conduct(talk, "1").caller.heard("warning_first")
    talk.over()


@pytest.mark.parametrize("key", ["*", "8", ""])
def test_skipping_nothing(key: str) -> None:
    """Star, another key or silence at the skip menu: nothing is marked."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("9").hears("skip_menu")
    if key:
        talk.ana.presses(key)
    talk.together("caller", "ana").not_noted("time_out").over()


def test_repeat_and_unknown_keys() -> None:
    """0 repeats the menu, a key without a meaning says so and repeats it, and star leads back to the caller."""
    talk = talking()
    talk.ana.presses("*").hears("menu").presses("0").hears("menu").presses("8").heard("unknown_key").hears("menu")
    talk.ana.presses("*")
    talk.together("caller", "ana").stage(Stage.TALKING).over()


def test_silence_at_the_menu_is_the_way_back() -> None:
    """No key for eight seconds: back with the caller."""
    talk = talking()
    talk.ana.presses("*").heard("menu")
    talk.together("caller", "ana", within=9).stage(Stage.TALKING).over()


def test_a_lead_who_presses_on_and_on() -> None:
    """The caller is alone for a minute at most, however often the menu is repeated."""
    talk = talking()
    talk.ana.presses("*").hears("menu")
    begun = talk.clock.monotonic()
    while talk.call.stage is Stage.CHOOSING and talk.clock.monotonic() - begun < 80:
        talk.ana.presses("0", after=4)
    talk.together("caller", "ana")
    assert talk.clock.monotonic() - begun <= 66
    talk.over()


def test_the_caller_has_no_keys_in_the_room() -> None:
    """Star and digits of the caller in the room do nothing at all."""
    talk = talking()
    talk.caller.presses("*").presses("1").presses("5")
    talk.wait(2).together("caller", "ana").stage(Stage.TALKING).over()
