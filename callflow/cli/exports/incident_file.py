"""`callflow incident export`: a zip about a call, which anybody can verify without Callflow (docs/incident-file.md)."""

import getpass
import hashlib
import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from callflow import private_files
from callflow.settings import Settings

if TYPE_CHECKING:
    from callflow.core.call import Call
    from callflow.core.configuration import Configuration
    from callflow.incident_file.collecting import Collected, Sources
    from callflow.incident_file.pack import Making
    from callflow.service.ports import Store


@click.command("export")
@click.argument("reference", metavar="REF")
@click.option("--out", "file", type=click.Path(path_type=Path, dir_okay=False), required=True, help="The zip.")
@click.option("--for", "audience", type=click.Choice(["court", "agent", "caller"]), default="court", show_default=True,
              help="Who gets it. Only the court's has everything.")  # fmt: skip
@click.option("--person", default="", help="Whose copy it is, for an agent: an id of people.yaml.")
@click.option("--reason", required=True, help="Why; it goes into the journal of the call.")
@click.option("--by", default=None, help="Who takes it; your login name if not given.")
@click.option("--checkpoint", type=int, help="Make it as it was at this checkpoint of the log: the same bytes again.")
@click.option("--html", "as_html", is_flag=True, help="The report as HTML instead of PDF.")
@click.option("--font", "fonts", multiple=True, help="A font that is tried before our own, for Japanese for example.")
@click.option("--fonts", "folders", multiple=True, type=click.Path(path_type=Path, exists=True, file_okay=False),
              help="A folder of fonts.")  # fmt: skip
def command(reference: str, file: Path, audience: str, person: str, reason: str, by: str | None, **how: Any
            ) -> None:  # fmt: skip
    """Write the incident file of a call (REF: its spoken reference or its id) to one zip that only you can read.

    It has a report, the call as a vCon, recordings and prompts, the proof from the log of finished calls, and
    verify.py, which verifies all of it without Callflow. The export is an entry in the journal of the call.
    """
    from callflow.incident_file.audiences import Audience, View
    from callflow.incident_file.collecting import CannotExport, collect
    from callflow.incident_file.pack import make

    if not reason.strip():
        raise click.UsageError("--reason says why; it cannot be empty")
    if (audience == Audience.AGENT) != bool(person):
        raise click.UsageError("--person says whose copy it is: with --for agent, and only then")
    with _opened() as (settings, store):
        call = _found(store, reference)
        try:
            collected = collect(_sources(settings, store), call, how["checkpoint"])
            _was_there(call, person)
            view = View(audience=Audience(audience), person=person, call=call, configuration=collected.configuration)
            made = make(collected, view, _making(settings, how))
        except CannotExport as why:
            raise click.ClickException(str(why)) from None
        _noted(settings, store, collected, by or getpass.getuser(), audience, reason, made.content)
    private_files.file(file)
    file.write_bytes(made.content)
    for line in (*made.told, *_again(collected)):
        click.echo(line)
    click.echo(f"{file}: {len(made.content)} bytes, SHA-256 {hashlib.sha256(made.content).hexdigest()}")


@contextmanager
def _opened() -> Iterator[tuple[Settings, "Store"]]:
    """The database, with everything that is over in its log, under a checkpoint if this machine can sign one."""
    from callflow.bootstrap import system_clock
    from callflow.log_keeping.keeper import keeper_of
    from callflow.store import open_existing

    settings = Settings.from_environment(os.environ, need_provider=False)
    with closing(open_existing(settings.database_url, settings.secrets)) as store:
        keeper = keeper_of(settings.log, store, system_clock)
        keeper.append()
        keeper.checkpoint()
        yield settings, store


def _found(store: "Store", reference: str) -> "Call":
    found = store.read(reference) or store.find(reference)
    if found is None:
        raise click.ClickException(f"no call {reference!r}: run `callflow journal` for the latest ones")
    return found


def _was_there(call: "Call", person: str) -> None:
    there = sorted({leg.person for leg in call.legs if leg.accepted and leg.person})
    if person and person not in there:
        raise click.ClickException(f"{person} was not on this call; {', '.join(there) or 'nobody'} was")


def _sources(settings: Settings, store: "Store") -> "Sources":
    from callflow.configuration.problems import ConfigurationError
    from callflow.configuration.snapshots import load_texts
    from callflow.incident_file.collecting import Sources
    from callflow.service.recordings import AudioUnavailable
    from callflow.store.audio_files import audio_files

    files = audio_files(settings.recordings)

    def recording(id: str) -> bytes | None:
        known = store.recording(id)
        try:
            return (store.open_audio(known, files.read(id)) or None) if known else None
        except AudioUnavailable:
            return None

    def loaded(texts: Mapping[str, str]) -> "Configuration | None":
        try:
            return load_texts(texts, settings.audio)
        except ConfigurationError:
            return None

    return Sources(store=store, audio=settings.audio, recording=recording, loaded=loaded)


def _making(settings: Settings, how: Mapping[str, Any]) -> "Making":
    from callflow.evidence.keys import signing_key
    from callflow.incident_file.pack import Making
    from callflow.incident_file.signing import VARIABLE, signer_of

    key = signing_key(settings.log.key) if settings.log.key else None
    signer = signer_of(os.environ.get(VARIABLE, "").strip())
    return Making(audio=settings.audio, key=key, signer=signer, url=settings.public_url, as_html=how["as_html"],
                  fonts=how["fonts"], font_folders=how["folders"])  # fmt: skip


def _noted(settings: Settings, store: "Store", found: "Collected", by: str, audience: str, reason: str, content: bytes
           ) -> None:  # fmt: skip
    """The entry in the journal, before anybody has the file."""
    from callflow.bootstrap import system_clock
    from callflow.cli.close import current
    from callflow.core.events import FollowedUp
    from callflow.core.notes import NoteKind
    from callflow.service.configurations import Configurations
    from callflow.service.ports import Transaction
    from callflow.service.unit_of_work import apply

    at, configurations = system_clock(), Configurations(current(settings, store))
    details = {"reason": reason, "sha256": hashlib.sha256(content).hexdigest(), "head": found.head}
    event = FollowedUp(at=at, kind=NoteKind.INCIDENT_FILE, person=by, outcome=audience, details=details)

    def noted(tx: Transaction) -> None:
        if call := tx.load(found.call.id):
            apply(tx, configurations.of(call.digest), call, lambda _: [event], at)

    store.transact(noted)


def _again(found: "Collected") -> list[str]:
    if not found.proof:
        return ["no checkpoint of the log has this call: set CALLFLOW_LOG_KEY (callflow log key)"]
    number = found.proof.checkpoint.number
    return [f"made as of checkpoint {number}: --checkpoint {number} makes the same bytes again"]
