# ruff: noqa: E501 - a message is one line
"""What callers get in writing: its lines, its length, and who sends it."""

from tests.configuration.breaking import CALLFLOW, SCRIPTS, Break, Case, both, edit

MUSIC = "music: hold_music.wav"
AGAIN = 'receipt_again: "You are welcome to call again."'


def receipts(how: str) -> Break:
    return edit(CALLFLOW, MUSIC, f"receipts: {{{how}}}\n{MUSIC}")


# fmt: off
CASES: list[Case] = [
    (both(receipts("by: sms"), edit(SCRIPTS, f"  {AGAIN}\n", "")),
     ['config/scripts/en.yaml:114:1 CF312 "receipt_again" is missing, but callers get a receipt (receipts in callflow.yaml)']),
    (edit(SCRIPTS, AGAIN, AGAIN.replace("call", "ring {agent}")),
     ['config/scripts/en.yaml:119:18 CF043 "receipt_again" cannot use {agent}; it may use {org}']),
    (edit(SCRIPTS, AGAIN, f'{AGAIN}\n  receipt_agian: "Bye."'),
     ['config/scripts/en.yaml:120:3 CF042 the written line "receipt_agian" is not one of ours (did you mean "receipt_again"?)']),
    (both(receipts("by: sms, contact: customers@complaints.of.example-energy-and-water.example.com"), edit(SCRIPTS, AGAIN, AGAIN.replace("again.", "again " + "and again " * 16))),
     ["config/scripts/en.yaml:114:1 CF313 the longest receipt is 4 text messages long; at most 3 are sent"]),
    (receipts("by: webhook"),
     ["config/callflow.yaml:18:1 CF314 `by: webhook` needs the name of one of `webhooks`"]),
    (both(receipts("by: webhook, webhook: mialer"), edit(CALLFLOW, MUSIC, f'webhooks: {{mailer: {{url: "https://mail.example.com/receipts", secret: MAILER_SECRET}}}}\n{MUSIC}')),
     ['config/callflow.yaml:18:34 CF314 there is no webhook "mialer" (did you mean "mailer"?)']),
    (receipts("by: sms, webhook: mailer"),
     ["config/callflow.yaml:18:30 CF314 with `by: sms` nothing is sent to a webhook"]),
    (receipts('by: sms, sender: "5550100"'),
     ['config/callflow.yaml:18:29 CF315 "5550100" must be + and digits only, for example +15550100111']),
]
