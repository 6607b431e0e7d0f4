"""How long things are kept."""

from tests.configuration.breaking import CALLFLOW, Case, edit

MUSIC = "music: hold_music.wav"

# fmt: off
CASES: list[Case] = [
    (edit(CALLFLOW, MUSIC, f"retention: {{hold_owner: samm}}\n{MUSIC}"),
     ["config/callflow.yaml:18:25 CF290 nobody is called \"samm\" in people.yaml (did you mean \"sam\"?)"]),
    (edit(CALLFLOW, MUSIC, f"retention: {{incidents_months: 6}}\n{MUSIC}"),
     ["config/callflow.yaml:18:12 CF291 incidents end after 6 months, but other calls only later"]),
]
