"""The provider's webhooks. A route verifies the request, translates it, calls the service once and renders the reply.

A route is a function from a ``Webhook`` to an ``Answer``, so that Flask (``flask_apps``) and ``fast_path.webhooks``
give the same answers.

No exception reaches the provider. If the database is down, or because of a bug, the leg gets the document that brings
it back into its room (design, section 3).
"""

import logging
from collections.abc import Callable, Mapping
from functools import partial

from callflow.core.call import CALLER
from callflow.core.places import LISTENERS, WITHOUT_STAFF, may_join
from callflow.core.stages import PlaceName
from callflow.fast_path import forms
from callflow.runtime.capacity import HERE
from callflow.service.call_service import Reply
from callflow.service.faults import described
from callflow.service.ports import StoreUnavailable
from callflow.telephony import naming, place_documents
from callflow.telephony.callbacks import Asked, few_words
from callflow.telephony.callbacks import call_recorded as recorded
from callflow.telephony.numbers import as_configured, dialable, valid_account, valid_sid, valid_token
from callflow.telephony.signature import SIGNATURE, Headers, is_safe_room_token
from callflow.telephony.statuses import is_over
from callflow.telephony.urls import room_name
from callflow.telephony.webhook_troubles import WebhookTroubles
from callflow.web.dependencies import Dependencies
from callflow.web.staff_line import StaffLineWebhooks
from callflow.web.webhook import DOCUMENT, PLAIN, Answer, Webhook, number_or

log = logging.getLogger(__name__)
Form = dict[str, str]
MOST_RETRIES = 25
NOTED = Answer(204, PLAIN)
REFUSED = Answer(403, PLAIN, b"not signed by the provider\n")
FAILED = Answer(500, PLAIN, b"failed\n")
BUSY = Answer(503, PLAIN, b"too many requests at once\n")


class Refused(Exception):
    """The request is not signed by the provider."""


