"""Mistakes in scenario files are told with their place, all at once, with a way out."""

from pathlib import Path

import pytest

from callflow.configuration.problems import ConfigurationError
from callflow.core.configuration import Ring
from callflow.emulator import NoAnswer, Voicemail
from callflow.simulator.scenario import Acts, Together
from tests.simulator.suite import shipped, shipped_scenarios, written

HEAD = "version: 1\nname: one\n"


def problems(folder: Path, text: str) -> list[str]:
    with pytest.raises(ConfigurationError) as caught:
        written(folder, wrong=text)
    base = (folder / "config").as_posix()
    return [str(problem).removeprefix(f"{base}/scenarios/wrong.yaml:") for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("step", "told"),
    [
        ("anna: calls", '4:5 CF015 "anna" is nobody here (did you mean "ana"?)'),
        ("ana: preses 1", '4:10 CF015 "preses 1" is nothing a person does (did you mean "presses"?)'),
        ("ana: {haers: menu}", '4:11 CF010 "haers" means nothing here (did you mean "hears"?)'),
        ("ana: presses 1x", '4:10 CF015 "1x" are no keys of a telephone'),
        ("ana: presses #", "4:10 CF015 ana presses what? (a # begins a comment"),
        ("ana: hangs up now", '4:10 CF015 "hangs up" stands alone'),
        ("ana: is asleep", '4:10 CF015 "asleep" must be one of: ringing'),
        ("ana: hears menue", '4:5 CF015 there is no line "menue" in scripts/ (did you mean "menu"?)'),
        ("ana: now on holiday", '4:10 CF015 "on holiday" is nothing a phone does'),
        ('ana: {presses: "1", says: "yes"}', "4:10 CF015 one action a step, here are presses and says"),
        ("together: [ana, bob]", '4:15 CF015 "bob" is nobody here'),
        ("after: soon", '4:12 CF012 "soon" is no number of seconds'),
        ("server: explodes", '4:13 CF015 "explodes" must be one of: dies'),
        ("stage: holdin", '4:12 CF015 "holdin" must be one of'),
        ("stage", '4:5 CF012 a step is "who: does what"'),
        ("{ana: presses 1, ben: presses 1}", "4:22 CF015 one person a step"),
    ],
)  # fmt: skip
def test_a_wrong_step(tmp_path: Path, step: str, told: str) -> None:
    (found,) = problems(tmp_path, f"{HEAD}steps:\n  - {step}\n")
    assert found.startswith(told)


@pytest.mark.parametrize(
    ("part", "told"),
    [
        ("people: {anna: busy}", '5:10 CF015 nobody has the id "anna" (did you mean "ana"?)'),
        ("people: {ben: bussy}", '5:15 CF015 "bussy" is nothing a phone does'),
        ("continues: nobody_knows", '5:12 CF015 no scenario "nobody_knows" can come first'),
        ("continues: wrong", '5:12 CF015 no scenario "wrong" can come first'),
        ("settings: {time_out: {seconds: 90}}", '5:32 CF014 "seconds" is 90; it must be from 15 to 60 (policy rule 11'),
        ("settings: {time_uot: {seconds: 20}}", '5:12 CF010 unknown key "time_uot" (did you mean "time_out"?)'),
        ("ring: {energy_dsk: all}", '5:8 CF015 there is no team "energy_dsk" (did you mean "energy_desk"?)'),
        ("ring: {energy_desk: loud}", '5:21 CF015 "loud" must be one of in_order, longest_idle, all'),
        ("faults: {chaos: {duplicat: 1}}", '5:18 CF010 unknown key "duplicat" (did you mean "duplicate"?)'),
        ("faults: {chaos: {duplicate: often}}", '5:29 CF012 "duplicate" is often'),
        ("faults: {switches: {declined_status: sad}}", '5:38 CF012 "declined_status" is sad'),
        ("journal: [{kind: hodl}]", '5:18 CF015 no entry of the journal is of the kind "hodl" (did you mean "hold"?)'),
        ("journal: [{outcome: x}]", '5:11 CF011 an entry of the journal has a "kind"'),
        ("never: [{caller: whistles}]", '5:18 CF015 "caller: hears hold_start" or "caller: rings"'),
        ("stepps: 1", '5:1 CF010 unknown key "stepps" (did you mean "steps"?)'),
    ],
)  # fmt: skip
def test_a_wrong_part(tmp_path: Path, part: str, told: str) -> None:
    found = problems(tmp_path, f"{HEAD}steps:\n  - caller: calls\n{part}\n")
    assert found[0].startswith(told), found


def test_a_star_without_quotes(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, f"{HEAD}steps:\n  - ana: {{presses: *1}}\n")
    assert found == '4:20 CF003 a text that begins with * needs quotes: "*..."'


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    text = f"{HEAD}people: {{bob: busy}}\nsteps:\n  - anna: calls\n  - ana: presses x\nnever: [{{kind: hodl}}]\n"
    assert [one.split(" ", 1)[0] for one in problems(tmp_path, text)] == ["3:10", "5:5", "6:10", "7:16"]


def test_what_a_scenario_continues_comes_first() -> None:
    connected, holding = shipped_scenarios()["connected"], shipped_scenarios()["holding"]
    assert [step.written for step in holding.steps[: len(connected.steps)]] == [one.written for one in connected.steps]
    assert "connected.yaml" in holding.steps[0].at
    assert "holding.yaml" in holding.steps[-1].at


def test_settings_are_for_one_scenario_only(tmp_path: Path) -> None:
    first = f"{HEAD}settings: {{time_out: {{seconds: 20}}}}\nring: {{energy_desk: all}}\nsteps:\n  - after: 1\n"
    found = {one.id: one for one in written(tmp_path, first=first, second=f"{HEAD}steps:\n  - after: 1\n")}
    assert found["first"].configuration.policy.time_out.seconds == 20
    assert found["first"].configuration.teams["energy_desk"].ring is Ring.ALL
    assert found["second"].configuration == shipped()


def test_short_and_long_forms(tmp_path: Path) -> None:
    steps = [
        "ana: presses *1", 'ana: {presses: "*1"}',
        "ana: hears offer", "ana: {hears: offer}",
        "{together: [caller, ana], within: 5}", "{together: [caller, ana], within: 5.0}",
    ]  # fmt: skip
    text = HEAD + "steps:\n" + "".join(f"  - {step}\n" for step in steps)
    found = next(one for one in written(tmp_path, both=text) if one.id == "both").steps
    for short, long in zip(found[::2], found[1::2], strict=True):
        shown = {name: getattr(short, name) for name in short.__dataclass_fields__ if name not in ("at", "written")}
        assert shown == {name: getattr(long, name) for name in shown}
    assert isinstance(found[0], Acts)
    assert isinstance(found[4], Together)


def test_how_phones_behave(tmp_path: Path) -> None:
    text = f"{HEAD}people: {{ana: no answer, sam: voicemail after 3}}\nsteps:\n  - after: 1\n"
    (one,) = [found for found in written(tmp_path, one=text) if found.id == "one"]
    assert one.people == {"ana": NoAnswer(), "sam": Voicemail(after=3)}
