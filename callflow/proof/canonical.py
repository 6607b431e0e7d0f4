"""Which calls are the same state of a proof.

A canonical call is a real call without everything that the stage machine never reads, or that is tried with every
value (``alphabet``): ids, tokens, times, which of two equivalent people it is, how much of the grace is over.

What is left out, and why that is sound:

- Legs that have left the caller (wrap-up, let go, security desk): ``detached_legs`` proves that their keys bring the
  call only into one of these states, and that nothing else of theirs changes it.
- The times of deadlines: any of them may fire first. This covers every possible order, and more.
- The ladder under a lock: it is closed, and starts from the beginning when the lock is lifted.
- Adjustments and the co-signature that a closing then needs: tried wherever a closing is permitted
  (``questions.gate``).
- Safeguarding beside a threat: only the words that are spoken depend on it.
- Which of two candidates is which, if they hear the same: ``alphabet`` tries what happens to one of them.
- What the caller needs, and whether a supervisor has agreed to a warning: ``questions`` tries both wherever it matters.
- Details of the first two steps: only whether they were tried and whether the caller declined to hold matters.
"""

from collections.abc import Hashable, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from callflow.core import no_answer
from callflow.core.call import CALLER, Call, Leg, LegStatus, Lock, Outcome, Role, Search
from callflow.core.configuration import Configuration
from callflow.core.duty import rung_as_supervisor
from callflow.core.evidence import RUNNING, CallBack, Recorded, Warned
from callflow.core.places import WAITS_FOR
from callflow.core.stages import PlaceName as P
from callflow.core.stages import Stage as S
from callflow.core.timer_names import Timer, TimerName, leg_of, leg_timer

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
FAR = timedelta(seconds=100_003)
"""How far away pending deadlines are. No rule uses this value, so a deadline that was set again is recognised."""
NUMBER = "+15550190042"
ATTACHED = (Role.LEAD, Role.HELPER, Role.CANDIDATE)
OF_OUTCOME = {Outcome.NO_CLEAR_ANSWER: Outcome.DECLINED, Outcome.UNAVAILABLE: Outcome.SKIPPED,
              Outcome.ACCEPTED: Outcome.SKIPPED}  # fmt: skip

WITH_A_PROMISE = (S.OFFERING_CALL_BACK, S.ARRIVING)

IDLE = (Timer.PAGE,)
"""Deadlines that do nothing unless a lock is on. ``prove`` checks this by firing them in every state."""

Key = Hashable


def canonical(call: Call, configuration: Configuration) -> Call:
    names = _names(call)
    persons = _persons(call, names, configuration)
    return call.but(
        seq=0,
        at=NOW,
        started_at=NOW,
        legs=tuple(_leg(leg, names[leg.id], persons.get(leg.person, "")) for leg in call.legs if leg.id in names),
        attempts=_attempts(call),
        reason="",
        outgoing=False, about="", promise="",
        variables={},
        language=configuration.language,
        lead=names.get(call.lead, ""),
        helper=names.get(call.helper, ""),
        asks=_asks(call), time_out=_time_out(call),
        delegate_upwards=_delegate_upwards(call),
        holds=0, held_seconds=0,
        hold_refused_at=None,
        consent=replace(call.consent, how="key", at=NOW) if call.consent else None,
        waits_in_room=_waits_in_room(call),
        introduced_at=NOW if _introduced(call) else None,
        warnings=_warnings(call),
        closing=replace(call.closing, actor=persons.get(call.closing.actor, ""), confirmed_at=NOW)
        if call.closing else None,
        locks=tuple(sorted(call.locks)),
        cool_down=False,
        more_cool_down=0,
        search=_search(call),
        call_back=_call_back(call),
        number=NUMBER,
        outcome="",
        untold="",
        adjustments=(), co_signed="", unplayed="", telling="", silent_since=None,
        silent_prompts=no_answer.PROMPTS * call.caller.at(P.LET_GO),
        recording=_recording(call),
        briefing=0,
        recognised="", warning_agreed="", offers=(),
        deadlines=dict.fromkeys(sorted(_deadlines(call, names)), NOW + FAR),
    )  # fmt: skip


def key(call: Call, configuration: Configuration) -> Key:
    """Calls with the same key behave alike. Does not build the canonical call, because most calls are known already."""
    names = _names(call)
    stage, search, consent = call.stage, call.search, call.consent
    return (
        stage, call.flow, call.step, call.returns, call.lookup != "", _phase(call) if stage is S.ARRIVING else None,
        call.team, _attempts(call), _recording(call), _asks(call), names.get(call.lead), names.get(call.helper),
        frozenset([(names[leg.id], *_of_leg(leg)) for leg in call.legs if leg.id in names]),
        call.caller.live,
        frozenset(_deadlines(call, names)),
        _time_out(call), _delegate_upwards(call), _locks(call), _waits_in_room(call), _introduced(call),
        (search.group, search.priority, _time_is_over(call, search)) if search else None,
        (consent.kind, consent.used) if consent else None,
        call.closing is None,
        frozenset([one.script for one in call.warnings if one.heard_at]) if not call.locks else None,
        call.warnings[-1].script if stage is S.WARNING else None,
        call.call_back is None if stage in WITH_A_PROMISE else None,
    )  # fmt: skip


