"""The interface to the provider. No other package names Twilio or uses its terms.

- ``signature``: verifies that a request is from the provider, and that a fallback URL is ours.
- ``callbacks`` (form -> events) and ``twiml`` (place -> document): pure functions.
- ``urls``: all URLs that we pass to the provider.
- ``gateway`` (REST requests and their errors), ``limiter`` (one new call per second), ``statuses`` (of call legs).
- ``provision``: sets and checks the URLs of our telephone numbers.

References such as "twilio.md 5.2" are sections of the fact sheet about the provider. What could not be verified without
a live account is marked "unverified" at the constant or function that depends on it.
"""
