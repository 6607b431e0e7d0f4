"""What may be pressed on the board, and what each person has chosen to see there (kept on the server)."""

from collections.abc import Callable, Mapping
from typing import Any, Final, NamedTuple

from flask import current_app, url_for
from werkzeug.datastructures import MultiDict

from callflow.core.records import record
from callflow.service.board.needs import Card

ALL_COLUMNS: Final = ("ladder", "warnings", "team", "reason")
KEYS: Final = (
    ("j", "next row"), ("k", "row before"), ("Enter", "details of the call"), ("l", "listen, muted"),
    ("c", "coach: only the agent hears you"), ("b", "join: all three talk"),
    ("t", "take over: after the introduction the call is yours"), ("v", "veto a closing"),
    ("s", "lock for safeguarding: no hold, warning or ending any more"), ("/", "view and filter"),
    ("p", "pause, or go on"), ("?", "this list"),
)  # fmt: skip


class Action(NamedTuple):
    """A button. ``asks``: the question that is put once before. ``words``: what has to be written down with it.
    ``link``: it leads to a page instead. ``choose``: what a choice answers, if nothing is chosen before."""

    value: str
    name: str
    key: str = ""
    asks: str = ""
    words: str = ""
    link: Callable[[Card], str] | None = None
    choose: str = ""


def _incident(card: Card) -> str:
    """The page of incidents, "" if this server has none."""
    return url_for("incidents.page") if "incidents.page" in current_app.view_functions else ""


ACTIONS: Final[Mapping[str, Action]] = {one.value: one for one in (
    Action("listen", "Listen", "l"),
    Action("coach", "Coach", "c"),
    Action("join", "Join", "b", "Your telephone rings. The caller is told who comes, and all three of you talk."),
    Action("take_over", "Take over", "t", "Your telephone rings. After the introduction the call is yours, and the "
                                          "agent leaves."),
    Action("veto", "Veto", "v", "The closing stops at once, and the caller stays with the agent."),
    Action("lock", "Lock", "s"),  # at one press (rule 34)
    Action("co_sign", "Agree", asks="You agree that the agent may end this call."),
    Action("call_back", "Call back", asks="The owner's telephone rings, and then the caller's."),
    Action("kept", "Was called", asks="The caller was reached in another way."),
    Action("clear", "Done", words="What was done about it"),
    Action("answer", "Answer it", link=_incident),
    Action("leave", "Stop listening"),
    Action("ring", "Ring", asks="The telephone of this person rings, with a briefing.",
           choose="Whom?"),
    Action("unlock", "Lift the lock", asks="The ladder begins anew, and the reason is on record.",
           choose="Why?"),
    Action("relief", "Let the agent go",
           asks="The agent leaves at once, the caller is told, and waits for a supervisor."),
)}  # fmt: skip


@record
class Choices:
    team: str = ""
    group: str = ""
    needs: bool = False
    columns: tuple[str, ...] = ALL_COLUMNS
    shortcuts: str = "on"


def choices_of(preferences: Mapping[str, Any]) -> Choices:
    """What is stored may be of an older or a newer Callflow."""
    known = preferences.get("board")
    found: Mapping[str, Any] = known if isinstance(known, Mapping) else {}
    columns = found.get("columns", ALL_COLUMNS)
    return Choices(
        team=str(found.get("team", "")), group=str(found.get("group", "")), needs=bool(found.get("needs")),
        columns=tuple(one for one in ALL_COLUMNS if one in columns), shortcuts=str(found.get("shortcuts", "on")),
    )  # fmt: skip


def kept(preferences: Mapping[str, Any], form: MultiDict[str, str]) -> dict[str, Any]:
    """The choices of a person after a form of the board: what it leaves out stays as it was."""
    known = choices_of(preferences)
    columns = form.getlist("columns")
    return {
        "team": form.get("team", known.team), "group": form.get("group", known.group),
        "needs": form.get("needs", "1" if known.needs else ""),
        "columns": [one for one in ALL_COLUMNS if one in (columns or known.columns)],
        "shortcuts": form.get("shortcuts", known.shortcuts),
    }  # fmt: skip
