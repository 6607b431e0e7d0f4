"""`callflow schema`: JSON Schema of the YAML files, for completion and checks in editors."""

from pathlib import Path

import click

from callflow.configuration import schema

DEFAULT = Path("config/schema")


@click.command("schema")
@click.argument("kind", required=False, type=click.Choice(list(schema.KINDS)))
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), default=DEFAULT, show_default=True,
              help="Folder to write all schemas into.")  # fmt: skip
def command(kind: str | None, out: Path) -> None:
    """Print the schema of one KIND of file, or write all schemas into a folder.

    The first line of each shipped file names its schema, so that editors with a YAML language server find it.
    """
    if kind:
        click.echo(schema.written(kind), nl=False)
        return
    for path in schema.write(out):
        click.echo(path.as_posix())
