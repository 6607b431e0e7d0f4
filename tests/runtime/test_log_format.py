"""One line for each message, whose call can be looked up, and in which nobody's number stands."""

import json
import logging

import pytest

from callflow.runtime.log_format import JsonFormatter, TextFormatter, configure
from callflow.service.faults import CALL
from tests.web.edge import CALLER

log = logging.getLogger("callflow.example")


@pytest.fixture(autouse=True)
def _no_call() -> None:
    CALL.set("")


def record(message: str, *arguments: object, **more: object) -> logging.LogRecord:
    return log.makeRecord(log.name, logging.WARNING, "f.py", 1, message, arguments, None, extra=dict(more))


def failed() -> logging.LogRecord:
    try:
        {}[CALLER]
    except KeyError as error:
        return log.makeRecord(log.name, logging.ERROR, "f.py", 1, "failed", (), (KeyError, error, error.__traceback__))
    raise AssertionError


def test_json_has_time_level_logger_message_and_the_call() -> None:
    told = json.loads(JsonFormatter().format(record("ring %s", "refused", call="123456")))
    assert told.pop("time")[-1] == "Z"
    assert told == {"level": "WARNING", "logger": "callflow.example", "message": "ring refused", "call": "123456"}


def test_text_ends_with_the_call() -> None:
    line = TextFormatter().format(record("ring refused", call="123456"))
    assert line.endswith(" WARNING callflow.example: ring refused (call 123456)")


def test_a_message_without_a_call_names_none() -> None:
    assert "call" not in json.loads(JsonFormatter().format(record("started")))
    assert TextFormatter().format(record("started")).endswith(": started")


def test_a_message_from_deep_inside_is_about_the_call_of_its_thread() -> None:
    before = CALL.set("654321")
    try:
        assert json.loads(JsonFormatter().format(record("the writer failed")))["call"] == "654321"
    finally:
        CALL.reset(before)


@pytest.mark.parametrize("formatter", [JsonFormatter(), TextFormatter()])
def test_an_exception_is_told_without_its_text_and_in_one_line(formatter: logging.Formatter) -> None:
    line = formatter.format(failed())
    assert "KeyError at test_log_format.py" in line
    assert CALLER not in line
    assert "\n" not in line


def test_clients_that_log_addresses_are_kept_quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    root, handlers, level = logging.getLogger(), list(logging.getLogger().handlers), logging.getLogger().level
    try:
        configure({"CALLFLOW_LOG_LEVEL": "debug", "CALLFLOW_LOG_FORMAT": "json"})
        assert (root.level, type(root.handlers[0].formatter)) == (logging.DEBUG, JsonFormatter)
        assert not logging.getLogger("urllib3.connectionpool").isEnabledFor(logging.DEBUG)
    finally:
        root.handlers, root.level = handlers, level
