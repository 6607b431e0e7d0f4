"""`callflow simulate`: play the calls in `scenarios/` on a virtual clock, without telephones and provider."""

import gc
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import click

from callflow.cli import folders, sound
from callflow.cli.kept_log import kept_log
from callflow.core.configuration import Configuration
from callflow.service.ports import Store
from callflow.simulator.junit import junit
from callflow.simulator.scenario import Scenario
from callflow.simulator.scenario_phones import Composer, RunningApp
from callflow.simulator.scenario_run import Outcome, play
from callflow.simulator.world import World


@click.command("simulate")
@click.argument("names", nargs=-1)
@click.option("--config", type=click.Path(path_type=Path), envvar="CALLFLOW_CONFIG", default=Path("config"))
@folders.AUDIO
@click.option("-k", "part", default="", help="Only scenarios with this text in their file name or name.")
@click.option("--transcript", "transcripts", is_flag=True, help="Print all conversations, and what was logged.")
@click.option("--list", "listed", is_flag=True, help="Print the scenarios and play none.")
@click.option("--at", "starts", help='Begin at this date and time, "2026-03-29 00:59", whatever the scenarios say.')
@click.option("--record", "recording", type=click.Path(path_type=Path),
              help="Act out a call at a prompt, and write it as a scenario.")  # fmt: skip
@sound.OPTION
@click.option("--junit", "report", type=click.Path(path_type=Path), help="Write a JUnit report.")
def command(  # noqa: PLR0913, PLR0917 - one for each option
    names: tuple[str, ...], config: Path, audio: Path | None, part: str, transcripts: bool, listed: bool,
    starts: str | None, recording: Path | None, wav: Path | None, report: Path | None,
) -> None:  # fmt: skip
    """Play the scenarios NAMES of the configuration's scenarios/ folder, or all of them.

    Exit code 0: every call went as written. 1: one did not, or a file has an error.
    """
    from callflow.configuration.loading import load
    from callflow.configuration.places import audio_of
    from callflow.simulator.scenario_file import readable_scenarios

    audio = audio or audio_of(config)
    configuration = load(config, audio)
    if recording:
        from callflow.cli.recording_session import record

        sys.exit(record(recording, configuration, composer(audio)))
    readable, problems = readable_scenarios(config, configuration)
    for problem in problems:
        click.echo(str(problem), err=True)
    if problems and not readable:
        sys.exit(1)
    chosen = choose(readable, names, part)
    if starts:
        chosen = starting(chosen, starts, configuration.timezone)
    if listed:
        for one in chosen:
            click.echo(f"{one.id:<40} {one.name}")
        return
    if wav:
        sys.exit(listen(chosen, composer(audio), transcripts, wav))
    outcomes = play_all(chosen, composer(audio), transcripts)
    if report:
        report.write_text(junit(outcomes), encoding="utf-8")
    failed = [outcome for outcome, _ in outcomes if outcome.failure]
    seconds = sum(seconds for _, seconds in outcomes)
    click.echo(f"{len(outcomes) - len(failed)} of {len(outcomes)} calls went as written, in {seconds:.1f} s.")
    if problems:
        broken = len({problem.file for problem in problems})
        click.echo(f"Not played, because of the errors above: {broken} {'file' if broken == 1 else 'files'}, and what "
                   "continues them.", err=True)  # fmt: skip
    sys.exit(1 if failed or problems else 0)


def listen(chosen: Sequence[Scenario], compose: Composer, transcripts: bool, target: Path) -> int:
    """Play one scenario and write what was heard. Returns the exit code."""
    from callflow.soundtrack.rehearsed import Listening
    from callflow.store.memory import MemoryStore

    if len(chosen) != 1:
        raise click.UsageError("--wav needs the name of one scenario: `callflow simulate --list` shows them")
    voices, store, listening = sound.voices(target, chosen[0].configuration), MemoryStore(), list[Listening]()

    def heard(configuration: Configuration, world: World, store: Store) -> RunningApp:
        if not listening:  # and not again when the scenario restarts the server
            listening.append(Listening(world.emulator))
        return compose(configuration, world, store)

    with kept_log() as log:
        outcome = play(chosen[0], heard, store)
        if outcome.failure or transcripts:
            log.flush()
            print_outcome(outcome)
    (one,) = listening
    if one.begun:
        history = [moment for call in store.calls(live=False) for moment in store.history(call.id)]
        sound.write(target, one.pieces(voices), history, one.begun)
    return 1 if outcome.failure else 0


def choose(scenarios: Sequence[Scenario], names: Iterable[str], part: str) -> list[Scenario]:
    """The scenarios with these names and this text. Raises ClickException for an unknown name, or if there are none."""
    if not scenarios:
        raise click.ClickException("there is no file in scenarios/ that ends in .yaml: --record FILE writes one")
    known = {one.id: one for one in scenarios}
    wanted = [Path(name).stem for name in names]
    for name in wanted:
        if name not in known:
            from callflow.configuration.problems import did_you_mean

            raise click.ClickException(f'no scenario "{name}"{did_you_mean(name, known)}')
    chosen = [known[name] for name in wanted] or list(scenarios)
    found = [one for one in chosen if part.lower() in f"{one.id} {one.name}".lower()]
    if not found:
        raise click.ClickException("there is no such scenario")
    return found


def starting(scenarios: Iterable[Scenario], text: str, timezone: str) -> list[Scenario]:
    """The scenarios with another beginning. Raises UsageError."""
    from callflow.simulator.scenario_time import moment

    try:
        at = moment(text, timezone)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    return [replace(one, starts=at) for one in scenarios]


def composer(audio: Path) -> Composer:
    """A function that connects Callflow to a world. Imports here, so that help does not import the web packages."""
    from callflow import bootstrap

    def compose(configuration: Configuration, world: World, store: Store) -> RunningApp:
        return bootstrap.rehearse(configuration, audio, world, store).callflow

    return compose


def play_all(scenarios: Iterable[Scenario], compose: Composer, transcripts: bool) -> list[tuple[Outcome, float]]:
    """Play them one after the other. Transcripts of failed ones, or of all, are printed at once."""
    outcomes = []
    # A world is small and full of reference cycles: not collecting while one plays is cheaper.
    gc.disable()
    with click.progressbar(list(scenarios), label="playing", file=sys.stderr, hidden=not sys.stderr.isatty()) as bar:
        for scenario in bar:
            begun = time.perf_counter()
            with kept_log() as log:
                outcome = play(scenario, compose)
                outcomes.append((outcome, time.perf_counter() - begun))
                if outcome.failure or transcripts:
                    log.flush()
                    print_outcome(outcome)
    gc.enable()
    return outcomes


def print_outcome(outcome: Outcome) -> None:
    """Print the transcript, and for a failure what was expected and what happened."""
    scenario, failure = outcome.scenario, outcome.failure
    click.echo(f"{scenario.id}: {scenario.name}")
    for line in outcome.transcript:
        click.echo(line)
    if failure:
        click.echo(f"\n  {failure.at}: FAILED")
        click.echo(f"    expected  {failure.expected}")
        for number, line in enumerate(line for some in failure.happened for line in some.splitlines()):
            click.echo(f"    {'' if number else 'happened':<9} {line}")
        for line in outcome.journal:
            click.echo(f"    journal {line}")
    click.echo("")
