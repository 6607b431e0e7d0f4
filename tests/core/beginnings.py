"""How a random call begins (``chance``): somebody rings us, or one of our people calls a customer."""

from random import Random

from callflow.core.call import Call
from callflow.core.configuration import Configuration, Recording
from callflow.core.decide import new_call
from callflow.core.events import CallStarted, OutgoingStarted
from callflow.core.outgoing import new_outgoing
from tests.playbook import START

KNOWN = ("", "", "", '{"needs":["tics"]}')
"""What is known of a caller (``recognised.to_text``)."""
NUMBER = "+15550190042"
CALLS_OUT = {Recording.OFF: 0.2, Recording.NOTICE: 0.8, Recording.ASK: 0.8}
"""How many of the calls are to a customer. More where they are recorded: a customer hears more first there."""


def begun(dice: Random, configuration: Configuration) -> tuple[Call, CallStarted | OutgoingStarted]:
    """A call and its first event, which is not applied yet."""
    flow = next(iter(configuration.flows.values()))
    if dice.random() > CALLS_OUT[configuration.recording.mode]:
        rang = CallStarted(at=START, sid="CA0", number=dice.choice([NUMBER, ""]), called=configuration.caller_id,
                           recognised=dice.choice(KNOWN))  # fmt: skip
        return new_call("c", rang, reference="R1", flow=flow.name, digest=configuration.digest, language="en"), rang
    person, team = dice.choice([*configuration.agents, *configuration.supervisors]), next(iter(configuration.teams))
    step = next(one.name for one in flow.steps.values() if one.verb == "connect")
    started = OutgoingStarted(at=START, agent=person, number=NUMBER, called="", team=team, about="R0")
    return new_outgoing("c", started, configuration, reference="R1", language="en", flow=flow.name, step=step), started
