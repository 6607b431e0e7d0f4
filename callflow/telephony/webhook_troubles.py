"""What to say to ops about a webhook that is refused, or a call that cannot be placed: which settings to compare.

A message has names of settings, our own addresses and our own numbers; never the value of a secret, and nothing that a
stranger sent.
"""

import logging
import re
from collections.abc import Collection, Mapping

from callflow.core.records import immutable
from callflow.service.ports import Counters
from callflow.service.troubles import Trouble, TroubleKind, Troubles
from callflow.telephony.numbers import masked
from callflow.telephony.urls import Urls, kind_of

log = logging.getLogger(__name__)
ERROR_CODE = re.compile("[0-9]{5}")
MOST_NUMBERS = 5


@immutable
class WebhookTroubles:
    """Reports to ``troubles``."""

    troubles: Troubles
    urls: Urls

    def refused(self, *, signed: bool) -> None:
        """A request without a signature, or with one that is not the provider's."""
        public, fallback = self.urls.public, self.urls.fallback_base
        addresses = f"CALLFLOW_PUBLIC_URL ({public})"
        if fallback != public:
            addresses += f" and CALLFLOW_FALLBACK_URL ({fallback})"
        if signed:
            what = "a webhook whose signature does not match"
            advice = (
                f"compare TWILIO_AUTH_TOKEN with the provider's console, and {addresses} with the addresses of the "
                "number there: scheme, host, port and path (`callflow provision` sets them); a sub-account signs with "
                "its own token, which belongs into TWILIO_AUTH_TOKEN as ACxxx:token"
            )
        else:
            what = "a request to a webhook without the provider's signature"
            advice = (
                f"nothing to do if calls arrive, strangers send such requests; else something before {public} drops "
                "the header X-Twilio-Signature"
            )
        self.troubles.report(Trouble(TroubleKind.WEBHOOK_REFUSED, what, advice))

    @staticmethod
    def document_failed(counters: Counters, form: Mapping[str, str]) -> None:
        """Count and log why the provider asks for the fallback: its error code, and which of our addresses failed.

        Of the address only the kind is logged; the names in it are those of a call.
        """
        code = form.get("ErrorCode", "")
        code = code if ERROR_CODE.fullmatch(code) else "none"
        counters.count("document_failures", code)
        kind = kind_of(form.get("ErrorUrl", "")) or "an address that it did not name"
        log.warning("the provider asked for a fallback document: error %s at %s", code, kind)

    def wrong_room(self) -> None:
        """The address of a fallback was signed with another secret than ours."""
        what = "a fallback address that another secret key has made"
        advice = "compare CALLFLOW_SECRET_KEY on every node: it must be the same"
        self.troubles.report(Trouble(TroubleKind.WEBHOOK_REFUSED, what, advice))

    def unknown_call(self) -> None:
        what = "a request for a call that is not in the database"
        advice = (
            "nothing to do on a node that is only a fallback; else compare CALLFLOW_DATABASE_URL and "
            "CALLFLOW_SECRET_KEY on every node behind the public address: they must be the same"
        )
        self.troubles.report(Trouble(TroubleKind.CALL_UNKNOWN, what, advice))

    def of_another_account(self, number: str, account: str) -> None:
        """A call to one of our numbers, from another account than the one that has it."""
        what = f"a call to {number} that another account than {account} has sent"
        advice = f"correct account: of {number} in callflow.yaml, or point that number of the other account elsewhere"
        self.troubles.report(Trouble(TroubleKind.NUMBER_UNKNOWN, what, advice))

    def unplaceable(self, received: str, candidates: Collection[str], configured: Collection[str]) -> None:
        """A call that cannot begin. ``candidates``: those of our numbers that it may be for."""
        if len(candidates) == 1:
            what, advice = "a call without a valid CallSid", "compare TWILIO_API_BASE_URL: is that the provider?"
        elif candidates:
            what = f"a call to a number that may be {' or '.join(sorted(candidates))}"
            advice = "it came without a country code: have it sent as + and the whole number"
        else:
            ours = ", ".join(sorted(configured)[:MOST_NUMBERS])
            more = f" and {len(configured) - MOST_NUMBERS} more" if len(configured) > MOST_NUMBERS else ""
            what = f"a call to {masked(received)}, which has no flow"
            advice = f"add it to numbers: in callflow.yaml, which has {ours}{more}; or point that number elsewhere"
        self.troubles.report(Trouble(TroubleKind.NUMBER_UNKNOWN, what, advice))
