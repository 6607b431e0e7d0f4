# ruff: noqa: E501 - a message is one line
"""Flows and their ways."""

from tests.configuration.breaking import CALLFLOW, FLOW, PEOPLE, SCRIPTS, Case, copy, edit, together, write

# fmt: off
CASES: list[Case] = [
    (edit(FLOW, "    voicemail: leave_message", "    next: desk"),
     ['config/flows/front_desk.yaml:30:3 CF030 the step "message" has no verb; give it one of say, menu, ask, hours, language, lookup, connect, adjustments, voicemail, call_back, forward, flow, end',
      'config/scripts/en.yaml:134:3 CF042 the line "leave_message" is not one of ours, and no flow speaks it']),
    (edit(FLOW, "    say: greeting\n", "    say: greeting\n    end: goodbye\n"),
     ['config/flows/front_desk.yaml:14:5 CF030 the step "welcome" has 2 verbs: say, end']),
    (edit(FLOW, "    next: reason\n", "    next: raeson\n"),
     ['config/flows/front_desk.yaml:14:11 CF031 there is no step "raeson" (did you mean "reason"?)']),
    (edit(FLOW, 'connect: energy_desk\n', 'connect: energy_desk\n    attempts: 2\n'),
     ['config/flows/front_desk.yaml:27:5 CF032 "attempts" means nothing to a "connect" step']),
    (edit(FLOW, "    otherwise: message\n", ""),
     ['config/flows/front_desk.yaml:25:3 CF033 the "connect" step "desk" needs "otherwise"']),
    (edit(FLOW, "\n  message:\n", "\n  closed: {say: goodbye, next: message}\n\n  message:\n"),
     ['config/flows/front_desk.yaml:30:3 CF130 nothing leads to the step "closed"']),
    (edit(FLOW, "    otherwise: desk ", "    otherwise: welcome "),
     ["config/flows/front_desk.yaml:12:3 CF131 a caller who presses nothing never gets anywhere: welcome -> reason -> welcome"]),
    (copy(FLOW, "flows/night.yaml"),
     ['config/flows/night.yaml:1:1 CF132 no number in callflow.yaml leads to the flow "night"']),
    (edit(PEOPLE, "teams:\n", "teams:\n  night: {name: night desk, agents: [ana], supervisors: [sam]}\n"),
     ['config/people.yaml:24:3 CF133 no flow connects to the team "night"']),
    (edit(FLOW, "say: greeting", "say: hold_return"),
     ['config/flows/front_desk.yaml:13:10 CF134 "hold_return" belongs to another moment of a call: nothing stands for {agent} in a flow']),
    (edit(SCRIPTS, "Press 1 for a bill, or 2 for a delivery.", "Press 1 for a bill."),
     ['config/scripts/en.yaml:125:23 CF135 "reason_menu" does not say what 2 is for in the menu "reason"']),
    (edit(SCRIPTS, "Press 1 for a bill, or 2 for a delivery.", "Press 1 for a bill, 2 for a delivery or 3 for news."),
     ['config/scripts/en.yaml:125:23 CF136 "reason_menu" names 3, which does nothing at the step "reason"']),
    (edit(SCRIPTS, 'greeting: {text: "Thank you for calling {org}."}', 'greeting: {text: "Thank you for calling {org}; press 1 to go on."}'),
     ['config/scripts/en.yaml:124:20 CF136 "greeting" names 1, which does nothing at the step "welcome"']),
    (together(copy(FLOW, "flows/closed.yaml"), write("flows/closed.yaml", b"version: 1\nstart: bye\nsteps:\n  bye: {end: goodbye}\n"), edit(CALLFLOW, '": front_desk', '": front_desk\n  "+15550100109": closed')),
     ['config/flows/closed.yaml:2:1 CF137 nobody can be reached through "closed", and no message can be left (policy rule 2)']),
    (edit(FLOW, "    otherwise: message\n    wait_seconds: 300", "    otherwise: desk\n    wait_seconds: 300"),
     ["config/flows/front_desk.yaml:25:3 CF138 when nobody answers the caller waits for ever: desk -> desk; offer a voicemail",
      'config/flows/front_desk.yaml:30:3 CF130 nothing leads to the step "message"']),
    (edit(FLOW, "    say: greeting\n", "    say: reason_menu\n"),
     ['config/flows/front_desk.yaml:17:11 CF139 "reason_menu" is spoken by the "say" step "welcome", too: one of them asks for a key, one does not',
      'config/scripts/en.yaml:125:23 CF136 "reason_menu" names 1, which does nothing at the step "welcome"']),
]
# fmt: on
