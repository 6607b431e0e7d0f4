"""REST requests over persistent connections, with a timeout, through the proxy of the environment.

Preparing, merging, cookies, hooks and redirects cost more than the rest of a REST request, and the provider's API needs
none of them. So this uses the adapter of requests without its ``Session`` where there is a proxy, and not even that
elsewhere. tests/fast_path/test_http_connections.py sends the same requests with all three and compares what is sent and
what is returned.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from requests.utils import select_proxy

from callflow.fast_path.direct_connections import DirectConnections

TIMEOUT = (2.0, 5.0)
"""Seconds to connect, and between bytes. Twilio's own client has no timeout (libs.md 1)."""
CONNECTIONS = 16
"""The number of persistent connections. A new one costs a TLS handshake, while a caller waits after a key press."""


class HttpConnections:
    """Connections to ``base_url``. Thread-safe. Proxy and certificates are read from the environment once."""

    def __init__(self, base_url: str) -> None:
        with requests.Session() as session:
            found = session.merge_environment_settings(base_url, {}, None, None, None)
        proxies, verify = found["proxies"] or {}, True if found["verify"] is None else found["verify"]
        self._carrier: ThroughRequests | DirectConnections = (
            ThroughRequests(proxies, verify) if select_proxy(base_url, proxies)
            else DirectConnections(base_url, TIMEOUT, verify, CONNECTIONS)
        )  # fmt: skip

    def carry(self, method: str, url: str, headers: Mapping[str, str], body: str) -> requests.Response:
        """Send a GET or POST request and read the whole answer. Raises ``requests.RequestException``.

        ``body`` is ASCII, "" for none. Redirects are not followed, and only the headers in ``headers`` are sent.
        """
        return self._carrier.carry(method, url, headers, body)

    def close(self) -> None:
        self._carrier.close()


class ThroughRequests:
    """Connections of the adapter of requests, which knows proxies. ``carry`` as in ``HttpConnections``."""

    def __init__(self, proxies: Mapping[str, str] = MappingProxyType({}), verify: bool | str = True) -> None:
        self._settings: dict[str, Any] = {"proxies": proxies, "verify": verify}
        self._adapter = HTTPAdapter(pool_maxsize=CONNECTIONS, max_retries=0)

    def carry(self, method: str, url: str, headers: Mapping[str, str], body: str) -> requests.Response:
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url, prepared.body = method, url, body or None
        prepared.headers = CaseInsensitiveDict({**headers, "Content-Length": str(len(body))} if body else headers)
        answer = self._adapter.send(prepared, timeout=TIMEOUT, **self._settings)
        _ = answer.content
        return answer

    def close(self) -> None:
        self._adapter.close()
