"""/incidents/restrictions: contact restrictions. Each read is on record with its reason, and seniors decide."""

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from callflow.core import office_hours
from callflow.service.caller_records import CallerRecord, NotPossible
from callflow.service.ports import StoreUnavailable
from callflow.service.restrictions import Restrictions
from callflow.web.dependencies import Dependencies
from callflow.web.pages import ops

DONE = {
    "decide": "Decided.", "renew": "Renewed.", "appeal": "The appeal is taken down: another senior answers it.",
    "answer": "The appeal is answered.", "lift": "Lifted.",
}  # fmt: skip


PROPOSED = "Proposed. It has no effect before a senior who was not on the call decides."


class RestrictionPages:
    def __init__(self, dependencies: Dependencies) -> None:
        self._dependencies = dependencies
        self._store, self._clock = dependencies.calls.store, dependencies.calls.clock

    @property
    def _restrictions(self) -> Restrictions:
        configuration = self._dependencies.configurations.current
        return Restrictions(self._store, configuration, self._clock, office_hours.office(configuration))

    def page(self) -> str:
        """Nothing of a restriction: first the reason."""
        return self._page(said=PROPOSED if request.args.get("said") == "proposed" else "")

    def _page(self, **more: Any) -> str:
        configuration = self._dependencies.configurations.current
        return render_template("incidents/restrictions.html", now=self._clock(), form=request.form,
                               seniors=[configuration.name_of(one) for one in configuration.seniors],
                               senior=g.viewer.person in configuration.seniors, name_of=configuration.name_of,
                               **more)  # fmt: skip

    def listed(self) -> str:
        reason = request.form.get("reason", "")
        try:
            found = self._restrictions.listed(g.viewer.person, reason)
        except NotPossible as why:
            return self._page(problem=str(why))
        return self._page(found=found, reason=reason)

    def one(self, id: str) -> str:
        reason = request.form.get("reason", "")
        try:
            return self._one(self._restrictions.read(id, g.viewer.person, reason), reason)
        except NotPossible as why:
            return self._page(problem=str(why))

    def _one(self, found: CallerRecord, reason: str, **more: Any) -> str:
        configuration = self._dependencies.configurations.current
        return render_template(
            "incidents/restriction.html", found=found, standing=self._restrictions.standing(found), reason=reason,
            entries=self._store.caller_record_entries(found.id), senior=g.viewer.person in configuration.seniors,
            on_it=g.viewer.person in found.body.get("on_the_call", ()), name_of=configuration.name_of,
            now=self._clock(), form=request.form, **more,
        )  # fmt: skip

    def propose(self) -> str | Response:
        given = {name: request.form.get(name, "").strip()[:2000] for name in ("reason", "scope", "channel")}
        call = self._store.find(request.form.get("reference", "").strip().upper())
        try:
            if call is None:
                raise NotPossible("there is no call with this reference")
            self._restrictions.propose(call, g.viewer.person, **given)
        except NotPossible as why:
            return self._page(problem=str(why), proposing=True)
        return redirect(url_for("restrictions.page", said="proposed"), 303)  # so that a reload proposes nothing

    def act(self, id: str, act: str) -> str:
        """An act, and the restriction afterwards: reading it is on record with the same reason."""
        reason, person = request.form.get("reason", ""), g.viewer.person
        try:
            acts = self._acts(id, person, reason)
            if act not in acts:
                abort(404)
            acts[act]()
            return self._one(self._restrictions.read(id, person, reason), reason, said=DONE[act])
        except (NotPossible, ValueError) as why:
            problem = str(why) if isinstance(why, NotPossible) else "a date is written like 2026-11-30"
        try:
            return self._one(self._restrictions.read(id, person, reason), reason, problem=problem)
        except NotPossible:
            return self._page(problem=problem)

    def _acts(self, id: str, person: str, reason: str) -> dict[str, Callable[[], object]]:
        """Raises ValueError for a date that is none."""
        what, yes = self._restrictions, request.form.get("yes") == "yes"
        letter, review = _day("letter_sent"), _day("review")
        return {
            "decide": lambda: what.decide(id, person, reason, agreed=yes, letter_sent=letter, review=review),
            "renew": lambda: what.renew(id, person, reason, review),
            "appeal": lambda: what.appeal(id, person, reason),
            "answer": lambda: what.answer(id, person, reason, upheld=yes),
            "lift": lambda: what.lift(id, person, reason),
        }


def _day(name: str) -> date | None:
    text = request.form.get(name, "").strip()
    return date.fromisoformat(text) if text else None


def blueprint(dependencies: Dependencies) -> Blueprint:
    restrictions = Blueprint(
        "restrictions", __name__, url_prefix="/incidents/restrictions", template_folder="templates"
    )
    pages = RestrictionPages(dependencies)
    restrictions.context_processor(ops.of_templates)
    restrictions.register_error_handler(StoreUnavailable, ops.unavailable)
    restrictions.add_url_rule("", endpoint="page", view_func=pages.page)
    restrictions.add_url_rule("/list", endpoint="listed", view_func=pages.listed, methods=["POST"])
    restrictions.add_url_rule("/list", endpoint="page", view_func=pages.page)  # the address that is left in the bar
    restrictions.add_url_rule("/propose", endpoint="propose", view_func=pages.propose, methods=["POST"])
    restrictions.add_url_rule("/propose", endpoint="page", view_func=pages.page)
    restrictions.add_url_rule("/of/<id>", endpoint="one", view_func=pages.one, methods=["POST"])
    restrictions.add_url_rule("/of/<id>/<act>", endpoint="act", view_func=pages.act, methods=["POST"])
    return restrictions
