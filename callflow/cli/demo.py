"""`callflow demo`: one whole call, live, with the real app and the local provider. Only the people are scripted."""

import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from callflow.cli import folders, sound
from callflow.cli.demo_screen import DemoScreen
from callflow.configuration.loading import load
from callflow.configuration.places import audio_of, require
from callflow.configuration.templates import SHIPPED
from callflow.core.configuration import Configuration
from callflow.emulator import Emulator, Switches
from callflow.emulator.script import ScriptStuck
from callflow.service.moments import Moment
from callflow.service.ports import Store
from callflow.simulator import demo_script, rehearsal
from callflow.simulator.transcript import Transcript
from callflow.simulator.world import World
from callflow.store import open_store

if TYPE_CHECKING:
    from callflow.soundtrack.rehearsed import Listening


@click.command("demo")
@click.option("--fast", is_flag=True, help="On a virtual clock: the same call in a second or two.")
@click.option("--journal", is_flag=True, help="Print the journal of the call at the end.")
@click.option("--config", type=click.Path(path_type=Path), envvar="CALLFLOW_CONFIG", default=SHIPPED / "config")
@folders.AUDIO
@sound.OPTION
@click.option("--browser", is_flag=True, help="A page of telephones instead: take the call, and kill the server.")
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="The page's port on 127.0.0.1; 0 chooses one.")
@click.option("--open/--no-open", "opens", default=True, help="Open the page in a browser.")
def command(
    fast: bool, journal: bool, config: Path, audio: Path | None, wav: Path | None, browser: bool, port: int,
    opens: bool,
) -> None:  # fmt: skip
    """Play one call through all three steps: who hears, says and presses what, and what came of every promise."""
    require(config)
    audio = audio or audio_of(config)
    if browser:
        if fast or wav:
            raise click.UsageError("--browser plays in real time, to your ears: leave out --fast and --wav")
        from callflow.cli.demo_page import show

        show(config, audio, port, opens)
        return
    with tempfile.TemporaryDirectory(prefix="callflow-demo-") as folder:
        shorter = rehearsal.shortened(config, Path(folder) / "config", demo_script.SHORTER)
        configuration = load(shorter, audio)
        record = Recorder(wav, configuration)
        screen = DemoScreen(configuration, journal)
        screen.begin(fast)
        try:
            if fast:
                play_fast(audio, configuration, record, screen)
            else:
                play_live(Path(folder), shorter, audio, configuration, record, screen)
        except ScriptStuck as stuck:
            click.echo(f"the demo got stuck: {stuck}", err=True)
            click.echo("It is written for the shipped configuration; use `callflow simulate` for yours.", err=True)
            sys.exit(3)


class Recorder:
    """Listens to the demo's telephones, if their sound is to be written to a file."""

    def __init__(self, target: Path | None, configuration: Configuration) -> None:
        self._target = target
        self._voices = sound.voices(target, configuration) if target else None
        self._listening: Listening | None = None

    def listen(self, emulator: Emulator) -> None:
        if self._target:
            from callflow.soundtrack.rehearsed import Listening

            self._listening = Listening(emulator)

    def write(self, history: Sequence[Moment]) -> None:
        if self._target and self._voices and self._listening and self._listening.begun:
            sound.write(self._target, self._listening.pieces(self._voices), history, self._listening.begun)


def play_fast(audio: Path, configuration: Configuration, record: Recorder, screen: DemoScreen) -> None:
    from callflow import bootstrap

    stage = bootstrap.rehearse(configuration, audio, World(switches=Switches(pace=demo_script.PACE)))
    perform(stage.world.emulator, configuration, record, screen)
    stage.world.clock.run_for(5)
    finish(stage.callflow.store, record, screen)


def play_live(folder: Path, config: Path, audio: Path, configuration: Configuration, record: Recorder,
              screen: DemoScreen) -> None:  # fmt: skip
    from callflow.live_rehearsal import provider
    from callflow.live_rehearsal.app_process import AppProcess, ServerDidNotStart, free_port

    port = free_port()
    base = f"http://127.0.0.1:{port}"
    emulator = provider.provider(configuration, base, Switches(pace=demo_script.PACE))
    settings = provider.settings(emulator, configuration, config, audio, base, folder)
    server = AppProcess(port, settings, folder / "server.log")
    try:
        server.start()
        perform(emulator, configuration, record, screen)
        time.sleep(1.5)
    except ServerDidNotStart as error:
        raise click.ClickException(str(error)) from None
    finally:
        server.stop()
        emulator.close()
    store = open_store(provider.database(folder), (provider.SECRET,))
    finish(store, record, screen)
    store.close()


def perform(emulator: Emulator, configuration: Configuration, record: Recorder, screen: DemoScreen) -> None:
    """Let the people act, and show it. Raises ScriptStuck, and BrokenPipeError if nobody reads it any more."""
    Transcript(emulator, demo_script.NAMES, configuration, screen.event)
    record.listen(emulator)
    run = demo_script.script().start(emulator, screen.step)
    run.wait(screen.check)


def finish(store: Store, record: Recorder, screen: DemoScreen) -> None:
    call = store.calls(live=False)[0]
    screen.end(store.journal(call.id))
    record.write(store.history(call.id))
