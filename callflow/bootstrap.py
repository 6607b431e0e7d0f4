"""The one composition root, and the only place with a clock: settings in, a running Callflow out."""

import atexit
import gc
import logging
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Lock, Timer
from typing import TYPE_CHECKING, Any

from flask import Flask

from callflow.configuration import compiled
from callflow.configuration.kept import changes, load_texts, texts
from callflow.core.configured import Configuration
from callflow.service.chores import Repeating
from callflow.service.crew import guarded
from callflow.service.dispatch import Dispatcher
from callflow.service.editions import Editions, Shelf, Unfit
from callflow.service.houses import Houses
from callflow.service.http_systems import HttpSystems
from callflow.service.outlets import Background, Inline
from callflow.service.ports import Counters, Gateway, Store, StoreUnavailable, Systems
from callflow.service.readiness import Readiness
from callflow.service.switchboard import Switchboard
from callflow.service.upkeep import Upkeep
from callflow.settings import Settings
from callflow.store import open_store
from callflow.store.late import LateStore
from callflow.telephony.late import LateGateway
from callflow.telephony.limiter import Limiter
from callflow.telephony.signature import Verifier
from callflow.telephony.urls import Urls
from callflow.web import create_app
from callflow.web.parts import Parts

if TYPE_CHECKING:
    from callflow.simulator.world import World
    from callflow.telephony.gateway import TwilioGateway

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
LOOK_SECONDS = 2.0
"""How soon a changed configuration is noticed."""
WARM_SECONDS = 1.0


def system_clock() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callflow:
    """A composed Callflow. ``outlet`` is what carries out orders: Background threads, or Inline for a virtual clock."""

    app: Flask
    store: Store
    gateway: Gateway
    switchboard: Switchboard
    outlet: Background | Inline
    counters: Counters
    houses: Houses
    urls: Urls
    chores: tuple[Repeating, ...] = ()

    def close(self) -> None:
        for chore in self.chores:
            chore.stop()
        if isinstance(self.outlet, Background):
            self.outlet.stop()
        self.store.close()


def compose(settings: Settings, house: Configuration, *, store: Store, gateway: Gateway, clock: Clock,
            outlet: Background | Inline, watch: bool = False, systems: Systems | None = None) -> Callflow:  # fmt: skip
    """Put the parts together. Starts no thread and sends nothing. ``watch``: follow the directory and activations."""
    urls, counters, houses = urls_of(settings), Counters(), Houses(house)
    switchboard = Switchboard(store=store, houses=houses, clock=clock, outlet=outlet)
    dispatcher = Dispatcher(store, gateway, clock, switchboard, counters, systems)
    outlet.attach(dispatcher, Upkeep(store, gateway, clock, switchboard, counters))
    verifier = Verifier(settings.public_url, settings.auth_tokens, fallback_url=settings.fallback_url,
                        shared_keys=settings.shared_keys)  # fmt: skip
    editions = editions_of(settings, store, houses, clock)
    if watch:
        guarded(partial(editions.begin, house, texts(settings.config)))
    readiness = Readiness(store, gateway, clock, partial(unfit, editions, settings.audio))
    not_taken_up = partial(getattr, editions, "problem")
    parts = Parts(switchboard=switchboard, houses=houses, verifier=verifier, urls=urls, secret=settings.secret_key,
                  audio=settings.audio, counters=counters, ready=readiness.faults, warning=not_taken_up)  # fmt: skip
    return Callflow(app=create_app(parts), store=store, gateway=gateway, switchboard=switchboard, outlet=outlet,
                    counters=counters, houses=houses, urls=urls,
                    chores=(Repeating(editions.look, LOOK_SECONDS, "editions"),) if watch else ())  # fmt: skip


def editions_of(settings: Settings, store: Store, houses: Houses, clock: Clock) -> Editions:
    """The configurations of this process: the directory of the settings, and what the store has kept."""

    def checked(files: Mapping[str, str]) -> Configuration:
        from callflow.configuration.problems import ConfigurationError  # with the text of every code

        try:
            return load_texts(files, settings.audio)
        except ConfigurationError as error:
            raise Unfit(str(error)) from error

    def directory() -> tuple[Configuration, Mapping[str, str]]:
        files = texts(settings.config)
        return checked(files), files

    shelf = Shelf(changes=lambda: changes(settings.config), directory=directory, kept=checked)
    return Editions(store, houses, shelf, clock)


def unfit(editions: Editions, audio: Path) -> str:
    """What is wrong with the configuration in use, "" for nothing. One that was not taken up harms no call."""
    return missing_recordings(editions.houses.current, audio)


def urls_of(settings: Settings) -> Urls:
    return Urls(settings.public_url, settings.fallback_url, settings.secret_key)