def alike(one: Leg, other: Leg) -> bool:
    """Whether two candidates are in the same situation. They are exchanged without another state."""
    return _of_leg(one) == _of_leg(other)


def set_apart(call: Call) -> list[Leg]:
    """Live legs that are no longer, or not yet, part of the call."""
    return [leg for leg in call.legs[1:] if leg.live and leg.role not in ATTACHED]


def _of_leg(leg: Leg) -> tuple[object, ...]:
    waits = WAITS_FOR in leg.place.details
    return leg.role, leg.place.name, waits, leg.status is LegStatus.UP, leg.accepted, rung_as_supervisor(leg)


def _attempts(call: Call) -> int:
    return call.attempts if call.stage is S.ARRIVING else 0


def _phase(call: Call) -> Key:
    """What a step of a flow is asking."""
    place = call.caller.place
    return place.details.get("how"), place.details.get("asks"), tuple([line.script for line in place.prompts])


def _recording(call: Call) -> Recorded:
    """A pause follows from the place, or from its deadline."""
    return Recorded.ON if call.recording in RUNNING else call.recording


def _asks(call: Call) -> int:
    return call.asks if call.stage in (S.ASKING_HOLD, S.OFFERING_SUPERVISOR) else 0


def _waits_in_room(call: Call) -> bool:
    return call.waits_in_room and call.stage is S.RINGING


def _introduced(call: Call) -> bool:
    return call.introduced_at is not None and call.stage is S.INTRODUCING


def _names(call: Call) -> dict[str, str]:
    """Old id -> new id of the legs that stay. They are renumbered, because a new leg's id is its number."""
    kept = [leg for leg in call.legs[1:] if leg.live and leg.role in ATTACHED]
    kept.sort(key=_rank)
    return {CALLER: CALLER} | {leg.id: f"{leg.id[0]}{number}" for number, leg in enumerate(kept, 1)}


def _rank(leg: Leg) -> tuple[bool, str]:
    """Candidates are equivalent, whoever was rung first: they are numbered by what they hear."""
    return leg.role is Role.CANDIDATE, leg.place.name if leg.role is Role.CANDIDATE else ""


def _persons(call: Call, names: Mapping[str, str], configuration: Configuration) -> dict[str, str]:
    """Person -> person. People of a group are equivalent: the first one on the call becomes the first of its team."""
    team = configuration.teams.get(call.team)
    if team is None:
        return {}
    present = list(dict.fromkeys(leg.person for leg in call.legs[1:] if leg.id in names))
    found: dict[str, str] = {}
    for group in (team.agents, team.supervisors):
        free = iter(group)
        for person in present:
            if person in group and person not in found:
                found[person] = next(one for one in free if one not in found.values())
    return found


def _leg(leg: Leg, name: str, person: str) -> Leg:
    status = LegStatus.RINGING if leg.status is LegStatus.WANTED else leg.status
    return leg.but(id=name, person=person, sid="CA", status=status, token=1, seen=1, since=NOW, wish="")


def _time_out(call: Call) -> Outcome:
    return Outcome.UNTRIED if call.locks else OF_OUTCOME.get(call.time_out, call.time_out)


def _delegate_upwards(call: Call) -> Outcome:
    return Outcome.UNTRIED if call.locks or call.delegate_upwards is Outcome.UNTRIED else Outcome.DECLINED


def _warnings(call: Call) -> tuple[Warned, ...]:
    """The latest warning of each script that was heard in full, and the one that plays now."""
    if call.locks:
        return ()
    heard = {one.script: one for one in call.warnings if one.heard_at}
    kept = [
        replace(one, heard_at=NOW, conduct="", talked_seconds=0.0, elapsed_seconds=0.0, cut=False, token=0,
                started_at=NOW, actor="") for _, one in sorted(heard.items())
    ]  # fmt: skip
    if call.stage is S.WARNING:
        kept.append(replace(call.warnings[-1], conduct="", token=1, started_at=NOW))
    return tuple(kept)


def _locks(call: Call) -> str:
    """With a threat it makes no difference whether safeguarding is on as well: only the words spoken depend on it."""
    return Lock.THREAT if Lock.THREAT in call.locks else Lock.SAFEGUARDING if call.locks else ""


def _search(call: Call) -> Search | None:
    search = call.search
    if not search:
        return None
    until = search.until and (NOW if _time_is_over(call, search) else NOW + FAR)
    return replace(search, tried=(), refused=(), until=until, ahead=0, since=NOW)


def _time_is_over(call: Call, search: Search) -> bool:
    """Whether nobody else is rung. A search in a queue gets its end when the time there is over, so it has passed."""
    return call.stage is S.WAITING and search.until is not None


def _call_back(call: Call) -> CallBack | None:
    found = call.call_back if call.stage in WITH_A_PROMISE else None
    return replace(found, due=NOW, confirmed=False) if found else None


def _deadlines(call: Call, names: Mapping[str, str]) -> list[TimerName]:
    """The names of the deadlines, without those of detached legs and of a helper who is to take over (which may pass in
    every state: ``act_trials``), and without ``IDLE`` ones if there is no lock."""
    idle = () if call.locks else IDLE
    of_legs = [(name, leg_of(name)) for name in call.deadlines if name not in idle]
    kept = [(name, leg) for name, leg in of_legs if not leg or (leg in names and leg != call.helper)]
    return [leg_timer(names[leg]) if leg else name for name, leg in kept]
