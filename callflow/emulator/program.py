"""A leg's program: a generator that yields waits. The same code runs with a virtual and a real clock.

    signal = yield Wait(5.0, hears=(Key,))      # None after 5 s, or the Key
    reply = yield Fetch(webhook)                # the Reply

A REST redirect or a hang-up closes the generator, so its `finally` clauses clean up.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from functools import partial
from typing import Any, TypeVar

from callflow.emulator.clock import Clock, Timer
from callflow.emulator.immutable import immutable
from callflow.emulator.webhook import Fetcher, Webhook

R = TypeVar("R")


@immutable
class Signal:
    """Base class of what a waiting program can receive."""


@immutable
class Key(Signal):
    """One DTMF key: 0-9 A-D * #."""

    key: str


@immutable
class SpeechBegan(Signal):
    """The person begins to speak; a Speech follows."""


@immutable
class Speech(Signal):
    """The person has said this."""

    text: str
    confidence: float


@immutable
class Removed(Signal):
    """The leg was removed from the room: kicked, room ended, or its wait document failed."""

    reason: str


@immutable
class ChildReady(Signal):
    """A dialled leg answered, and heard its whisper to the end: it can be bridged."""

    sid: str


@immutable
class ChildGone(Signal):
    """A dialled leg ended, or was redirected away (`redirected`)."""

    sid: str
    redirected: bool = False


@immutable
class QueueLeft(Signal):
    """The leg left its queue. `result` is a QueueResult."""

    result: str


@immutable
class Wait:
    """Wait `seconds` (None: no limit), or until a signal of a type in `hears` arrives.

    `keeps_keys`: keys that are not in `hears` are kept for a later Gather, if the switch `early_digits_kept` is on.
    """

    seconds: float | None = None
    hears: tuple[type[Signal], ...] = ()
    keeps_keys: bool = True


@immutable
class Fetch:
    """Request a document or a file from the app."""

    webhook: Webhook


Step = Wait | Fetch
Body = Generator[Step, Any, R]


class Program:
    """Runs one generator. `on_done(result)` is called when it returns, but not when it is stopped."""

    def __init__(
        self,
        clock: Clock,
        fetcher: Fetcher,
        body: Body[R],
        on_done: Callable[[R], None],
        missed: Callable[[Key], None] | None = None,
    ) -> None:
        self._clock = clock
        self._fetcher = fetcher
        self._body = body
        self._on_done = on_done
        self._missed = missed
        self._advancing = False
        self._waiting: Wait | None = None
        self._timer: Timer | None = None
        self._turn = 0
        self.over = False
        self.fetching = False

    def start(self) -> None:
        self._resume(None)

    def deliver(self, signal: Signal) -> None:
        """Pass a signal to the program after the current callback. Ignored unless the program waits for its type."""
        self._clock.post(partial(self._hear, signal))

    def stop(self) -> None:
        """Stop the program. Pending replies and signals are discarded."""
        if self.over:
            return
        self.over = True
        self._forget_timer()
        if not self._advancing:
            self._body.close()

    def _hear(self, signal: Signal) -> None:
        if self.over:
            return
        if self._waiting is not None and type(signal) in self._waiting.hears:
            self._resume(signal)
        elif self._missed and isinstance(signal, Key) and (self._waiting is None or self._waiting.keeps_keys):
            self._missed(signal)

    def _answer(self, turn: int, value: Any) -> None:
        if turn == self._turn and not self.over:
            self._resume(value)

    def _resume(self, value: Any) -> None:
        self._forget_timer()
        self._waiting = None
        self.fetching = False
        self._turn += 1
        self._advancing = True
        try:
            step = self._body.send(value)
        except StopIteration as end:
            if not self.over:
                self.over = True
                self._on_done(end.value)
            return
        finally:
            self._advancing = False
        if self.over:  # stopped by something that the generator itself caused
            self._body.close()
            return
        if isinstance(step, Fetch):
            self.fetching = True
            self._fetcher(step.webhook, partial(self._answer, self._turn))
            return
        self._waiting = step
        if step.seconds is not None:
            self._timer = self._clock.after(step.seconds, partial(self._answer, self._turn, None))

    def _forget_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
