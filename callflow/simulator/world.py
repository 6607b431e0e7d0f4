"""Callflow, the local provider and phones on a virtual clock. One thread, deterministic."""

from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, datetime
from functools import partial
from math import ceil, floor
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

from callflow.emulator import Chaos, Emulator, Switches, VirtualClock, WsgiAppClient
from callflow.service.lookup_client import LookupClient
from callflow.settings import Settings
from callflow.simulator.wsgi_transport import WsgiTransport

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
SEND_SECONDS = 0.02
"""Seconds of the virtual clock from a commit until its orders are sent."""
TICK_SECONDS = 0.25
"""Deadlines are checked at multiples of this, and only when one may be due: a call lasts about 270 of them, and a check
without a result takes 5 us."""
ALMOST = 1e-6
ACCOUNT = "AC" + "0" * 31 + "1"
TOKEN = "rehearsal-token"  # of the local provider only
BASE = "http://callflow.test"
DOCUMENT = "https://documents.test/fallback"
"""Where the provider hosts our document for when no server of ours answers, in a world with ``hosted``."""

NO_ACCOUNTS: Mapping[str, str] = MappingProxyType({})

WsgiApp = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class Runner(Protocol):
    """Carries out what an app decides."""

    @property
    def waits(self) -> bool:
        """Whether there are orders to send."""

    def flush(self) -> None:
        """Send them."""

    def run_due(self) -> None:
        """Run the deadlines that have passed, and call ``World.schedule_at`` to be called again."""


class World:
    """The emulator with a virtual clock. ``connect`` adds an app. ``hosted``: the provider hosts its document.

    ``clock`` is used instead of a new one that begins at ``start``.
    ``lookup_client`` answers the lookups of apps that are composed after it is set.
    """

    def __init__(self, *, switches: Switches | None = None, chaos: Chaos | None = None, seed: int = 0, cps: float = 0.0,
                 start: datetime = START, hosted: bool = False, clock: VirtualClock | None = None) -> None:  # fmt: skip
        self.hosted = hosted
        self.clock = clock or VirtualClock(start)
        self.emulator = Emulator(
            account_sid=ACCOUNT,
            auth_token=TOKEN,
            clock=self.clock,
            app_client=WsgiAppClient(self._serve),
            seed=seed,
            cps=cps,
            switches=switches or Switches(),
            chaos=chaos or Chaos(),
        )
        self.transport = WsgiTransport(self.emulator.wsgi, self.clock.now)
        self.lookup_client: LookupClient | None = None
        self._app: WsgiApp | None = None
        self._runner: Runner | None = None
        self._scheduled_at: set[float] = set()  # in clock seconds
        self._begun = 0.0

    def settings(self, audio: Path, sub_accounts: Collection[str] = ()) -> Settings:
        """The settings of an app in this world."""
        tokens = {account: (f"{TOKEN} of {account}",) for account in sub_accounts}
        return Settings(
            audio=audio, recordings="memory:", database_url="memory:", public_url=BASE, fallback_url=BASE,
            fallback_document=DOCUMENT if self.hosted else "", secret_key="a rehearsal, not a secret",
            account_sid=ACCOUNT, auth_tokens={"": (TOKEN,), **tokens}, api_base_url="http://provider.test",
        )  # fmt: skip

    def connect(self, app: WsgiApp, runner: Runner | None, numbers: Collection[str], caller_id: str = "",
                accounts: Mapping[str, str] = NO_ACCOUNTS) -> None:  # fmt: skip
        """Point the numbers at the app, and start to send its orders and run its deadlines, unless it has none.

        ``caller_id`` is verified if it is not one of the numbers. ``accounts`` are the sub-accounts of numbers.
        """
        for account in sorted({*accounts.values()} - {*self.emulator.exchange.sub_accounts}):
            self.emulator.add_sub_account(account, f"{TOKEN} of {account}")
        self._app, self._runner = app, runner
        self._begun, self._scheduled_at = self.clock.monotonic(), set()
        for number in numbers:
            user, _, domain = number.partition("@")
            add = self.emulator.add_domain if user.startswith("sip:") else self.emulator.add_number
            add(
                domain or number,
                voice_url=f"{BASE}/voice/inbound",
                status_callback=f"{BASE}/voice/status",
                voice_fallback_url=DOCUMENT if self.hosted else f"{BASE}/voice/fallback",
                account=accounts.get(number, ""),
            )
        if caller_id and caller_id not in numbers:
            self.emulator.verify_caller_id(caller_id)
        if runner:
            runner.run_due()

    def schedule_at(self, moment: datetime, clock: Callable[[], datetime] | None = None) -> None:
        """Call ``run_due`` at the first multiple of the tick that is not before ``moment``, and later than now.

        ``clock``: the one by which it is ``moment``, if it is not the world's.
        """
        now = self.clock.monotonic()
        ahead = now - self._begun + (moment - (clock or self.clock.now)()).total_seconds()
        # The sum of floats may be a little less than the tick that is now, which would be scheduled again for ever.
        ticks = max(ceil(ahead / TICK_SECONDS), floor((now - self._begun) / TICK_SECONDS + ALMOST) + 1)
        when = self._begun + ticks * TICK_SECONDS
        if when <= now:  # rounded
            when = self._begun + (ticks + 1) * TICK_SECONDS
        if self._runner and when not in self._scheduled_at:
            self._scheduled_at.add(when)
            self.clock.after(when - now, partial(self._scheduled, when))

    def later(self, seconds: float, action: Callable[[], None]) -> None:
        """Do this for the app after ``seconds``, and send what follows from it; not if the app was disconnected."""
        runner = self._runner

        def run() -> None:
            if runner and self._runner is runner:
                action()
                runner.flush()

        self.clock.after(seconds, run)

    def _serve(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self._app is None:
            start_response("503 Service Unavailable", [("Content-Type", "text/plain")])
            return [b"no app is connected"]
        body = list(self._app(environ, start_response))
        if self._runner and self._runner.waits:
            self.clock.after(SEND_SECONDS, self._runner.flush)
        return body

    def _scheduled(self, when: float) -> None:
        if self._runner and when in self._scheduled_at:  # not one of an app that was disconnected
            self._scheduled_at.discard(when)
            self._runner.run_due()

    def disconnect(self) -> None:
        """Remove the app, as after SIGKILL: nothing answers and no deadline runs."""
        self._app = self._runner = None
