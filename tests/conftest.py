"""What holds for every test: no settings of the machine leak in, and nothing leaves the machine."""

import gc
import ipaddress
import os
import shutil
import socket
from typing import Any, NoReturn

import hypothesis
import pytest

# CALLFLOW_TESTS_* steers the tests themselves, and xdist's workers inherit it: it is read, never cleared.
STRICT = os.environ.get("CALLFLOW_TESTS_STRICT") == "1"

pytest_plugins = ["tests.configuration.fixtures"]  # shared by the tests of configuration/, proof/ and diagrams/

# A shared build machine is slow now and then, which is no fault of the code: no deadline.
hypothesis.settings.register_profile("short", deadline=None)
hypothesis.settings.register_profile(
    "long",
    deadline=None,
    max_examples=10_000,
    stateful_step_count=50,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("short")


def skip_or_fail(reason: str) -> NoReturn:
    """Something is missing on this machine: skip on a laptop, fail where CALLFLOW_TESTS_STRICT=1."""
    if STRICT:
        pytest.fail(f"missing, and CALLFLOW_TESTS_STRICT=1: {reason}", pytrace=False)
    pytest.skip(reason)


def program(name: str) -> str:
    """The path of a program that no Python package brings; `.ci/run` gets it from Debian."""
    return shutil.which(name) or skip_or_fail(f"the program {name} is not on this machine")


def pytest_configure() -> None:
    # Before any test module is imported, as some build settings or clients at import.
    for name in list(os.environ):
        if name.startswith(("CALLFLOW_", "TWILIO_")) and not name.startswith("CALLFLOW_TESTS_"):
            del os.environ[name]
    stay_on_this_machine()


def pytest_collection_finish() -> None:
    # As ``bootstrap.settle``: thousands of tests and their modules stay, and each full collection walks all of them.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def stay_on_this_machine() -> None:
    """Python sockets only; what C libraries and child processes do is up to the test that starts them."""
    for name in ("connect", "connect_ex", "sendto"):
        setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    look_up = socket.getaddrinfo

    def look_up_local(host: Any, *arguments: Any, **options: Any) -> Any:
        _refuse_unless_local(host)
        return look_up(host, *arguments, **options)

    socket.getaddrinfo = look_up_local


def _guarded(original: Any) -> Any:
    def guarded(self: socket.socket, *arguments: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            _refuse_unless_local(arguments[-1][0])  # the address is last: sendto has data, perhaps flags, before it
        return original(self, *arguments)

    return guarded


def _refuse_unless_local(host: Any) -> None:
    name = host.decode() if isinstance(host, bytes) else host or "localhost"
    if name == "localhost":
        return
    try:
        local = ipaddress.ip_address(name).is_loopback or ipaddress.ip_address(name).is_unspecified
    except ValueError:
        local = False
    if not local:
        # Not an OSError: the code under test would take that for a network failure and carry on.
        raise AssertionError(f"a test tried to reach {name}")
