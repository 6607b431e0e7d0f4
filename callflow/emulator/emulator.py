"""The emulator as one object: an account with numbers, phones, rooms, a REST API and a clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from callflow.emulator import verbs
from callflow.emulator.app_clients import HttpAppClient, WsgiApp
from callflow.emulator.clock import Clock, VirtualClock
from callflow.emulator.events import Event
from callflow.emulator.exchange import ErrorEntry, Exchange, Person, RestEntry
from callflow.emulator.extensions import address
from callflow.emulator.hosted import HostedDocuments
from callflow.emulator.identifiers import Sids
from callflow.emulator.legs import Leg
from callflow.emulator.numbers import CallerId, Number, SipDomain
from callflow.emulator.phones import Phone, phone_of
from callflow.emulator.recordings import Recording
from callflow.emulator.rest.server import Server
from callflow.emulator.rest.wsgi import rest_application
from callflow.emulator.rooms import Room
from callflow.emulator.sounds import Sounds, file_name
from callflow.emulator.switches import Chaos, RandomFaults, Switches
from callflow.emulator.transport import AppClient
from callflow.emulator.voices import Voices

assert verbs  # importing them registers them


class Emulator:
    """A small local Twilio. `cps`: outgoing calls a second, 0 = unlimited. `app_client` sends requests to the app."""

    def __init__(
        self,
        account_sid: str = "AC" + "0" * 32,
        auth_token: str = "token",
        clock: Clock | None = None,
        app_client: AppClient | None = None,
        switches: Switches | None = None,
        chaos: Chaos | None = None,
        seed: int = 0,
        cps: float = 1.0,
    ) -> None:
        self.account_sid = account_sid
        self.auth_token = auth_token
        self.clock: Clock = clock or VirtualClock()
        self._app_client = app_client or HttpAppClient()
        self._hosted = HostedDocuments(self._app_client)
        self.exchange = Exchange(
            account_sid=account_sid,
            auth_token=auth_token,
            clock=self.clock,
            app_client=self._hosted,
            switches=switches or Switches(),
            faults=RandomFaults(chaos or Chaos()),
            sids=Sids(seed),
            calls_per_second=cps,
        )
        self.wsgi: WsgiApp = rest_application(self.exchange)
        self._server: Server | None = None

    def add_number(
        self,
        phone_number: str,
        voice_url: str = "",
        voice_fallback_url: str = "",
        status_callback: str = "",
        account: str = "",
        **settings: Any,
    ) -> Number:
        """Add a number to the account, or to a sub-account by its SID. `settings` are other fields of Number."""
        exchange = self.exchange.sub_accounts[account] if account else self.exchange
        with self.clock.lock:
            now = self.clock.now()
            name = settings.pop("friendly_name", phone_number)
            number = Number(exchange.sids.new("PN"), phone_number, now, now, name,
                            voice_url=voice_url, voice_fallback_url=voice_fallback_url,
                            status_callback=status_callback, **settings)  # fmt: skip
            exchange.numbers[phone_number] = number
            return number

    def add_sub_account(self, account_sid: str, auth_token: str) -> None:
        """Add a sub-account. Its webhooks are signed with its own token (twilio.md 2)."""
        with self.clock.lock:
            self.exchange.add_sub_account(account_sid, auth_token)

    def add_domain(self, name: str, voice_url: str = "", voice_fallback_url: str = "", status_callback: str = "",
                   account: str = "") -> SipDomain:  # fmt: skip
        """Add a SIP domain to the account or a sub-account. Calls to `sip:anybody@name` request its voice URL."""
        exchange = self.exchange.sub_accounts[account] if account else self.exchange
        with self.clock.lock:
            now = self.clock.now()
            domain = SipDomain(exchange.sids.new("SD"), name, now, now, name, voice_url=voice_url,
                               voice_fallback_url=voice_fallback_url, status_callback=status_callback)  # fmt: skip
            exchange.domains[name.lower()] = domain
            return domain

    def host(self, url: str, text: str) -> None:
        """Host a document at `url` (no query), as a TwiML Bin does. `text` is a template (`hosted`)."""
        self._hosted.texts[url] = text

    def verify_caller_id(self, phone_number: str) -> CallerId:
        """Let the account show this number although it is not one of its own (OutgoingCallerIds)."""
        exchange = self.exchange
        with self.clock.lock:
            verified = CallerId(exchange.sids.new("PN"), phone_number, phone_number, self.clock.now())
            exchange.caller_ids[phone_number] = verified
            return verified

    def phone(self, number: str, extension: str = "") -> Phone:
        """The phone with that number or address, created on first use. By default it answers after 2 seconds.

        `extension`: the one behind the number that these keys reach."""
        with self.clock.lock:
            return phone_of(self.exchange, address(number, extension))

    def keep_sounds(
        self, voices: Voices, cast: Sequence[Person] = (), words: Callable[[str], str] | None = None
    ) -> None:
        """From now on a page can play what is heard, in these voices, and shows the phones of `cast`. To be called
        before the first call. `words`: those of the file at a URL, else its name."""
        with self.clock.lock:
            for one in self.exchange.accounts:
                one.sounds = self.exchange.sounds or Sounds(voices, words or file_name)
                one.cast[:] = cast

    @property
    def rooms(self) -> Mapping[str, Room]:
        """The rooms that have not ended, by name."""
        if not self.exchange.sub_accounts:
            return self.exchange.rooms_by_name
        return {name: room for one in self.exchange.accounts for name, room in one.rooms_by_name.items()}

    @property
    def legs(self) -> Mapping[str, Leg]:
        """All calls by SID, including those that have ended."""
        if not self.exchange.sub_accounts:
            return self.exchange.legs
        return {sid: leg for one in self.exchange.accounts for sid, leg in one.legs.items()}

    @property
    def recordings(self) -> Mapping[str, Recording]:
        return self.exchange.recordings

    @property
    def errors(self) -> list[ErrorEntry]:
        """Twilio's error and warning codes so far. Tests of an app assert that there are none."""
        return self.exchange.errors

    @property
    def rest_log(self) -> list[RestEntry]:
        """Every REST request so far."""
        return self.exchange.rest_log

    def on_event(self, callback: Callable[[Event], None], kind: type[Event] = Event) -> Callable[[], None]:
        """Call `callback(event)` for every event of this kind, under the lock. Returns a function that unsubscribes."""
        listener = (kind, callback)
        self.exchange.listeners.append(listener)

        def end() -> None:
            if listener in self.exchange.listeners:
                self.exchange.listeners.remove(listener)

        return end

    def forget_finished(self) -> None:
        """Drop calls and rooms that have ended, with their recordings, to save memory in long simulations."""
        with self.clock.lock:
            for exchange in self.exchange.accounts:
                exchange.legs = {sid: leg for sid, leg in exchange.legs.items() if leg.live}
                exchange.rooms = {sid: room for sid, room in exchange.rooms.items() if room.status != "completed"}
                exchange.recordings.clear()
            self.exchange.rest_log.clear()
            for phone in self.exchange.phones.values():
                phone.legs = [leg for leg in phone.legs if leg.live]

    def now(self) -> datetime:
        return self.clock.now()

    def serve(self, port: int = 0) -> int:
        """Serve the REST API and the phone control API on 127.0.0.1; returns the port."""
        if self._server is None:
            self._server = Server(self.wsgi, port)
            for one in self.exchange.accounts:
                one.api_base = f"http://127.0.0.1:{self._server.port}"
        return self._server.port

    def close(self) -> None:
        """Stop serving and stop the clock."""
        if self.exchange.sounds is not None:
            self.exchange.sounds.close()
        if self._server is not None:
            self._server.close()
            self._server = None
        self.clock.close()
        if isinstance(self._app_client, HttpAppClient):
            self._app_client.close()
