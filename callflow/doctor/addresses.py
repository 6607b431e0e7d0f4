"""Requests to our own addresses, from outside: through DNS, TLS and the proxy, as the provider comes."""

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlencode, urlsplit

import requests

from callflow.base_urls import host_of
from callflow.bootstrap import urls_of
from callflow.core.configuration import Configuration
from callflow.doctor.findings import Finding, error, good, warning
from callflow.fast_path.http_connections import HttpConnections
from callflow.settings import Settings
from callflow.telephony.signature import PROBE, SIGNATURE, sign

FORM: Final = "application/x-www-form-urlencoded"


def is_public(url: str) -> bool:
    """Whether the host is neither this machine nor a private address, as far as its name tells."""
    host = host_of(url)
    try:
        return ip_address(host).is_global
    except ValueError:
        return host != "localhost"


def public(settings: Settings) -> Iterator[Finding]:
    """Send a status report about no call, signed with our token: a server does nothing with it and answers 204."""
    check, url = "public-address", urls_of(settings).status().partition("#")[0] + PROBE
    form = {"AccountSid": settings.account_sid, "CallSid": "", "CallStatus": "completed"}
    token = settings.auth_tokens[""][0]
    headers = {"Content-Type": FORM, SIGNATURE: sign(url, form, token)}
    try:
        status = _carried("POST", url, headers, urlencode(form)).status_code
    except requests.RequestException as failure:
        yield error(check, f"{settings.public_url} does not answer ({type(failure).__name__})",
                    "see whether DNS, certificate, proxy and server are up; if only this machine cannot reach its own "
                    "public address, ask from another one")  # fmt: skip
        return
    if status == 204:
        yield good(check, f"a signed request came through {settings.public_url} to the server")
    elif status == 403:
        yield error(check, f"the server behind {settings.public_url} refuses a signed request",
                    "start it with the same CALLFLOW_PUBLIC_URL and TWILIO_AUTH_TOKEN, and have the proxy pass path, "
                    "query and X-Twilio-Signature on as they are")  # fmt: skip
    else:
        yield error(check, f"{settings.public_url} answers a signed request with HTTP {status}",
                    "have the proxy pass /voice/ and /audio/ to the server; 3xx: write the address that it redirects "
                    "to into CALLFLOW_PUBLIC_URL; 5xx: start the server")  # fmt: skip


def recording(settings: Settings, found: Configuration) -> Iterator[Finding]:
    """Fetch the music, which every configuration has, as the provider does."""
    url = urls_of(settings).music(found.music.digest, 1)
    try:
        answer = _carried("GET", url)
    except requests.RequestException:
        return  # told by ``public``
    if answer.status_code == 200 and answer.headers.get("Content-Type") == "audio/wav":
        yield good("audio", "hold music arrives over the public address")
    else:
        yield error("audio", f"hold music arrives with HTTP {answer.status_code} over the public address",
                    "have the proxy pass /audio/ to the server, whose CALLFLOW_CONFIG must be the same")  # fmt: skip


def fallback(settings: Settings) -> Iterator[Finding]:
    check, ours, other = "fallback", host_of(settings.public_url), host_of(settings.fallback_url)
    if settings.without_fallback:
        yield warning(check, *settings.without_fallback.split("; ", 1))
    elif settings.fallback_document:
        yield good(check, "a document that the provider hosts; `callflow provision` prints the text that it must hold")
    else:
        if shared := _addresses(ours) & _addresses(other):
            yield warning(check, f"CALLFLOW_FALLBACK_URL and CALLFLOW_PUBLIC_URL are the same host ({shared.pop()}): "
                          "if it goes, nothing answers", "point CALLFLOW_FALLBACK_URL at another machine, or use "
                          "CALLFLOW_FALLBACK_DOCUMENT instead")  # fmt: skip
        try:
            answer = str(_carried("GET", f"{settings.fallback_url}/healthz").status_code)
        except requests.RequestException as failure:
            answer = type(failure).__name__
        if answer == "200":
            yield good(check, f"{settings.fallback_url} answers")
        else:
            yield error(check, f"{settings.fallback_url}/healthz does not answer ({answer})",
                        "start that node, and have its proxy pass /healthz on")  # fmt: skip


def _addresses(host: str) -> set[str]:
    try:
        return {str(found[4][0]) for found in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)}
    except OSError:
        return set()


def _carried(method: str, url: str, headers: dict[str, str] | None = None, body: str = "") -> requests.Response:
    parts = urlsplit(url)
    connections = HttpConnections(f"{parts.scheme}://{parts.netloc}")
    try:
        return connections.carry(method, url, headers or {}, body)
    finally:
        connections.close()
