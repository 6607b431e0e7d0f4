"""A webhook, before it is signed and sent."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from callflow.emulator.delivery import Reply
from callflow.emulator.immutable import immutable

if TYPE_CHECKING:
    from callflow.emulator.legs import Leg


@immutable
class Target:
    """Where a request is sent. `url` is absolute and may have a fragment of overrides."""

    url: str
    method: str = "POST"


@immutable
class Webhook:
    """`kind` is document, wait-document, fallback, media, call-status, conference-status, recording-status, amd-status,
    gather-partial or hangup-action. The cookies of `leg` are sent with it; None for callbacks that concern no leg."""

    kind: str
    target: Target
    parameters: dict[str, str]
    leg: Leg | None = None
    signed: bool = True


Fetcher = Callable[[Webhook, Callable[[Reply], None]], None]
