"""Sets the URLs of our telephone numbers and SIP domains where they differ, checks the caller id, reports problems.

Idempotent: a second run changes nothing. A number that cannot be set up does not stop the others.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from typing import Any

from callflow.core.configuration import Configuration
from callflow.core.records import record
from callflow.service.ports import GatewayFailure
from callflow.telephony.refusals import CALLER_ID
from callflow.telephony.rest_client import gateway_failures
from callflow.telephony.urls import Urls


class Outcome(StrEnum):
    RIGHT = "right"
    CHANGED = "changed"
    WOULD_CHANGE = "would_change"
    """As CHANGED, but nothing was changed (dry run)."""
    MISSING = "missing"
    OVERRIDDEN = "overridden"
    FAILED = "failed"


PROBLEMS = (Outcome.MISSING, Outcome.OVERRIDDEN, Outcome.FAILED)

OVERRIDES = {
    "voice_application_sid": "a TwiML application",
    "trunk_sid": "an elastic SIP trunk",
}
"""Settings of a number that make the provider ignore its voice URL (twilio.md 5.7)."""


OF_DOMAINS = {
    "status_callback": "voice_status_callback_url",
    "status_callback_method": "voice_status_callback_method",
}
"""Settings that have another name at a SIP domain."""


@record
class Change:
    """The result for one number. ``fields`` has (before, after) of each setting that differed; before may be ""."""

    number: str
    outcome: Outcome
    fields: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    advice: str = ""
    """For a problem: what is wrong, and what to do about it."""

    @property
    def is_problem(self) -> bool:
        return self.outcome in PROBLEMS


def provision(client: Any, urls: Urls, numbers: Iterable[str], *, dry_run: bool = False) -> list[Change]:
    """Set the URLs of these numbers (E.164), and of the domains of SIP addresses.

    Returns a result for each, in the order given; failures are results, too.

    ``client`` is a twilio.rest.Client (``rest_client.rest_client``). With ``dry_run`` nothing is changed.
    """
    wanted = wanted_settings(urls)
    return [_provision(client, number, wanted, dry_run) for number in dict.fromkeys(numbers)]


def check_caller_id(client: Any, caller_id: str) -> Change:
    """Whether the account may show this number (E.164) on outgoing calls, without which nobody can be rung (21210).

    It may if it has the number, or has verified it (OutgoingCallerIds). Changes nothing.
    """
    try:
        with gateway_failures("checking the caller id"):
            listed = [
                *client.incoming_phone_numbers.list(phone_number=caller_id, limit=20),
                *client.outgoing_caller_ids.list(phone_number=caller_id, limit=20),
            ]
    except GatewayFailure as failure:
        return Change(number=caller_id, outcome=Outcome.FAILED, advice=f"{failure}: {_remedy(failure)}")
    if any(one.phone_number == caller_id for one in listed):
        return Change(number=caller_id, outcome=Outcome.RIGHT)
    return Change(number=caller_id, outcome=Outcome.MISSING, advice=f"nobody can be rung: {CALLER_ID}")


def by_account(configuration: Configuration, main: str) -> dict[str, list[str]]:
    """The called numbers of each account, those of the main one (``main``) under ""."""
    found: dict[str, list[str]] = {}
    for number in configuration.called_numbers:
        account = configuration.accounts.get(number, "")
        found.setdefault("" if account == main else account, []).append(number)
    return found


def wanted_settings(urls: Urls) -> dict[str, str]:
    """The settings that every number must have, by their names in twilio-python."""
    return {
        "voice_url": urls.inbound(),
        "voice_method": "POST",
        "voice_fallback_url": urls.fallback(),
        "voice_fallback_method": "POST",
        "status_callback": urls.status(),
        "status_callback_method": "POST",
    }


def _provision(client: Any, number: str, wanted: Mapping[str, str], dry_run: bool) -> Change:
    try:
        with gateway_failures("provisioning a number"):
            return _compare(client, number, wanted, dry_run)
    except GatewayFailure as failure:
        return Change(number=number, outcome=Outcome.FAILED, advice=f"{failure}: {_remedy(failure)}")


def _compare(client: Any, number: str, wanted: Mapping[str, str], dry_run: bool) -> Change:
    if number.startswith("sip:"):
        return _compare_domain(client, number, wanted, dry_run)
    # The filter is a pattern, so longer numbers may be found as well (twilio.md 5.7).
    listed = client.incoming_phone_numbers.list(phone_number=number, limit=20)
    found = next((one for one in listed if one.phone_number == number), None)
    if found is None:
        advice = "not a number of this account: buy it, take it out of numbers:, or use the account that has it"
        return Change(number=number, outcome=Outcome.MISSING, advice=advice)
    override = next((name for name in OVERRIDES if getattr(found, name)), None)
    if override:
        advice = f"{OVERRIDES[override]} ({getattr(found, override)}) answers it: remove that from the number first"
        return Change(number=number, outcome=Outcome.OVERRIDDEN, advice=advice)
    return _changed(number, found, client.incoming_phone_numbers(found.sid), wanted, dry_run)


def _compare_domain(client: Any, address: str, wanted: Mapping[str, str], dry_run: bool) -> Change:
    """The same for a SIP address. Its domain has one voice URL, for all of its users."""
    domain = re.split("[;:?]", address.partition("@")[2])[0].casefold()
    found = next((one for one in client.sip.domains.list() if one.domain_name.casefold() == domain), None)
    if found is None:
        advice = "no SIP domain of this account: create it in the console, or take the address out of numbers:"
        return Change(number=address, outcome=Outcome.MISSING, advice=advice)
    named = {OF_DOMAINS.get(name, name): value for name, value in wanted.items()}
    return _changed(address, found, client.sip.domains(found.sid), named, dry_run)


def _changed(number: str, found: Any, resource: Any, wanted: Mapping[str, str], dry_run: bool) -> Change:
    """Compare what was ``found`` with what is wanted, and update its ``resource`` where that differs."""
    present = {name: getattr(found, name) or "" for name in wanted}
    fields = {name: (present[name], wanted[name]) for name in wanted if present[name] != wanted[name]}
    if fields and not dry_run:
        resource.update(**{name: after for name, (_, after) in fields.items()})
    return Change(number=number, outcome=_outcome(bool(fields), dry_run), fields=fields)


def _outcome(differs: bool, dry_run: bool) -> Outcome:
    if not differs:
        return Outcome.RIGHT
    return Outcome.WOULD_CHANGE if dry_run else Outcome.CHANGED


def _remedy(failure: GatewayFailure) -> str:
    if failure.retry:
        return "try again"
    return (
        "check the account, its token or API key, and TWILIO_API_BASE_URL; a sub-account needs ACxxx:token in "
        "TWILIO_AUTH_TOKEN, or ACxxx:SKxxx:secret in TWILIO_SUBACCOUNT_KEYS"
    )