def gateway_of(settings: Settings, monotonic: Callable[[], float] = time.monotonic, per_second: float = 1.0,
               carrier: Any = None) -> "TwilioGateway":  # fmt: skip
    """The provider's REST API; nothing is sent yet. ``carrier``: see ``gateway.rest_client``."""
    from callflow.telephony.gateway import TwilioGateway  # here: 100 ms that no webhook needs (telephony.late)

    return TwilioGateway(
        account_sid=settings.account_sid, credentials=settings.rest_credentials, api_base_url=settings.api_base_url,
        urls=urls_of(settings), limiter=Limiter(monotonic, per_second), carrier=carrier,
    )  # fmt: skip


def missing_recordings(house: Configuration, audio: Path) -> str:
    """Recordings that the configuration names and that have gone since it was loaded."""
    named = {one.path for language in house.languages.values() for script in language.scripts.values()
             for one in script.audio.values()} | {house.music.path}  # fmt: skip
    missing = sorted(path for path in named if not (audio / path).is_file())
    return f"recordings are missing: {', '.join(missing)}" if missing else ""


def store_of(settings: Settings) -> Store:
    """The database of the settings; a server elsewhere that cannot be reached yet is waited for, call by call."""
    try:
        return open_store(settings.database_url)
    except StoreUnavailable:
        if settings.database_url.startswith("sqlite"):  # a file of ours: ops can mend that, and nothing starts before
            raise
        log.error("store unavailable at the start, trying again")
        late: Any = LateStore(partial(open_store, settings.database_url))
        return late  # type: ignore[no-any-return]


def start(settings: Settings | None = None) -> Callflow:
    """A Callflow for real: settings from the environment, threads running. Raises SettingsError, ConfigurationError."""
    settings = settings or Settings.from_environment(os.environ)
    house = compiled.load(settings.config, settings.audio, settings.cache, settings.secret_key)
    gateway = LateGateway(partial(gateway_of, settings, per_second=settings.calls_per_second))
    running = compose(settings, house, store=store_of(settings), gateway=gateway, clock=system_clock,
                      outlet=Background(system_clock), watch=True, systems=HttpSystems(os.environ))  # fmt: skip
    assert isinstance(running.outlet, Background)
    running.outlet.start()
    for chore in running.chores:
        chore.start()
    # The provider's client takes 250 ms to load: after the first webhooks of a restart, before the first order.
    warming = Timer(WARM_SECONDS, partial(warm, gateway))
    warming.daemon = True
    warming.start()
    settle()
    return running


def warm(gateway: LateGateway) -> None:
    gateway.warm()
    settle()


def settle() -> None:
    """What exists now lives as long as the process: a full collection would look at it all (perf.md 1d: 11-22 ms)."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


class PerProcess:
    """The WSGI application. A process that was forked from a started one (gunicorn --preload) starts its own:
    threads do not survive a fork, and a database connection must not be shared by two processes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._begin()

    def _begin(self) -> None:
        self.running, self._pid = start(), os.getpid()
        atexit.register(self._end, self.running, self._pid)

    @staticmethod
    def _end(running: Callflow, pid: int) -> None:
        if os.getpid() == pid:
            running.close()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if self._pid != os.getpid():
            with self._lock:
                if self._pid != os.getpid():
                    self._begin()
        return self.running.app(environ, start_response)


def web_app() -> PerProcess:
    """The WSGI application of ``wsgi.py``."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    return PerProcess()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Callflow inside a virtual world (``simulator.world``)."""

    world: "World"
    callflow: Callflow


def rehearse(house: Configuration, audio: Path, world: "World | None" = None, store: Store | None = None,
             systems: Systems | None = None) -> Stage:  # fmt: skip
    """Callflow and the local provider in one process, on one thread and a virtual clock.

    Without ``systems`` nothing leaves this machine: a lookup has no answer, and its time runs out.
    """
    # Here: 60 ms and 4 MB that a server need not pay for (tests/bench, G7).
    from callflow.simulator.world import ACCOUNT, BASE, TOKEN, World

    world = world or World()
    settings = Settings(
        audio=audio, database_url="memory:", public_url=BASE, fallback_url=BASE, secret_key="a rehearsal, not a secret",
        account_sid=ACCOUNT, auth_tokens={"": (TOKEN,)}, api_base_url="http://provider.test",
    )  # fmt: skip
    outlet = Inline(world.wake_at)
    gateway = gateway_of(settings, world.clock.monotonic, 1000.0, world.wire)
    running = compose(settings, house, store=store or open_store("memory:"), gateway=gateway, clock=world.clock.now,
                      outlet=outlet, systems=systems)  # fmt: skip
    world.connect(running.app, outlet.pump, outlet.look, house.numbers)
    return Stage(world=world, callflow=running)
