"""Receipts for callers (``core.receipts``): sent once, by text message or by the company's own system."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any, Final, Protocol

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.follow_ups import FollowUp
from callflow.core.receipt_lines import By, ReceiptRules
from callflow.core.receipts import ReceiptState, done, number_of, reasons
from callflow.core.records import immutable
from callflow.core.webhooks import TYPE_PREFIX
from callflow.service.follow_up_keeper import FollowUpKeeper
from callflow.service.follow_ups import FollowUpChange
from callflow.service.jobs import Args, JobFailure
from callflow.service.ports import GatewayFailure
from callflow.service.webhooks import Webhooks

EVENT: Final = f"{TYPE_PREFIX}.receipt"
TOO_MANY: Final = ("429", "20429")
"""Codes after which nothing was sent, and a later attempt may succeed."""
log = logging.getLogger(__name__)


class SendsMessages(Protocol):
    def send(self, to: str, sender: str, body: str, account: str = "") -> None:
        """Raises GatewayFailure."""


@immutable
class Receipts:
    """``takes_messages`` says whether a number (E.164) may be that of a mobile telephone."""

    keeper: FollowUpKeeper
    messages: SendsMessages
    webhooks: Webhooks
    takes_messages: Callable[[str], bool]

    def run(self, args: Args) -> None:
        """The handler of the job ``SEND_RECEIPT``. The second time it sends nothing."""
        one = self.keeper.store.follow_up(args["receipt"])
        call = self.keeper.store.read(one.call) if one else None
        if one is None or call is None or one.closed:
            return
        rules, to = self.keeper.configurations.of(call.digest).receipts, number_of(call)
        text = str(one.body.get("text", ""))
        if rules is None or not text:  # the call was erased
            return
        if one.state == ReceiptState.SENDING:  # the process ended before it knew of an answer
            self._done(one, rules, ReceiptState.NOT_KNOWN)
        elif why := self._impossible(rules, to):
            self._done(one, rules, ReceiptState.NOT_SENT, why)
        elif rules.by is By.WEBHOOK:
            self._tell(one, call, rules, to)
        elif self._taken(one):
            self._text(one, call, rules, to, text)

    def _impossible(self, rules: ReceiptRules, to: str) -> str:
        """Why nothing can be sent, for the journal; "" if it can."""
        if not to:
            return "no number"
        if rules.by is By.WEBHOOK:
            return "" if rules.webhook in self.keeper.configurations.current.webhooks else "no webhook"
        return "" if self.takes_messages(to) else "no mobile number"

    def _tell(self, one: FollowUp, call: Call, rules: ReceiptRules, to: str) -> None:
        """Raises JobFailure until the system has taken it."""
        webhook = self.keeper.configurations.current.webhooks[rules.webhook]
        self.webhooks.send(webhook, event_of(one, call, to, self.webhooks.source))
        self._done(one, rules, ReceiptState.SENT)

    def _text(self, one: FollowUp, call: Call, rules: ReceiptRules, to: str, text: str) -> None:
        configuration = self.keeper.configurations.of(call.digest)
        try:
            self.messages.send(to, sender_of(call, configuration, rules), text, call.account)
        except GatewayFailure as failure:
            if failure.code in TOO_MANY:
                self._change(one, lambda now, *_: FollowUpChange(follow_up=replace(now, state=ReceiptState.OPEN)))
                raise JobFailure(str(failure)) from None
            log.warning("receipt of call %s: %s: %s", call.reference, failure, failure.advice)
            state = ReceiptState.NOT_KNOWN if failure.retry else ReceiptState.NOT_SENT
            self._done(one, rules, state, failure.code)
        else:
            self._done(one, rules, ReceiptState.SENT)

    def _taken(self, one: FollowUp) -> bool:
        """Whether it is ours to send: no other process has begun to."""
        taken = False

        def decide(now: FollowUp, *_: Any) -> FollowUpChange | None:
            nonlocal taken
            taken = now.state == ReceiptState.OPEN  # each time: a unit of work that failed runs again
            return FollowUpChange(follow_up=replace(now, state=ReceiptState.SENDING)) if taken else None

        self._change(one, decide)
        return taken

    def _done(self, one: FollowUp, rules: ReceiptRules, state: ReceiptState, why: str = "") -> None:
        def decide(now: FollowUp, call: Call, _: Configuration, at: datetime) -> FollowUpChange | None:
            if now.closed:
                return None
            after, entry = done(now, call, rules.by, at, state, why)
            return FollowUpChange(follow_up=after, entries=(entry,))

        self._change(one, decide)

    def _change(self, one: FollowUp, decide: Callable[..., FollowUpChange | None]) -> None:
        self.keeper.change(one.id, decide)


def sender_of(call: Call, configuration: Configuration, rules: ReceiptRules) -> str:
    """The number that the message comes from. A sub-account has the called one only."""
    if rules.sender and not call.account:
        return rules.sender
    return call.called if call.called.startswith("+") else configuration.caller_id


def event_of(one: FollowUp, call: Call, to: str, source: str) -> dict[str, Any]:
    """The receipt as a CloudEvent. Unlike all others it has the caller's number, and words for the caller."""
    return {
        "specversion": "1.0", "id": one.id, "source": source, "type": EVENT, "subject": call.reference,
        "time": one.at.isoformat(timespec="milliseconds"), "datacontenttype": "application/json",
        "data": {
            "call": call.id, "reference": call.reference, "reasons": reasons(call), "to": to,
            "language": one.body["language"], "text": one.body["text"],
        },
    }  # fmt: skip
