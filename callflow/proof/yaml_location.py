"""Where in the YAML to look first when a promise is broken."""

from collections.abc import Mapping
from typing import NamedTuple

from callflow.core.configuration import Configuration, file_of
from callflow.core.stages import Stage as S
from callflow.proof.exploring import Broken


class Location(NamedTuple):
    """A file below the configuration directory, and the path of a value in it."""

    file: str
    loc: tuple[str, ...]


SETTINGS: Mapping[str, tuple[str, ...]] = {
    "closing": ("draw_the_line", "grace_seconds"),
    "grace": ("draw_the_line", "grace_seconds"),
    "heard in full": ("draw_the_line", "warnings"),
    "warning": ("draw_the_line", "conduct"),
    "hold": ("time_out", "asks"),
    "in time": ("delegate_upwards", "ring_total_seconds"),
    "waiting": ("delegate_upwards", "ask_caller"),
    "joining": ("delegate_upwards", "ring_seconds"),
    "ringing": ("delegate_upwards", "ring_seconds"),
    "locks": ("menu", "keys"),
    "advice": ("menu", "keys"),
}
"""Promise -> the setting in deescalation.yaml that it is about. The cause may still be in the code."""


def located(broken: Broken, configuration: Configuration) -> Location | None:
    """The current step of the flow, or once somebody has answered, the setting that the promise is about."""
    call = broken.after
    if call.stage in (S.ARRIVING, S.WAITING) and call.step:
        return Location(f"flows/{file_of(call.flow)}.yaml", ("steps", call.step))
    setting = SETTINGS.get(broken.name)
    return Location("deescalation.yaml", setting) if setting else None
