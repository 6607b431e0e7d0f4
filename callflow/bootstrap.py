"""The composition root: creates a running Callflow from the settings. The only module with a real clock."""

import gc
import logging
import os
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from threading import Timer
from typing import TYPE_CHECKING, Any, cast

from callflow import active_configuration
from callflow.core.configuration import Configuration
from callflow.core.opening_hours import zone
from callflow.core.records import record
from callflow.keepers import Keepers, keepers_of
from callflow.lookups.http import HttpLookupClient
from callflow.page_work import ChildPageWork
from callflow.regular_checks import checks
from callflow.runtime.capacity import Capacity
from callflow.runtime.connections import ConnectionGuard
from callflow.runtime.metrics import Metrics
from callflow.runtime.runners import InlineRunner, ThreadRunner
from callflow.runtime.troubles import TroubleLog
from callflow.runtime.worker_pool import guarded
from callflow.service.call_service import CallService
from callflow.service.closed_flows import ClosedFlows
from callflow.service.configurations import Configurations
from callflow.service.dispatch import Dispatcher
from callflow.service.lookup_client import LookupClient
from callflow.service.lost_callers import LostCallers
from callflow.service.needed_variables import unset
from callflow.service.node_clock import NodeClock
from callflow.service.outgoing import OutgoingCalls
from callflow.service.page_work import NoPageWork
from callflow.service.ports import Gateway, Store, StoreUnavailable
from callflow.service.readiness import Readiness
from callflow.service.reconcile import Reconciler
from callflow.service.recorded_answers import RecordedAnswers
from callflow.settings import Settings
from callflow.slow_work import SlowWork, Task
from callflow.store import open_store, sealing
from callflow.store.reconnecting import ReconnectingStore
from callflow.telephony import hosted_document, naming, softphone
from callflow.telephony.lazy_gateway import LazyGateway
from callflow.telephony.limiter import Limiter
from callflow.telephony.messages import ProviderMessages
from callflow.telephony.numbers import dialable
from callflow.telephony.recordings import ProviderRecordings
from callflow.telephony.signature import Verifier
from callflow.telephony.urls import Urls
from callflow.telephony.waiting_callers import ProviderCallers
from callflow.web.app import WebApp, with_flask
from callflow.web.dependencies import Dependencies
from callflow.web.recordings import Recordings

if TYPE_CHECKING:
    from flask import Flask

    from callflow.simulator.world import World
    from callflow.telephony.gateway import TwilioGateway

log = logging.getLogger(__name__)
Clock = Callable[[], datetime]
RUNNING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)
WARM_SECONDS = 1.0


def system_clock() -> datetime:
    return datetime.now(UTC)


def running_seconds() -> float:
    """For how long the machine has been running. It goes on while the machine sleeps, as its callers do."""
    return time.clock_gettime(RUNNING)


@record
class Callflow:
    """A composed Callflow. ``runner`` is a ThreadRunner, or an InlineRunner for a virtual clock."""

    web: WebApp
    store: Store
    gateway: Gateway
    calls: CallService
    runner: ThreadRunner | InlineRunner
    metrics: Metrics
    configurations: Configurations
    urls: Urls
    guard: ConnectionGuard
    keepers: Keepers
    outgoing: OutgoingCalls
    answers: RecordedAnswers
    periodic_tasks: tuple[Task, ...] = ()
    resources: ExitStack = field(default_factory=ExitStack)
    """What is released last."""

    @property
    def app(self) -> "Flask":
        """For test clients."""
        return with_flask(self.web)

    def close(self) -> None:
        for task in self.periodic_tasks:
            task.stop()
        if isinstance(self.runner, ThreadRunner):
            self.runner.stop()
        self.store.close()
        self.resources.close()


