# ruff: noqa: E501 - a message is one line
"""What agents may offer, and their sentences."""

from tests.configuration.breaking import CARDS, SCRIPTS, Case, edit

FEE = 'number: "1", limits: once in 12 months, reasons: [a bill], teams: [energy_desk]'

# fmt: off
CASES: list[Case] = [
    (edit(SCRIPTS, "  offer_noted: {text", "  # offer_noted: {text"),
     ['config/scripts/en.yaml:122:1 CF282 "offer_noted" is missing, but agents may offer something (offers of guidance.yaml)']),
    (edit(CARDS, FEE, FEE.replace("energy_desk", "energy_dest")),
     ['config/guidance.yaml:62:111 CF283 there is no team "energy_dest" (did you mean "energy_desk"?)']),
    (edit(CARDS, FEE, FEE.replace("a bill", "a bil")),
     ['config/guidance.yaml:62:94 CF284 no choice of a flow has the reason "a bil" (did you mean "a bill"?)']),
    (edit(CARDS, "paying in three parts, number: \"2\"", "paying in three parts, number: \"1\""),
     ['config/guidance.yaml:63:54 CF292 "waive_fee" has the number 1, too, and both may be offered on the same call']),
    (edit(CARDS, "number: \"3\"", "number: \"5\""),
     ['config/guidance.yaml:64:57 CF293 5 is the key for "safeguarding", which works in every menu (policy rule 34)']),
    (edit(CARDS, "the trouble with {reason}", "the trouble with {raeson}"),
     ['config/guidance.yaml:69:7 CF294 "{raeson}" is no variable of a flow (did you mean "reason"?); "reason" is one, too']),
    (edit(CARDS, "    - \"I am sorry that this happened.\"\n", ""),
     ['config/guidance.yaml:68:3 CF295 every sentence of "empathy" has a variable, so there is none while nothing is known']),
    (edit(CARDS, "number: \"3\"", "number: \"0\""),
     ['config/guidance.yaml:64:57 CF016 "number": "0" is not one digit from 1 to 9']),
]
# fmt: on
