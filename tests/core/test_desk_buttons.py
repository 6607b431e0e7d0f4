"""The desk: buttons for the same keys. Nothing is possible there that the keypad forbids (policy rules 22 to 36)."""

from dataclasses import replace
from random import Random

import pytest

from callflow.core import desk
from callflow.core import events as e
from callflow.core.call import Call, Lock
from callflow.core.configuration import Configuration
from callflow.core.decide import decide
from callflow.core.desk_choices import Choice, DeskView
from callflow.core.notes import Note, NoteKind
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage
from tests.core.chance import Chance
from tests.core.example import CONFIGURATION
from tests.core.test_draw_the_line import closing, gate_open, warning
from tests.core.test_locks import supervised
from tests.core.test_offers import offering
from tests.core.test_one_key_for_safety import MOMENTS, briefed, consulted, introduced, offered, wrapping_up
from tests.core.test_properties import CONFIGURATIONS
from tests.core.test_time_out import asked, held
from tests.playbook import Playbook, talking


def at_desk(book: Playbook, choice: str) -> Playbook:
    """Whoever is chosen presses this button."""
    found = desk.pressed(DeskView(book.call, book.configuration, book.at), book.leg, choice)
    assert found, f"{choice} is not open among {ids(book)}"
    for event in found:
        book.take(event)
    return book


def shown(book: Playbook) -> tuple[Choice, ...]:
    return desk.choices(DeskView(book.call, book.configuration, book.at), book.leg)


def ids(book: Playbook) -> set[str]:
    return {one.id for choice in shown(book) for one in (choice.of or (choice,)) if not one.closed}


def closed(book: Playbook, choice: str) -> str:
    (one,) = [one for one in shown(book) if one.id == choice and one.closed]
    assert one.closed
    return one.closed.script


def test_one_click_asks_the_caller_to_hold_without_star() -> None:
    book = at_desk(talking().agent("ana"), "time_out").stage(Stage.ASKING_HOLD)
    book.places(caller="hold_question", ana="standby").noted("time_out", actor="ana", key="1", where="desk")
    book.caller().presses("1").stage(Stage.HOLDING)
    at_desk(book.agent("ana"), "bring_back").stage(Stage.TALKING)


def test_a_question_is_withdrawn_where_star_does_not_reach_us() -> None:
    at_desk(asked().agent("ana"), "withdraw").stage(Stage.TALKING).places(caller="room", ana="room")


def test_the_whole_ladder_at_the_desk() -> None:
    book = at_desk(talking().agent("ana"), "supervisor").stage(Stage.OFFERING_SUPERVISOR)
    book.caller().presses("2").stage(Stage.TALKING).agent("ana")
    at_desk(book, "skip_1")
    at_desk(book, "warn_1").stage(Stage.WARNING).noted("warning", actor="ana", key="1", where="desk")


def test_a_button_shows_every_key_that_follows_star() -> None:
    keys = {one.id: one.keys for choice in shown(talking().agent("ana")) for one in (choice.of or (choice,))}
    assert (keys["time_out"], keys["no_answer"], keys["skip_1"]) == ("1", "#", "9 1")
    keys = {one.id: one.keys for one in shown(offering().agent("ana"))}
    assert keys["no_answer"] == "# #", "one # leads to what may be offered"


def test_what_is_not_open_yet_says_why_in_the_words_of_the_keypad() -> None:
    book = talking().agent("ana")
    assert closed(book, "end_call") == "refuse_no_warning"
    assert {"warn_3", "warn_4"} <= ids(book), "severe conduct is warned of at once"
    assert not {"warn_1", "warn_2"} & ids(book)
    assert not desk.pressed(DeskView(book.call, book.configuration, book.at), book.leg, "warn_1")


def test_an_end_is_named_and_confirmed_and_can_be_cancelled() -> None:
    book = gate_open().agent("ana").presses("*").wait(2)
    at_desk(book, "end_3").stage(Stage.CHOOSING).places(ana="end_confirm")
    at_desk(book, "close").stage(Stage.CLOSING)
    at_desk(book, "cancel_closing").stage(Stage.TALKING)


def test_a_warning_is_stopped_with_one_click() -> None:
    at_desk(warning(), "stop_warning").stage(Stage.TALKING).noted("warning", outcome="cut short")
    at_desk(closing(), "cancel_closing").stage(Stage.TALKING)


def test_an_offer_is_accepted_and_declined() -> None:
    at_desk(offered(), "accept").stage(Stage.TALKING).places(ana="room")
    at_desk(offered(), "decline").noted("declined", actor="ana", key="2")


def test_a_supervisor_is_briefed_consults_and_takes_the_call() -> None:
    at_desk(briefed(), "decline_2").noted("declined", actor="sam", outcome="not my area")
    book = at_desk(briefed(), "accept").stage(Stage.CONSULTING)
    book = at_desk(book, "bring_in").stage(Stage.INTRODUCING)
    assert closed(book, "take_over") == "refuse_take_over"
    at_desk(book.wait(15), "take_over").stage(Stage.TALKING).noted("handover", actor="sam", where="desk")


def test_a_supervisor_lifts_a_lock_with_a_reason() -> None:
    book = supervised()
    assert "safeguarding" not in ids(book), "its key would ask for the reason"
    at_desk(book, "unlock_1").noted("unlocked", actor="sam", outcome="safe").holds(lambda call: not call.locks)


