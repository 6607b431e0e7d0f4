# ruff: noqa: E501 - a message is one line
"""Who signs in to the pages, and with whose accounts."""

from tests.configuration.breaking import CALLFLOW, PEOPLE, Case, edit

OPS, AUDITORS = "# ops: {omar: {name: Omar}}", "# auditors: {ada: {name: Ada}}"
FIRM = '# sign_in: {firm: {name: Example, issuer: "https://login.example.com", client_id: callflow}}'


def firm(issuer: str = "https://login.example.com", more: str = "") -> str:
    return f'sign_in: {{firm: {{name: Example, issuer: "{issuer}", client_id: callflow{more}}}}}'


# fmt: off
CASES: list[Case] = [
    (edit(PEOPLE, OPS, "ops: {ben: {name: Benedict}}"),
     ['config/people.yaml:30:7 CF276 "ben" is the id of Ben, too: it must be one and the same person']),
    (edit(PEOPLE, AUDITORS, "auditors: {caller: {name: Ada}}"),
     ['config/people.yaml:31:12 CF276 "caller" is a name of our own; choose another id']),
    (edit(CALLFLOW, FIRM, firm("http://login.example.com")),
     ['config/callflow.yaml:23:41 CF277 "issuer" must begin with https://']),
    (edit(CALLFLOW, FIRM, firm(more=", roles: {callflow-ops: ops}")),
     ["config/callflow.yaml:23:113 CF278 nobody in people.yaml is ops, so this allows nothing: add them under ops"]),
    (edit(CALLFLOW, FIRM, firm(more=", secret: CALLFLOW_SECRET_KEY")),
     ['config/callflow.yaml:23:99 CF279 "CALLFLOW_SECRET_KEY" is a secret of this program; take another environment variable']),
]
# fmt: on
