# ruff: noqa: E501 - a message is one line
"""Systems that are told what happens on calls."""

from tests.configuration.breaking import CALLFLOW, Case, edit

MUSIC = "music: hold_music.wav"


def webhook(url: str, secret: str = "CRM_SECRET") -> str:
    return f'webhooks: {{crm: {{url: "{url}", secret: {secret}}}}}\n{MUSIC}'


# fmt: off
CASES: list[Case] = [
    (edit(CALLFLOW, MUSIC, webhook("https://crm.example.com/calls", "hunter2-and-more")),
     ['config/callflow.yaml:18:64 CF016 "secret" is not the name of an environment variable in capitals, like CRM_SECRET: secrets are not written here']),
    (edit(CALLFLOW, MUSIC, webhook("https://crm.example.com/calls", "CRM_SECRET, events: [warning, hold]")),
     ['config/callflow.yaml:18:94 CF015 entry 2 of "events" is "hold"; it must be one of call, time_out, supervisor, warning, closing, threat, safeguarding, unlocked, relief, promise, alarm, receipt']),
    (edit(CALLFLOW, MUSIC, webhook("crm.example.com/calls")),
     ["config/callflow.yaml:18:23 CF310 an address begins with https:// and a host"]),
    (edit(CALLFLOW, MUSIC, webhook("https://crm.example.com/{account}")),
     ["config/callflow.yaml:18:23 CF310 the address of a webhook has no variables"]),
    (edit(CALLFLOW, MUSIC, webhook("http://crm.example.com/calls")),
     ["config/callflow.yaml:18:23 CF310 without encryption only hosts in callflow.yaml may be asked: lookups: {allow_http: [\"crm.example.com\"]}"]),
    (edit(CALLFLOW, MUSIC, webhook("https://crm.example.com/calls", "TWILIO_AUTH_TOKEN")),
     ["config/callflow.yaml:18:64 CF311 \"TWILIO_AUTH_TOKEN\" is a secret of this program; take another environment variable"]),
]
