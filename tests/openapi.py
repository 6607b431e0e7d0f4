"""Is this a request that Twilio would take? Judged by Twilio's own OpenAPI document (twilio_api_v2010.json).

With the ``responses`` package: ``responses.add_callback("POST", url, valid(201, {"sid": "CA..."}))``, or
``assert_valid(call.request)`` afterwards. Stricter than the document in two ways: a field or query parameter it does
not name is refused, and so are events of a status callback that do not exist (the document allows any word).
"""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from openapi_core import OpenAPI
from openapi_core.contrib.requests import RequestsOpenAPIRequest
from requests import PreparedRequest

DOCUMENT = Path(__file__).with_name("twilio_api_v2010.json")
SERVER = "https://api.twilio.com"
CALL_EVENTS = ["initiated", "ringing", "answered", "completed"]  # twilio.md 1.6
ROOM_EVENTS = ["start", "end", "join", "leave", "mute", "hold", "modify", "speaker", "announcement"]  # twilio.md 4
RECORDING_EVENTS = ["in-progress", "completed", "absent"]  # twilio.md 5.4
EVENTS = {
    "StatusCallbackEvent": CALL_EVENTS,
    "ConferenceStatusCallbackEvent": ROOM_EVENTS,
    "RecordingStatusCallbackEvent": RECORDING_EVENTS,
    "ConferenceRecordingStatusCallbackEvent": RECORDING_EVENTS,
}
METHODS = ("get", "post", "delete")


def assert_valid(request: PreparedRequest) -> None:
    """Raise AssertionError with the reason if the document does not allow the request, whatever host it went to."""
    copy = request.copy()
    parts = urlsplit(copy.url or "")
    copy.url = f"{SERVER}{parts.path}" + (f"?{parts.query}" if parts.query else "")
    names = next((_strict()[1][key] for key in _keys(copy)), None)
    assert names is not None, f"no such operation: {copy.method} {parts.path}"
    sent = {name for text in (parts.query, _text(copy)) for name, _ in parse_qsl(text, keep_blank_values=True)}
    assert sent <= names, f"unknown to {copy.method} {parts.path}: {sorted(sent - names)}"
    try:
        _strict()[0].validate_request(RequestsOpenAPIRequest(copy))
    except Exception as error:
        causes = [str(one) for one in getattr(error.__cause__, "schema_errors", ())] or [str(error.__cause__)]
        raise AssertionError(f"{copy.method} {parts.path}: {error}: {'; '.join(causes)}") from error


def valid(
    status: int, body: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None
) -> Callable[[PreparedRequest], tuple[int, dict[str, str], str]]:
    """A ``responses`` callback that judges the request before it answers."""

    def answer(request: PreparedRequest) -> tuple[int, dict[str, str], str]:
        assert_valid(request)
        return status, dict(headers or {}), json.dumps(body or {})

    return answer


def _text(request: PreparedRequest) -> str:
    return request.body.decode() if isinstance(request.body, bytes) else request.body or ""


@cache
def _strict() -> tuple[OpenAPI, dict[tuple[str, str], set[str]]]:
    """The document made strict, and the query parameters and form fields of every (method, path pattern).

    The names are our own check: openapi-core 0.23 drops form fields it does not know before it judges the rest.
    """
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    parameters = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                named = item[method].get("parameters", [])
                parameters[method, path] = {one["name"] for one in named if one["in"] == "query"}
                for content in item[method].get("requestBody", {}).get("content", {}).values():
                    _be_strict(content["schema"])
                    parameters[method, path] |= content["schema"]["properties"].keys()
    return OpenAPI.from_dict(document), parameters


def _be_strict(schema: dict[str, Any]) -> None:
    schema["additionalProperties"] = False
    for name, known in EVENTS.items():
        if name in schema["properties"]:
            schema["properties"][name]["items"]["enum"] = known


def _keys(request: PreparedRequest) -> list[tuple[str, str]]:
    """The (method, path pattern) pairs a request fits, most literal first."""
    asked = urlsplit(request.url or "").path.split("/")
    fitting = [
        key for key in _strict()[1] if key[0] == (request.method or "").lower() and _fits(asked, key[1].split("/"))
    ]
    return sorted(fitting, key=lambda key: key[1].count("{"))


def _fits(asked: list[str], pattern: list[str]) -> bool:
    def same(one: str, wanted: str) -> bool:
        if wanted.startswith("{"):
            return one.endswith(".json") == wanted.endswith(".json") and bool(one)
        return one == wanted

    return len(asked) == len(pattern) and all(map(same, asked, pattern))
