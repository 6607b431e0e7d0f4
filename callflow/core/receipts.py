"""What a caller gets in writing after a call that was closed, or in which a call back was promised.

The text is made when everybody has left, in the transaction that ends the call, and is kept sealed with it. It says
what was heard and when, what remains open, and where to ask for a review; never which conduct was named. While a lock
is on there is none: a message on a telephone that others read can do harm (rules 34 to 36).

    OPEN -> SENDING            the provider is asked to send a text message; it is asked once
    SENDING -> OPEN            too many requests: later
    OPEN, SENDING -> SENT      the provider, or the company's own system, has taken it
    OPEN, SENDING -> NOT_SENT  no number that can take it, or the provider refused it
    SENDING -> NOT_KNOWN       there was no answer: it is not sent again, because it may have been
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from callflow.core.call import Call
from callflow.core.configuration import Configuration
from callflow.core.events import FollowedUp
from callflow.core.evidence import CallBack
from callflow.core.follow_ups import FollowUp, FollowUpKind, follow_up_id
from callflow.core.notes import Note, NoteKind, NoteOutcome
from callflow.core.opening_hours import zone
from callflow.core.receipt_lines import MOST_WARNINGS, By, ReceiptRules, as_message, joined
from callflow.core.stages import Stage

Lines = list[tuple[str, Mapping[str, str]]]


class ReceiptState(StrEnum):
    OPEN = "open"
    SENDING = "sending"
    SENT = "sent"
    NOT_SENT = "not sent"
    NOT_KNOWN = "not known"


def receipt_id(call: str) -> str:
    return follow_up_id(call, FollowUpKind.RECEIPT)


def begun(before: Call | None, call: Call, notes: Sequence[Note], configuration: Configuration) -> Sequence[FollowUp]:
    """The receipt of a call that has just ended, if there is one."""
    rules = configuration.receipts
    if rules is None or call.stage is not Stage.ENDED or (before and before.stage is Stage.ENDED):
        return ()
    why = reasons(call)
    if not why or call.locks:
        return ()
    language = call.language if call.language in rules.texts else configuration.language
    body = {"text": text(call, configuration, rules, language), "language": language}
    return [FollowUp(id=receipt_id(call.id), kind=FollowUpKind.RECEIPT, call=call.id, person="",
                     state=ReceiptState.OPEN, at=call.at, body=body)]  # fmt: skip


def reasons(call: Call) -> list[str]:
    """What the caller gets a receipt for: a closing that a person decided on and did not take back, a call back."""
    found = ["closing"] if call.closing else []
    return [*found, "call_back"] if promised(call) else found


def promised(call: Call) -> CallBack | None:
    """The call back that was promised, if there is a number for it."""
    return call.call_back if call.call_back and call.call_back.number else None


def text(call: Call, configuration: Configuration, rules: ReceiptRules, language: str) -> str:
    """The receipt in words."""
    us, names = configuration.organisation_on(call.called), configuration.languages[language].names
    org, contact = (names.get(one, one) for one in (us.name, rules.contact or us.contact))
    heard = [one.heard_at for one in call.warnings if one.heard_at]
    times = [clock(configuration, at) for at in (*heard[:1], *heard[1:][1 - MOST_WARNINGS :])]
    lines: Lines = [("receipt_call", {"org": org, "ref": call.reference,
                                      "date": day(configuration, call.started_at)})]  # fmt: skip
    lines += [("receipt_warning", {"time": one}) for one in times]
    if call.closing:
        lines.append(("receipt_closing", {"time": clock(configuration, call.closing.confirmed_at)}))
    if promise := promised(call):
        owner = configuration.name_of(promise.owner)
        lines.append(("receipt_call_back", {"owner": names.get(owner, owner), "date": day(configuration, promise.due),
                                            "time": clock(configuration, promise.due)}))  # fmt: skip
    lines += [("receipt_again", {"org": org}), ("receipt_review", {"contact": contact, "ref": call.reference})]
    whole = joined(rules.texts[language], lines)
    return as_message(whole) if rules.by is By.SMS else whole


def day(configuration: Configuration, at: datetime) -> str:
    """As it is written in every language: ISO 8601, in the organisation's time zone."""
    return f"{at.astimezone(zone(configuration.timezone)):%Y-%m-%d}"


def clock(configuration: Configuration, at: datetime) -> str:
    return f"{at.astimezone(zone(configuration.timezone)):%H:%M}"


def number_of(call: Call) -> str:
    """The number that the caller typed for a call back, or showed; "" if there is none."""
    promise = promised(call)
    return promise.number if promise else call.number


def done(one: FollowUp, call: Call, by: str, at: datetime, state: ReceiptState, code: str = ""
         ) -> tuple[FollowUp, FollowedUp]:  # fmt: skip
    """It was sent, or why it was not: a word, or the provider's error code."""
    details = {"by": by, "reason": " ".join(reasons(call)), **({"why": code} if code else {})}
    return replace(one, state=state, closed=True), FollowedUp(
        at=at, kind=NoteKind.RECEIPT, person="callflow", outcome=NoteOutcome(state), details=details)  # fmt: skip
