# ruff: noqa: E501 - a message is one line
"""Flows with parameters, and called numbers with more than a flow: three practices (tests/branches.py)."""

import shutil

from tests import branches
from tests.configuration.breaking import CALLFLOW, FLOW, SCRIPTS, Break, Case, edit, together, write
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


SUB = "AC" + "5" * 32
VOICELESS = b'version: 1\nscripts:\n  practice_bye: {text: "Goodbye from {org}."}\n  which_practice: {text: "For Eastgate, press 1."}\n'


def including(names: str, *files: tuple[str, bytes]) -> Break:
    """English includes these files."""
    english = edit(SCRIPTS, "version: 1\n", f"version: 1\ninclude: {names}\n")
    return together(practices, english, *(write(name, content) for name, content in files))


RECURSIVE = (
    "  again: {flow: practice, with: {desk: $desk, hours: $hours, town: Westgate, welcome: $welcome}, next: message}\n"
)

# fmt: off
CASES: list[Case] = [
    # ---- one cause is one message: what only that flow speaks and connects to is not unknown
    (together(edit(FLOW, "start: welcome", "parameters: {desk: who answers}\nstart: welcome"),
              edit(FLOW, "connect: energy_desk", "connect: $desk")),
     ['config/callflow.yaml:14:19 CF205 the flow "front_desk" also needs with: {desk: ...}']),
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
    (together(broken(PRACTICE, "  desk: the team that answers", "  team: what nothing needs\n  desk: the team that answers"), *(edit(file, old, f"team: x, {old}") for file, old in ((CHOOSING, "town: Eastgate"), (CALLFLOW, "town: Northgate"), (CALLFLOW, "town: Southgate")))),
     ['config/flows/practice.yaml:8:3 CF206 nothing in this flow uses "team": write $team as a value']),
    (broken(CHOOSING, 'connect: energy_desk', 'connect: $desk'),
     ['config/flows/choosing.yaml:10:19 CF205 "$desk" is no parameter of this flow: write it under parameters:']),
    (broken(CHOOSING, "with: {desk: energy_desk", "with: {desk: energy_dsk"),
     ['config/flows/choosing.yaml:8:18 CF023 there is no team "energy_dsk" (did you mean "energy_desk"?)']),
    (broken(CHOOSING, "hours: day", "hours: night"),
     ['config/flows/choosing.yaml:8:38 CF083 there is no calendar "night"']),
    (broken(CHOOSING, "with: {desk: energy_desk", "with: {desk: [energy_desk]"),
     ['config/flows/choosing.yaml:8:18 CF012 "connect" must be text, not a list',
      'config/flows/practice.yaml:17:3 CF030 the step "desk" has no verb; give it one of say, menu, ask, hours, language, lookup, connect, adjustments, voicemail, call_back, forward, flow, end']),
    (broken(PRACTICE, "connect: $desk, otherwise: message}\n", f"connect: $desk, otherwise: again}}\n{RECURSIVE}"),
     ['config/flows/practice.yaml:18:17 CF076 this goes round in a circle: practice -> practice']),
    (broken(CHOOSING, "  desk: {connect: energy_desk,", "  desk: {connect: energy_desk, with: {town: Eastgate},"),
     ['config/flows/choosing.yaml:10:32 CF032 "with" belongs to a "flow" step']),
    (broken(CALLFLOW, "organisation: {name: Northgate Dental}", "organisation: {nam: Northgate Dental}"),
     ['config/callflow.yaml:18:20 CF010 unknown key "nam" (did you mean "name"?)']),
    (broken(CALLFLOW, f'"{branches.ALL}": choosing', f'"{branches.ALL}": {{flow: chosing}}'),
     ['config/callflow.yaml:20:26 CF024 there is no flow "chosing" in flows/ (did you mean "choosing"?)']),
    (including("[shared/lines.yml, ../lines.yaml, people.yaml, shared/lines.yaml]"),
     ['config/scripts/en.yaml:6:11 CF207 "shared/lines.yml" is not the path of a file that ends in .yaml',
      'config/scripts/en.yaml:6:29 CF207 "../lines.yaml" is not below shared/ or scripts/ of the configuration directory',
      'config/scripts/en.yaml:6:44 CF207 "people.yaml" is not below shared/ or scripts/ of the configuration directory',
      'config/scripts/en.yaml:6:57 CF207 "shared/lines.yaml" is not there']),
    (including("[shared/a.yaml, shared/a.yaml]", ("shared/a.yaml", b"version: 1\ninclude: [shared/b.yaml]\n"), ("shared/b.yaml", b"version: 1\ninclude: [shared/a.yaml]\n")),
     ['config/scripts/en.yaml:6:26 CF207 "shared/a.yaml" is included twice',
      'config/shared/b.yaml:2:11 CF207 "shared/a.yaml" includes this file again: shared/a.yaml -> shared/b.yaml -> shared/a.yaml']),
    (including("shared/a.yaml", ("shared/a.yaml", VOICELESS)),
     ['config/scripts/en.yaml:6:10 CF012 "include" must be a list, not text: write [shared/a.yaml]',
      'config/shared/a.yaml:1:1 CF007 no file of scripts/ or flows/ includes this file']),
    (including("[shared/a.yaml]", ("shared/a.yaml", VOICELESS + b"script: {}\n")),
     ['config/shared/a.yaml:3:3 CF042 the line "practice_bye" is not one of ours, and no flow speaks it (did you mean "practice_begin"?)',
      'config/shared/a.yaml:5:1 CF010 unknown key "script" (did you mean "scripts"?)']),
    (including("[scripts/shared.yaml]", ("scripts/shared.yaml", b"scripts:\n  closed_text: {text: 7}\n")),
     ['config/scripts/shared.yaml:1:1 CF011 "version" is missing',
      'config/scripts/shared.yaml:2:3 CF042 the line "closed_text" is not one of ours, and no flow speaks it',
      'config/scripts/shared.yaml:2:23 CF013 "text" must be text, but YAML reads 7 as a number: write it in quotes']),
    (including("[shared/a.yaml, shared/b.yaml]", ("shared/a.yaml", b"version: 1\nfragments: {either_key: x}\n"), ("shared/b.yaml", b"version: 2\nfragments: {either_key: y}\n")),
     ['config/scripts/en.yaml:6:26 CF208 "either_key" is in shared/a.yaml and in shared/b.yaml: write it here, or include one of them',
      'config/shared/a.yaml:2:13 CF042 the fragment "either_key" is not one of ours',
      'config/shared/b.yaml:1:10 CF015 "version" is "2"; this program reads version 1']),
    (together(edit(CALLFLOW, '  "+15550100100": front_desk\n', f'  "+15550100100": {{flow: front_desk, account: {SUB}}}\n  "+15550100300": front_desk\n')),
     ['config/callflow.yaml:10:12 CF209 +15550100100 is a number of AC55555555555555555555555555555555: calls of the main account cannot show it']),
    (edit(CALLFLOW, '  "+15550100100": front_desk\n', '  "+15550100100": {flow: front_desk, account: SK5}\n'),
     ['config/callflow.yaml:14:47 CF016 "account": "SK5" is not AC and 32 hex digits, from the provider\'s console']),
    (together(practices, write("flows/other.yaml", b"version: 1\nparameters: {desk: the team}\nstart: desk\nsteps:\n  desk: {connect: $desk, otherwise: message}\n  message: {voicemail: leave_message}\n")),
     ['config/flows/other.yaml:1:1 CF132 no number in callflow.yaml leads to the flow "other"']),
]
# fmt: on
