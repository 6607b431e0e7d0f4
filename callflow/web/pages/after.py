"""/incidents/alarms, call-backs and check-ins: what is to be done after calls, who has it, and what ends it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from flask import Blueprint, abort, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as WerkzeugResponse

from callflow.core import check_ins
from callflow.core.alarms import AlarmState, CannotClear, Cause
from callflow.core.call import Call
from callflow.core.check_ins import CheckInState, Reply
from callflow.core.follow_ups import FollowUp, FollowUpKind, Refused
from callflow.core.promises import CannotChange
from callflow.service import alarms
from callflow.service.incidents import Incidents
from callflow.service.ports import StoreUnavailable
from callflow.service.promises import listed
from callflow.web.dependencies import Dependencies
from callflow.web.pages import ops

CAUSES = {
    Cause.HOLD_OVERRUN: "A caller was not brought back from a hold in time",
    Cause.LATE_CALL_BACK: "A promised call back is late",
    Cause.LOCKED_ALONE: "A locked call has had no supervisor for too long",
    Cause.BREAK_SKIPPED: "An agent left out the break after an abusive call",
    Cause.MANY_CLOSINGS: "More calls were closed than expected",
}
SAID = {
    "cleared": "Cleared. What you did about it is kept with the alarm.", "kept": "Kept: the caller was reached.",
    "withdrawn": "Withdrawn. The reason is kept with the promise.", "given": "It has another owner. Its time stays.",
    "called": "The telephone of its owner rings now, and then the caller's.", "yes": "They will be in touch.",
    "later": "It is offered again later.", "no": "That is fine. Nothing follows from it.", "done": "Done.",
}  # fmt: skip


class Task(NamedTuple):
    """Something that remains to be done after a call. ``due``: by when, None for no time."""

    one: FollowUp
    reference: str
    due: datetime | None = None
    number: bool = True


class AfterPages:
    def __init__(self, dependencies: Dependencies) -> None:
        self._dependencies = dependencies
        self._store, self._clock = dependencies.calls.store, dependencies.calls.clock

    def alarms(self, **more: Any) -> str:
        found = [one for one in self._store.follow_ups(FollowUpKind.ALARM) if one.state != AlarmState.WATCHED]
        tasks = [Task(one, call.reference) for one in found if (call := self._of_my_teams(one.call, one.person))]
        return self._page("alarms", tasks=tasks, causes=CAUSES, **more)

    def _of_my_teams(self, call: str, person: str) -> Call | None:
        found = self._store.read(call)
        return found if found and (found.team in g.viewer.teams or person == g.viewer.person) else None

    def _page(self, name: str, **more: Any) -> str:
        configuration = self._dependencies.configurations.current
        return render_template(f"incidents/{name}.html", now=self._clock(), name_of=configuration.name_of,
                               said=SAID.get(request.args.get("said", ""), ""), **more)  # fmt: skip

    def clear(self, id: str) -> WerkzeugResponse | str:
        one = self._mine(id, FollowUpKind.ALARM)
        words = request.form.get("words", "")
        return self._act(lambda: alarms.clear(self._dependencies.follow_ups, one.id, g.viewer.person, words), "alarms",
                         "cleared", self.alarms, id)  # fmt: skip

    def _mine(self, id: str, kind: FollowUpKind) -> FollowUp:
        one = self._store.follow_up(id)
        if one is None or one.kind is not kind:
            abort(404)
        if self._of_my_teams(one.call, one.person) is None:
            abort(403)
        return one

    def _act(self, act: Callable[[], object], page: str, said: str, again: Callable[..., str], id: str
             ) -> WerkzeugResponse | str:  # fmt: skip
        refused = self._dependencies.promises.refused if self._dependencies.promises else Refused
        try:
            act()
        except (CannotClear, CannotChange, Refused, refused) as why:
            return again(problem=str(why), of=id)
        return redirect(url_for(f"after.{page}", said=said), 303)

    def promises(self, **more: Any) -> str:
        tasks = [Task(one.follow_up, one.call.reference, one.due, bool(one.number)) for one in listed(self._store)
                 if one.call.team in g.viewer.teams or one.follow_up.person == g.viewer.person]  # fmt: skip
        configuration = self._dependencies.configurations.current
        owners = {id: one.name for group in (configuration.supervisors, configuration.agents)
                  for id, one in group.items()}  # fmt: skip
        return self._page("promises", tasks=tasks, owners=owners, can_call=configuration.outgoing_calls, **more)

    def promise(self, id: str, act: str) -> WerkzeugResponse | str:
        promises, person = self._dependencies.promises, g.viewer.person
        one = self._mine(id, FollowUpKind.PROMISE)
        assert promises
        acts: dict[str, Callable[[], object]] = {
            "kept": lambda: promises.kept(one.id, person),
            "called": lambda: promises.call(one.id, ""),
            "given": lambda: promises.given(one.id, person, request.form.get("to", "")),
            "withdrawn": lambda: promises.withdrawn(one.id, person, request.form.get("reason", "")),
        }
        if act not in acts:
            abort(404)
        return self._act(acts[act], "promises", act, self.promises, id)

    def check_ins(self, **more: Any) -> str:
        """Those for the viewer, and those that the viewer has to do. Nobody else's."""
        person = g.viewer.person
        found = self._store.follow_ups(FollowUpKind.CHECK_IN)
        offered = [one for one in found if check_ins.whose(one) == person and one.state == CheckInState.OFFERED]
        to_do = [one for one in found if check_ins.owner(one) == person and one.state == CheckInState.ACCEPTED]
        return self._page("check_ins", offered=offered, to_do=to_do, core=check_ins, **more)

    def check_in(self, id: str, act: str) -> WerkzeugResponse | str:
        one, person = self._store.follow_up(id), g.viewer.person
        if one is None or one.kind is not FollowUpKind.CHECK_IN:
            abort(404)
        if person not in (check_ins.whose(one), check_ins.owner(one)):
            abort(403)
        cases = Incidents(self._store, self._dependencies.follow_ups)
        acts: dict[str, Callable[[], object]] = {
            **{reply.value: lambda reply=reply: cases.reply(id, person, reply) for reply in Reply},  # type: ignore[misc]
            "done": lambda: cases.checked_in(id, person),
        }
        if act not in acts:
            abort(404)
        return self._act(acts[act], "check_ins", act, self.check_ins, id)


def blueprint(dependencies: Dependencies) -> Blueprint:
    after = Blueprint("after", __name__, url_prefix="/incidents", template_folder="templates")
    pages = AfterPages(dependencies)
    after.context_processor(ops.of_templates)
    after.register_error_handler(StoreUnavailable, ops.unavailable)
    after.add_url_rule("/alarms", endpoint="alarms", view_func=pages.alarms)
    after.add_url_rule("/alarms/<id>/clear", endpoint="clear", view_func=pages.clear, methods=["POST"])
    after.add_url_rule("/call-backs", endpoint="promises", view_func=pages.promises)
    after.add_url_rule("/call-backs/<id>/<act>", endpoint="promise", view_func=pages.promise, methods=["POST"])
    after.add_url_rule("/check-ins", endpoint="check_ins", view_func=pages.check_ins)
    after.add_url_rule("/check-ins/<id>/<act>", endpoint="check_in", view_func=pages.check_in, methods=["POST"])
    return after
