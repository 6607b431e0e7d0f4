"""What comes of a button of the board, in words that are shown where it was pressed."""

from collections.abc import Callable
from typing import Final, NamedTuple

from flask import g, request

from callflow.core.act_refusals import SENTENCES, Reason
from callflow.core.alarms import CannotClear
from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.events import Act
from callflow.core.follow_ups import FollowUp
from callflow.core.promises import CannotChange
from callflow.service import alarms
from callflow.service.acts import ActResult, Acts, Answer, open_acts
from callflow.service.board.needs import CardAct
from callflow.service.board.sentences import of_call
from callflow.service.promises import Promises
from callflow.web.dependencies import Dependencies

DONE: Final = {
    Act.LISTEN: "Your telephone rings. Press 1, and you listen, muted.",
    Act.COACH: "Your telephone rings. Press 1: only the agent hears you.",
    Act.JOIN: "Your telephone rings. Press 1: the caller is told, and all of you talk.",
    Act.TAKE_OVER: "Your telephone rings. Press 1: after the introduction the call is yours.",
    Act.LEAVE: "You do not listen any more.",
    Act.VETO: "The closing is stopped. The caller stays with the agent.",
    Act.RING: "The telephone rings.",
    Act.LOCK: "The call is locked: no hold, no warning, no closing.",
    Act.UNLOCK: "The lock is lifted. The ladder begins anew.",
    Act.RELIEF: "The agent is let go. The caller is told, and waits for a supervisor.",
    Act.CO_SIGN: "You have agreed. The agent is told.",
}
NAMES: Final = frozenset(one.value for one in Act)
NOT_THERE: Final = "This call is over."


class Told(NamedTuple):
    """``status``: 409 if it was not done."""

    done: bool
    words: str

    @property
    def status(self) -> int:
        return 200 if self.done else 409


class BoardActs:
    def __init__(self, dependencies: Dependencies) -> None:
        self.calls, self.promises = dependencies.calls, dependencies.promises
        self._acts = Acts(dependencies.calls)

    def pressed(self) -> Told:
        """Do what the form of this request says, as its viewer."""
        form, name = request.form, request.form.get("act", "")
        if form.get("of"):
            return self._of_follow_up(form["of"], name, form.get("words", ""))
        call = self.calls.store.read(form.get("call", ""))
        if name not in NAMES or call is None or call.team not in g.viewer.teams:
            return Told(False, NOT_THERE)
        act = Act(name)
        return self._told(act, self._acts.act(call.id, g.viewer.person, act, form.get("state", ""),
                                              form.get("what", "")))  # fmt: skip

    def _told(self, act: Act, result: ActResult) -> Told:
        if result.answer is Answer.DONE:
            return Told(True, DONE[act])
        if result.answer is Answer.STALE and result.call:
            now = of_call(result.call, self.calls.configurations.of(result.call.digest))
            return Told(False, f"Nothing was done, because the call has changed: {now.before.strip()}"
                               f"{'…' if now.until or now.since else '.'} Look again before you act.")  # fmt: skip
        return Told(False, result.words or NOT_THERE)

    def open(self, call: Call, configuration: Configuration) -> dict[Act, Reason | None]:
        return open_acts(call, configuration, g.viewer.person, self.calls.clock())

    # -- what remains of calls

    def _of_follow_up(self, id: str, name: str, words: str) -> Told:
        one, promises = self.calls.store.follow_up(id), self.promises
        call = self.calls.store.read(one.call) if one else None
        deed = _DEEDS.get(name)
        if one is None or call is None or promises is None or deed is None:
            return Told(False, "There is nothing to be done about it any more.")
        if call.team and call.team not in g.viewer.teams:
            return Told(False, SENTENCES[Reason.NOT_YOUR_CALL])
        try:
            return Told(True, deed(promises, one, g.viewer.person, words))
        except (*REFUSED, promises.refused) as error:
            return Told(False, f"{str(error)[:1].upper()}{str(error)[1:]}.")


REFUSED: Final = (CannotClear, CannotChange)


def _call_back(promises: Promises, one: FollowUp, person: str, words: str) -> str:
    promises.call(one.id, one.person)
    return "The owner's telephone rings, and then the caller's."


def _kept(promises: Promises, one: FollowUp, person: str, words: str) -> str:
    promises.kept(one.id, person)
    return "The promise is kept."


def _clear(promises: Promises, one: FollowUp, person: str, words: str) -> str:
    alarms.clear(promises.keeper, one.id, person, words)
    return "It is cleared."


_DEEDS: Final[dict[str, Callable[[Promises, FollowUp, str, str], str]]] = {
    CardAct.CALL_BACK: _call_back, CardAct.KEPT: _kept, CardAct.CLEAR: _clear,
}  # fmt: skip
