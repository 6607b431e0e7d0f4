"""What somebody may ask for who acts on a call from elsewhere, at random."""

from datetime import datetime
from random import Random

from callflow.core import events as e
from callflow.core.configuration import Configuration


def somebody_acts(dice: Random, configuration: Configuration, at: datetime) -> e.Acted:
    """Anybody asks for anything, mostly a supervisor, and mostly for what does not end the conversation."""
    act = dice.choice([*e.Act])
    person = dice.choice([*configuration.supervisors, *configuration.supervisors, "ana"])
    what = {
        e.Act.RING: dice.choice([*configuration.supervisors, *configuration.agents]),
        e.Act.LOCK: dice.choice(["", "threat"]), e.Act.UNLOCK: dice.choice(["safe", "safe", ""]),
    }.get(act, "")  # fmt: skip
    if act in (e.Act.LOCK, e.Act.RELIEF) and dice.random() < 0.8:
        act, what = dice.choice([e.Act.LISTEN, e.Act.COACH, e.Act.JOIN, e.Act.TAKE_OVER]), ""
    return e.Acted(at=at, person=person, act=act, what=what, reachable=dice.random() < 0.9)
