"""REST requests over connections kept open, with a timeout, through the proxy that the environment names.

The adapter of requests, without the session around it: preparing, merging, cookies, hooks and redirects cost more than
the rest of a REST request, and the provider's API needs none of them.
tests/fast_path/test_http_connections.py sends the same with both and compares what arrives and what comes back.
"""

from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

TIMEOUT = (2.0, 5.0)
"""Seconds to connect and between bytes. Twilio's own client waits for ever (libs.md 1)."""
CONNECTIONS = 16
"""Connections kept open; a fresh one costs a TLS handshake in the middle of somebody's key press."""


class HttpConnections:
    """Connections to ``base_url``, shared by threads. The environment is read once, for its proxy and certificates."""

    def __init__(self, base_url: str) -> None:
        with requests.Session() as session:
            found = session.merge_environment_settings(base_url, {}, None, None, None)
        self._settings: dict[str, Any] = {"proxies": found["proxies"], "verify": found["verify"]}
        self._adapter = HTTPAdapter(pool_maxsize=CONNECTIONS, max_retries=0)

    def carry(self, method: str, url: str, headers: Mapping[str, str], body: str) -> requests.Response:
        """Send one GET or POST and read its whole answer. Raises what requests raises.

        ``body`` is ASCII, "" for none. No redirect is followed, and no header is sent that is not in ``headers``.
        """
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url, prepared.body = method, url, body or None
        prepared.headers = CaseInsensitiveDict({**headers, "Content-Length": str(len(body))} if body else headers)
        answer = self._adapter.send(prepared, timeout=TIMEOUT, **self._settings)
        _ = answer.content
        return answer

    def close(self) -> None:
        self._adapter.close()
