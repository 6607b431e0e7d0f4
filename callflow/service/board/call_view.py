"""A live call as a row of the board. Pure, and made again only when the call has changed or its time has come."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from callflow.core.act_refusals import SENTENCES, closed
from callflow.core.acts import state
from callflow.core.call import Call, Lock, Role
from callflow.core.configuration import Configuration
from callflow.core.events import Act
from callflow.core.records import record
from callflow.core.stages import Stage as S
from callflow.service.board.journal_facts import JournalFacts
from callflow.service.board.ladder_marks import Heard, Mark, heard_in_full, marks
from callflow.service.board.needs import Card, cards_of, supervised
from callflow.service.board.sentences import Sentence, hold_ends, of_call

GROUPS = {
    S.ARRIVING: "waiting", S.WAITING: "waiting", S.LEFT_ALONE: "waiting", S.PREPARING: "waiting",
    S.DIALLING: "waiting", S.HOLDING: "hold", S.RINGING: "supervisor", S.CONSULTING: "supervisor",
    S.INTRODUCING: "supervisor", S.OFFERING_SUPERVISOR: "supervisor", S.OFFERING_CALL_BACK: "supervisor",
    S.WARNING: "line", S.CLOSING: "line", S.AFTERCARE: "after", S.ENDED: "after",
}  # fmt: skip
"""What calls are filtered and counted by. All other stages are ``talking``."""
DIGITS = 3
ROW_ACTS = (Act.LISTEN, Act.COACH, Act.JOIN, Act.TAKE_OVER, Act.LOCK, Act.VETO)
"""What can be pressed in a row. Veto, which comes and goes, is the last, so that no other button moves."""


@record
class CallView:
    """``caller`` is the reference, or the last digits of the number where staff may see it. ``team`` is an id, "" while
    the call has none. ``turns_at``: when it looks different although nothing happens; perhaps it does already.
    ``closed``: why an act is open to nobody, by its name."""

    id: str
    reference: str
    state: str
    stage: S
    group: str
    team: str
    team_name: str
    caller: str
    caller_title: str
    started_at: datetime
    lead: str
    lead_name: str
    supervised: bool
    sentence: Sentence
    ladder: tuple[Mark, Mark, Mark]
    heard: tuple[Heard, ...]
    locks: tuple[Lock, ...]
    listeners: tuple[str, ...]
    cards: tuple[Card, ...]
    reason: str
    closed: Mapping[str, str]
    turns_at: datetime | None
    made_at: datetime


def call_view(call: Call, configuration: Configuration, facts: JournalFacts, at: datetime) -> CallView:
    """The row of a call as it is at this time. ``facts`` are those of its journal."""
    caller, title = _caller(call, configuration)
    lead, team = call.lead_leg, configuration.teams.get(call.team)
    return CallView(
        id=call.id, reference=call.reference, state=state(call), stage=call.stage,
        group=GROUPS.get(call.stage, "talking"), team=call.team,
        team_name=team_name(configuration, call.team) if team else "", caller=caller, caller_title=title,
        started_at=call.started_at, lead=lead.person if lead else "",
        lead_name=configuration.name_of(lead.person) if lead and lead.person else "", supervised=supervised(call),
        sentence=of_call(call, configuration), ladder=marks(call, configuration, facts),
        heard=heard_in_full(call, configuration), locks=call.locks, listeners=tuple(_listening(call, configuration)),
        cards=tuple(cards_of(call, configuration, facts, at)), reason=call.reason,
        closed={act.value: SENTENCES[no] for act in ROW_ACTS if (no := closed(call, act))}, turns_at=hold_ends(call),
        made_at=at,
    )  # fmt: skip


def team_name(configuration: Configuration, team: str) -> str:
    known = configuration.teams.get(team)
    return (known.name if known else "") or team.replace("_", " ")


def _listening(call: Call, configuration: Configuration) -> Iterator[str]:
    """For example "Sam listens", "Sky coaches"."""
    for leg in call.legs:
        if leg.role is Role.LISTENER and leg.live:
            does = "coaches" if leg.wish == Act.COACH else "listens"
            yield f"{configuration.name_of(leg.person)} {does if leg.accepted else 'is being rung'}"


def _caller(call: Call, configuration: Configuration) -> tuple[str, str]:
    """Never the whole number; and digits of it only where the telephones of staff show it as well."""
    if configuration.show_caller_number and len(call.number) > DIGITS and call.number[1:].isdecimal():
        return f"…{call.number[-DIGITS:]}", f"the last {DIGITS} digits of the number; call {call.reference}"
    return call.reference, "the reference that the caller was told"
