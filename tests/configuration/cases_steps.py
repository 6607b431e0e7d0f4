# ruff: noqa: E501 - a message is one line
"""The verbs of a flow, in the example of docs/flows."""

from tests.configuration.breaking import Break, Case, edit, together
from tests.flows import with_example

RECEPTION, NIGHT, LINES = "flows/reception.yaml", "flows/after_hours.yaml", "scripts/en.yaml"


def broken(file: str, old: str, new: str) -> Break:
    """The example with one text of it changed."""
    return together(lambda bench: with_example(bench.config) and None, edit(file, old, new))


# fmt: off
CASES: list[Case] = [
    (broken(RECEPTION, "into: account", "into: acount"),
     ['config/flows/reception.yaml:42:11 CF070 the variable "acount" is not declared in this flow (did you mean "account"?)']),
    (broken(RECEPTION, "values: {customer_name: c", "values: {customer_nam: c"),
     ['config/flows/reception.yaml:50:14 CF070 the variable "customer_nam" is not declared in this flow (did you mean "customer_name"?)']),
    (broken(RECEPTION, "customers/{account}", "customers/{acount}"),
     ['config/flows/reception.yaml:48:13 CF070 the variable "acount" is not declared in this flow (did you mean "account"?)']),
    (broken(LINES, "Hello, {customer_name}.", "Hello, {customer_nam}."),
     ['config/scripts/en.yaml:220:22 CF043 "hello_name" cannot use {customer_nam} (did you mean "customer_name"?); it may use {account}, {ambulance}, {customer_name}, {emergency}, {matter}, {org}, {police}, {ref}']),
    (broken(NIGHT, "say: night_thanks", "say: hello_name"),
     ['config/flows/after_hours.yaml:12:17 CF070 "hello_name" speaks {customer_name}, which is not declared in this flow',
      'config/scripts/en.yaml:223:3 CF042 the line "night_thanks" is not one of ours, and no flow speaks it (did you mean "message_thanks"?)']),
    (broken(RECEPTION, "  matter: {desc", "  agent: {description: who sold it}\n  matter: {desc"),
     ['config/flows/reception.yaml:9:3 CF071 "agent" means something else in our lines; take another name']),
    (broken(RECEPTION, '"13:30-18:00"', '"12:00-18:00"'),
     ['config/flows/reception.yaml:17:17 CF072 "monday": "08:00-12:30" and "12:00-18:00" overlap']),
    (broken(RECEPTION, '"13:30-18:00"', '"13:30-13:30"'),
     ['config/flows/reception.yaml:17:17 CF072 "monday": "13:30-13:30" begins when it ends; the whole day is "00:00-24:00"']),
    (broken(RECEPTION, '"2026-12-26"', '"2026-02-30"'),
     ['config/flows/reception.yaml:22:32 CF072 "2026-02-30" is not in the calendar']),
    (broken(RECEPTION, "Europe/London", "Europe/Lundon"),
     ['config/flows/reception.yaml:15:17 CF072 the time zone "Europe/Lundon" is not known here; write it like Europe/London']),
    (broken(RECEPTION, "lookup: https://crm.example.com/", "lookup: http://crm.example.com/"),
     ['config/flows/reception.yaml:48:13 CF073 without encryption only hosts in callflow.yaml may be asked: lookups: {allow_http: ["crm.example.com"]}']),
    (broken(RECEPTION, "lookup: https://crm.example.com/", "lookup: https://{account}.example.com/"),
     ['config/flows/reception.yaml:48:13 CF073 a variable may stand in the path or after the question mark, not in the host']),
    (broken(RECEPTION, "lookup: https://crm.example.com/", "lookup: https://us:them@crm.example.com/"),
     ['config/flows/reception.yaml:48:13 CF073 a user and password do not belong into an address; use headers']),
    (broken(RECEPTION, "    retries: 1", '    retries: 1\n    body: {number: "{number}"}'),
     ['config/flows/reception.yaml:53:5 CF073 a "body" is only sent with "method: POST"']),
    (broken(RECEPTION, "$CRM_TOKEN", "$TWILIO_AUTH_TOKEN"),
     ['config/flows/reception.yaml:49:30 CF074 "$TWILIO_AUTH_TOKEN" is a secret of this program; another system must not be given it']),
    (broken(RECEPTION, "$CRM_TOKEN", "Bearer-123"),
     ['config/flows/reception.yaml:49:30 CF016 "Authorization" is not $ and the name of an environment variable, like $CRM_TOKEN: secrets are not written here']),
    (broken(RECEPTION, "flow: after_hours", "flow: after_huors"),
     ['config/flows/after_hours.yaml:12:3 CF033 the "say" step "thanks" needs "next"',
      'config/flows/reception.yaml:26:17 CF075 there is no flow "after_huors" (did you mean "after_hours"?)']),
    (broken(NIGHT, "say: night_thanks", "flow: reception"),
     ['config/flows/after_hours.yaml:12:18 CF076 this goes round in a circle: after_hours -> reception -> after_hours',
      'config/flows/reception.yaml:26:17 CF076 this goes round in a circle: reception -> after_hours -> reception',
      'config/scripts/en.yaml:223:3 CF042 the line "night_thanks" is not one of ours, and no flow speaks it (did you mean "message_thanks"?)']),
    (broken(RECEPTION, "  welcome: {say: greeting, next: matters}", "  welcome: {language: es, next: matters}"),
     ['config/flows/reception.yaml:28:23 CF077 there is no file scripts/es.yaml']),
    (broken(RECEPTION, "words: [delivery, parcel]", "words: [delivery, Bill]"),
     ['config/flows/reception.yaml:34:66 CF078 "Bill" means 2 and 1: words choose only if they are clear']),
    (broken(RECEPTION, "words: [delivery, parcel]", 'words: [delivery, "?"]'),
     ['config/flows/reception.yaml:34:66 CF078 "?" has no letter that could be heard']),
    (broken(RECEPTION, "+15550100777", "+15550100100"),
     ['config/flows/reception.yaml:66:14 CF079 this is one of our own numbers: the call would come back']),
    (broken(RECEPTION, "+15550100777", "911"),
     ['config/flows/reception.yaml:66:14 CF079 this is an emergency number, which no machine may ring']),
    (broken(RECEPTION, "+15550100777", "0555 0100777"),
     ['config/flows/reception.yaml:66:14 CF020 the phone number "0555 0100777" must be + and digits only, for example +15550100111']),
    (broken(RECEPTION, "{least: 6,", "{least: 12,"),
     ['config/flows/reception.yaml:43:13 CF035 "account" wants at least 12 digits and at most 10']),
    (broken(RECEPTION, "+15550100777", "+19005550777"),
     ["config/flows/reception.yaml:66:14 CF079 this is a premium rate number: we would pay for every caller's conversation"]),
    (broken(RECEPTION, "    into: matter\n", "    into: account\n    keep: true\n"),
     ['config/flows/reception.yaml:62:11 CF035 "account" is kept here, but "account" asks for it, too, and does not keep it']),
    (broken(RECEPTION, "    wait: one_moment\n    ring_seconds: 20\n", "    wait: one_moment\n    keep: true\n"),
     ['config/flows/reception.yaml:68:5 CF032 "keep" means nothing to a "forward" step']),
    (broken(RECEPTION, "    offer: ring_offer\n", ""),
     ['config/flows/reception.yaml:78:14 CF035 "choices" needs "offer": what is said and what is pressed go together',
      'config/scripts/en.yaml:221:3 CF042 the line "ring_offer" is not one of ours, and no flow speaks it (did you mean "offer"?)']),
    (broken(RECEPTION, "closed: night", "closed: opening"),
     ['config/flows/reception.yaml:13:3 CF131 from "opening" steps without a sound lead back to it',
      'config/flows/reception.yaml:26:3 CF130 nothing leads to the step "night"',
      'config/flows/reception.yaml:83:3 CF130 nothing leads to the step "bye"']),
    (broken(RECEPTION, "call_back: energy_desk", "call_back: energy_dask"),
     ['config/flows/reception.yaml:71:24 CF023 there is no team "energy_dask" (did you mean "energy_desk"?)']),
    (broken(RECEPTION, "    failed: desk\n", ""),
     ['config/flows/reception.yaml:47:3 CF033 the "lookup" step "find" needs "failed"']),
    (broken(LINES, "call back, press 1.", "call back, press 2."),
     ['config/scripts/en.yaml:221:22 CF135 "ring_offer" does not say what 1 is for in the menu "desk"',
      'config/scripts/en.yaml:221:22 CF136 "ring_offer" names 2, which does nothing at the step "desk"']),
]
# fmt: on
