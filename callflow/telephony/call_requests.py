"""POST requests about phone calls, as twilio-python sends them, without its resources.

Those take half of the CPU of an order: they check 40 parameters, and make an object of every field of the answer, of
which only the id is used. tests/telephony/test_call_requests.py sends the same requests with both and compares them.
"""

import json
from typing import Any

from twilio.base.exceptions import TwilioException  # type: ignore[import-untyped]

from callflow.fast_path import forms

TYPES = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}


class CallRequests:
    """Requests about the calls of the account of ``client``, a twilio.rest.Client with our ``KeepAliveClient``."""

    def __init__(self, client: Any) -> None:
        self._http = client.http_client
        self._path = f"/2010-04-01/Accounts/{client.account_sid}/Calls"
        self._headers = self._http.signed(client.get_headers("POST", dict(TYPES)), client.auth)

    def create(self, fields: dict[str, str]) -> str:
        """Place a call and return its id. Raises as ``KeepAliveClient.send``, ValueError, TwilioException."""
        return self._post(f"{self._path}.json", fields)

    def update(self, sid: str, fields: dict[str, str]) -> str:
        return self._post(f"{self._path}/{sid}.json", fields)

    def _post(self, path: str, fields: dict[str, str]) -> str:
        answer = self._http.send("POST", path, self._headers, forms.encoded(fields))
        if answer.status_code >= 300:
            raise TwilioException(f"HTTP {answer.status_code}")
        found = json.loads(answer.content)
        if not isinstance(found, dict) or not found.get("sid"):
            raise ValueError("an answer without a call id")
        return str(found["sid"])
