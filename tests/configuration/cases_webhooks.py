# ruff: noqa: E501 - a message is one line
"""Systems that are told what happens on calls."""

from tests.configuration.breaking import CALLFLOW, Case, edit

MUSIC = "music: hold_music.wav"


def webhook(url: str, secret: str = "CRM_SECRET") -> str:
    return f'webhooks: {{crm: {{url: "{url}", secret: {secret}}}}}\n{MUSIC}'


# fmt: off
CASES: list[Case] = [
    (edit(CALLFLOW, MUSIC, webhook("crm.example.com/calls")),
     ["config/callflow.yaml:18:23 CF310 an address begins with https:// and a host"]),
    (edit(CALLFLOW, MUSIC, webhook("https://crm.example.com/{account}")),
     ["config/callflow.yaml:18:23 CF310 the address of a webhook has no variables"]),
    (edit(CALLFLOW, MUSIC, webhook("http://crm.example.com/calls")),
     ["config/callflow.yaml:18:23 CF310 without encryption only hosts in callflow.yaml may be asked: lookups: {allow_http: [\"crm.example.com\"]}"]),
    (edit(CALLFLOW, MUSIC, webhook("https://crm.example.com/calls", "TWILIO_AUTH_TOKEN")),
     ["config/callflow.yaml:18:64 CF311 \"TWILIO_AUTH_TOKEN\" is a secret of this program; take another environment variable"]),
]
