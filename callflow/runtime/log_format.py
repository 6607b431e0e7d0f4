"""The log on standard error: one line for each message, as text or as JSON, with the reference of its call.

No line has a number of a person, keys or speech, nor the text of an exception, which may quote them
(``service.faults``).
"""

import json
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from callflow import log_settings
from callflow.service.faults import CALL, described


class TextFormatter(logging.Formatter):
    """``2026-11-30T09:00:00.123Z WARNING callflow.web.voice: message (call 123456)``"""

    def format(self, record: logging.LogRecord) -> str:
        return "{time} {level} {logger}: {message}".format(**_fields(record)) + _suffix(record)


class JsonFormatter(logging.Formatter):
    """An object with time (UTC), level, logger and message, and if they are known call and exception."""

    def format(self, record: logging.LogRecord) -> str:
        fields = _fields(record)
        if reference := reference_of(record):
            fields["call"] = reference
        if record.exc_info and record.exc_info[1]:
            fields["exception"] = described(record.exc_info[1])
        return json.dumps(fields, ensure_ascii=False)


def _fields(record: logging.LogRecord) -> dict[str, str]:
    at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    return {"time": at.replace("+00:00", "Z"), "level": record.levelname, "logger": record.name,
            "message": record.getMessage()}  # fmt: skip


def _suffix(record: logging.LogRecord) -> str:
    reference = reference_of(record)
    failed = f"; {described(record.exc_info[1])}" if record.exc_info and record.exc_info[1] else ""
    return failed + (f" (call {reference})" if reference else "")


def reference_of(record: logging.LogRecord) -> str:
    """The reference of the call that a message is about: given with it, or of the call that its thread works on."""
    return str(getattr(record, "call", "") or CALL.get())


def configure(environ: Mapping[str, str]) -> None:
    """Write the messages of all packages to standard error from now on, in this process."""
    handler = logging.StreamHandler()
    as_json = log_settings.chosen(environ, "CALLFLOW_LOG_FORMAT") == "json"
    handler.setFormatter(JsonFormatter() if as_json else TextFormatter())
    level = log_settings.chosen(environ, "CALLFLOW_LOG_LEVEL").upper()
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for noisy in ("urllib3", "twilio"):  # they log addresses, with numbers in them, at DEBUG
        logging.getLogger(noisy).setLevel(logging.WARNING)


def of_granian(environ: Mapping[str, str]) -> dict[str, Any]:
    """Arguments for granian: its messages go where ours go."""
    from granian.log import LogLevels

    level = LogLevels(log_settings.chosen(environ, "CALLFLOW_LOG_LEVEL"))
    return {"log_level": level, "log_dictconfig": {"loggers": {"_granian": {"handlers": [], "propagate": True}}}}
