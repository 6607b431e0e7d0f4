"""What the provider's REST API says: permissions, settings of numbers, and its clock.

Nothing is changed there. Permissions to change are tried with requests that the provider must refuse for another
reason: a call without a destination, and a change to a call that does not exist.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, NamedTuple

from callflow.bootstrap import urls_of
from callflow.core.configuration import Configuration, Ring
from callflow.doctor.findings import Finding, error, good, warning
from callflow.doctor.local import apart
from callflow.service.ports import GatewayFailure
from callflow.settings import Settings
from callflow.telephony.provision import Outcome, by_account, check_caller_id, provision
from callflow.telephony.rest_client import gateway_failures, rest_client

NOT_ALLOWED: Final = ("HTTP 401", "HTTP 403")


class Attempt(NamedTuple):
    """``expected``: the beginnings of the errors with which the provider refuses it from whoever may do it."""

    what: str
    ask: Callable[[Any], object]
    expected: tuple[str, ...] = ()


NO_CALL: Final = "CA" + "0" * 32
ATTEMPTS: Final = (
    Attempt("read calls", lambda client: client.calls.list(limit=1)),
    Attempt("read rooms", lambda client: client.conferences.list(limit=1)),
    Attempt("begin calls", lambda client: client.calls.create(to="", from_=""), ("HTTP 400",)),
    Attempt("redirect and end calls", lambda client: client.calls(NO_CALL).update(status="completed"), ("HTTP 404",)),
)
TRIAL: Final = (
    "only verified numbers are rung, callers hear a message of the provider first, and few calls may go on at once; "
    "one incident needs three legs (caller, agent, supervisor)"
)
UPGRADE: Final = (
    "verify the telephones of your people in the provider's console, or upgrade the account before callers depend on it"
)
KEY: Final = "give TWILIO_API_KEY that permission in the provider's console, or use another key"


def client_of(settings: Settings, account: str = "") -> Any:
    return rest_client(account or settings.account_sid, settings.credentials_of(account), settings.api_base_url)


def permissions(settings: Settings) -> Iterator[Finding]:
    for account in ("", *settings.sub_accounts):
        client, of = client_of(settings, account), f" of {account}" if account else ""
        refused = [(one, failure) for one in ATTEMPTS if (failure := _failure(client, one))]
        for attempt, failure in refused:
            if not str(failure).partition(": ")[2].startswith(NOT_ALLOWED):
                yield error("gateway", str(failure), failure.advice)
            elif len(refused) < len(ATTEMPTS):
                yield error("gateway", f"the credentials may not {attempt.what}{of}", KEY)
            else:
                yield error("gateway", f"the credentials{of} are refused ({failure})", failure.advice)
            if len(refused) == len(ATTEMPTS):
                break  # the others for the same reason
        if not refused:
            yield good("gateway", f"the credentials{of} may {', '.join(one.what for one in ATTEMPTS)}")
        client.http_client.close()


def _failure(client: Any, attempt: Attempt) -> GatewayFailure | None:
    try:
        with gateway_failures(f"trying to {attempt.what}"):
            attempt.ask(client)
    except GatewayFailure as failure:
        code = str(failure).partition(": ")[2]
        return None if attempt.expected and code.startswith(attempt.expected) else failure
    return None


def account(settings: Settings, configuration: Configuration) -> Iterator[Finding]:
    """The kind of each account, and what its limits mean for calls with three people."""
    for id in ("", *settings.sub_accounts):
        client, of = client_of(settings, id), f" {id}" if id else ""
        try:
            with gateway_failures("reading the account"):
                found = client.api.v2010.accounts(id or settings.account_sid).fetch()
        except GatewayFailure:
            yield warning(
                "account", f"the account{of} could not be read", "see gateway; a restricted API key may lack it"
            )
            continue
        finally:
            client.http_client.close()
        if str(found.status) != "active":
            yield error(
                "account", f"the account{of} is {found.status}: no call is connected", "see the provider's console"
            )
        elif str(found.type) == "Trial":
            yield warning("account", f"the account{of} is a trial: {TRIAL}", UPGRADE)
        else:
            yield good("account", f"the account{of} is active; {_ringing(settings, configuration)}")


def _ringing(settings: Settings, configuration: Configuration) -> str:
    """How long it takes until all telephones of the largest team ring, which are rung at once."""
    at_once = [len(team.agents) for team in configuration.teams.values() if team.ring is Ring.ALL]
    rate = settings.calls_per_second
    last = f", so that the last of {max(at_once)} telephones rings after {max(at_once) / rate:.0f} s" if at_once else ""
    return f"{rate:g} new outgoing calls a second are assumed (CALLFLOW_CALLS_PER_SECOND){last}"


def numbers(settings: Settings, configuration: Configuration) -> Iterator[Finding]:
    """Compare as `callflow provision --dry-run` does."""
    urls = urls_of(settings)
    for account, ours in by_account(configuration, settings.account_sid).items():
        client = client_of(settings, account)
        changes = provision(client, urls, ours, dry_run=True)
        changes += [] if account else [check_caller_id(client, configuration.caller_id)]
        for change in changes:
            if change.is_problem:
                yield error("numbers", f"{change.number}: {change.outcome.value}", change.advice)
            elif change.outcome is Outcome.WOULD_CHANGE:
                yield error("numbers", f"{change.number} has other settings at the provider: "
                            f"{', '.join(change.fields)}", "run `callflow provision`")  # fmt: skip
        if all(change.outcome is Outcome.RIGHT for change in changes):
            of = f" of {account}" if account else " and caller_id"
            yield good("numbers", f"{', '.join(ours)}{of}: set as they must be")
        client.http_client.close()


def clocks(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Finding]:
    client = client_of(settings)
    before = clock()
    try:
        with gateway_failures("asking for the time"):
            path = f"{settings.api_base_url}/2010-04-01/Accounts/{settings.account_sid}/Calls.json?PageSize=1"
            answer = client.http_client.request("GET", path, auth=settings.rest_credentials)
            theirs = parsedate_to_datetime(answer.headers.get("Date") or "none")
    except GatewayFailure:
        yield warning("clock", "the provider's clock could not be asked", "see gateway")
        return
    finally:
        client.http_client.close()
    yield apart("the provider's", theirs, before, clock())
