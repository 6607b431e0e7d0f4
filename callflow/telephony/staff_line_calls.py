"""What is said on the staff line of the live calls of a supervisor's teams, as prompts. Pure."""

from types import MappingProxyType
from typing import Final

from callflow.core.call import Prompt
from callflow.core.draft import listed
from callflow.core.fragment_catalogue import FRAGMENTS
from callflow.core.staff_line.session import Session
from callflow.service.staff_calls import SpokenCall, TeamCalls

NEEDS: Final = MappingProxyType({id.removeprefix("card_"): id for id in FRAGMENTS if id.startswith("card_")})
ACTS: Final = MappingProxyType({id.removeprefix("act_"): id for id in FRAGMENTS if id.startswith("act_")})
REFUSED: Final = MappingProxyType({id.removeprefix("refused_"): id for id in FRAGMENTS if id.startswith("refused_")})
"""By reason (``act_refusals.Reason``)."""


def news(session: Session, told: TeamCalls) -> Prompt:
    """How many calls need somebody, or why an act was refused."""
    if session.reason:
        return Prompt("staff_refused", {"reason": Prompt(REFUSED[session.reason])})
    if told.needing > 1:
        return Prompt("staff_calls_many", {"n": str(told.needing)})
    return Prompt("staff_calls_one" if told.needing else "staff_calls_none")


def asked(told: TeamCalls) -> list[Prompt]:
    """The call, then the keys that are open."""
    call = told.call
    if call is None:  # it ended meanwhile
        return [Prompt("staff_call_gone"), Prompt("staff_call_next")]
    keys = listed(Prompt(ACTS[act], {"key": key}) for key, act in call.open.items())
    need = [Prompt("staff_call_need", {"reason": Prompt(NEEDS[call.need])})] if call.need else []
    opened = [Prompt("staff_call_keys", {"choices": keys})] if keys else []
    return [*need, _call(call), *opened, Prompt("staff_call_next")]


def _call(call: SpokenCall) -> Prompt:
    time = Prompt("call_since", {"n": str(call.minutes)}) if call.minutes > 1 else Prompt("call_since_now")
    agent = call.agent or Prompt("call_without_agent")
    return Prompt("staff_call", {"ref": " ".join(call.reference), "agent": agent, "time": time})
