# ruff: noqa: E501 - a line is a row of phrases, some of them wide
"""A call in Japanese, through the emulator: without blanks, and with voices that need longer for a character."""

import shutil
from dataclasses import replace
from pathlib import Path

from callflow.cli.simulate import composer
from callflow.configuration.loading import load
from callflow.core.languages import answer_words
from callflow.simulator.scenario_file import read_scenarios
from callflow.simulator.scenario_run import Outcome, play
from tests.simulator.suite import AUDIO, CONFIG

LINES = {
    "hold_request": "{reason}ために、{agent}が約{n}秒ほど保留にしてもよろしいですか。",
    "hold_choices": "保留にする場合は1を、このままお話しになる場合は2を押してください。",
    "yes_or_no": "または、はい、いいえでお答えください。もう一度お聞きになる場合は0を押してください。",
    "hold_start": "ありがとうございます。{agent}が約{n}秒で戻ります、早くお戻りになりたいときはいつでも2を押してください。",
    "hold_return": "大変お待たせいたしました。それでは担当の{agent}におつなぎいたします。",
    "hold_overrun": "お約束の時間を過ぎてしまい、申し訳ございません。ただいま{agent}におつなぎします。",
    "reason_menu": "請求書については1を、配送については2を押してください。",
}
HOLD = """
version: 1
name: thirty seconds in Japanese
continues: connected
steps:
  - ana: presses *1
  - caller: {hears: [hold_request, hold_choices, yes_or_no], says: "はい、お願いします。"}
  - caller: hears hold_start
  - ana: hears hold_answer_yes
  - caller: is on hold
  - caller: hears hold_return
  - together: [caller, ana]
    within: 30
    at_least: 25
    since: {caller: hold_start}
journal:
  - {kind: consent, actor: caller, key: speech, outcome: "yes"}
  - {kind: hold, outcome: returned on time}
never:
  - caller: hears hold_overrun
"""
UNCLEAR = """
version: 1
name: a yes inside another answer
continues: connected
steps:
  - ana: presses *1
  - caller: {hears: [hold_request, hold_choices, yes_or_no], says: "はいはい、さっきも聞きました"}
  - caller: {hears: [not_clear, hold_choices, yes_or_no], says: "いいえ、結構です"}
  - caller: hears hold_declined
  - together: [caller, ana]
never:
  - {kind: hold}
"""


def japanese(folder: Path, scenario: str) -> Outcome:
    """The outcome of this scenario. Lines that are not listed stay as they are shipped."""
    config = folder / "config"
    shutil.copytree(CONFIG, config)
    (config / "scenarios" / "japanese.yaml").write_text(scenario, encoding="utf-8")
    shipped = load(config, AUDIO)
    english = shipped.languages["en"]
    lines = {id: replace(english.scripts[id], text=text) for id, text in LINES.items()}
    spoken = replace(english, code="ja", voice="Polly.Takumi-Neural", tag="ja-JP",
                     scripts={**english.scripts, **lines}, answers=answer_words("ja"))  # fmt: skip
    configuration = replace(shipped, language="ja", languages={"ja": spoken})
    [one] = [found for found in read_scenarios(config, configuration) if found.id == "japanese"]
    return play(one, composer(AUDIO))


def test_my_hold_of_30_seconds_is_30_seconds_in_japanese(tmp_path: Path) -> None:
    outcome = japanese(tmp_path, HOLD)
    assert outcome.failure is None, "\n".join((*outcome.transcript, str(outcome.failure)))


def test_i_was_not_put_on_hold_because_i_said_hai_hai(tmp_path: Path) -> None:
    outcome = japanese(tmp_path, UNCLEAR)
    assert outcome.failure is None, "\n".join((*outcome.transcript, str(outcome.failure)))
