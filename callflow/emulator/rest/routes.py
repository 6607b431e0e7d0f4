"""Paths of the REST API below the account, and their handlers."""

from __future__ import annotations

from callflow.emulator.rest import caller_ids, calls, conferences, domains, messages, numbers, participants, recordings
from callflow.emulator.rest.request import Handler

_ID = "{}"
ROUTES: dict[tuple[str, ...], dict[str, Handler]] = {
    ("Calls",): {"POST": calls.create, "GET": calls.list_all},
    ("Calls", _ID): {"POST": calls.update, "GET": calls.fetch, "DELETE": calls.delete},
    ("Calls", _ID, "Recordings"): {"POST": recordings.create_for_call, "GET": recordings.list_of_call},
    ("Calls", _ID, "Recordings", _ID): {
        "POST": recordings.update_of_call,
        "GET": recordings.fetch_of_call,
        "DELETE": recordings.delete_of_call,
    },
    ("Conferences",): {"GET": conferences.list_all},
    ("Conferences", _ID): {"POST": conferences.update, "GET": conferences.fetch},
    ("Conferences", _ID, "Participants"): {"POST": participants.create, "GET": participants.list_all},
    ("Conferences", _ID, "Participants", _ID): {
        "POST": participants.update,
        "GET": participants.fetch,
        "DELETE": participants.delete,
    },
    ("Conferences", _ID, "Recordings"): {"GET": recordings.list_of_conference},
    ("Conferences", _ID, "Recordings", _ID): {
        "POST": recordings.update_of_conference,
        "GET": recordings.fetch_of_conference,
    },
    ("Messages",): {"POST": messages.create, "GET": messages.list_all},
    ("Messages", _ID): {"GET": messages.fetch},
    ("Recordings",): {"GET": recordings.list_all},
    ("Recordings", _ID): {"GET": recordings.fetch, "DELETE": recordings.delete},
    ("IncomingPhoneNumbers",): {"POST": numbers.create, "GET": numbers.list_all},
    ("IncomingPhoneNumbers", _ID): {"POST": numbers.update, "GET": numbers.fetch, "DELETE": numbers.delete},
    ("SIP Domains",): {"GET": domains.list_all},
    ("SIP Domains", _ID): {"POST": domains.update, "GET": domains.fetch},
    ("OutgoingCallerIds",): {"GET": caller_ids.list_all},
    ("OutgoingCallerIds", _ID): {"GET": caller_ids.fetch, "DELETE": caller_ids.delete},
}


def find_route(method: str, rest: str) -> tuple[Handler | None, tuple[str, ...], bool]:
    """The handler of the path `rest` (`Calls/CA1.json`), its variable parts, and whether the path exists."""
    stem, _, suffix = rest.rpartition(".")
    if suffix in {"wav", "mp3"} and stem.startswith("Recordings/") and method == "GET":
        return recordings.media, (stem.partition("/")[2], suffix), True
    parts = (stem if suffix == "json" and stem else rest).replace("SIP/", "SIP ", 1).split("/")
    shape = tuple(part if position % 2 == 0 else _ID for position, part in enumerate(parts))
    handlers = ROUTES.get(shape)
    if handlers is None:
        return None, (), False
    return handlers.get(method), tuple(parts[1::2]), True