def compose(
    settings: Settings,
    configuration: Configuration,
    *,
    store: Store,
    gateway: Gateway,
    clock: Clock,
    runner: ThreadRunner | InlineRunner,
    watch: Mapping[str, str] | None = None,
    lookup_client: LookupClient | None = None,
) -> Callflow:
    """Compose a Callflow. Starts no thread and sends nothing.

    ``watch``: follow changed files and activations. It has the files of the directory if the configuration is theirs.
    """
    urls, metrics, configurations = urls_of(settings), Metrics(), Configurations(configuration)
    client_of = lambda account: cast(Any, gateway).client_of(account)  # noqa: E731
    guard = ConnectionGuard(metrics)
    troubles, flows = TroubleLog(clock), ClosedFlows(store, clock)
    watching = watch is not None
    calls = CallService(store, configurations, clock, runner, flows.at if watching else flows.read)
    outgoing = OutgoingCalls(calls, dialable, partial(naming.new_call, settings.secret_key))
    keepers = keepers_of(settings, store, configurations, clock, ProviderRecordings(client_of), outgoing,
                         ProviderMessages(client_of))  # fmt: skip
    slow_work = SlowWork(settings.database_url, store, configurations, clock, metrics, keepers, settings.log,
                         calls.report)  # fmt: skip
    dispatcher = Dispatcher(store, gateway, clock, calls, metrics, troubles, lookup_client, keepers.adjustments)
    waiting = ProviderCallers(client_of, urls, settings.sub_accounts)
    lost = LostCallers(store, waiting, clock, configurations, metrics, runner.remind, regularly=bool(urls.document))
    runner.attach(dispatcher, Reconciler(store, gateway, clock, calls, metrics, troubles), lost)
    activator = active_configuration.activator_of(settings, store, configurations, clock, keepers.prompts.take_up)
    recordings = Recordings(configurations, settings.audio, metrics)
    if watch is not None:
        guarded(partial(activator.begin, configuration, watch))
    dependencies = Dependencies(
        calls=calls, configurations=configurations, verifier=verifier_of(settings), urls=urls, secrets=settings.secrets,
        account=settings.account_sid, recordings=recordings, kept=keepers.recordings, metrics=metrics,
        troubles=troubles, ready=Readiness(store, gateway, clock, str).faults,
        warning=lambda: (
            activator.warning or recordings.missing() or unset(configurations.current, os.environ)
            or settings.unverifiable(configurations.current.accounts.values())
        ),
        capacity=Capacity(settings.threads), operations_token=settings.operations_token,
        without_fallback=settings.without_fallback, jobs=slow_work.warning, lost_caller=lost.reported,
        outgoing=outgoing, promises=keepers.promises,
        softphone=softphone.tokens(settings.account_sid, settings.api_key, settings.api_secret),
        page_work=ChildPageWork(settings, store) if watching else NoPageWork(),
    )  # fmt: skip
    return Callflow(
        web=WebApp(dependencies), store=store, gateway=gateway, calls=calls, runner=runner, metrics=metrics,
        configurations=configurations, urls=urls, guard=guard, keepers=keepers, outgoing=outgoing,
        answers=slow_work.answers,
        periodic_tasks=(*checks(calls, activator, guard, flows, recordings), *slow_work.tasks(settings.worker))
        if watching else (),
    )  # fmt: skip


def verifier_of(settings: Settings) -> Verifier:
    return Verifier(settings.public_url, settings.auth_tokens, fallback_url=settings.fallback_url,
                    shared_keys=settings.shared_keys)  # fmt: skip


def urls_of(settings: Settings) -> Urls:
    return Urls(settings.public_url, settings.fallback_url, settings.secret_key, document=settings.fallback_document)


def gateway_of(settings: Settings, monotonic: Callable[[], float] = time.monotonic, per_second: float = 1.0,
               carrier: Any = None) -> "TwilioGateway":  # fmt: skip
    """The gateway to the provider's REST API. Sends nothing yet. ``carrier``: see ``rest_client.rest_client``."""
    from callflow.telephony.gateway import TwilioGateway  # takes 100 ms to import (see telephony.lazy_gateway)

    return TwilioGateway(
        account_sid=settings.account_sid, credentials=settings.rest_credentials, api_base_url=settings.api_base_url,
        urls=urls_of(settings), limiter=Limiter(monotonic, per_second), carrier=carrier,
        credentials_of=settings.credentials_of,
    )  # fmt: skip


