"""The ``lookup`` of a flow: builds the request from the call, and reads the values from the JSON of the answer.

Templates are filled in and paths are followed; nothing is evaluated. Neither requests nor answers are logged.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from math import isfinite
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.events import LookupDone, LookupFailed
from callflow.core.flow.lookup import Lookup, LookupStep
from callflow.core.stages import Stage
from callflow.core.variables import NAME, in_request
from callflow.service.lookup_client import LookupClient, LookupFailure, LookupRequest

LONGEST_VALUE = 200
TYPES = {dict: "an object", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}
"""The types of JSON, for the journal."""


def waits_for(call: Call | None, lookup: str) -> bool:
    """Whether the caller still waits for this answer. A request that is too late is not sent."""
    return bool(call and call.lookup == lookup and call.stage is Stage.ARRIVING and call.caller.live)


def look_up(
    call: Call,
    configuration: Configuration,
    lookup_client: LookupClient,
    at: Callable[[], datetime],
    done: Callable[[LookupDone | LookupFailed], None],
) -> None:
    """Send the request, and pass on the event of its answer. Every failure is an event too: the caller waits for it."""
    step = configuration.flows[call.flow].steps[call.step]
    lookup = step.lookup if isinstance(step, LookupStep) else None

    def answered(found: bytes | LookupFailure) -> None:
        try:
            values = values_of(found, lookup.values if lookup else {})
        except LookupFailure as failure:
            done(LookupFailed(at=at(), lookup=call.lookup, reason=str(failure)))
        else:
            done(LookupDone(at=at(), lookup=call.lookup, values=values))

    try:
        if not lookup:
            raise LookupFailure("nothing to ask")
        asked = question(call, configuration, lookup)
    except LookupFailure as failure:
        answered(failure)
    else:
        lookup_client.ask(asked, configuration.lookups, answered)


def values_of(found: bytes | LookupFailure, ways: Mapping[str, str]) -> dict[str, str]:
    """The values of an answer by variable, given the path of each. Raises LookupFailure if it cannot be used."""
    if isinstance(found, LookupFailure):
        raise found
    answer = _read(found)
    return {name: text for name, way in ways.items() if (text := pick(answer, way)) is not None}


def question(call: Call, configuration: Configuration, lookup: Lookup) -> LookupRequest:
    """The request with its variables filled in. Raises LookupFailure for a value that would change the URL's path."""

    def known(name: str) -> str:
        return in_request(configuration, call, name)

    url = NAME.sub(lambda found: quote(known(found[1]), safe=""), lookup.url)
    if any(unquote(part) in (".", "..") for part in urlsplit(url).path.split("/")):
        raise LookupFailure("a value that would lead elsewhere")
    body = {key: NAME.sub(lambda found: known(found[1]), text) for key, text in lookup.body.items()}
    return LookupRequest(
        name=f"{call.flow}.{call.step}", method=lookup.method, url=url, headers=lookup.headers,
        seconds=lookup.seconds, tries=1 + lookup.retries,
        body=json.dumps(body).encode() if lookup.method == "POST" else b"",
    )  # fmt: skip


def _read(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise LookupFailure("no JSON") from None


def pick(found: Any, way: str) -> str | None:
    """The text at a path like ``customer.name`` or ``orders.0.state``. None if the answer has nothing there, null or a
    blank text. Raises LookupFailure, with the path and not the value, if something on the path is of another type."""
    here: list[str] = []
    for part in way.split("."):
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, list) and part.isdecimal():
            found = found[int(part)] if int(part) < len(found) else None
        elif found is not None:
            raise LookupFailure(f"{_shown(here)} is {TYPES[type(found)]}")
        here.append(part)
    if found is None:
        return None
    if isinstance(found, bool):
        return str(found).lower()
    if not isinstance(found, str | int | float):
        raise LookupFailure(f"{_shown(here)} is {TYPES[type(found)]}")
    if isinstance(found, float) and not isfinite(found):
        raise LookupFailure(f"{_shown(here)} is not a finite number")
    return " ".join("".join(one if one.isprintable() else " " for one in str(found)).split())[:LONGEST_VALUE] or None


def _shown(path: list[str]) -> str:
    return ".".join(path) or "the answer"
