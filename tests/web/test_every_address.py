"""Every address that the server answers is signed by the provider, or has nothing that a stranger may not have."""

import re

import pytest
from werkzeug.routing import Rule

from callflow.fast_path.webhooks import LARGEST_BODY
from callflow.web.voice import ROUTES
from tests.web.edge import BASE, SPARE, Edge
from tests.web.test_signed import WEBHOOKS

OPEN = {
    "/healthz", "/readyz", "/metrics",  # tests/web/test_health.py: only a word for strangers
    "/audio/music/<digest>/<length>.wav", "/audio/sounds/<version>/<name>/<length>.wav", "/audio/<digest>/<path:name>",
    "/audio/joined/<script>/<digests>.wav",
    "/audio/people/<id>/<signature>.wav", "/audio/takes/<call>/<int:token>/<signature>.wav",  # signed in their paths
}  # fmt: skip
"""The provider does not sign its requests for sounds (twilio.md 1.3)."""
ADDRESS = re.compile(rf"(?:{re.escape(BASE)}|{re.escape(SPARE)})(/[^\s\"'<#]*)")


@pytest.fixture(scope="module")
def edge() -> Edge:
    return Edge().talking()


def rules(edge: Edge) -> list[Rule]:
    """Those of machines. Those of people are tried in tests/web/pages/test_access.py."""
    return list(edge.callflow.app.url_map.iter_rules())


def filled(rule: Rule) -> str:
    return re.sub(r"<[^>]+>", "x", rule.rule)


def test_every_address_is_refused_without_a_signature_or_is_open_on_purpose(edge: Edge) -> None:
    kept = edge.kept()
    for rule in rules(edge):
        if rule.rule in OPEN:
            continue
        for method in rule.methods or ():
            reply = edge.web.open(filled(rule), method=method, data={"CallSid": "CA" + "1" * 32})
            assert reply.status_code == (403 if method == "POST" else 200 if method == "OPTIONS" else 405), rule
    assert edge.kept() == kept
    assert {rule.rule for rule in rules(edge)} >= set(ROUTES.values())


def test_every_webhook_has_its_forgeries_tried(edge: Edge) -> None:
    """A new route needs a row in ``WEBHOOKS``."""
    bound = edge.callflow.app.url_map.bind("app.test")
    tried = {bound.match(target(edge).partition("?")[0], "POST")[0].partition(".")[2] for target in WEBHOOKS.values()}
    assert tried == set(ROUTES)


def test_no_open_address_changes_anything_or_takes_a_body(edge: Edge) -> None:
    kept = edge.kept()
    for rule in rules(edge):
        if rule.rule in OPEN:
            assert rule.methods == {"GET", "HEAD", "OPTIONS"}
            edge.web.get(filled(rule), data=b"x" * 1000)
    assert edge.kept() == kept


def test_every_address_in_a_document_is_a_signed_one_or_a_sound(edge: Edge) -> None:
    bound = edge.callflow.app.url_map.bind("app.test")
    again = Edge()
    documents = [again.rings().text, again.later(2).answers().text]
    again = Edge().talking()
    documents += [
        again.answers(again.lead, Digits="*").text,
        again.enters("caller").text,
        again.enters(again.lead).text,
    ]
    found = {path for text in documents for path in ADDRESS.findall(text.replace("&amp;", "&"))}
    assert len(found) > 4
    for path in found:
        endpoint = bound.match(path.partition("?")[0], "GET" if path.startswith("/audio/") else "POST")[0]
        assert endpoint.partition(".")[0] in ("voice", "audio")


def test_a_body_is_read_up_to_its_bound_and_no_further(edge: Edge) -> None:
    for size, status in ((LARGEST_BODY, 403), (LARGEST_BODY + 1, 413)):
        assert edge.web.post("/voice/inbound", data=b"x" * size).status_code == status
    assert LARGEST_BODY <= 64 * 1024
