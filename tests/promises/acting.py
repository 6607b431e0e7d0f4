"""What somebody does in a row of docs/promises.md, as soon as what they hear has been spoken."""

from callflow.emulator.legs import Heard
from callflow.simulator.expectations import is_said
from tests.e2e.conversation import Conversation, Person, words_of
from tests.promises.rows import CALLS

SPOKEN_SECONDS = 25.0
"""The longest that somebody listens before pressing a key."""
REACTION_SECONDS = 0.6


def acts(talk: Conversation, person: Person, keys: str) -> None:
    if keys == CALLS:
        person.dials()
        return
    for key in keys:
        presses(talk, person, key)
    if any(words_of("failure_join").fullmatch(one.text_or_url) for one in person.phone.heard):
        presses(talk, person, "1")


def presses(talk: Conversation, person: Person, key: str) -> None:
    """One key, after the last word of what this person hears now."""
    talk.wait(REACTION_SECONDS)
    talk.clock.run_until_true(lambda: not person.phone.leg or not speaks(person.phone.heard[-1]), SPOKEN_SECONDS)
    if person.phone.leg and person.phone.leg.answered:
        person.presses(key, after=REACTION_SECONDS)
        talk.wait(REACTION_SECONDS)


def speaks(sound: Heard) -> bool:
    return not sound.ended and is_said(sound)
