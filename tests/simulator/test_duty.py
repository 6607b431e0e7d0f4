"""Scenarios with a date and a time, in a house whose people have hours."""

import shutil
from pathlib import Path

import pytest

from callflow.cli.simulate import composer
from callflow.configuration.loading import load
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_run import Outcome, play
from tests.simulator.suite import AUDIO, CONFIG

CALENDARS = """version: 1
calendars:
  office:
    timezone: Europe/London
    weekly: {monday: ["09:00-17:00"], tuesday: ["09:00-17:00"], wednesday: ["09:00-12:00"]}
    holidays: ["12-25"]
  nights:
    timezone: Europe/London
    weekly: {monday: ["17:00-09:00"], tuesday: ["17:00-09:00"]}
"""
BY_DAY, BY_NIGHT, HALF_DAY, HOLIDAY = "2026-03-02 10:00", "2026-03-02 23:00", "2026-03-04 13:00", "2028-12-25 10:00"
REASON = 'caller: {hears: reason_menu, presses: "1"}'
TALKING = ["caller: calls", REASON, 'ana: {hears: offer, presses: "1"}', "together: [caller, ana]"]


class House:
    """Ana and Sam come by day, Ben and Sky by night."""

    def __init__(self, folder: Path) -> None:
        self.config = Path(shutil.copytree(CONFIG, folder / "config"))
        (self.config / "calendars.yaml").write_text(CALENDARS, "utf-8")
        shutil.rmtree(self.config / "scenarios")
        (self.config / "scenarios").mkdir()
        for name, hours in (("Ana", "office"), ("Ben", "nights"), ("Sam", "office"), ("Sky", "nights")):
            self.changed("people.yaml", f"name: {name},", f"name: {name}, on_duty: {hours},")
        self.changed("callflow.yaml", "timezone: UTC ", "timezone: Europe/London ")

    def changed(self, file: str, old: str, new: str) -> None:
        path = self.config / file
        text = path.read_text("utf-8")
        assert text.count(old) == 1
        path.write_text(text.replace(old, new), "utf-8")

    def played(self, starts: str, *steps: str, more: str = "") -> Outcome:
        lines = "".join(f"  - {step}\n" for step in steps)
        text = f'version: 1\nname: one\nstarts: "{starts}"\n{more}steps:\n{lines}'
        (self.config / "scenarios" / "one.yaml").write_text(text, "utf-8")
        (one,) = read_scenarios(self.config, load(self.config, AUDIO))
        return play(one, composer(AUDIO))


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.mark.parametrize(("starts", "rung", "rests"), [(BY_DAY, "ana", "ben"), (BY_NIGHT, "ben", "ana")])
def test_who_is_rung_depends_on_the_clock(house: House, starts: str, rung: str, rests: str) -> None:
    outcome = house.played(starts, f"{rung}: is on duty", f"{rests}: is off duty", "caller: calls", REASON,
                           f'{rung}: {{hears: offer, presses: "2"}}', "caller: hears leave_message",
                           more=f"never: [{{{rests}: rings}}]\n")  # fmt: skip
    assert outcome.failure is None, outcome.failure


@pytest.mark.parametrize("starts", [HALF_DAY, HOLIDAY])
def test_with_nobody_on_duty_the_caller_does_not_wait(house: House, starts: str) -> None:
    outcome = house.played(starts, "caller: calls", REASON, "caller: {hears start: leave_message, within: 3}",
                           more="never: [{caller: hears connecting}, {ana: rings}, {ben: rings}]\n"
                                "journal: [{kind: not_connected, outcome: nobody on duty}]\n")  # fmt: skip
    assert outcome.failure is None, outcome.failure


def test_an_agent_whose_duty_ends_in_a_call_keeps_the_caller(house: House) -> None:
    outcome = house.played("2026-03-02 16:59", *TALKING, "after: 120", "ana: is off duty", "together: [caller, ana]",
                           "ana: presses *2", "caller: {hears: supervisor_offer, presses: \"1\"}",
                           'sky: {hears: whisper, presses: "1"}', more="never: [{sam: rings}]\n")  # fmt: skip
    assert outcome.failure is None, outcome.failure


def test_on_a_locked_call_a_supervisor_who_sleeps_is_rung_if_nobody_else_comes(house: House) -> None:
    outcome = house.played(BY_DAY, *TALKING, "ana: presses *6", "security: hears alert", "sky: is off duty",
                           'sky: {hears: whisper, presses: "1"}', "together: [caller, ana, sky]",
                           more="people: {sam: busy}\n")  # fmt: skip
    assert outcome.failure is None, outcome.failure


def test_safeguarding_with_no_supervisor_on_duty_rings_the_security_desk_too(house: House) -> None:
    house.changed("people.yaml", "name: Ana, on_duty: office,", "name: Ana,")
    outcome = house.played(HALF_DAY, *TALKING, "ana: presses *5", "security: hears alert_safeguarding",
                           'sam: {hears: whisper, presses: "1"}', "together: [caller, ana, sam]")  # fmt: skip
    assert outcome.failure is None, outcome.failure


def test_one_person_who_is_agent_and_supervisor_has_one_telephone_and_one_presence(house: House) -> None:
    """Ana helps Ben as a supervisor, and is not rung as an agent; nor is she rung to help with her own call."""
    people = "name: Sky, on_duty: nights,"
    house.changed("people.yaml", f"  sky: {{{people}", f'  ana: {{name: Ana, on_duty: office, phone: "+15550100111", '
                  f"role: the owner}}\n  sky: {{{people}")  # fmt: skip
    house.changed("people.yaml", "supervisors: [sam, sky]", "supervisors: [ana, sam]")
    house.changed("people.yaml", "name: Ben, on_duty: nights,", "name: Ben,")
    own = house.played(BY_DAY, *TALKING, "ana: presses *2", 'caller: {hears: supervisor_offer, presses: "1"}',
                       'sam: {hears: whisper, presses: "1"}')  # fmt: skip
    assert own.failure is None, own.failure
    helped = house.played(
        BY_DAY, "caller: calls", REASON, 'ana: {hears: offer, presses: "2"}', 'ben: {hears: offer, presses: "1"}',
        "together: [caller, ben]", "ben: presses *2", "caller: {hears: supervisor_offer, saying: the owner}",
        "caller: presses 1", 'ana: {hears: whisper, presses: "1"}', "ana: is on a call", "dora: calls",
        'dora: {hears: reason_menu, presses: "1"}', "after: 30", "ana: is on a call",
        more='callers: {dora: "+15550100301"}\n')  # fmt: skip
    assert helped.failure is None, helped.failure
