"""The page of operations: what needs somebody, figures with their age, and the configuration in force."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from callflow.service.jobs import NewJob
from callflow.service.nodes import Node
from callflow.service.page_work import MAKING, Made, NoPageWork
from callflow.service.ports import StoreUnavailable
from callflow.service.troubles import Trouble, TroubleKind
from tests.web.edge import Edge
from tests.web.pages.after_a_call import Browser
from tests.web.pages.signed_in import STAFFED, signed_in


@pytest.fixture
def edge(tmp_path: Path) -> Edge:
    for path in ("music.wav", "en/final.wav"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(b"RIFF")
    return Edge(STAFFED, audio=tmp_path)


def omar(edge: Edge) -> Browser:
    return Browser(signed_in(edge.callflow.app, "omar"))


def test_ops_see_at_a_glance_that_nothing_needs_them(edge: Edge) -> None:
    omar(edge).opens("/ops").reads(
        "Nothing needs you here", "callflow doctor", "Live calls 0 no call is live", "read 0 s ago",
        STAFFED.digest[:12], "The ladder", "Flow front_desk", "No job waits",
    )  # fmt: skip


def test_a_trouble_is_told_with_what_to_do_and_since_when(edge: Edge) -> None:
    parts = edge.callflow.app.extensions["callflow"]
    parts.troubles.report(Trouble(TroubleKind.NUMBER_UNKNOWN, "a call for +15550100555", "give it a flow"))
    edge.later(90)
    omar(edge).opens("/ops").reads("Number unknown", "What to do: give it a flow", "1 time since", "1 min 30 s ago")


def test_figures_change_by_themselves_and_are_sent_once_per_version(edge: Edge) -> None:
    browser = omar(edge).opens("/ops/now/0").reads("Live calls 0")
    assert browser.answer
    version = browser.answer.text.split("/ops/now/")[1].split('"')[0]
    browser.opens(f"/ops/now/{version}").is_refused(204)
    edge.talking().later(10)
    browser.opens(f"/ops/now/{version}").reads("Live calls 1 1 talking")


def test_a_job_that_failed_is_listed_before_those_that_wait(edge: Edge) -> None:
    for number in range(22):
        job = NewJob(kind="send_webhook", at=edge.now, args={"n": number})
        edge.store.transact(lambda tx, job=job: tx.defer(job))
    failed = edge.store.take_job(["send_webhook"], edge.now, edge.now)
    edge.store.job_given_up(failed, "the other system answered 500")
    page = omar(edge).opens("/ops").reads("send webhook", "the other system answered 500", "2 more").page
    assert page.index("send webhook failed") < page.index("send webhook waiting")


def test_checks_are_shown_with_place_message_and_explanation(edge: Edge) -> None:
    found = [{"file": "people.yaml", "line": 7, "column": 3, "code": "CF285", "severity": "warning",
              "message": "only one reviewer", "fix": "name another"}]  # fmt: skip
    parts = edge.callflow.app.extensions["callflow"]

    class Checked(NoPageWork):
        made = MAKING

        def checked(self, digest: str) -> Made:
            return self.made if digest == STAFFED.digest else Made()

    work = Checked()
    object.__setattr__(parts, "page_work", work)
    omar(edge).opens("/ops").reads("They are being checked").opens("/ops/checks").reads("They are being checked")
    work.made = Made(content=json.dumps(found).encode())
    omar(edge).opens("/ops/checks").reads("CF285")
    omar(edge).opens("/ops").reads("0 errors", "1 warning", "CF285 people.yaml:7:3", "only one reviewer")
    omar(edge).opens("/ops/codes/CF285").reads("What to do:", "callflow explain CF285")
    omar(edge).opens("/ops/codes/CF000").is_refused(404)


def test_each_node_says_which_configuration_and_version_it_runs(edge: Edge) -> None:
    known = Node(name="one:1", version="0.2", configuration=STAFFED.digest, started=edge.now, seen=edge.now)
    omar(edge).opens("/ops").reads("No server has said yet")
    for node in (known, replace(known, name="two:2", configuration="e" * 64),
                 replace(known, name="three:3", seen=edge.now - timedelta(minutes=3))):  # fmt: skip
        edge.store.put_node(node, edge.now - timedelta(days=1))
    omar(edge).opens("/ops").reads("one:1 there 0.2", "another one than here", "three:3 not there any more")


def test_the_flow_and_the_ladder_are_drawn_without_a_style_of_their_own(edge: Edge) -> None:
    for name, words in (("ladder", "1. Time out"), ("front_desk", "The same in words")):
        browser = omar(edge).opens(f"/ops/drawings/{name}").reads(words)
        assert browser.answer
        assert '<svg xmlns="http://www.w3.org/2000/svg"' in browser.answer.text
        assert "<style" not in browser.answer.text
        assert "style=" not in browser.answer.text
    omar(edge).opens("/ops/drawings/none").is_refused(404)


def test_nobody_else_opens_it(edge: Edge) -> None:
    for person in ("ana", "sam", "rae"):
        Browser(signed_in(edge.callflow.app, person)).opens("/ops").is_refused()


def test_without_a_database_the_page_says_so_in_words(edge: Edge, monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object) -> None:
        raise StoreUnavailable("away")

    browser = omar(edge)
    monkeypatch.setattr(edge.store, "statistics", away)
    browser.opens("/ops").is_refused(503).reads("The database cannot be read now")


def test_nothing_secret_is_on_the_page(edge: Edge) -> None:
    edge.talking()
    page = omar(edge).opens("/ops")
    assert page.answer
    for secret in ("a secret of sixteen", "+1555", *(one.phone for one in STAFFED.agents.values())):
        assert secret not in page.answer.text


def test_what_cannot_be_used_comes_first_in_red_with_what_holds_meanwhile(edge: Edge) -> None:
    parts = edge.callflow.app.extensions["callflow"]
    object.__setattr__(parts, "ready", lambda: {"gateway": "the provider cannot be reached"})
    browser = omar(edge).opens("/ops").reads("Gateway: calls are not served as they should be", "Callers are answered")
    assert browser.answer
    assert 'class="card alarm"' in browser.answer.text
