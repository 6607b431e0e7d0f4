"""The settings of the log of finished calls: its key, and who is shown its checkpoints (docs/evidence.md)."""

from collections.abc import Mapping
from dataclasses import field
from typing import TYPE_CHECKING

from callflow import base_urls
from callflow.core.records import record

if TYPE_CHECKING:
    from callflow.evidence.checkpoint import PublicKey

NAMES = ("CALLFLOW_LOG_KEY", "CALLFLOW_LOG_WITNESSES", "CALLFLOW_LOG_MAILBOX", "CALLFLOW_LOG_MAILBOX_HOURS",
         "CALLFLOW_LOG_STAMP")  # fmt: skip
MAILBOX_HOURS = 24.0


@record
class WitnessSettings:
    """``key``: the secret key as text, or "". ``witnesses``: the key and the URL of each. ``mailbox``: a URL or a
    command. ``stamp``: the URL of an authority for time stamps."""

    key: str = field(default="", repr=False)
    witnesses: "tuple[tuple[PublicKey, str], ...]" = ()
    mailbox: str = field(default="", repr=False)
    mailbox_hours: float = MAILBOX_HOURS
    stamp: str = ""


def read(environ: Mapping[str, str], problems: dict[str, str]) -> WitnessSettings:
    """The settings in the environment; what is wrong with them is added to ``problems``."""
    key, witnesses, mailbox, hours, stamp = (environ.get(name, "").strip() for name in NAMES)
    found = [_witness(entry, problems) for entry in witnesses.split(",") if entry.strip()]
    if key:
        _check_key(key, problems)
    elif witnesses or mailbox or stamp:
        problems["CALLFLOW_LOG_KEY"] = "CALLFLOW_LOG_KEY is not set: without it there are no checkpoints to be shown"
    if mailbox.startswith("http") and not mailbox.startswith("https://"):
        problems["CALLFLOW_LOG_MAILBOX"] = "CALLFLOW_LOG_MAILBOX must be a command, or begin with https://"
    if stamp and base_urls.fault(stamp):
        problems["CALLFLOW_LOG_STAMP"] = f"CALLFLOW_LOG_STAMP {base_urls.fault(stamp)}"
    if hours and not hours.isdecimal():
        problems["CALLFLOW_LOG_MAILBOX_HOURS"] = "CALLFLOW_LOG_MAILBOX_HOURS must be a whole number of hours"
    return WitnessSettings(key=key, witnesses=tuple([one for one in found if one]), mailbox=mailbox,
                           mailbox_hours=float(hours) if hours.isdecimal() else MAILBOX_HOURS, stamp=stamp)  # fmt: skip


def _check_key(text: str, problems: dict[str, str]) -> None:
    from callflow.evidence.checkpoint import TIMED, NotACheckpoint  # here: most servers have no key
    from callflow.evidence.keys import signing_key

    try:
        kind = signing_key(text).public.kind
    except NotACheckpoint as error:
        problems["CALLFLOW_LOG_KEY"] = f"CALLFLOW_LOG_KEY {error}"
        return
    if kind == TIMED:
        problems["CALLFLOW_LOG_KEY"] = "CALLFLOW_LOG_KEY is the key of a witness: make one with `callflow log key`"


def _witness(entry: str, problems: dict[str, str]) -> "tuple[PublicKey, str] | None":
    from callflow.evidence.checkpoint import TIMED, NotACheckpoint, public_key

    name = "CALLFLOW_LOG_WITNESSES"
    text, _, url = entry.strip().partition(" ")
    try:
        key = public_key(text)
    except NotACheckpoint as error:
        problems[name] = f"{name} has an entry that {error}; write KEY URL, with commas in between"
        return None
    if fault := base_urls.fault(url.strip()):
        problems[name] = f"{name} has a URL that {fault}"
    elif key.kind != TIMED:
        problems[name] = f"{name} has a key of a log: it takes those that `callflow witness key` prints"
    return key, url.strip()
