# ruff: noqa: E501 - a line is a row of phrases, some of them wide
"""A question to which the answers are known: what the caller says is one of them, or is asked again."""

from functools import cache
from pathlib import Path
from random import Random
from tempfile import mkdtemp

import pytest

from callflow.cli.simulate import composer
from callflow.configuration.loading import load
from callflow.core.configuration import Configuration
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_run import Outcome, play
from tests.simulator.suite import AUDIO
from tests.world.places import COUNTRIES
from tests.world.written import House, write

DAYS = {
    "en": "{Monday: [Monday, first day], Tuesday: [Tuesday], any day: [any day, I do not mind]}",
    "ja": "{月曜: [月曜, げつよう], 火曜: [火曜], いつでも: [いつでも, 何曜日でも]}",
    "th": "{วันจันทร์: [จันทร์], วันอังคาร: [อังคาร]}",
    "zh": "{星期一: [星期一, 周一], 星期二: [星期二, 周二]}",
    "ar": "{الاثنين: [الاثنين, الإثنين], الثلاثاء: [الثلاثاء]}",
    "tr": "{pazartesi: [pazartesi, Pazartesi günü], salı: [salı]}",
    "he": "{יום שני: [שני, יום שני], יום שלישי: [שלישי]}",
    "ko": "{월요일: [월요일, 월요], 화요일: [화요일]}",
}
OWN = {"ask_day": "Which day suits you?", "day_booked": "We come on {day}."}
FLOW = """\
version: 1
variables: {day: {description: when we come, default: some day}}
start: day
steps:
  day: {ask: ask_day, into: day, words: DAYS, next: booked, otherwise: desk}
  booked: {say: day_booked, next: desk}
  desk: {connect: energy_desk, otherwise: message}
  message: {voicemail: leave_message}
"""
HEAD = "version: 1\nname: which day\nsteps:\n  - caller: calls\n"
TO_ANA = '  - ana: {hears: offer, presses: "1"}\n  - together: [caller, ana]\n'


def house(language: str) -> House:
    """A house that speaks this language first."""
    country = next(one for one in COUNTRIES if language in one.languages)
    return next(one for seed in range(200) if (one := House(country, Random(seed))).language == language)


@cache
def asking(language: str) -> tuple[Path, Configuration]:
    """A configuration whose first flow asks for a day, in this language."""
    found, config = house(language), Path(mkdtemp())
    files = {name: content for name, content in found.files.items() if not name.startswith("scenarios/")}
    for name, content in files.items():
        if name.startswith("scripts/"):
            tongue = found.tongue if language in name else found.second
            content["scripts"] |= {id: {"text": tongue.line(text, Random(0))} for id, text in OWN.items()}
            del content["scripts"]["reason_menu"]
    files["people.yaml"]["teams"]["energy_desk"]["ring"] = "in_order"
    write(files, config)
    (config / "flows" / "front_desk.yaml").write_text(FLOW.replace("DAYS", DAYS[language]), "utf-8")
    (config / "scenarios").mkdir()
    return config, load(config, AUDIO)


def played(language: str, steps: str) -> Outcome:
    config, configuration = asking(language)
    path = config / "scenarios" / "one.yaml"
    path.write_text(HEAD + steps, "utf-8")
    [one] = read_scenarios(config, configuration)
    return play(one, composer(AUDIO))


@pytest.mark.parametrize(
    ("language", "said", "day"),
    [
        ("en", "Monday, please", "Monday"), ("en", "the first day would be good", "Monday"), ("en", "I do not mind", "any day"),
        ("ja", "月曜日でお願いします", "月曜"), ("ja", "えっと、げつようがいいです", "月曜"), ("th", "ขอเป็นวันจันทร์ค่ะ", "วันจันทร์"),
        ("zh", "我想预约星期二上午", "星期二"), ("ar", "يوم الاثنين من فضلك", "الاثنين"), ("tr", "SALI günü olsun", "salı"),
        ("he", "ביום שני, בבקשה", "יום שני"), ("ko", "월요일로 해주세요", "월요일"),
    ],
)  # fmt: skip
def test_the_day_that_i_said_is_the_day_that_i_get(language: str, said: str, day: str) -> None:
    steps = (
        f'  - caller: {{hears: ask_day, says: "{said}"}}\n  - caller: {{hears: day_booked, saying: "{day}"}}\n{TO_ANA}'
    )
    outcome = played(language, steps)
    assert outcome.failure is None, "\n".join((*outcome.transcript, str(outcome.failure)))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "not Monday"), ("en", "Monday or Tuesday"), ("en", "Mondays are bad"), ("en", "tomorrow"), ("ja", "月曜ではなく"),
        ("ja", "月曜か火曜"), ("th", "ไม่ใช่วันจันทร์"), ("zh", "不要星期二"), ("ar", "ليس الاثنين"), ("tr", "salı değil"), ("tr", "salınız"),
        ("he", "לא שני"), ("ko", "월요일 말고"),
    ],
)  # fmt: skip
def test_another_answer_is_asked_again_and_then_gets_a_person(language: str, said: str) -> None:
    asked = f'  - caller: {{hears: ask_day, says: "{said}"}}\n'
    never = "journal: [{kind: asked, outcome: not given}]\nnever: [{kind: asked, outcome: given}]\n"
    outcome = played(language, f"{asked * 2}  - caller: hears connecting\n{TO_ANA}{never}")
    assert outcome.failure is None, "\n".join((*outcome.transcript, str(outcome.failure)))


def test_a_second_try_counts_and_a_key_is_the_way_on_without_speech() -> None:
    second = '  - caller: {hears: ask_day, says: "hm"}\n  - caller: {hears: ask_day, says: "Tuesday"}\n  - caller: hears day_booked\n'
    key = f'  - caller: {{hears: ask_day, presses: "5"}}\n  - caller: hears connecting\n{TO_ANA}'
    assert played("en", second).failure is None
    assert played("en", key).failure is None
