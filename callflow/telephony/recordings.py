"""The provider's recordings, by REST: fetched as WAV, and deleted."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from callflow.service.ports import GatewayFailure


def gateway_failures(doing: str) -> AbstractContextManager[None]:
    """Imported with the first recording: the provider's client would make a start 35 ms longer (tests/bench, G7)."""
    from callflow.telephony import rest_client

    return rest_client.gateway_failures(doing, leg=True)


class ProviderRecordings:
    """Implements ``service.recordings.RecordingSource``. ``client_of`` returns the client of a sub-account."""

    def __init__(self, client_of: Callable[[str], Any]) -> None:
        self._client_of = client_of

    def fetch(self, provider_id: str, account: str = "") -> bytes:
        """Always with a suffix: without one, some were answered with JSON (twilio.md 5.4)."""
        client = self._client_of(account)
        http, sid = client.http_client, client.account_sid
        with gateway_failures("fetching a recording"):
            answer = http.media(f"/2010-04-01/Accounts/{sid}/Recordings/{provider_id}.wav", client.auth)
        if not answer.startswith(b"RIFF"):
            raise GatewayFailure("fetching a recording: the answer is not a WAV file", retry=True)
        return bytes(answer)

    def delete(self, provider_id: str, account: str = "") -> None:
        try:
            with gateway_failures("deleting a recording"):
                self._client_of(account).recordings(provider_id).delete()
        except GatewayFailure as failure:
            if not failure.gone:
                raise
