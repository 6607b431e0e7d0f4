"""`callflow simulate --record FILE`: act out a call at a prompt. What was typed is kept line by line in FILE.draft."""

import sys
from pathlib import Path

import click

from callflow.cli.simulate import print_outcome
from callflow.core.configuration import Configuration
from callflow.simulator.recorder import Recorder
from callflow.simulator.scenario_file import read_scenario
from callflow.simulator.scenario_phones import Composer
from callflow.simulator.scenario_run import play


def record(target: Path, configuration: Configuration, compose: Composer) -> int:
    """Record a scenario at the prompt and play it once. Returns the exit code.

    If an earlier session for the same file has ended without ``save`` or ``quit``, it goes on where that one was.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f"{target.name}.draft")
    recorder = Recorder(configuration, compose, click.echo)
    click.echo("Who does what? For example: caller calls, wait 5, ana presses *1, show, save; help lists it all.")
    repeat(recorder, draft)
    while not recorder.over and (command := prompted()) is not None:
        if not act(recorder, command):
            with draft.open("a", encoding="utf-8") as kept:
                kept.write(f"{command}\n")
    if not recorder.over:
        click.echo(f"Not saved. What you typed is in {draft}: the same command goes on from there.", err=True)
        return 1
    draft.unlink(missing_ok=True)
    return save(recorder, target, configuration, compose) if recorder.saved else 0


def repeat(recorder: Recorder, draft: Path) -> None:
    """Do again what an earlier session has done."""
    if not draft.exists():
        return
    lines = draft.read_text(encoding="utf-8").splitlines()
    click.echo(f"Going on from {draft}, with its {len(lines)} lines; quit and begin anew if you do not want them.")
    for line in lines:
        click.echo(f"> {line}")
        act(recorder, line)


def act(recorder: Recorder, command: str) -> bool:
    """Carry a command out, and say what happened. True if it ended the session."""
    for line in recorder.answer(command):
        click.echo(line)
    return recorder.over


def save(recorder: Recorder, target: Path, configuration: Configuration, compose: Composer) -> int:
    target.write_text(recorder.text(target.stem.replace("_", " ")), encoding="utf-8")
    outcome = play(read_scenario(target, configuration), compose)
    if outcome.failure:
        print_outcome(outcome)
    click.echo(f"{target} is written, and {'does not go as written yet' if outcome.failure else 'passes'}.")
    return 1 if outcome.failure else 0


def prompted() -> str | None:
    """The next command; None at the end of the input."""
    if sys.stdin.isatty():
        click.echo("> ", nl=False)
    line = sys.stdin.readline()
    return line.strip() if line else None
