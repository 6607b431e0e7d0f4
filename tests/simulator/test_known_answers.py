# ruff: noqa: E501 - a line is a row of phrases, some of them wide
"""A question to which the answers are known: what the caller says is one of them, or is asked again."""

import shutil
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import pytest

from callflow.cli.simulate import composer
from callflow.configuration.loading import load
from callflow.core.configuration import Configuration
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_run import Outcome, play
from tests.simulator.suite import AUDIO, CONFIG

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
VOICES = {
    "en": ("Polly.Joanna-Neural", "en-US"), "ja": ("Polly.Takumi-Neural", "ja-JP"), "th": ("Google.th-TH-Standard-A", "th-TH"),
    "zh": ("Polly.Zhiyu-Neural", "cmn-CN"), "ar": ("Polly.Zeina", "arb-XX"), "tr": ("Polly.Burcu-Neural", "tr-TR"),
    "he": ("Google.he-IL-Standard-A", "he-IL"), "ko": ("Polly.Seoyeon-Neural", "ko-KR"),
}  # fmt: skip
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


@cache
def asking(language: str) -> tuple[Path, Configuration]:
    """The shipped configuration with one flow that asks for a day, in this language."""
    config = Path(shutil.copytree(CONFIG, Path(mkdtemp()) / "config"))
    shutil.rmtree(config / "scenarios")
    (config / "scenarios").mkdir()
    (config / "flows" / "front_desk.yaml").write_text(FLOW.replace("DAYS", DAYS[language]), "utf-8")
    lines = (config / "scripts" / "en.yaml").read_text("utf-8").splitlines(keepends=True)
    text = "".join(one for one in lines if not one.startswith("  reason_menu:"))
    name, tag = VOICES[language]
    voice = text.replace("Polly.Joanna-Neural, language: en-US", f"{name}, language: {tag}")
    own = '  ask_day: {text: "Which day suits you?"}\n  day_booked: {text: "We come on {day}."}\n'
    written = voice.replace("scripts:\n", f"scripts:\n{own}", 1)
    (config / "scripts" / f"{language}.yaml").write_text(written, "utf-8")
    if language != "en":
        (config / "scripts" / "en.yaml").unlink()
    settings = (config / "callflow.yaml").read_text("utf-8").replace("language: en ", f"language: {language} ")
    (config / "callflow.yaml").write_text(settings, "utf-8")
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
    never = "journal: [{kind: asked, outcome: not given}]\nnever: [{caller: hears day_booked}]\n"
    outcome = played(language, f"{asked * 2}  - caller: hears connecting\n{TO_ANA}{never}")
    assert outcome.failure is None, "\n".join((*outcome.transcript, str(outcome.failure)))


def test_a_second_try_counts_and_a_key_is_the_way_on_without_speech() -> None:
    second = '  - caller: {hears: ask_day, says: "hm"}\n  - caller: {hears: ask_day, says: "Tuesday"}\n  - caller: hears day_booked\n'
    key = f'  - caller: {{hears: ask_day, presses: "5"}}\n  - caller: hears connecting\n{TO_ANA}'
    assert played("en", second).failure is None
    assert played("en", key).failure is None
