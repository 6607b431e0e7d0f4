"""The option for recordings, as all commands have it that read a configuration. None: see ``places.audio_of``."""

from pathlib import Path

import click

RECORDINGS = "Folder of the recordings; by default `audio` beside the configuration, else here."
AUDIO = click.option("--audio", type=click.Path(path_type=Path), envvar="CALLFLOW_AUDIO", help=RECORDINGS)
