"""`callflow verify`: whether anything in the database was changed, added, removed or reordered."""

import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from callflow.settings import Settings

if TYPE_CHECKING:
    from callflow.evidence.checkpoint import Checkpoint
    from callflow.store.verifying import Outside, Report

MOST = 20
PROGRESS_SECONDS = 1.0


@click.command("verify")
@click.option("--signer", "keys", multiple=True, metavar="KEY", help="A public key of the log or of a witness, several "
              "times if need be. Those of the settings are known.")  # fmt: skip
@click.option(
    "--copy",
    "copies",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A checkpoint that somebody else has kept, several times if need be. The log must contain it.",
)
@click.option("--json", "as_json", is_flag=True, help="As JSON, for programs.")
def command(keys: tuple[str, ...], copies: tuple[Path, ...], as_json: bool) -> None:
    """Verify the database at CALLFLOW_DATABASE_URL, while servers go on: the first row and field of each call, of the
    log and of its checkpoints that was changed, added, removed or reordered.

    Needs no key of a call, and no other program. What somebody rewrote after the last checkpoint that others have seen,
    with all hashes, cannot be seen (docs/evidence.md). Exit code 0: everything is as it was written, 1: not.
    """
    from callflow.store.verifying import verify

    settings = Settings.from_environment(os.environ, need_provider=False)
    outside = known(settings, keys, copies)
    report = verify(settings.database_url, outside, _Progress())
    click.echo(json.dumps(as_fields(report), indent=1) if as_json else "\n".join(said(report)))
    sys.exit(1 if report.faults else 0)


def known(settings: Settings, keys: tuple[str, ...], copies: tuple[Path, ...]) -> "Outside":
    """What is known from elsewhere. Raises click.ClickException for what cannot be read."""
    from callflow.evidence.checkpoint import TIMED, NotACheckpoint, public_key
    from callflow.evidence.keys import log_keys, signing_key, verifier
    from callflow.store.verifying import Outside

    try:
        given = [public_key(one) for one in keys]
    except NotACheckpoint as error:
        raise click.BadParameter(f"{error}", param_hint="--signer") from None
    own = [signing_key(settings.log.key).public] if settings.log.key else []
    logs = {key: one for public in [*own, *given] if public.kind != TIMED for key, one in log_keys(public).items()}
    seen = [*(key for key, _ in settings.log.witnesses), *(one for one in given if one.kind == TIMED)]
    return Outside(logs, {key: verifier(key) for key in seen}, {path.name: _copy(path) for path in copies})


def _copy(path: Path) -> "Checkpoint":
    from callflow.evidence.checkpoint import NotACheckpoint, opened

    try:
        return opened(path.read_text(encoding="utf-8"), {})[0]
    except (NotACheckpoint, UnicodeDecodeError) as error:
        raise click.ClickException(f"{path}: {error}") from None


class _Progress:
    """Says every second how far it is, after the first."""

    def __init__(self) -> None:
        self._next = time.monotonic() + PROGRESS_SECONDS

    def __call__(self, report: "Report") -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + PROGRESS_SECONDS
            click.echo(f"{report.calls:,} calls, {report.leaves:,} leaves of the log", err=True)


def said(report: "Report") -> list[str]:
    lines = [str(one) for one in report.faults[:MOST]]
    if len(report.faults) > MOST:
        lines.append(f"and {len(report.faults) - MOST:,} more")
    lines.append(
        f"{report.calls:,} calls with {report.entries:,} entries, {report.leaves:,} leaves of the log, "
        f"{report.checkpoints:,} checkpoints: {'see above' if report.faults else 'everything is as it was written'}"
    )
    more = {
        f"{report.reclaimed:,} of the calls were erased and reclaimed (callflow db reclaim --list)": report.reclaimed,
        f"{report.waiting:,} finished calls are not in the log yet": report.waiting,
        f"{report.unlinked:,} calls have entries of servers of the version before: callflow db upgrade --finish":
            report.unlinked,
        "signatures were not verified: set CALLFLOW_LOG_KEY, or give --signer": report.unsigned and report.checkpoints,
        f"nobody else has seen the last {report.unwitnessed:,} leaves": report.unwitnessed,
    }  # fmt: skip
    return [*lines, *(line for line, count in more.items() if count)]


def as_fields(report: "Report") -> dict[str, object]:
    faults = [{**one._asdict(), "text": str(one)} for one in report.faults]
    return {"good": not faults, **asdict(report), "faults": faults}
