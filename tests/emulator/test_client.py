"""The real twilio-python client over real HTTP, each request judged by Twilio's own OpenAPI document (twilio.md 5)."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from threading import Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from callflow.emulator import Emulator, HttpAppClient, RealClock
from callflow.emulator.delivery import Delivery, deliver
from callflow.emulator.transport import HttpRequest, ReadTimedOut
from tests.emulator.world import ANA, CALLER, LINE, LittleApp, conference, twiml
from tests.openapi import assert_valid

PAGES: dict[str, Any] = {
    "/voice": twiml(conference()),
    "/agent": twiml(conference(participantLabel="agent")),
    "/hold": twiml("<Say>Hold</Say>"),
}


class Quiet(WSGIRequestHandler):
    def log_message(self, *_arguments: Any) -> None:
        pass


class Line:
    """An emulator and an app, both behind real sockets, and the client."""

    def __init__(self) -> None:
        self.app = LittleApp(PAGES)
        self.server = make_server("127.0.0.1", 0, self.app, handler_class=Quiet)
        Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.base = f"http://127.0.0.1:{self.server.server_port}"
        self.emulator = Emulator(clock=RealClock(threads=8), app_client=HttpAppClient(), cps=0)
        self.emulator.add_number(LINE, voice_url=f"{self.base}/voice", status_callback=f"{self.base}/status")
        self.emulator.phone(ANA).behave(answer_after=0.05)
        self.port = self.emulator.serve()
        http = TwilioHttpClient(timeout=5)
        http.session.hooks["response"].append(lambda response, **_options: assert_valid(response.request))
        self.client = Client(self.emulator.account_sid, self.emulator.auth_token, http_client=http)
        self.client.api.base_url = f"http://127.0.0.1:{self.port}"

    def until(self, condition: Callable[[], Any], seconds: float = 5.0) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline, [seen.path for seen in self.app.seen]
            time.sleep(0.01)

    def close(self) -> None:
        self.client.http_client.session.close()
        self.emulator.close()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture(scope="module")
def line() -> Iterator[Line]:
    it = Line()
    yield it
    it.close()


def test_calls_conferences_participants_recordings(line: Line) -> None:
    """twilio.md 11.1: Calls, Conferences, Participants (CallSid/label; 404 after leave), Recordings with media."""
    client, emulator = line.client, line.emulator
    caller = emulator.phone(CALLER).call(LINE)
    line.until(lambda: caller.room)
    call = client.calls.create(
        to=ANA, from_=LINE, url=f"{line.base}/agent", timeout=20, status_callback=f"{line.base}/st",
        status_callback_event=["initiated", "ringing", "answered", "completed"],
    )  # fmt: skip
    line.until(lambda: len(emulator.rooms["room"].members) == 2)
    assert client.calls(call.sid).fetch().status == "in-progress"
    assert {one.sid for one in client.calls.list(status="in-progress")} == {caller.sid, call.sid}
    room = client.conferences.list(friendly_name="room", status="in-progress")[0]
    assert client.conferences(room.sid).fetch().friendly_name == "room"
    held = room.participants(caller.sid).update(hold=True, hold_url=f"{line.base}/hold", hold_method="POST")
    assert held.hold is True
    assert [one.label for one in client.conferences(room.sid).participants.list(hold=False)] == ["agent"]
    recording = client.calls(call.sid).recordings.create(recording_channels="dual")
    time.sleep(0.3)
    assert client.calls(call.sid).recordings("Twilio.CURRENT").update(status="stopped").sid == recording.sid
    line.until(lambda: emulator.recordings[recording.sid].status == "completed")
    fetched = client.recordings(recording.sid).fetch()
    media = requests.get(f"{fetched.media_url}.wav", timeout=5)
    assert media.headers["Content-Type"] == "audio/x-wav"
    assert client.recordings.list(call_sid=call.sid)[0].sid == recording.sid
    assert client.recordings(recording.sid).delete()
    client.conferences(room.sid).update(announce_url=f"{line.base}/hold")
    assert room.participants("agent").fetch().call_sid == call.sid
    room.participants("agent").delete()
    with pytest.raises(TwilioRestException) as gone:
        room.participants(call.sid).fetch()
    assert (gone.value.status, gone.value.code) == (404, 20404)
    client.calls(caller.sid).update(twiml=twiml("<Say>Goodbye</Say>"))
    client.calls(caller.sid).update(status="completed")
    with pytest.raises(TwilioRestException) as late:
        client.calls(caller.sid).update(twiml=twiml("<Say>Goodbye</Say>"))
    assert late.value.code == 21220
    assert client.calls(caller.sid).fetch().end_time is not None
    line.until(lambda: line.app.of("/status"))
    assert emulator.errors == []


def test_participants_are_created_by_room_name(line: Line) -> None:
    """twilio.md 5.6: create by SID or friendly name; Conferences update Status=completed."""
    line.emulator.phone(ANA).hang_up()
    made = line.client.conferences("by-name").participants.create(
        from_=LINE, to=ANA, label="ana", early_media=False, conference_status_callback=f"{line.base}/cb",
        conference_status_callback_event=["start", "end", "join", "leave"],
    )  # fmt: skip
    line.until(lambda: line.emulator.rooms["by-name"].seats)
    assert line.client.conferences(made.conference_sid).participants("ana").fetch().status == "connected"
    line.emulator.phone(ANA).hang_up()


def test_incoming_phone_numbers(line: Line) -> None:
    """twilio.md 5.7: list, fetch, update, create."""
    number = line.client.incoming_phone_numbers.list(phone_number=LINE)[0]
    changed = number.update(friendly_name="Desk", voice_fallback_url=f"{line.base}/fallback")
    assert changed.voice_fallback_url == f"{line.base}/fallback"
    bought = line.client.incoming_phone_numbers.create(phone_number="+15550100109", voice_url=f"{line.base}/voice")
    assert line.client.incoming_phone_numbers(bought.sid).fetch().phone_number == "+15550100109"
    assert bought.delete()


def test_pages_are_followed(line: Line) -> None:
    """twilio.md 5.0: "follow next_page_uri"."""
    for number in range(5):
        line.client.incoming_phone_numbers.create(phone_number=f"+1555010020{number}", voice_url=f"{line.base}/voice")
    assert len(line.client.incoming_phone_numbers.list(page_size=2)) == 6


def test_wrong_credentials(line: Line) -> None:
    """twilio.md 11.1: 401/20003."""
    client = Client(line.emulator.account_sid, "wrong")
    client.api.base_url = line.client.api.base_url
    with pytest.raises(TwilioRestException) as caught:
        client.calls("CA" + "0" * 32).fetch()
    assert (caught.value.status, caught.value.code) == (401, 20003)
    client.http_client.session.close()


def test_phones_are_driven_over_http(line: Line) -> None:
    """The control door: call, press, say, hang_up, behave, and the log of events as JSON lines."""
    base = f"http://127.0.0.1:{line.port}"
    phone = f"{base}/_phones/{CALLER}"
    assert requests.post(f"{phone}/call", data={"to": LINE}, timeout=5).json()["status"] == "ringing"
    line.until(lambda: requests.get(phone, timeout=5).json()["room"] == "room")
    assert requests.post(f"{phone}/press", json={"keys": "1"}, timeout=5).status_code == 200
    assert requests.post(f"{phone}/say", data={"text": "hello"}, timeout=5).status_code == 200
    assert requests.post(f"{phone}/hang_up", timeout=5).json()["where"] == "on the hook"
    assert requests.post(f"{phone}/press", data={"keys": "1"}, timeout=5).status_code == 400
    assert requests.post(f"{phone}/behave", data={"as": "busy"}, timeout=5).json()["behaviour"] == "Busy"
    assert requests.post(f"{phone}/dance", timeout=5).status_code == 400
    lines = requests.get(f"{base}/_events?after=0", timeout=5).text.splitlines()
    assert any('"Pressed"' in one for one in lines)


def test_an_app_that_does_not_listen(line: Line) -> None:
    """twilio.md 1.5: 11205 connection failure: error speech and hang-up."""
    emulator = Emulator(clock=RealClock(threads=2), app_client=HttpAppClient(), cps=0)
    emulator.add_number(LINE, voice_url="http://127.0.0.1:9/voice#ct=200&rc=0")
    leg = emulator.phone(CALLER).call(LINE)
    line.until(lambda: emulator.errors)
    assert emulator.errors[0].code == 11205
    assert leg.live
    emulator.close()


def test_an_app_that_does_not_answer() -> None:
    """twilio.md 1.4: rt 100-15000 ms, first byte; 11200 after it, and no second attempt (rp=ct)."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        request = HttpRequest("GET", f"http://127.0.0.1:{silent.getsockname()[1]}/", {}, read_seconds=0.1)
        with pytest.raises(ReadTimedOut):
            HttpAppClient().send(request)
        delivery = Delivery("POST", f"{request.url}#rt=100&rc=3", {"a": ""}, "token")
        reply = deliver(delivery, HttpAppClient())
        assert (reply.status, reply.code, reply.attempts) == (None, 11200, (None,))


def test_connections_are_kept_open(line: Line) -> None:
    """A door keeps its connection; one that the app has closed meanwhile is opened again."""
    app_client = HttpAppClient()
    request = HttpRequest("GET", f"http://127.0.0.1:{line.port}/_phones", {})
    assert [app_client.send(request).status for _ in range(3)] == [200, 200, 200]
    assert len(app_client._connections()) == 1
    for kept in app_client._connections().values():
        kept.sock.shutdown(socket.SHUT_RDWR)
    assert app_client.send(request).status == 200
    for kept in app_client._connections().values():
        kept.close()


def test_a_broken_answer_is_error_11206() -> None:
    """twilio.md 1.5: 11206 HTTP protocol violation."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b"this is not HTTP\r\n\r\n")

        thread = Thread(target=answer)
        thread.start()
        reply = deliver(Delivery("POST", f"http://127.0.0.1:{server.getsockname()[1]}/", {}, None), HttpAppClient())
        thread.join()
    assert reply.code == 11206
