# ruff: noqa: E501 - a message is one line
"""Flows with parameters, and called numbers with more than a flow: three practices (tests/branches.py)."""

import shutil

from tests import branches
from tests.configuration.breaking import CALLFLOW, SCRIPTS, Break, Case, edit, together, write
from tests.configuration.workbench import Workbench

PRACTICE, CHOOSING = "flows/practice.yaml", "flows/choosing.yaml"


def practices(bench: Workbench) -> None:
    shutil.copyfile(branches.DOCS / "practice.yaml", bench.config / PRACTICE)
    (bench.config / CHOOSING).write_text(branches.CHOOSING, "utf-8")
    (bench.config / "calendars.yaml").write_text(branches.CALENDARS, "utf-8")
    branches.added(bench.config / SCRIPTS, "scripts:\n", branches.LINES)
    branches.added(bench.config / CALLFLOW, '  "+15550100100": front_desk\n', branches.NUMBERS)


def broken(file: str, old: str, new: str) -> Break:
    return together(practices, edit(file, old, new))


RECURSIVE = (
    "  again: {flow: practice, with: {desk: $desk, hours: $hours, town: Westgate, welcome: $welcome}, next: message}\n"
)

# fmt: off
CASES: list[Case] = [
    (broken(CHOOSING, "{desk: energy_desk, hours: day, town: Eastgate, welcome: surgery_welcome}", "{hours: day, town: Eastgate}"),
     ['config/flows/choosing.yaml:7:11 CF205 the flow "practice" also needs with: {desk: ..., welcome: ...}']),
    (broken(CHOOSING, "{desk: energy_desk,", "{desk: energy_desk, dest: energy_desk,"),
     ['config/flows/choosing.yaml:8:31 CF205 the flow "practice" has no parameter "dest" (did you mean "desk"?)']),
    (broken(CALLFLOW, f'"{branches.ALL}": choosing', f'"{branches.ALL}": {{flow: choosing, with: {{town: Eastgate}}}}'),
     ['config/callflow.yaml:20:43 CF205 the flow "choosing" has no parameter "town"']),
    (broken(CALLFLOW, f'"{branches.ALL}": choosing', f'"{branches.ALL}": choosing\n  "+15550100204": practice'),
     ['config/callflow.yaml:21:19 CF205 the flow "practice" also needs with: {desk: ..., hours: ..., town: ..., welcome: ...}']),
    (broken(CHOOSING, "  east:\n    flow: practice\n    with: {desk", "  east:\n    flow: practice\n    with: true #{desk"),
     ['config/flows/choosing.yaml:8:11 CF012 "with" must be keys with values']),
    (broken(PRACTICE, "connect: $desk", "connect: $dest"),
     ['config/flows/practice.yaml:8:3 CF206 nothing in this flow uses "desk": write $desk as a value, or {desk} in a line',
      'config/flows/practice.yaml:17:19 CF205 "$dest" is no parameter of this flow (did you mean "desk"?): write it under parameters:']),
    (broken(CHOOSING, 'connect: energy_desk', 'connect: $desk'),
     ['config/flows/choosing.yaml:10:19 CF205 "$desk" is no parameter of this flow: write it under parameters:']),
    (broken(CHOOSING, "with: {desk: energy_desk", "with: {desk: energy_dsk"),
     ['config/flows/choosing.yaml:8:18 CF023 there is no team "energy_dsk" (did you mean "energy_desk"?)']),
    (broken(CHOOSING, "hours: day", "hours: night"),
     ['config/flows/choosing.yaml:8:38 CF083 there is no calendar "night"']),
    (broken(CHOOSING, "with: {desk: energy_desk", "with: {desk: [energy_desk]"),
     ['config/flows/choosing.yaml:8:18 CF012 "connect" must be text, not a list',
      'config/flows/practice.yaml:17:3 CF030 the step "desk" has no verb; give it one of say, menu, ask, hours, language, lookup, connect, voicemail, call_back, forward, flow, end']),
    (broken(PRACTICE, "connect: $desk, otherwise: message}\n", f"connect: $desk, otherwise: again}}\n{RECURSIVE}"),
     ['config/flows/practice.yaml:18:17 CF076 this goes round in a circle: practice -> practice']),
    (broken(CHOOSING, "  desk: {connect: energy_desk,", "  desk: {connect: energy_desk, with: {town: Eastgate},"),
     ['config/flows/choosing.yaml:10:32 CF032 "with" belongs to a "flow" step']),
    (broken(CALLFLOW, "organisation: {name: Northgate Dental}", "organisation: {nam: Northgate Dental}"),
     ['config/callflow.yaml:18:20 CF010 unknown key "nam" (did you mean "name"?)']),
    (broken(CALLFLOW, f'"{branches.ALL}": choosing', f'"{branches.ALL}": {{flow: chosing}}'),
     ['config/callflow.yaml:20:26 CF024 there is no flow "chosing" in flows/ (did you mean "choosing"?)']),
    (together(practices, write("flows/other.yaml", b"version: 1\nparameters: {desk: the team}\nstart: desk\nsteps:\n  desk: {connect: $desk, otherwise: message}\n  message: {voicemail: leave_message}\n")),
     ['config/flows/other.yaml:1:1 CF132 no number in callflow.yaml leads to the flow "other"']),
]
# fmt: on
