"""How REST requests travel: over connections kept open, with a timeout, the way the environment says."""

from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

TIMEOUT = (2.0, 5.0)
"""Seconds to connect and between bytes. Twilio's own client waits for ever (libs.md 1)."""
CONNECTIONS = 16
"""Connections kept open; a fresh one costs a TLS handshake in the middle of somebody's key press."""


class Sockets:
    """Requests over connections kept open: requests' adapter, without the session around it.

    A session prepares, merges and looks for cookies, hooks and redirects: half of what an order costs, and none of it
    is ours to have. What it knows of the environment, proxies and certificates, is asked for once.
    """

    def __init__(self, base_url: str) -> None:
        with requests.Session() as session:
            found = session.merge_environment_settings(base_url, {}, None, None, None)
        self._settings: dict[str, Any] = {"proxies": found["proxies"], "verify": found["verify"]}
        self._adapter = HTTPAdapter(pool_maxsize=CONNECTIONS, max_retries=0)

    def carry(self, method: str, url: str, headers: Mapping[str, str], body: str) -> requests.Response:
        """Send one request and read its whole answer. Raises what requests raises."""
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url, prepared.body = method, url, body or None
        prepared.headers = CaseInsensitiveDict({**headers, "Content-Length": str(len(body))} if body else headers)
        answer = self._adapter.send(prepared, timeout=TIMEOUT, **self._settings)
        _ = answer.content
        return answer

    def close(self) -> None:
        self._adapter.close()
