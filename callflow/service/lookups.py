"""The ``lookup`` of a flow: builds the request from the call, and reads the values from the JSON of the answer.

Templates are filled in and paths are followed; nothing is evaluated. Neither requests nor answers are logged.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.events import LookupDone, LookupFailed
from callflow.core.flow.lookup import Lookup, LookupStep
from callflow.core.stages import Stage
from callflow.core.variables import NAME, in_request
from callflow.service.ports import LookupClient, LookupFailure, LookupRequest

LONGEST_VALUE = 200
DEEPEST_WAY = 8


def waits_for(call: Call | None, lookup: str) -> bool:
    """Whether the caller still waits for this answer. A request that is too late is not sent."""
    return bool(call and call.lookup == lookup and call.stage is Stage.ARRIVING and call.caller.live)


def answer(
    call: Call, configuration: Configuration, lookup_client: LookupClient, at: Callable[[], datetime]
) -> LookupDone | LookupFailed:
    """Send the request and return the event. Never raises, because the caller waits for the event."""
    step = configuration.flows[call.flow].steps[call.step]
    try:
        if not isinstance(step, LookupStep):
            raise LookupFailure("nothing to ask")
        found = _read(lookup_client.ask(question(call, configuration, step.lookup), configuration.lookups))
        values = {name: text for name, way in step.lookup.values.items() if (text := pick(found, way)) is not None}
    except LookupFailure as failure:
        return LookupFailed(at=at(), lookup=call.lookup, reason=str(failure))
    return LookupDone(at=at(), lookup=call.lookup, values=values)


def question(call: Call, configuration: Configuration, lookup: Lookup) -> LookupRequest:
    """The request with its variables filled in. Raises LookupFailure for a value that would change the URL's path."""

    def known(name: str) -> str:
        return in_request(configuration, call, name)

    url = NAME.sub(lambda found: quote(known(found[1]), safe=""), lookup.url)
    if any(unquote(part) in (".", "..") for part in urlsplit(url).path.split("/")):
        raise LookupFailure("a value that would lead elsewhere")
    body = {key: NAME.sub(lambda found: known(found[1]), text) for key, text in lookup.body.items()}
    return LookupRequest(
        method=lookup.method, url=url, headers=lookup.headers, seconds=lookup.seconds, tries=1 + lookup.retries,
        body=json.dumps(body).encode() if lookup.method == "POST" else b"",
    )  # fmt: skip


def _read(content: bytes) -> Any:
    try:
        return json.loads(content)
    except (ValueError, RecursionError):
        raise LookupFailure("no JSON") from None


def pick(found: Any, way: str) -> str | None:
    """The text at a path like ``customer.name`` or ``orders.0.state``; None if there is no text that can be spoken."""
    for part in way.split(".")[:DEEPEST_WAY]:
        if isinstance(found, Mapping):
            found = found.get(part)
        elif isinstance(found, list) and part.isdecimal() and int(part[:9]) < len(found):
            found = found[int(part[:9])]
        else:
            return None
    if isinstance(found, bool):
        return str(found).lower()
    if not isinstance(found, str | int | float):
        return None
    return " ".join("".join(one if one.isprintable() else " " for one in str(found)).split())[:LONGEST_VALUE]
