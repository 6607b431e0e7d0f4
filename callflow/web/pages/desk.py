"""The desk of an agent, or of a supervisor who leads a call, beside any telephone: one page that asks once a second."""

from typing import Any, Final

from flask import Blueprint, Response, abort, g, redirect, render_template, request, url_for

from callflow.core import incidents
from callflow.core.call import Call
from callflow.core.check_ins import Reply
from callflow.core.follow_ups import Refused
from callflow.core.promises import CannotChange
from callflow.service.desk import Desk, Pressed
from callflow.service.promises import Promises
from callflow.web.pages.desk_views import DeskViews, Shown

Answer = Response | str | tuple[str, int]
SAID: Final = {
    Pressed.DONE: "", Pressed.STALE: "stale", Pressed.NOT_OPEN: "not_open", Pressed.NO_CALL: "no_call",
}  # fmt: skip
"""What the page says after a press; the words are in the template."""


def blueprint(own: Desk, promises: Promises, views: DeskViews) -> Blueprint:
    pages = Blueprint("desk", __name__, url_prefix="/desk", template_folder="templates")
    _page(pages, own, views)
    _calls(pages, own, views)
    _beside(pages, own, views, promises)
    return pages


def _person() -> str:
    """The id of whoever is signed in (``access`` lets nobody else come here)."""
    return str(g.viewer.person)


def _said(views: DeskViews, said: str, words: str = "") -> Any:
    """The answer to a press: the new state for a script, or the page anew without one."""
    views.forget(_person())
    if request.headers.get("HX-Request"):
        shown = views.shown(_person())
        return _fragment(shown, said, words)
    return redirect(url_for("desk.page", said=said or None, words=words or None), 303)


def _fragment(shown: Shown, said: str = "", words: str = "") -> Response:
    text = render_template("desk_rows.html", v=shown.version if not (said or words) else "", body=shown.html,
                           poll_seconds=shown.poll_seconds, said=said, words=words)  # fmt: skip
    return Response(text, content_type="text/html; charset=utf-8", headers={"Cache-Control": "no-store"})


def _page(pages: Blueprint, own: Desk, views: DeskViews) -> None:
    @pages.get("")
    def page() -> Answer:
        """The whole page; ``said`` and ``words`` are what a form without a script has just answered."""
        shown = views.shown(_person())
        said, words = request.args.get("said", ""), request.args.get("words", "")[:200]
        return render_template("desk.html", v=shown.version, body=shown.html, poll_seconds=shown.poll_seconds,
                               said=said, words=words, browser_phone=views.browser_phone(_person()))  # fmt: skip

    @pages.get("/rows")
    def rows() -> Answer:
        """204 if the page shows this already."""
        shown = views.shown(_person())
        if request.args.get("v") == shown.version:
            return Response(status=204, headers={"Cache-Control": "no-store"})
        return _fragment(shown)

    @pages.post("/press")
    def press() -> Answer:
        """A button: ``call`` and ``seen`` are the state that it was shown for."""
        form = request.form
        done = own.press(_person(), form.get("call", ""), form.get("choice", ""), form.get("seen", ""))
        return _said(views, SAID[done])  # type: ignore[no-any-return]


def _calls(pages: Blueprint, own: Desk, views: DeskViews) -> None:
    def call_of(id: str) -> Call:
        """A call that the person was on; 404 for any other, whether there is one or not."""
        call = own.calls.store.read(id)
        if call is None or _person() not in incidents.people_on(call):
            abort(404)
        return call

    @pages.get("/calls/<id>")
    def form(id: str) -> Answer:
        """What the person has to say about a call: a note, and what happened."""
        call = call_of(id)
        return render_template("desk_call.html", call=call, incident=own.incident(call), person=_person(), wrong="")

    @pages.post("/calls/<id>")
    def added(id: str) -> Answer:
        call, parts = call_of(id), {part: request.form.get(part, "").strip() for part in incidents.PARTS}
        note = request.form.get("note", "").strip()
        if not note and not any(parts.values()):
            return render_template("desk_call.html", call=call, incident=own.incident(call), person=_person(),
                                   wrong="Nothing was written yet."), 400  # fmt: skip
        if note:
            own.note(_person(), call, note)
        if any(parts.values()):
            own.add(_person(), call, parts)
        views.forget(_person())
        return redirect(url_for("desk.page", said="saved"), 303)  # type: ignore[return-value]


def _beside(pages: Blueprint, own: Desk, views: DeskViews, promises: Promises) -> None:
    @pages.post("/promises/<id>/ring")
    def ring(id: str) -> Answer:
        """Ring the person, and then the caller who was promised it."""
        found = own.calls.store.follow_up(id)
        if found is None or found.person != _person():
            abort(404)
        try:
            promises.call(id, _person())
        except (CannotChange, promises.refused) as why:
            return _said(views, "", str(why))  # type: ignore[no-any-return]
        return _said(views, "ringing")  # type: ignore[no-any-return]

    @pages.post("/check-ins/<id>")
    def check_in(id: str) -> Answer:
        try:
            own.reply(_person(), id, Reply(request.form.get("reply", "")))
        except (Refused, ValueError) as why:
            return _said(views, "", str(why) if isinstance(why, Refused) else "")  # type: ignore[no-any-return]
        return _said(views, "saved")  # type: ignore[no-any-return]

    @pages.post("/away")
    def away() -> Answer:
        own.set_away(_person(), request.form.get("away") == "yes")
        return _said(views, "")  # type: ignore[no-any-return]

    @pages.post("/break")
    def change_break() -> Answer:
        changed = own.change_break(_person(), longer=request.form.get("longer") == "yes")
        return _said(views, "" if changed else "no_break")  # type: ignore[no-any-return]

    @pages.post("/offers")
    def offer() -> Answer:
        form = request.form
        made = own.offer(_person(), form.get("call", ""), form.get("offer", ""))
        return _said(views, "" if made else "stale")  # type: ignore[no-any-return]
