"""A lookup in a scenario is answered as the scenario says, so that the good way is rehearsed as well as the others."""

import shutil
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from callflow.cli.simulate import composer
from callflow.configuration.loading import load
from callflow.configuration.problems import ConfigurationError
from callflow.core.configuration import Configuration
from callflow.simulator.scenario import Scenario
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_run import Failure, play
from tests.flows import NUMBER, with_example
from tests.simulator.suite import AUDIO, CONFIG

ANA = "{body: {customer: {name: Ana Diaz}}}"
BEN = "{body: {customer: {name: Ben Okri}}}"
TYPED = f"""
  - caller: calls {NUMBER}
  - caller: {{hears: matters_menu, presses: "1"}}
  - caller: {{hears: ask_account, presses: "123456#"}}
"""
TO_ANA = """
  - ana: {hears: offer, presses: "1"}
  - together: [caller, ana]
"""


@cache
def configuration() -> Configuration:
    """The example of docs/flows, whose step ``find`` looks up the customer's name, twice within 5 seconds."""
    folder = Path(mkdtemp())
    try:
        return load(with_example(Path(shutil.copytree(CONFIG, folder / "config"))), AUDIO)
    finally:
        shutil.rmtree(folder)


def read(folder: Path, among: Configuration | None = None, **files: str) -> Sequence[Scenario]:
    (folder / "scenarios").mkdir()
    shutil.copyfile(CONFIG / "deescalation.yaml", folder / "deescalation.yaml")
    for name, text in files.items():
        (folder / "scenarios" / f"{name}.yaml").write_text(f"version: 1\nname: one\n{text}", encoding="utf-8")
    return read_scenarios(folder, among or configuration())


def failure_of(folder: Path, answers: str, steps: str, expected: str = "") -> Failure | None:
    (one,) = read(folder, one=f"answers: {answers}\nsteps:{steps}{expected}\n")
    return play(one, composer(AUDIO)).failure


def test_the_caller_is_greeted_by_the_name_that_the_customer_system_has(tmp_path: Path) -> None:
    steps = f"{TYPED}  - caller: {{hears: hello_name, saying: Ana Diaz}}{TO_ANA}"
    assert failure_of(tmp_path, f"{{find: {ANA}}}", steps, "journal: [{kind: lookup, outcome: done, found: 1}]") is None


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("timeout", "no answer in time"),
        ("no connection", "no connection"),
        ("no such host", "no such host"),
        ("{status: 503}", "HTTP 503"),
        ("{status: 404, body: {error: unknown}}", "HTTP 404"),
        ("{status: 302}", "a redirect"),
        ("{status: 204}", "no JSON"),
        ('{text: "<html>"}', "no JSON"),
        ("{after: 3, body: {customer: {name: Ana}}}", "no answer in time"),
        ("{body: {customer: {name: [Ana]}}}", "customer.name is a list"),
        ("{body: {customer: Ana}}", "customer is a text"),
        ("{body: []}", "the answer is a list"),
    ],
)
def test_a_system_in_trouble_costs_no_caller_a_person_and_the_journal_says_why(
    tmp_path: Path, answer: str, reason: str
) -> None:
    expected = f'journal: [{{kind: lookup, outcome: "failed: {reason}"}}]\nnever: [{{caller: hears hello_name}}]'
    assert failure_of(tmp_path, f"{{find: {answer}}}", f"{TYPED}  - caller: hears connecting{TO_ANA}", expected) is None


@pytest.mark.parametrize("customer", ["{}", "{customer: null}", "{customer: {name: null}}", '{customer: {name: " "}}'])
def test_a_caller_whom_the_system_does_not_know_is_greeted_without_a_name(tmp_path: Path, customer: str) -> None:
    steps = f"{TYPED}  - caller: {{hears: hello_name, saying: our customer}}{TO_ANA}"
    expected = "journal: [{kind: lookup, outcome: done, found: 0}]"
    assert failure_of(tmp_path, f"{{find: {{body: {customer}}}}}", steps, expected) is None


@pytest.mark.parametrize("first", ["{status: 503}", "timeout", "no connection"])
def test_a_failure_of_the_moment_is_followed_by_another_attempt(tmp_path: Path, first: str) -> None:
    steps = f"{TYPED}  - caller: {{hears: hello_name, saying: Ana Diaz}}"
    assert failure_of(tmp_path, f"{{find: [{first}, {ANA}]}}", steps) is None


