"""A company's own system follows what happens on calls: everything, once, in order, and signed."""

import hmac
import json
import threading
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import get_args

import jsonschema
import pytest

from callflow.configuration.reading.systems import Subject
from callflow.core.configuration import Configuration, LookupRules
from callflow.core.webhooks import NAMES, Webhook
from callflow.service.jobs import JobFailure
from callflow.service.webhook_schema import SCHEMA
from callflow.service.webhooks import SEND, Webhooks, signature
from tests.e2e.conversation import PHONES, ROOT, Conversation, shipped
from tests.e2e.scenes import talking, warned

SECRET = "of a test and worth nothing"


class Crm(ThreadingHTTPServer):
    """A company's system. ``refuses``: how many requests it still answers with 503."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Receiving)
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.refuses = 0

    def events(self) -> list[dict[str, object]]:
        return [json.loads(body) for _, body in self.taken]

    def types(self) -> list[object]:
        return [one["type"] for one in self.events()]


class Receiving(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        server = self.server
        assert isinstance(server, Crm)
        if server.refuses:
            server.refuses -= 1
            self.send_response(503)
        else:
            server.taken.append((dict(self.headers), body))
            self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def crm() -> Iterator[Crm]:
    server = Crm()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def telling(crm: Crm, *subjects: str) -> Configuration:
    webhook = Webhook(name="crm", url=f"http://127.0.0.1:{crm.server_port}/calls?tenant=7", secret="CRM_SECRET",
                      subjects=frozenset(subjects or NAMES))  # fmt: skip
    here = frozenset({"127.0.0.1"})
    return replace(shipped(), webhooks={"crm": webhook}, lookups=LookupRules(allow_private=here, allow_http=here))


def webhooks(talk: Conversation, environ: dict[str, str] | None = None) -> Webhooks:
    return replace(talk.callflow.keepers.webhooks, environ={"CRM_SECRET": SECRET} if environ is None else environ)


def run_jobs(talk: Conversation, environ: dict[str, str] | None = None) -> list[str]:
    """Run every waiting job of this kind once; what failed."""
    failed, store = [], talk.callflow.store
    for job in store.jobs(talk.clock.now()):
        if job.kind == SEND:
            try:
                webhooks(talk, environ).run(job.args)
                store._jobs.pop(job.id)  # type: ignore[attr-defined]
            except JobFailure as failure:
                failed.append(str(failure))
    return failed


def test_everything_is_told_in_the_order_in_which_it_happened(crm: Crm) -> None:
    talk = warned(talking(telling(crm)))
    talk.over()
    assert run_jobs(talk) == []
    types = crm.types()
    assert types[0] == "callflow.call.number_shown"
    assert "callflow.warning.heard_in_full" in types
    sequence = [str(one["sequence"]) for one in crm.events()]
    assert sequence == sorted(sequence)
    assert {one["subject"] for one in crm.events()} == {talk.call.reference}


def test_every_event_is_what_the_schema_says_and_has_nothing_of_the_caller(crm: Crm) -> None:
    talk = warned(talking(telling(crm)))
    talk.over()
    run_jobs(talk)
    for one in crm.events():
        jsonschema.validate(one, SCHEMA)
    assert PHONES["caller"][-7:] not in str(crm.taken)


def test_each_is_signed_with_its_id_and_its_time(crm: Crm) -> None:
    talk = talking(telling(crm))
    talk.over()
    run_jobs(talk)
    for headers, body in crm.taken:
        known = {name.lower(): value for name, value in headers.items()}
        signed = f"{known['webhook-id']}.{known['webhook-timestamp']}.".encode() + body
        wanted = b64encode(hmac.digest(SECRET.encode(), signed, "sha256")).decode()
        assert known["webhook-signature"] == f"v1,{wanted}"
        assert known["content-type"] == "application/cloudevents+json"
        assert known["webhook-id"] == json.loads(body)["id"]


def test_a_secret_as_standard_webhooks_write_it() -> None:
    """The example of their specification's libraries."""
    signed = signature("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
                       b'{"test": 2432232314}')  # fmt: skip
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    with pytest.raises(JobFailure, match="not base64"):
        signature("whsec_?", "a", 1, b"")


def test_while_the_system_is_down_nothing_is_lost_and_nothing_overtakes(crm: Crm) -> None:
    talk = warned(talking(telling(crm)))
    crm.refuses = 1
    assert run_jobs(talk) == ["webhook crm: HTTP 503"]
    assert crm.taken == []
    talk.over()
    crm.refuses = 0
    assert run_jobs(talk) == []
    ids = [one["id"] for one in crm.events()]
    assert len(ids) == len(set(ids))
    assert crm.types()[0] == "callflow.call.number_shown"
    assert "callflow.call.caller_hung_up" in crm.types()


def test_only_what_was_asked_for(crm: Crm) -> None:
    talk = warned(talking(telling(crm, "warning", "promise")))
    talk.over()
    run_jobs(talk)
    assert {str(one).rpartition(".")[0] for one in crm.types()} == {"callflow.warning"}


def test_a_call_of_which_nothing_is_told_defers_nothing(crm: Crm) -> None:
    talk = talking(telling(crm, "threat"))
    talk.over()
    assert [one for one in talk.callflow.store.jobs(talk.clock.now()) if one.kind == SEND] == []


def test_without_its_secret_nothing_is_sent(crm: Crm) -> None:
    talk = talking(telling(crm))
    assert run_jobs(talk, {}) == ["the environment variable CRM_SECRET of webhook crm is not set"]
    assert crm.taken == []


def test_a_call_is_told_again_from_the_beginning(crm: Crm) -> None:
    talk = talking(telling(crm))
    talk.over()
    run_jobs(talk)
    first = crm.events()
    talk.callflow.store.put_webhook_position("crm", talk.call.id, 0)
    webhooks(talk).run({"webhook": "crm", "call": talk.call.id})
    assert crm.events() == [*first, *first]


def test_a_webhook_that_ops_have_removed_is_told_nothing_more(crm: Crm) -> None:
    talk = talking(telling(crm))
    talk.callflow.configurations.adopt(shipped())
    assert run_jobs(talk) == []
    assert crm.taken == []


def test_ops_can_try_it(crm: Crm) -> None:
    talk = talking(telling(crm))
    webhooks(talk).ping(talk.configuration.webhooks["crm"])
    assert crm.types() == ["callflow.ping"]
    jsonschema.validate(crm.events()[0], SCHEMA)


def test_the_schema_in_the_documentation_is_that_of_the_program() -> None:
    text = (ROOT / "docs/webhooks.schema.json").read_text(encoding="utf-8")
    assert text == json.dumps(SCHEMA, indent=2) + "\n", "callflow webhooks schema > docs/webhooks.schema.json"


def test_the_names_in_the_yaml_are_those_of_the_program() -> None:
    assert get_args(Subject) == NAMES
