"""`callflow witness`: cosign the checkpoints of another owner's log, so that it cannot be rewritten unnoticed."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from callflow.log_keeping.witness_server import Witnessing


@click.group("witness")
def command() -> None:
    """Cosign the checkpoints of another owner's log, on a machine that is not theirs.

    It needs no database, and sees no calls: only that the log has grown and was not rewritten (docs/evidence.md).
    """


@command.command("key")
@click.argument("name")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def key(name: str, file: Path) -> None:
    """Make the key of the witness NAME, write it to FILE, and print the public key for the owners of logs."""
    from callflow.cli.log import make_key
    from callflow.evidence.checkpoint import TIMED

    make_key(name, file, TIMED)


_key = click.option(
    "--own", "key_file", required=True, type=click.Path(path_type=Path, exists=True), help="The file of its secret."
)
_logs = click.option("--log", "logs", multiple=True, required=True, help="The public key of a log that is witnessed.")
_folder = click.option("--folder", default="var/witness", type=click.Path(path_type=Path), show_default=True,
                       help="Where the last checkpoint of each log is kept.")  # fmt: skip


@command.command("serve")
@_key
@_logs
@_folder
@click.option("--listen", default="127.0.0.1:8010", show_default=True, help="Address and port; a proxy adds TLS.")
def serve(key_file: Path, logs: tuple[str, ...], folder: Path, listen: str) -> None:
    """Answer POST /add-checkpoint until stopped (C2SP tlog-witness)."""
    from callflow.log_keeping.witness_server import server

    host, _, port = listen.rpartition(":")
    if not port.isdecimal():
        raise click.BadParameter("must be an address and a port", param_hint="--listen")
    with server(host, int(port), _witness(key_file, logs, folder)) as found:
        click.echo(f"witnessing at http://{host}:{found.server_port}; stop with Ctrl-C")
        found.serve_forever()


@command.command("sign")
@_key
@_logs
@_folder
def sign(key_file: Path, logs: tuple[str, ...], folder: Path) -> None:
    """Read one request from standard input, and print the cosignature: where the two sides have no network."""
    answer = _witness(key_file, logs, folder).answer(sys.stdin.read())
    if answer.status != 200:
        raise click.ClickException(f"not signed: {answer.status} {answer.text.strip()}")
    click.echo(answer.text, nl=False)


def _witness(key_file: Path, logs: tuple[str, ...], folder: Path) -> "Witnessing":
    from callflow.bootstrap import system_clock
    from callflow.evidence.checkpoint import TIMED, NotACheckpoint, public_key
    from callflow.evidence.keys import log_keys, signing_key
    from callflow.log_keeping.witness_server import Witnessing

    try:
        own = signing_key(key_file.read_text(encoding="utf-8"))
        trusted = {key: one for text in logs for key, one in log_keys(public_key(text)).items()}
    except NotACheckpoint as error:
        raise click.ClickException(f"a key {error}") from None
    if own.public.kind != TIMED:
        raise click.ClickException(f"{key_file} is the key of a log: make one with `callflow witness key`")
    return Witnessing(own, trusted, folder, lambda: int(system_clock().timestamp()))
