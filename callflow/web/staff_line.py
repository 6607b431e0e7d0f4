"""The webhooks of the staff line: a call to it begins, and is answered. ``voice`` has verified them."""

import logging
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from callflow.service.faults import described
from callflow.service.ports import GatewayFailure, StoreUnavailable
from callflow.telephony import naming, place_documents
from callflow.telephony.callbacks import Asked, pressed, taken
from callflow.telephony.numbers import as_configured, dialled, valid_sid
from callflow.web.dependencies import Dependencies
from callflow.web.webhook import Webhook, number_or

if TYPE_CHECKING:  # what only the staff line needs is imported with its first call, not at the start
    from callflow.service.staff_line import StaffLineService, StaffReply

log = logging.getLogger(__name__)


class StaffLineWebhooks:
    """Each method returns a document. If anything fails it says so and hangs up: nobody waits on this line."""

    def __init__(self, dependencies: Dependencies) -> None:
        self._dependencies = dependencies

    def is_called(self, form: Mapping[str, str]) -> bool:
        """Whether this call is to a staff line. Not if the number may as well be one for callers."""
        configuration = self._dependencies.configurations.current
        line, called = configuration.staff_line.called, form.get("To", "") or form.get("Called", "")
        if not line or called in configuration.numbers:
            return False
        ours = as_configured(called, configuration.called_numbers)
        return len(ours) == 1 and ours[0] in line

    def begins(self, sid: str, telephone: str) -> str:
        """A call of this provider id, from this telephone as the provider writes it."""
        from callflow.configuration.telephone import identity

        call = naming.call_id(self._dependencies.secret, sid)
        return self._safely(lambda: self._service.begin(call, identity(telephone)))

    def answers(self, asked: Webhook, call: str, form: Mapping[str, str]) -> str:
        """A call of another provider id than the session's is not answered: an address alone opens nothing."""
        from callflow.telephony.practice import PracticeCall

        if naming.call_id(self._dependencies.secret, valid_sid(form.get("CallSid", ""))) != call:
            return self.failed()
        query = asked.query()
        token = number_or(query.get("token", ""), -1)
        answer = Asked(token=number_or(query.get("leg", ""), -1), place=query.get("place", ""), form=form)
        practising, take = PracticeCall(answer, self._dependencies.urls), taken(form, self._dependencies.account)
        return self._safely(lambda: self._service.answer(call, token, pressed(form), practising, take))

    def over(self, sid: str) -> None:
        self._service.over(naming.call_id(self._dependencies.secret, sid))

    def take(self, call: str, token: int) -> bytes | None:
        """The WAV file of what was just recorded, from the provider; None if it cannot be had."""
        kept = self._dependencies.kept
        try:
            found = self._service.take(call, token)
            return kept.source.fetch(*found) if found and kept else None
        except (GatewayFailure, StoreUnavailable):
            return None

    def failed(self) -> str:
        return place_documents.polite_hangup(self._dependencies.configurations.current, "failure_again")

    @cached_property
    def _service(self) -> "StaffLineService":
        from callflow.service.live_calls import LiveCalls
        from callflow.service.staff_calls import StaffCalls
        from callflow.service.staff_line import StaffLineService

        calls, ours = self._dependencies.calls, self._dependencies
        live = LiveCalls(calls.store, calls.configurations, calls.clock)
        return StaffLineService(calls.store, calls.configurations, calls.clock, ours.metrics, ours.secrets,
                                ours.outgoing, dialled, StaffCalls(calls, live))  # fmt: skip

    def _safely(self, ask: "Callable[[], StaffReply | None]") -> str:
        from callflow.telephony import staff_line_documents

        try:
            if reply := ask():
                self._dependencies.metrics.count("webhooks")
                configuration = self._dependencies.configurations.current
                return staff_line_documents.render(reply, configuration, self._dependencies.urls)
        except StoreUnavailable:
            self._dependencies.metrics.count("store_unavailable")
            log.error("store unavailable, the staff line cannot be used now")
        except Exception as error:
            self._dependencies.metrics.count("failures")
            log.error("the staff line failed: %s", described(error))
        return self.failed()
