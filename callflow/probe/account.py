"""The called number of the probe: pointed at the lab, and put back as it was."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from callflow.service.ports import GatewayFailure
from callflow.telephony.rest_client import gateway_failures


@contextmanager
def pointed_at(client: Any, number: str, address: str) -> Iterator[None]:
    """While it lasts, calls to ``number`` ask ``address``. Raises GatewayFailure if the account has no such number."""
    with gateway_failures("finding the called number"):
        found = client.incoming_phone_numbers.list(phone_number=number, limit=1)
    if not found:
        raise GatewayFailure("the account has no number as --to says")
    before = {name: getattr(found[0], name) or "" for name in ("voice_url", "voice_method", "status_callback")}
    with gateway_failures("changing the called number"):
        found[0].update(voice_url=address, voice_method="POST", status_callback="")
    try:
        yield
    finally:
        with gateway_failures("setting the called number back"):
            found[0].update(**{**before, "voice_method": before["voice_method"] or "POST"})