class Voice:
    """The handlers of the webhooks. Their names are those of ``ROUTES``."""

    def __init__(self, dependencies: Dependencies) -> None:
        self.dependencies = dependencies
        self.calls = dependencies.calls
        self.staff = StaffLineWebhooks(dependencies)
        self.troubles = WebhookTroubles(dependencies.troubles, dependencies.urls)

    def handle(self, route: str, target: str, headers: Headers, body: bytes, where: Mapping[str, str]) -> Answer:
        """Answer a webhook. ``route`` is one of ``ROUTES``, ``where`` has the values of the names in its path."""
        try:
            with self.dependencies.metrics.timed(HERE.arrived):
                return self.answered(route, Webhook(target, headers, body), where)
        except Refused:
            return REFUSED
        except Exception as error:
            self.dependencies.metrics.count("failures")
            log.error("webhook failed: %s", described(error))
            return FAILED

    def answered(self, route: str, asked: Webhook, where: Mapping[str, str]) -> Answer:
        capacity = self.dependencies.capacity
        if not capacity.enter():
            return self.shed(route, asked, where)
        try:
            answer: Answer = getattr(self, route)(asked, **where)
            return answer
        finally:
            capacity.leave()

    def shed(self, route: str, asked: Webhook, where: Mapping[str, str]) -> Answer:
        """Answer a webhook beyond the capacity at once, without the database: with what its URL says about the call.

        A report is refused, because the provider repeats it (``telephony.urls.OVERRIDES``).
        """
        form = self.form(asked)
        self.dependencies.metrics.count("shed_webhooks")
        if route == "leg":
            return document(self.without_the_call(where["call"], where["leg"], where["place"]))
        if route == "inbound" or (route == "fallback" and form.get("CallStatus") == "ringing"):
            return document(self.later(asked))
        return self.fallback(asked) if route == "fallback" else BUSY

    def form(self, asked: Webhook) -> Form:
        """The form of a verified request. Raises Refused if the provider did not sign it."""
        pairs = forms.pairs(asked.body)
        if not self.dependencies.verifier.verify(asked.target, pairs, asked.headers):
            self.dependencies.metrics.count("forged_requests")
            self.troubles.refused(signed=bool(asked.headers.get(SIGNATURE)))
            raise Refused
        return dict(pairs)

    def inbound(self, asked: Webhook) -> Answer:
        """An inbound call. For a number without a flow, or a malformed form, a prompt says so and no call begins."""
        return self.arriving(self.form(asked), asked)

    def arriving(self, form: Form, asked: Webhook) -> Answer:
        sid, called = valid_sid(form.get("CallSid", "")), form.get("To", "") or form.get("Called", "")
        configuration = self.dependencies.configurations.current
        numbers = configuration.numbers if called in configuration.numbers else configuration.called_numbers
        ours = as_configured(called, numbers)
        if not sid or len(ours) != 1:
            self.dependencies.metrics.count("unknown_numbers")
            self.troubles.unplaceable(called, ours, numbers)
            return document(place_documents.unknown_number(configuration))
        account, expected = valid_account(form.get("AccountSid", "")), configuration.accounts.get(ours[0], "")
        if expected not in ("", account):
            self.dependencies.metrics.count("unknown_numbers")
            self.troubles.of_another_account(ours[0], expected)
            return document(place_documents.unknown_number(configuration))
        if ours[0] in configuration.staff_line.called:
            return document(self.staff.begins(sid, form.get("From", "")))
        call, reference = naming.call_id(self.dependencies.secret, sid), naming.reference(self.dependencies.secret, sid)
        number = dialable(form.get("From", ""), configuration.own_numbers)
        token = valid_token(form.get("CallToken", "")) if number == form.get("From") else ""
        other = "" if account == self.dependencies.account else account
        begin = partial(self.calls.begin, call, reference, sid, number, ours[0], other, token)
        return self.safely(begin, partial(self.later, asked))

    def later(self, asked: Webhook) -> str:
        """The call cannot begin now. A document makes the provider request it again soon."""
        again = number_or(asked.query().get("again", ""), 0) + 1
        if again > MOST_RETRIES:
            return place_documents.polite_hangup(self.dependencies.configurations.current, "failure_again")
        address = self.dependencies.urls.inbound(again)
        return place_documents.try_again(self.dependencies.configurations.current, address)

    def leg(self, asked: Webhook, call: str, leg: str, token: str, place: str) -> Answer:
        """A leg requests its document, or answers one. An invalid token counts as that of an earlier document."""
        form = self.form(asked)
        sid = form["CallSid"] = valid_sid(form.get("CallSid", ""))
        ask = partial(self.calls.document, call, leg, sid, Asked(token=number_or(token, -1), place=place, form=form))
        safe = partial(self.without_the_call, call, leg, place)
        anew = partial(place_documents.begin_again, self.dependencies.urls.inbound())
        return self.safely(ask, safe, unknown=anew if leg == CALLER and place in WITHOUT_STAFF else safe)

    def without_the_call(self, call: str, leg: str, place: str) -> str:
        if place in LISTENERS:  # callers hear nobody who only listens
            return place_documents.polite_hangup(self.dependencies.configurations.current, "offer_gone")
        rung = leg != CALLER or place == PlaceName.INVITATION  # perhaps a machine
        return self.stateless(room_name(call), rung, may_join(place))

    def stateless(self, room: str, staff: bool, joins: bool) -> str:
        """The document that needs only the room's name. Staff whose phone may be voicemail must press a key (F5)."""
        urls = self.dependencies.urls
        if staff and not joins:
            again = urls.node_fallback(room, lead=True)
            return place_documents.ask_to_join(self.dependencies.configurations.current, again)
        call = room.removeprefix(room_name(""))  # the node of the fallback URL answers the star key
        jitter = self.dependencies.configurations.current.jitter_buffer
        return place_documents.fallback(room, staff, urls.room(call), urls.star(call, urls.fallback_base), jitter)

    def safely(self, ask: Callable[[], Reply], otherwise: Callable[[], str],
               unknown: Callable[[], str] | None = None) -> Answer:  # fmt: skip
        """Render the reply, or ``otherwise`` if anything fails.

        ``unknown`` renders the document for a call that is not in the database, so that its people stay together.
        """
        try:
            reply = ask()
            self.dependencies.metrics.count("webhooks")
            if reply.call is None and unknown:
                self.dependencies.metrics.count("unknown_calls")
                self.troubles.unknown_call()
                return document(unknown())
            return document(self.rendered(reply))
        except StoreUnavailable:
            self.dependencies.metrics.count("store_unavailable")
            log.error("store unavailable, answered with the safe document")
        except Exception as error:
            self.dependencies.metrics.count("failures")
            log.error("webhook failed, answered with the safe document: %s", described(error))
        return document(otherwise())

    def rendered(self, reply: Reply) -> str:
        if reply.call is None or reply.leg is None:
            return place_documents.polite_hangup(reply.configuration, "call_over")
        if reply.duplicate:
            return place_documents.second_call(reply.call, reply.leg, reply.configuration)
        return place_documents.render(reply.call, reply.leg, reply.configuration, self.dependencies.urls)

    def leg_status(self, asked: Webhook, call: str, leg: str) -> Answer:
        form = self.form(asked)
        if (words := few_words(form)) and (kept := self.dependencies.kept):
            return NOTED if self.noted(partial(kept.reported, call, words)) else BUSY  # it is told again
        if "RecordingStatus" in form:
            return NOTED if self.noted(lambda: self.calls.report(call, lambda _, at: recorded(form, at))) else BUSY
        if is_over(status := form.get("CallStatus", "")):
            self.noted(lambda: self.calls.leg_over(call, leg, valid_sid(form.get("CallSid", "")), status, ask=True))
        return NOTED

    def number_status(self, asked: Webhook) -> Answer:
        """The end of an inbound call, reported once per call to the status callback of the number."""
        form = self.form(asked)
        sid, status = valid_sid(form.get("CallSid", "")), form.get("CallStatus", "")
        if sid and is_over(status):
            call = naming.call_id(self.dependencies.secret, sid)
            if self.staff.is_called(form):
                self.noted(lambda: self.staff.over(sid))
            else:
                self.noted(lambda: self.calls.leg_over(call, CALLER, sid, status, ask=True))
        return NOTED

    def room(self, asked: Webhook, call: str) -> Answer:
        """A leg has joined the room. The label names the document that brought it, which proves a warning was heard."""
        form = self.form(asked)
        if form.get("StatusCallbackEvent") == "participant-join":
            self.noted(lambda: self.joined(call, form.get("CallSid", ""), form.get("ParticipantLabel", "")))
        return NOTED

    def joined(self, call: str, sid: str, label: str) -> None:
        if not self.calls.leg_in_room(call, sid, label) and self.dependencies.lost_caller:
            self.dependencies.lost_caller()

    def noted(self, report: Callable[[], object]) -> bool:
        """Apply a report. If that fails now, the reconciler asks the provider about every live leg later."""
        try:
            report()
            self.dependencies.metrics.count("reports")
            return True
        except StoreUnavailable:
            self.dependencies.metrics.count("store_unavailable")
        except Exception as error:
            self.dependencies.metrics.count("failures")
            log.error("report could not be taken: %s", described(error))
        return False

    def waiting(self, asked: Webhook, call: str, leg: str) -> Answer:
        """The announcement to a leg that is alone in the room. It goes on until somebody has come."""
        self.form(asked)
        alone, begun = self.calls.alone(call, leg), "begun" in asked.query()
        return document(place_documents.waiting(self.dependencies.urls, call, leg, alone, begun))

    def staff_line(self, asked: Webhook, call: str) -> Answer:
        return document(self.staff.answers(asked, call, self.form(asked)))

    def fallback(self, asked: Webhook) -> Answer:
        """The stateless fallback, without the database: for a signed room, or for a number, whose room is derived."""
        form = self.form(asked)
        self.dependencies.metrics.count("fallbacks")
        self.troubles.document_failed(self.dependencies.metrics, form)
        query = asked.query()
        room, staff = query.get("room", ""), query.get("lead") == "1"
        if not room:
            return self.number_fallback(form, asked)
        if not is_safe_room_token(self.dependencies.secrets, room, query.get("sig", ""), lead=staff):
            self.troubles.wrong_room()
            raise Refused
        return document(self.stateless(room, staff, bool(form.get("Digits"))))

    def number_fallback(self, form: Form, asked: Webhook) -> Answer:
        """The fallback of a number. If the call still rings (twilio.md 1.2), its first document failed: begin it here,
        or without a database later, as any call."""
        if form.get("CallStatus") == "ringing":
            return self.arriving(form, asked)
        sid = valid_sid(form.get("CallSid", ""))
        if not sid or self.staff.is_called(form):  # without an id two strangers would meet in one room
            return document(self.staff.failed())
        room = room_name(naming.call_id(self.dependencies.secret, sid))
        return document(self.stateless(room, False, True))


ROUTES = {
    "inbound": "/voice/inbound",
    "number_status": "/voice/status",
    "fallback": "/voice/fallback",
    "room": "/voice/<call>/room",
    "staff_line": "/voice/<call>/staff_line",
    "leg_status": "/voice/<call>/<leg>/status",
    "waiting": "/voice/<call>/<leg>/waiting",
    "leg": "/voice/<call>/<leg>/<token>/<place>",
}


def document(text: str) -> Answer:
    return Answer(200, DOCUMENT, text.encode())
