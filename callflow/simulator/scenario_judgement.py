"""Checks after the last step: the journal is as expected, nothing forbidden happened, and the safety floors hold."""

from collections.abc import Iterator, Sequence

from callflow.core.call import Call
from callflow.core.notes import NoteKind
from callflow.service.ports import Entry
from callflow.simulator import scenario as s
from callflow.simulator.expectations import first_missing, holds
from callflow.simulator.replay_core import replayed
from callflow.simulator.scenario_phones import ScenarioPhones
from callflow.simulator.transcript import journal_lines


def judge(phones: ScenarioPhones) -> tuple[str, str, Sequence[str]] | None:
    """The first failure as (file:line, what was expected, what happened), or None."""
    scenario, journal = phones.scenario, phones.journal
    missing = first_missing(scenario.journal, journal)
    if missing:
        return missing.at, f"in the journal: {missing}", ["it is not there, or not after those before it"]
    for never in scenario.never:
        found = _found(phones, never, journal)
        if found:
            return never.at, f"never: {never}", [found]
    wrong = list(_wrong(phones, journal))
    return (f"{scenario.file}:1", "nothing fails, and the floors hold", wrong) if wrong else None


def _found(phones: ScenarioPhones, never: s.ExpectedEntry | s.NeverHeard, journal: Sequence[Entry]) -> str:
    if isinstance(never, s.ExpectedEntry):
        return next((line for entry in journal if holds(never, entry) for line in journal_lines([entry])), "")
    phone, prompt = phones.phone(never.who), never.prompt
    if prompt is None:
        return f"{never.who}'s phone rang" if phone.legs else ""
    heard = next((one for one in phone.heard if phones.prompts.fits(one, prompt)), None)
    return f"{never.who} heard it at {heard.at:%H:%M:%S}" if heard else ""


def _wrong(phones: ScenarioPhones, journal: Sequence[Entry]) -> Iterator[str]:
    """What must never happen in any scenario."""
    yield from (f"impossible: {one.note.outcome}" for one in journal if one.note.kind == NoteKind.IMPOSSIBLE_EVENT)
    for call in phones.store.calls(live=False):
        yield from _floors(phones, call)
    if phones.scenario.faultless:
        yield from (f"the provider complained: {one}" for one in phones.world.emulator.errors)
        if phones.running.metrics.value("failures"):
            yield "Callflow counted failures"


def _floors(phones: ScenarioPhones, call: Call) -> Iterator[str]:
    """Checks the safety floors after every event, and that replaying the history gives the stored call."""
    configuration, after = phones.scenario.configuration, None
    for step in replayed(call, phones.store.history(call.id), configuration):
        after = step.after
        for floor in step.broken(configuration):
            yield f"{step.fact.at:%H:%M:%S} {type(step.fact).__name__}: broken floor {floor}"
    if after != call:
        yield "the history does not lead to the call as it is stored"
