"""Three practices with the example of docs/flows: two have numbers of their own, the third is reached by a menu."""

import shutil
from pathlib import Path

from tests.flows import DOCS, ROOT

NORTH, SOUTH, ALL = "+15550100201", "+15550100202", "+15550100203"
LINES = """
  practice_welcome: {text: "Welcome to {org}, {town}."}
  surgery_welcome: {text: "This is the surgery in {town}."}
  which_practice: {text: "For Eastgate, press 1. For the front desk, press 2."}
"""
CALENDARS = """
version: 1
calendars:
  day: {timezone: Europe/London, weekly: {monday: ["08:00-18:00"], tuesday: ["08:00-18:00"]}}
  evening: {timezone: Europe/London, weekly: {monday: ["12:00-21:00"]}}
"""
CHOOSING = """
version: 1
start: which
steps:
  which: {menu: which_practice, choices: {"1": {next: east}, "2": {next: desk}}, otherwise: desk}
  east:
    flow: practice
    with: {desk: energy_desk, hours: day, town: Eastgate, welcome: surgery_welcome}
    next: desk
  desk: {connect: energy_desk, otherwise: message}
  message: {voicemail: leave_message}
"""
NUMBERS = f"""\
  "{NORTH}":
    flow: practice
    with: {{desk: energy_desk, hours: day, town: Northgate, welcome: practice_welcome}}
    organisation: {{name: Northgate Dental}}
  "{SOUTH}": {{flow: practice, with: {{desk: energy_desk, hours: evening, town: Southgate, welcome: surgery_welcome}}}}
  "{ALL}": choosing
"""


def with_practices(folder: Path) -> Path:
    """A copy of the shipped configuration with the practices; returns its directory."""
    config = Path(shutil.copytree(ROOT / "config", folder / "config"))
    shutil.copyfile(DOCS / "practice.yaml", config / "flows" / "practice.yaml")
    (config / "flows" / "choosing.yaml").write_text(CHOOSING, "utf-8")
    (config / "calendars.yaml").write_text(CALENDARS, "utf-8")
    added(config / "scripts" / "en.yaml", "scripts:\n", LINES)
    added(config / "callflow.yaml", '  "+15550100100": front_desk\n', NUMBERS)
    return config


def added(file: Path, after: str, text: str) -> None:
    before = file.read_text("utf-8")
    assert before.count(after) == 1, after
    file.write_text(before.replace(after, after + text.lstrip("\n")), "utf-8")


def changed(file: Path, old: str, new: str) -> None:
    before = file.read_text("utf-8")
    assert before.count(old) == 1, old
    file.write_text(before.replace(old, new), "utf-8")
