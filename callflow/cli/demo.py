"""`callflow demo`: one whole call, live, with the real app and the local provider. Only the people are scripted."""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from callflow.cli import sound
from callflow.cli.demo_screen import DemoScreen
from callflow.configuration.loading import load
from callflow.configuration.templates import SHIPPED
from callflow.core.configuration import Configuration
from callflow.emulator import Emulator, HttpAppClient, RealClock, Switches
from callflow.emulator.script import ScriptStuck
from callflow.service.moments import Moment
from callflow.service.ports import Store
from callflow.simulator import demo_script, rehearsal
from callflow.simulator.transcript import Transcript
from callflow.simulator.world import World
from callflow.store import open_store

if TYPE_CHECKING:
    from callflow.soundtrack.rehearsed import Listening

SECRET = "demo-secret-worth-nothing"


@click.command("demo")
@click.option("--fast", is_flag=True, help="On a virtual clock: the same call in a second or two.")
@click.option("--journal", is_flag=True, help="Print the journal of the call at the end.")
@click.option("--config", type=click.Path(path_type=Path), envvar="CALLFLOW_CONFIG", default=SHIPPED / "config")
@click.option("--audio", type=click.Path(path_type=Path), envvar="CALLFLOW_AUDIO", default=SHIPPED / "audio")
@sound.OPTION
def command(fast: bool, journal: bool, config: Path, audio: Path, wav: Path | None) -> None:
    """Play one call through all three steps: who hears, says and presses what, and what came of every promise."""
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
    port = free_port()
    emulator = Emulator(
        auth_token="demo-token",
        clock=RealClock(),
        app_client=HttpAppClient(),
        cps=1.0,
        switches=Switches(pace=demo_script.PACE),
    )
    base = f"http://127.0.0.1:{port}"
    others = sorted(set(configuration.accounts.values()))
    for account in others:
        emulator.add_sub_account(account, "demo-token")
    for number in configuration.called_numbers:
        emulator.add_number(number, voice_url=f"{base}/voice/inbound", voice_fallback_url=f"{base}/voice/fallback",
                            status_callback=f"{base}/voice/status",
                            account=configuration.accounts.get(number, ""))  # fmt: skip
    database = f"sqlite:///{folder / 'demo.db'}"
    environment = {
        "CALLFLOW_CONFIG": str(config), "CALLFLOW_AUDIO": str(audio), "CALLFLOW_CACHE": str(folder / "cache"),
        "CALLFLOW_DATABASE_URL": database, "CALLFLOW_OPERATIONS": "off",
        "CALLFLOW_PUBLIC_URL": base, "CALLFLOW_SECRET_KEY": SECRET, "TWILIO_ACCOUNT_SID": emulator.account_sid,
        "TWILIO_AUTH_TOKEN": ",".join(["demo-token", *(f"{account}:demo-token" for account in others)]),
        "TWILIO_API_BASE_URL": f"http://127.0.0.1:{emulator.serve()}",
    }  # fmt: skip
    try:
        with server(port, environment, folder / "server.log"):
            perform(emulator, configuration, record, screen)
            time.sleep(1.5)
    finally:
        emulator.close()
    store = open_store(database, (SECRET,))
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


@contextmanager
def server(port: int, environment: dict[str, str], log: Path) -> Iterator[None]:
    """Run `callflow serve` in another process until the block ends."""
    argv = [sys.executable, "-m", "callflow", "serve", "--port", str(port)]
    with log.open("wb") as output:
        process = subprocess.Popen(argv, env={**os.environ, **environment}, stdout=output, stderr=output)
        try:
            wait_until_ready(port, process, log)
            yield
        finally:
            process.terminate()
            process.wait(timeout=15)


def wait_until_ready(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise click.ClickException(f"the server did not start:\n{log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2) as answer:
                if json.load(answer)["ready"]:
                    return
        except OSError:
            time.sleep(0.1)
    raise click.ClickException("the server was not ready within 30 s")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
