"""Checks of receipts: their lines, their length, and who sends them."""

from collections.abc import Iterator

from callflow.configuration.checks.registry import Check, Found, collector
from callflow.configuration.dialling import not_e164
from callflow.configuration.draft import ConfigurationDraft
from callflow.configuration.problems import did_you_mean
from callflow.configuration.reading.receipts import ReceiptsShape
from callflow.core.receipt_lines import LINES, MOST_SEGMENTS, MOST_WARNINGS, as_message, joined, segments

CHECKS: list[Check] = []
check = collector(CHECKS)
LONGEST = {"ref": "000000", "date": "2026-12-31", "time": "23:59"}
"""Values that are always as long."""


def rules(draft: ConfigurationDraft) -> ReceiptsShape | None:
    """The rules, if there are receipts."""
    found = draft.callflow.receipts if draft.callflow else None
    return found if found and found.by != "no" else None


@check("CF312", needs=("callflow",))
def receipts_have_their_lines(draft: ConfigurationDraft) -> Iterator[Found]:
    if not rules(draft) or not draft.callflow:
        return
    for language, file in draft.scripts.items():
        needed = LINES if language == draft.callflow.language or file.written else ()
        for id in sorted({*needed} - {*file.written}):
            message = f'"{id}" is missing, but callers get a receipt (receipts in callflow.yaml)'
            loc = ("written",) if file.written else ()
            yield Found(draft.script_sources[language], loc, message, key=True)


@check("CF313", needs=("callflow", "people"))
def receipts_are_short(draft: ConfigurationDraft) -> Iterator[Found]:
    found = rules(draft)
    if not found or found.by != "sms":
        return
    for language, file in draft.scripts.items():
        if {*LINES} - {*file.written}:
            continue  # CF312
        count = segments(longest(draft, language))
        if count > MOST_SEGMENTS:
            message = f"the longest receipt is {count} text messages long; at most {MOST_SEGMENTS} are sent"
            yield Found(draft.script_sources[language], ("written",), message, key=True)


def longest(draft: ConfigurationDraft, language: str) -> str:
    """The longest receipt of this language: every line, with the longest names."""
    assert draft.callflow
    assert draft.people
    names, us = draft.scripts[language].names, draft.callflow.organisation
    own = [one.organisation for one in draft.callflow.numbers.values()]
    people = [one.name for one in draft.people.agents.values()]
    people += [one.name for one in draft.people.supervisors.values()]
    values = LONGEST | {
        "org": _longest([us.name, *(one.name for one in own if one.name)], names),
        "contact": _longest([draft.callflow.receipts.contact or us.contact,
                             *(one.contact for one in own if one.contact)], names),
        "owner": _longest(people, names),
    }  # fmt: skip
    lines = [id for id in LINES for _ in range(MOST_WARNINGS if id == "receipt_warning" else 1)]
    texts = draft.scripts[language].written
    try:
        return as_message(joined(texts, [(id, values) for id in lines]))
    except (KeyError, ValueError, IndexError):
        return ""  # a variable that no receipt has is a problem of its own


def _longest(words: list[str], names: dict[str, str]) -> str:
    """The one that makes a message longest: a character outside of the GSM alphabet shortens all messages."""
    return max((names.get(one, one) for one in words), key=lambda one: (segments(as_message(one) * 20), len(one)))


@check("CF314", needs=("callflow",))
def receipts_have_a_webhook(draft: ConfigurationDraft) -> Iterator[Found]:
    found = rules(draft)
    if not found or not draft.callflow:
        return
    known, loc = draft.callflow.webhooks, ("receipts", "webhook")
    if found.by == "webhook" and not found.webhook:
        yield Found(draft.callflow_source, ("receipts",), "`by: webhook` needs the name of one of `webhooks`", key=True)
    elif found.by == "webhook" and found.webhook not in known:
        message = f'there is no webhook "{found.webhook}"{did_you_mean(found.webhook, known)}'
        yield Found(draft.callflow_source, loc, message)
    elif found.by == "sms" and found.webhook:
        yield Found(draft.callflow_source, loc, "with `by: sms` nothing is sent to a webhook")


@check("CF315", needs=("callflow",))
def receipts_have_a_sender(draft: ConfigurationDraft) -> Iterator[Found]:
    found = rules(draft)
    if found and found.sender and (why := not_e164(found.sender)):
        yield Found(draft.callflow_source, ("receipts", "sender"), f'"{found.sender}" {why}')