def store_of(settings: Settings) -> Store:
    """The store of the settings. If a database server cannot be reached, a store that opens it later."""
    try:
        return open_store(settings.database_url, settings.secrets)
    except StoreUnavailable as error:
        if settings.database_url.startswith("sqlite"):  # a local file: waiting would not help
            raise
        log.error("store unavailable at the start, trying again: %s", error)
        reconnecting: Any = ReconnectingStore(partial(open_store, settings.database_url, settings.secrets))
        return reconnecting  # type: ignore[no-any-return]


def start(settings: Settings | None = None) -> Callflow:
    """Start Callflow with its threads. Settings are from the environment by default.

    Raises SettingsError, ConfigurationError, StoreUnavailable or WrongSchema.
    """
    settings = settings or Settings.from_environment(os.environ)
    store = store_of(settings)
    configuration, files = active_configuration.load(settings, store)
    gateway = LazyGateway(partial(gateway_of, settings, per_second=settings.calls_per_second))
    clock = NodeClock(system_clock, running_seconds, by_database=not settings.database_url.startswith("sqlite"))
    running = compose(
        settings,
        configuration,
        store=store,
        gateway=gateway,
        clock=clock,
        runner=ThreadRunner(clock),
        watch=files,
        lookup_client=HttpLookupClient(os.environ),
    )
    assert isinstance(running.runner, ThreadRunner)
    running.runner.start()
    for task in running.periodic_tasks:
        task.start()
    # Flask and the provider's client take 300 ms to import: after the first webhooks of a restart.
    warming = Timer(WARM_SECONDS, partial(warm, gateway, running))
    warming.daemon = True
    running.resources.callback(warming.cancel)  # a process that is forked while it imports could not import it again
    warming.start()
    settle()
    if settings.without_fallback:
        log.warning("%s", settings.without_fallback)
    return running


def warm(gateway: LazyGateway, running: Callflow) -> None:
    running.web.machines.warm()
    gateway.warm()
    sealing.warm()
    running.metrics.page()
    dialable("+15550100100")
    zone("UTC")
    settle()


def settle() -> None:
    """Exclude what exists now, and stays, from garbage collection: a full one takes 11 to 22 ms (perf.md 1d).

    What is made later is collected in small parts: 50,000 objects of pages at once took 48 ms, in which nobody is
    answered; 2,000 take 2 ms.
    """
    gc.freeze()
    gc.enable()  # servers start without it
    gc.set_threshold(2_000, 50, 50)


@record
class Rehearsal:
    """Callflow inside a virtual world (``simulator.world``)."""

    world: "World"
    callflow: Callflow


def rehearse(configuration: Configuration, audio: Path, world: "World | None" = None, store: Store | None = None,
             clock: Clock | None = None) -> Rehearsal:  # fmt: skip
    """Compose Callflow and the local provider in one process, on one thread with a virtual clock.

    Nothing leaves this machine. Lookups are answered by the world's client. Without one their deadline passes.
    ``clock``: Callflow's own, if it is not the world's.
    """
    # Imported here, because a server does not need its 60 ms and 4 MB (tests/bench, G7).
    from callflow.simulator.recognising import listen
    from callflow.simulator.world import World

    world = world or World()
    settings = world.settings(audio, set(configuration.accounts.values()))
    now = clock or world.clock.now
    runner = InlineRunner(partial(world.schedule_at, clock=now))
    gateway = gateway_of(settings, world.clock.monotonic, 1000.0, world.transport)
    running = compose(settings, configuration, store=store or open_store("memory:"), gateway=gateway, clock=now,
                      runner=runner, lookup_client=world.lookup_client)  # fmt: skip
    if world.hosted:
        world.emulator.host(settings.fallback_document, hosted_document.text(configuration, urls_of(settings)))
    listen(world.emulator, world.later, running.store, running.answers)
    world.connect(running.web, runner, configuration.called_numbers, configuration.caller_id, configuration.accounts)
    return Rehearsal(world=world, callflow=running)