def test_wrap_up_has_its_outcomes_and_the_break_is_never_hurried() -> None:
    book = at_desk(wrapping_up(), "resolved").noted("outcome", actor="ana", outcome="resolved", where="desk")
    assert {"longer_break", "shorter_break", "done", "record_note"} <= ids(book)
    at_desk(at_desk(book, "longer_break"), "done").noted("wrap_up", actor="ana", key="#")


@pytest.mark.parametrize("place", MOMENTS)
@pytest.mark.parametrize("lock", Lock)
def test_safeguarding_is_one_click_without_a_question_at_every_moment(place: P, lock: Lock) -> None:
    book = MOMENTS[place]()
    if lock.value not in ids(book):
        assert lock in book.call.locks
        return
    actor = book.leg.person
    at_desk(book, lock.value).holds(lambda call: lock in call.locks)
    book.noted(lock.value, actor=actor, outcome="on", where="desk")


@pytest.mark.parametrize("lock", Lock)
def test_in_conversation_safeguarding_needs_no_star(lock: Lock) -> None:
    for book in (talking().agent("ana"), held().agent("ana"), consulted(), introduced()):
        at_desk(book, lock.value).holds(lambda call: lock in call.locks)


def test_a_button_that_was_shown_for_another_place_does_nothing() -> None:
    """A repeated press, or one that crosses with what the caller does."""
    book = talking().agent("ana")
    (press,) = desk.pressed(DeskView(book.call, book.configuration, book.at), book.leg, "time_out")
    book.take(press).stage(Stage.ASKING_HOLD).take(press).stage(Stage.ASKING_HOLD)
    assert [note.kind for note in book.notes].count(NoteKind.TIME_OUT) == 1


def test_nobody_is_asked_for_a_key_that_a_lock_has() -> None:
    """Ops may give 3 to a threat; the button for an outcome must not be that key."""
    keys = {**CONFIGURATION.policy.menu.keys, "threat": "3", "civility": "6"}
    policy = replace(CONFIGURATION.policy, menu=replace(CONFIGURATION.policy.menu, keys=keys))
    book = talking(replace(CONFIGURATION, policy=policy))
    book.caller().hangs_up().agent("ana")
    assert book.leg.at(P.WRAP_UP)
    assert "unresolved" not in ids(book)
    assert "resolved" in ids(book)


# -- for every state


def walked(seed: int, configuration: Configuration, events: int = 60) -> set[str]:
    """The ids of all buttons that were tried."""
    chance, tried = Chance(Random(seed), configuration), set[str]()
    while chance.events < events and chance.call.stage is not Stage.ENDED:
        chance.step()
        tried |= check_desk(chance)
    return tried


def check_desk(chance: Chance) -> set[str]:
    """Each open button does what star and its digit do, is not refused, and breaks no floor; each closed one is refused
    on the keypad in the words that are shown."""
    tried = set()
    for leg in chance.call.legs:
        view = DeskView(chance.call, chance.configuration, chance.at)
        for choice in [one for each in desk.choices(view, leg) for one in (each.of or (each,))]:
            clicked = played(chance.call, desk.pressed(view, leg, choice.id), chance.configuration)
            if choice.closed:
                assert not choice.presses or not desk.pressed(view, leg, choice.id)
                continue
            typed = played(chance.call, keypad(view, choice, leg.id), chance.configuration)
            assert essence(clicked[0]) == essence(typed[0]), (choice, chance.told[-20:])
            assert plain(clicked[1]) == plain(typed[1]), choice
            refused = [note for note in clicked[1] if note.kind is NoteKind.REFUSED]
            assert not refused or choice.id == "ask_co_signature", (choice, refused, chance.told[-20:])
            tried.add(choice.id)
    return tried


def keypad(view: DeskView, choice: Choice, leg: str) -> list[e.Event]:
    """What a person would press: star in the room, and the digits."""
    events: list[e.Event] = []
    for place, key in choice.presses:
        if place is P.ROOM:
            events.append(e.StarPressed(at=view.at, leg=leg))
        if (place, key) != (P.ROOM, "*"):
            events.append(e.DigitPressed(at=view.at, leg=leg, key=key))
    return events


def played(call: Call, events: list[e.Event] | tuple[e.Event, ...], configuration: Configuration
           ) -> tuple[Call, list[Note]]:  # fmt: skip
    notes: list[Note] = []
    for event in events:
        decision = decide(call, event, configuration)
        assert not decision.impossible
        call, notes = decision.call, [*notes, *decision.notes]
    return call, notes


def plain(notes: list[Note]) -> list[Note]:
    """Without what only the desk says: where it was pressed, and one button for star and its digit."""
    kept = [{name: value for name, value in note.details.items() if name != "where"} for note in notes]
    return [replace(note, details=more, key="") for note, more in zip(notes, kept, strict=True)]


def essence(call: Call) -> Call:
    """Without the numbers of documents: the star menu is one more of them."""
    legs = tuple(leg.but(token=0, seen=0) for leg in call.legs)
    warnings = tuple(replace(one, token=0) for one in call.warnings)
    return call.but(seq=0, legs=legs, warnings=warnings)


@pytest.mark.parametrize("calls", [5, pytest.param(80, marks=pytest.mark.long)])
def test_the_desk_does_what_the_keypad_does_in_every_state(calls: int) -> None:
    tried = {one for seed in range(calls) for one in walked(seed, CONFIGURATIONS[seed % len(CONFIGURATIONS)])}
    assert tried >= {"accept", "time_out", "safeguarding"}
    if calls > len(CONFIGURATIONS):
        assert tried >= {"supervisor", "warn_1", "warn_4", "withdraw", "bring_back", "bring_in", "take_over", "relief",
                         "stop_warning", "end_4", "resolved"}  # fmt: skip
