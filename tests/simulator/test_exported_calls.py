"""What is in an exported call, and what is not: nothing that a caller said, typed or is called by."""

from dataclasses import fields, replace
from datetime import datetime, timedelta

import pytest

from callflow.core import events as e
from callflow.core.call import Call
from callflow.core.configuration import Configuration, Flow
from callflow.core.decide import decide, new_call
from callflow.core.flow.ask import AskStep, Digits
from callflow.core.flow.call_back import CallBackStep
from callflow.core.flow.lookup import Lookup, LookupStep
from callflow.core.flow.voicemail import VoicemailStep
from callflow.core.stages import Stage
from callflow.service.moments import Moment, moment_of
from callflow.service.ports import Entry
from callflow.service.redaction import redacted
from callflow.simulator.recorded_history import (
    KEPT,
    HistoryError,
    another_way,
    from_text,
    to_text,
    without_personal_data,
)
from tests.contracts.sample import NOW
from tests.simulator.suite import ROOT, shipped

NUMBER, CALLED, TYPED = "+15550190042", "+15550100100", "15550166778"
ACCOUNT, NAME, WORDS = "47110815", "Dora Quill", "my husband is ill"
SID, RECORDING = "CA5e1f00000000000000000000000000aa", "REf00d0000000000000000000000000bbb"
ID, REFERENCE = "c0ffee", "914027"
SECRETS = (NUMBER, NUMBER[1:], CALLED, TYPED, ACCOUNT, NAME, WORDS, SID, RECORDING, ID, REFERENCE)
STEPS = (
    AskStep(name="account", script="greeting", into="account", digits=Digits(least=4, most=8), next="floor"),
    AskStep(name="floor", script="greeting", into="floor", digits=Digits(least=1, most=1), next="who"),
    LookupStep(name="who", script="greeting", lookup=Lookup(url="https://example.org", values={"name": "name"}),
               next="trouble", otherwise="trouble"),
    AskStep(name="trouble", script="greeting", into="trouble", next="ring"),
    CallBackStep(name="ring", team="energy_desk", next="message"),
    VoicemailStep(name="message", script="leave_message"),
)  # fmt: skip


def asking() -> Configuration:
    """A flow with everything that a caller can tell."""
    variables = dict.fromkeys(("account", "floor", "name", "trouble"), "")
    flow = Flow(name="front_desk", start="account", steps={one.name: one for one in STEPS}, variables=variables)
    return replace(shipped(), flows={"front_desk": flow})


class PastCall:
    """A call as the store would have it: redacted moments, the journal, and the call at its end."""

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration
        self.moments: list[Moment] = []
        self.journal: list[Entry] = []
        started = e.CallStarted(at=NOW, sid=SID, number=NUMBER, called=CALLED)
        self.call: Call = new_call(ID, started, reference=REFERENCE, flow="front_desk", digest=configuration.digest,
                                   language="en")  # fmt: skip
        self.take(started)

    @property
    def now(self) -> datetime:
        return NOW + timedelta(seconds=5 * len(self.moments))

    def take(self, fact: e.Event) -> None:
        before, first = self.call, not self.moments
        decision = decide(before, fact, self.configuration)
        assert not decision.impossible
        kept = redacted(before, fact, self.configuration)
        self.journal += [Entry(seq=0, at=fact.at, note=note) for note in decision.notes]
        moment = moment_of(None if first else before, decision.call, (kept,), fact.at, len(decision.notes))
        self.moments.append(moment)
        self.call = decision.call

    def types(self, keys: str) -> None:
        self.take(e.DigitPressed(at=self.now, leg="caller", key=keys))


@pytest.fixture(scope="module")
def past() -> PastCall:
    told = PastCall(asking())
    for keys in (ACCOUNT, "7"):
        told.types(keys)
    told.take(e.LookupDone(at=told.now, lookup=told.call.lookup, values={"name": NAME}))
    told.take(e.WordsSpoken(at=told.now, leg="caller", words=WORDS))
    for keys in ("2", TYPED, "1"):
        told.types(keys)
    told.take(e.MessageRecorded(at=told.now, leg="caller", recording=RECORDING, seconds=12))
    told.take(e.LegLost(at=told.now, leg="caller", status="completed"))
    return told


def exported(past: PastCall) -> str:
    return to_text([without_personal_data(past.call, past.moments, past.journal, past.configuration)])


def test_no_personal_data_is_exported(past: PastCall) -> None:
    held = {*past.call.variables.values(), past.call.number, past.call.caller.sid, past.call.call_back.number}  # type: ignore[union-attr]
    assert {NAME, NUMBER, SID, f"+{TYPED}"} <= held, "the test must be about a call that has them"
    assert not {ACCOUNT, WORDS} & held, "erased at the end of the call"
    assert RECORDING in [entry.note.outcome for entry in past.journal]
    text = exported(past)
    assert [secret for secret in SECRETS if secret in text] == []
    assert '"key": "7"' not in text


def test_an_exported_call_goes_the_same_way(past: PastCall) -> None:
    """Stand-ins lead through the same steps, and the same recording is the same stand-in in event and journal."""
    (history,) = from_text(exported(past))
    assert past.call.stage is Stage.ENDED
    assert another_way(history, past.configuration) == []
    assert history.moments[-1].stage == "ended"
    keys = [fact.key for moment in history.moments for fact in moment.facts if isinstance(fact, e.DigitPressed)]
    assert keys == ["00000000", "0", "2", "00000000000", "1"]
    (recording,) = [f.recording for one in history.moments for f in one.facts if isinstance(f, e.MessageRecorded)]
    assert recording in [entry.note.outcome for entry in history.journal]
    assert history.call.number == "+00000000000"


def test_a_new_field_of_an_event_is_hidden_until_somebody_decides() -> None:
    known = {one.name for event in e.ALL for one in fields(event)} - {"at"}
    hidden = {"sid", "number", "called", "recording", "person", "purpose", "about", "promise"}
    assert known - KEPT == hidden | {"details"}
    assert known >= KEPT


def test_no_number_is_in_a_history_of_the_tests() -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "histories").glob("*.json")}
    assert texts
    assert [name for name, text in texts.items() if "5550" in text] == []


def test_a_call_of_another_configuration_is_refused(past: PastCall) -> None:
    with pytest.raises(HistoryError, match="began with another configuration"):
        without_personal_data(past.call, past.moments, past.journal, replace(past.configuration, digest="another"))


def test_a_call_without_a_history_is_refused(past: PastCall) -> None:
    with pytest.raises(HistoryError, match="has no history"):
        without_personal_data(past.call, (), past.journal, past.configuration)
    with pytest.raises(HistoryError, match="has journal entries"):
        without_personal_data(past.call, past.moments, past.journal[1:], past.configuration)


@pytest.mark.parametrize("text", ["", "{}", '{"version": 2, "calls": []}', '{"version": 1, "calls": [{}]}'])
def test_what_is_no_exported_call_is_refused(text: str) -> None:
    with pytest.raises(HistoryError):
        from_text(text)
