"""REST requests over persistent connections, with a timeout, through the proxy of the environment.

This uses the adapter of requests without its ``Session``: preparing, merging, cookies, hooks and redirects cost more
than the rest of a REST request, and the provider's API needs none of them. tests/fast_path/test_http_connections.py
sends the same requests with both and compares what is sent and what is returned.
"""

from collections.abc import Mapping
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict

TIMEOUT = (2.0, 5.0)
"""Seconds to connect, and between bytes. Twilio's own client has no timeout (libs.md 1)."""
CONNECTIONS = 16
"""The number of persistent connections. A new one costs a TLS handshake, while a caller waits after a key press."""


class HttpConnections:
    """Connections to ``base_url``. Thread-safe. Proxy and certificates are read from the environment once."""

    def __init__(self, base_url: str) -> None:
        with requests.Session() as session:
            found = session.merge_environment_settings(base_url, {}, None, None, None)
        self._settings: dict[str, Any] = {"proxies": found["proxies"], "verify": found["verify"]}
        self._adapter = HTTPAdapter(pool_maxsize=CONNECTIONS, max_retries=0)

    def carry(self, method: str, url: str, headers: Mapping[str, str], body: str) -> requests.Response:
        """Send a GET or POST request and read the whole answer. Raises ``requests.RequestException``.

        ``body`` is ASCII, "" for none. Redirects are not followed, and only the headers in ``headers`` are sent.
        """
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url, prepared.body = method, url, body or None
        prepared.headers = CaseInsensitiveDict({**headers, "Content-Length": str(len(body))} if body else headers)
        answer = self._adapter.send(prepared, timeout=TIMEOUT, **self._settings)
        _ = answer.content
        return answer

    def close(self) -> None:
        self._adapter.close()
