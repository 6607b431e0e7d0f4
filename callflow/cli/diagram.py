"""`callflow diagram`: draw a flow or the ladder, or the difference between two configurations."""

from collections.abc import Iterator
from pathlib import Path

import click

from callflow.cli import folders
from callflow.configuration.loading import load
from callflow.configuration.places import audio_of
from callflow.configuration.problems import did_you_mean
from callflow.core.configuration import INSTANCE, Configuration, Flow, file_of
from callflow.diagrams import changes, flow_chart, graph, ladder_chart, mermaid, pictures

FORMATS = ("svg", "html", "png", "mermaid")
ENDINGS = {".svg": "svg", ".html": "html", ".htm": "html", ".png": "png", ".mmd": "mermaid", ".md": "mermaid"}


@click.command("diagram")
@click.argument("directory", type=click.Path(path_type=Path), envvar="CALLFLOW_CONFIG", default=Path("config"))
@folders.AUDIO
@click.option("--flow", help="Name of the flow to draw; without it the first one.")
@click.option("--ladder", is_flag=True, help="Draw the three steps on the agents' keypad instead.")
@click.option("--format", "form", type=click.Choice(FORMATS), help="By default that of the file's ending, or svg.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False),
              help="Write to this file, not to the screen: .svg, .html, .png, .mmd.")  # fmt: skip
@click.option("--compare", nargs=2, type=click.Path(path_type=Path, exists=True, file_okay=False), metavar="OLD NEW",
              help="Two directories: list what changed, and with --out draw it.")  # fmt: skip
def command(directory: Path, audio: Path | None, flow: str | None, ladder: bool, form: str | None, out: Path | None,
            compare: tuple[Path, Path] | None) -> None:  # fmt: skip
    """Draw what is configured in DIRECTORY (config): a flow, or with --ladder the three steps.

    Whoever points at a step in the SVG or the HTML page reads its whole words.
    """
    form = form or format_of(out)
    if form == "png" and not out:
        raise click.UsageError("a PNG needs a file: --out FILE.png")
    if compare:
        old, new = (load(one, audio or audio_of(one)) for one in compare)
        for line in changes.changes(old, new) or ["Nothing has changed."]:
            click.echo(line)
        if out:
            _write(_flow(new, flow, form, old), out, form)
        return
    configuration = load(directory, audio or audio_of(directory))
    if ladder:
        _write(mermaid.ladder(configuration) if form == "mermaid" else ladder_chart.draw(configuration), out, form)
    else:
        _write(_flow(configuration, flow, form), out, form)


def format_of(out: Path | None) -> str:
    """The format of a file's ending. Raises UsageError for one that is not written."""
    ending = out.suffix.lower() if out else ".svg"
    if ending not in ENDINGS:
        raise click.UsageError(f"--out {out}: write .svg, .html, .png or .mmd, or say --format")
    return ENDINGS[ending]


def _flow(configuration: Configuration, name: str | None, form: str, old: Configuration | None = None) -> str:
    chosen = _chosen(configuration, name)
    drawn = graph.graph(configuration, chosen)
    name = chosen.name.replace(INSTANCE, " / ")
    title = f"Flow {name} ({', '.join(_numbers(configuration, chosen)) or 'no number'})"
    if old:
        before = old.flows.get(chosen.name) or Flow(name=chosen.name, start="", steps={})
        drawn = graph.compared(graph.graph(old, before), drawn)
        title = f"Flow {name}: what changed"
    return mermaid.flow(title, drawn) if form == "mermaid" else flow_chart.draw(title, drawn)


def _chosen(configuration: Configuration, name: str | None) -> Flow:
    wanted = name or next(iter(configuration.numbers.values()), next(iter(configuration.flows)))
    instances = [one for one in configuration.flows if file_of(one) == wanted]
    if wanted not in configuration.flows and instances:
        raise click.ClickException(f'the flow "{wanted}" has parameters; give one of {", ".join(instances)}')
    if wanted not in configuration.flows:
        raise click.ClickException(f'there is no flow "{wanted}"{did_you_mean(wanted, configuration.flows)}')
    return configuration.flows[wanted]


def _numbers(configuration: Configuration, flow: Flow) -> Iterator[str]:
    return (number for number, name in configuration.numbers.items() if name == flow.name)


def _write(text: str, out: Path | None, form: str) -> None:
    text = pictures.page(text) if form == "html" else text
    if form == "png" and out:
        try:
            out.write_bytes(pictures.png(text))
        except pictures.CannotDraw as error:
            raise click.ClickException(str(error)) from None
    elif out:
        out.write_text(text, encoding="utf-8")
    else:
        click.echo(text, nl=False)
