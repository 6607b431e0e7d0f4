"""`callflow demo --browser`: a page with all telephones of a rehearsal, on this machine only, until Ctrl-C."""

import signal
import tempfile
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from callflow.cli.ports import taken
from callflow.cli.simulate import composer
from callflow.emulator import Voices
from callflow.emulator.rest.server import Server

NO_VOICE = "What has no recording is only written: apt-get install flite (English) or espeak-ng."


def show(config: Path, audio: Path, port: int, opens: bool) -> None:
    """Serve the page until it is interrupted. Raises ClickException."""
    from callflow.live_rehearsal.app_process import ServerDidNotStart
    from callflow.live_rehearsal.control import Control
    from callflow.live_rehearsal.rehearsals import Rehearsals

    folder = Path(tempfile.mkdtemp(prefix="callflow-phones-"))
    over = threading.Event()
    with _until_stopped(over):
        try:
            rehearsals = Rehearsals(config, audio, folder, composer(audio))
        except ServerDidNotStart as error:
            raise click.ClickException(str(error)) from None
        server = _served(Control(rehearsals), port, rehearsals.close)
        try:
            url = f"http://127.0.0.1:{server.port}/"
            click.echo(f"Telephones in a browser: {url}  (Ctrl-C ends it)")
            voice = Voices(rehearsals.live.configuration.language).name
            click.echo(f"What has no recording is spoken by {voice}." if voice else NO_VOICE)
            if opens:
                webbrowser.open(url)
            over.wait()
        finally:
            server.close()
            rehearsals.close()


def _served(app: "Callable[..., object]", port: int, close: Callable[[], None]) -> Server:
    try:
        return Server(app, port)  # type: ignore[arg-type]
    except OSError as error:
        close()
        raise click.ClickException(taken(port, error)) from None


@contextmanager
def _until_stopped(over: threading.Event) -> Iterator[None]:
    """Set ``over`` for Ctrl-C, and when the terminal is closed or the process is asked to end: the server ends, too."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        over.set()

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
