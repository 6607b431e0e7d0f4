"""`callflow schema`: JSON Schema of the files that ops write, for editors that complete and check while typing."""

from pathlib import Path

import click

from callflow.configuration import schema

DEFAULT = Path("config/schema")


@click.command("schema")
@click.argument("kind", required=False, type=click.Choice(list(schema.KINDS)))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=DEFAULT, show_default=True,
              help="Folder for all of them.")  # fmt: skip
def command(kind: str | None, out: Path) -> None:
    """Print the schema of one KIND of file, or write all of them into a folder.

    The first line of each shipped file names its schema, so that editors with a YAML language server find it.
    """
    if kind:
        click.echo(schema.written(kind), nl=False)
        return
    for path in schema.write(out):
        click.echo(path.as_posix())
