"""What ops can do about a refusal of the provider, by its error code (the provider's error dictionary, twilio.md 5.0).

Codes are only explained here; nothing is decided by them, because the provider changes them now and then.
"""

from collections.abc import Mapping
from types import MappingProxyType

CREDENTIALS = "compare TWILIO_ACCOUNT_SID, and TWILIO_AUTH_TOKEN or TWILIO_API_KEY, with the provider's console"
ACCOUNT = "the account is suspended, closed or on trial: see the provider's console"
CALLER_ID = "caller_id in callflow.yaml is not ours: write a number of the account, or verify it in the console"
PHONE = "a phone in people.yaml cannot be rung: `callflow check`, then compare it with the person's"
EXTENSION = "an extension in people.yaml has keys that the provider does not send: `callflow check`"
COUNTRY = "the account may not call that country: switch it on in the console under voice geographic permissions"
SLOWER = "too many requests at once: nothing to do if it passes, else lower CALLFLOW_CALLS_PER_SECOND"
SENDER = "the number that messages come from cannot send them there: set `sender` in `receipts` (docs/receipts.md)"
NO_MESSAGES = (
    "the telephone takes no messages of ours (no mobile, or its owner wrote STOP): write to the caller instead"
)
ADDRESS = "the provider cannot use an address of ours: compare CALLFLOW_PUBLIC_URL and CALLFLOW_FALLBACK_URL"

BY_CODE: Mapping[str, str] = MappingProxyType({
    "10001": ACCOUNT, "10002": ACCOUNT, "10004": SLOWER, "10005": ACCOUNT,
    "13223": PHONE, "13224": PHONE, "13225": PHONE, "13226": PHONE, "13227": COUNTRY,
    "20003": CREDENTIALS, "20005": ACCOUNT, "20006": CREDENTIALS, "20404": CREDENTIALS, "20429": SLOWER,
    "21205": ADDRESS, "21206": EXTENSION, "21210": CALLER_ID, "21211": PHONE, "21212": CALLER_ID, "21213": CALLER_ID,
    "21214": PHONE, "21215": COUNTRY, "21216": PHONE, "21217": PHONE,
    "21219": "a trial account rings verified phones only: upgrade it",
    "21408": SENDER, "21606": SENDER, "21610": NO_MESSAGES, "21612": SENDER, "21614": NO_MESSAGES,
    "401": CREDENTIALS, "403": CREDENTIALS, "429": SLOWER,
})  # fmt: skip
"""By error code, and by HTTP status for an answer without one."""
LATER = "the provider is in trouble: nothing to do if it passes, else see its status page"
UNREACHABLE = "the provider cannot be reached: compare TWILIO_API_BASE_URL, then this machine's way to the internet"
UNKNOWN = "look up the code in the provider's error dictionary"


def advice(status: int, code: int | None) -> str:
    """What to do about a refusal with this HTTP status and error code (None if it had none)."""
    known = BY_CODE.get(str(code)) or BY_CODE.get(str(status))
    return known or (LATER if status >= 500 else UNKNOWN)
