"""`callflow duty-pack`: the figures of a year for the questions of laws, as PDF and CSV."""

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from callflow.settings import Settings

if TYPE_CHECKING:
    from callflow.duty_pack.figures import Figures
    from callflow.duty_pack.questions import House

PROGRESS_SECONDS = 1.0


@click.command("duty-pack")
@click.option("--year", type=click.IntRange(2020, 2100), required=True, help="Calls that began in this year (UTC).")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write into."
)
def command(year: int, out: Path) -> None:
    """Write the figures of a YEAR, and what the laws in `duty` of callflow.yaml ask, into a folder: a PDF and a CSV.

    Figures only: no names, no numbers of people, nothing about one person (docs/duty-pack.md). The database is only
    read, while servers go on.
    """
    from callflow.duty_pack import paper
    from callflow.duty_pack.figures import counted

    settings = Settings.from_environment(os.environ, need_provider=False)
    house = house_of(settings.config)
    figures = counted(settings.database_url, year, _Progress())
    out.mkdir(parents=True, exist_ok=True)
    name = f"duty-pack-{year}"
    ending, content, why = paper.page(figures, house)
    (out / f"{name}.{ending}").write_bytes(content)
    (out / f"{name}.csv").write_text(paper.as_csv(figures, house), encoding="utf-8")
    click.echo(f"{figures.calls:,} calls of {year}: {out / name}.{ending}, {out / name}.csv")
    if why:
        click.echo(why, err=True)


def house_of(directory: Path) -> "House":
    """The settings of the configuration directory. Raises click.ClickException if it cannot be read."""
    from callflow.configuration.loading import read_draft
    from callflow.duty_pack.questions import House

    draft = read_draft(directory)
    if draft.callflow is None or draft.people is None or draft.deescalation is None:
        raise click.ClickException(f"{directory} cannot be read: run callflow check {directory}")
    return House(draft.callflow, draft.people, draft.deescalation)


class _Progress:
    """Says every second how far it is, after the first."""

    def __init__(self) -> None:
        self._next = time.monotonic() + PROGRESS_SECONDS

    def __call__(self, figures: "Figures") -> None:
        if time.monotonic() >= self._next:
            self._next = time.monotonic() + PROGRESS_SECONDS
            click.echo(f"{figures.calls:,} calls", err=True)
