"""One call to the staff line, as it is stored between two of its webhooks: who it is, and what was asked last."""

import json
from dataclasses import asdict
from enum import StrEnum
from typing import Any

from callflow.core.records import record


class StaffPlace(StrEnum):
    """What the caller is asked. Each is one document (``telephony.staff_line_documents``)."""

    NUMBER = "number"
    PIN = "pin"
    MENU = "menu"
    LINE = "line"
    """The number of the line that is to be recorded."""
    CHOSEN = "chosen"
    RECORD = "record"
    REVIEW = "review"
    CHECK_IN = "check_in"
    """Whether somebody may ask how the person is (``core.check_ins``)."""
    SCENARIO = "scenario"
    CALL_NUMBER = "call_number"
    CALL_CONFIRM = "call_confirm"
    PRACTICE = "practice"
    PROMISE = "promise"
    CALLS = "calls"
    """What is done to a live call of the person's teams (``calls``)."""
    OVER = "over"


@record
class Session:
    """``token`` is the number of its last document. ``person`` has logged in, ``claimed`` is who it says it is ("" if
    nobody is known by that). ``news`` is a line that comes before what is asked, ``promise`` the call whose call back
    is spoken, or is to be made after this call.

    It has nothing that was typed but ``number``, which the store seals.
    """

    id: str
    place: StaffPlace
    token: int = 1
    claimed: str = ""
    person: str = ""
    tries: int = 0
    silent: int = 0
    news: str = ""
    promise: str = ""
    practice: str = ""
    """The state of a practice call (``practice``), "" without one."""
    line: str = ""
    """The id of the line that is to be recorded, and which of its pieces, counted from 1 (0: the whole line)."""
    piece: int = 0
    pieces: int = 0
    take: str = ""
    """What was recorded and is neither kept nor dropped yet: its id at the provider, in this ``account``."""
    account: str = ""
    incident: str = ""
    """The one of which was told last, and the check-in that is asked about or was answered: their ids."""
    check_in: str = ""
    number: str = ""
    """The customer (E.164) whom the person wants to call; at ``OVER``, who is called as soon as the line is free."""
    outcomes: str = ""
    """The ids of kept recordings whose outcome is told with the document, in one text."""
    call: str = ""
    """The live call that is spoken, in the ``state`` on which an act is decided, and the ids of those before it."""
    state: str = ""
    passed: str = ""
    act: str = ""
    """At ``OVER``, what is done to that call as soon as the line is free. ``reason``: why an act was refused."""
    reason: str = ""


def to_json(session: Session) -> str:
    return json.dumps({name: value for name, value in asdict(session).items() if value not in ("", 0)})


def from_json(text: str) -> Session:
    """Undo ``to_json``."""
    values: dict[str, Any] = json.loads(text)
    return Session(**{**values, "place": StaffPlace(values["place"])})