def test_each_caller_gets_the_next_answer(tmp_path: Path) -> None:
    second = TYPED.replace("caller:", "dora:")
    steps = (
        f"{TYPED}  - caller: {{hears: hello_name, saying: Ana Diaz}}\n  - caller: hangs up"
        f"{second}  - dora: {{hears: hello_name, saying: Ben Okri}}\n"
    )
    more = 'callers: {dora: "+15550100301"}'
    assert failure_of(tmp_path, f"{{find: [{ANA}, {BEN}]}}\n{more}", steps) is None


@pytest.mark.parametrize(
    ("answer", "line", "least", "most"),
    [(ANA, "hello_name", 0, 3), (ANA.replace("{body", "{after: 2, body", 1), "hello_name", 3, 5),
     ("timeout", "connecting", 6, 8)],
)  # fmt: skip
def test_an_answer_takes_its_time(tmp_path: Path, answer: str, line: str, least: int, most: int) -> None:
    """Typing takes about 2 s, and then the lookup at most 5 s."""
    heard = f"{{hears_start: {line}, at_least: {least}, within: {most}, since: {{caller: ask_account}}}}"
    assert failure_of(tmp_path, f"{{find: {answer}}}", f"{TYPED}  - caller: {heard}\n") is None


def test_a_lookup_without_an_answer_gets_none(tmp_path: Path) -> None:
    expected = 'journal: [{kind: lookup, outcome: "failed: no answer in time"}]'
    assert failure_of(tmp_path, "{}", f"{TYPED}  - caller: hears connecting{TO_ANA}", expected) is None


def test_a_scenario_that_continues_another_keeps_its_answers_or_gives_others(tmp_path: Path) -> None:
    typed = f"answers: {{find: {BEN}}}\nsteps:{TYPED}"
    known = "continues: typed\nsteps:\n  - caller: {hears: hello_name, saying: Ben Okri}\n"
    down = "continues: typed\nanswers: {reception.find: timeout}\nsteps:\n  - caller: hears connecting\n"
    for one in read(tmp_path, typed=typed, known=known, down=down):
        assert play(one, composer(AUDIO)).failure is None


def test_an_answer_that_comes_while_no_server_runs_is_lost(tmp_path: Path) -> None:
    answer = ANA.replace("{body", "{after: 2, body", 1)
    steps = f"{TYPED}  - server: dies\n  - after: 4\n  - server: returns\n  - after: 20\n"
    assert failure_of(tmp_path, f"{{find: {answer}}}", steps, "never: [{kind: lookup, outcome: done}]") is None


def problems(folder: Path, answers: str, among: Configuration | None = None) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        read(folder, among, one=f"answers: {answers}\nsteps: [after: 1]\n")
    return [str(one).rpartition("one.yaml:")[2] for one in caught.value.problems]


@pytest.mark.parametrize(
    ("answers", "told"),
    [
        ("{fnd: timeout}", '3:11 CF015 no flow has a lookup "fnd" (did you mean "find"?)'),
        ("{hello: timeout}", '3:11 CF015 no flow has a lookup "hello"'),
        ("{find: tmeout}", '3:17 CF015 "tmeout" is no answer; it can be: timeout, no connection, no such host, {body'),
        ("{find: 503}", "3:17 CF012 an answer can be: timeout"),
        ("{find: }", "3:16 CF012 an answer can be: timeout"),
        ("{find: []}", '3:17 CF012 "find" needs an answer'),
        ("{find: [timeout, {staus: 503}]}", '3:28 CF010 unknown key "staus" (did you mean "status"?)'),
        ("{find: {status: 99}}", '3:26 CF014 "status" is 99; it must be from 200 to 599'),
        ("{find: {after: soon}}", '3:25 CF012 "after" must be a number, not text'),
        ('{find: {body: {}, text: "x"}}', '3:28 CF015 an answer has a "body" or a "text"'),
    ],
)
def test_a_wrong_answer_is_told_with_its_place(tmp_path: Path, answers: str, told: str) -> None:
    (found,) = problems(tmp_path, answers)
    assert found.startswith(told)


def test_a_step_of_several_flows_is_named_with_its_flow(tmp_path: Path) -> None:
    reception = configuration().flows["reception"]
    several = replace(configuration(), flows={"reception": reception, "other": replace(reception, name="other")})
    (found,) = problems(tmp_path, "{find: timeout}", several)
    assert found.endswith('several flows have a lookup "find": write reception.find or other.find')
