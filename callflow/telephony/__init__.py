"""The only package that says "twilio": their words become ours here, and ours theirs.

- ``signature``: is this request really from the provider, and is this fallback address really ours.
- ``callbacks`` (form -> event) and ``twiml`` (place -> document): pure functions.
- ``urls``: every address we ever hand out.
- ``gateway`` (order -> REST request, errors sorted), ``limiter`` (one new call a second), ``statuses`` (their words).
- ``provision``: the addresses of our telephone numbers, set and checked.

Facts about the provider are numbered as in the fact sheet ("twilio.md 5.2"). What nobody could verify without a
live account is marked "unverified" at the one constant or function that rests on it.
"""
