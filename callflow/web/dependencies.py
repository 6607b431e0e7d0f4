"""What the web layer is given by the composition root. One value, no globals."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from callflow.runtime.metrics import Metrics
from callflow.service.call_service import CallService
from callflow.service.configurations import Configurations
from callflow.telephony.signature import Verifier
from callflow.telephony.urls import Urls


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependencies:
    """``ready`` returns the names of the things that are not usable, each with the reason; empty when all is well."""

    calls: CallService
    configurations: Configurations
    verifier: Verifier
    urls: Urls
    secret: str
    audio: Path
    metrics: Metrics
    ready: Callable[[], dict[str, str]]
    warning: Callable[[], str] = str
    """Something that ops should see to although all is well, "" for nothing."""
