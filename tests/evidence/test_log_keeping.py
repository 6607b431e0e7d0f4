"""The log keeps itself: what is over goes in, checkpoints are signed hourly and after incidents, and others see it."""

import shutil
import subprocess
from base64 import b64decode
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from importlib.util import find_spec
from pathlib import Path

import pytest
import responses

from callflow.core.stages import Stage
from callflow.evidence.checkpoint import TIMED
from callflow.evidence.keys import log_keys, new_key, signing_key, verifier
from callflow.log_keeping import KIND
from callflow.log_keeping.keeper import LogKeeper
from callflow.log_keeping.witness_server import Witnessing
from callflow.log_keeping.witnesses import Cosigner, Mailbox, StampAuthority, Witness
from callflow.service.jobs import JobFailure
from callflow.service.ports import Store
from callflow.store import open_store
from callflow.store.verifying import Outside, verify
from callflow.witness_settings import read
from tests.conftest import skip_or_fail
from tests.contracts.edits import editor
from tests.contracts.sample import NOW, SECRETS, a_call, event, note, save

LOG = signing_key(new_key("callflow.example/log", lambda count: bytes([1]) * count))
COUNCIL = signing_key(new_key("council.example", lambda count: bytes([2]) * count, TIMED))
WITNESS_URL = "https://witness.example"
Keep = Callable[..., LogKeeper]


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/calls.db"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    store = open_store(url, SECRETS)
    yield store
    store.close()


class Clock:
    now = NOW

    def __call__(self) -> datetime:
        return self.now

    def later(self, **spans: float) -> None:
        self.now += timedelta(**spans)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def over(store: Store, id: str, kind: str = "call_ended") -> None:
    save(store, a_call(id, stage=Stage.ENDED), notes=[note("call_started"), note(kind)])


def do_jobs(store: Store, keeper: LogKeeper, clock: Clock) -> list[str]:
    """Do what waits, as a worker does; what failed stays. Returns the failures."""
    failures = []
    for job in store.jobs(clock()):
        taken = store.take_job([KIND], clock(), clock() + timedelta(minutes=1))  # type: ignore[attr-defined]
        assert job.kind == KIND
        try:
            keeper.show(taken.args)
        except JobFailure as failure:
            failures.append(str(failure))
            store.job_again(taken, clock(), str(failure))  # type: ignore[attr-defined]
        else:
            store.job_done(taken)  # type: ignore[attr-defined]
    return failures


def test_a_checkpoint_is_signed_every_hour_if_calls_were_over(store: Store, clock: Clock) -> None:
    keeper = LogKeeper(store, LOG, [], clock)
    keeper.keep()
    assert keeper.log.last_checkpoint() is None
    sizes = []
    for minutes in (0, 10, 30, 25, 15, 60):
        clock.later(minutes=minutes)
        if minutes != 15:
            over(store, f"c{minutes}")
        keeper.keep()
        last = keeper.log.last_checkpoint()
        assert last is not None
        sizes.append((last.number, last.size))
    assert sizes == [(1, 1), (1, 1), (1, 1), (2, 4), (2, 4), (3, 5)]


@pytest.mark.parametrize("kind", ["warning", "closing", "threat", "safeguarding", "relief"])
def test_an_incident_is_in_a_checkpoint_at_once(store: Store, clock: Clock, kind: str) -> None:
    keeper = LogKeeper(store, LOG, [], clock)
    over(store, "c1")
    keeper.keep()
    clock.later(minutes=1)
    over(store, "c2", kind)
    keeper.keep()
    last = keeper.log.last_checkpoint()
    assert last is not None
    assert (last.number, last.size) == (2, 2)


def test_a_call_that_goes_on_after_its_end_gets_another_leaf(store: Store, clock: Clock, url: str) -> None:
    keeper = LogKeeper(store, LOG, [], clock)
    over(store, "c1")
    keeper.keep()
    store.transact(lambda unit: event(unit, "c1", notes=(note("spoken_note", outcome="RE1"),)))
    keeper.keep()
    store.erase("c1")
    keeper.keep()
    assert keeper.log.size() == 3
    keeper.keep()
    assert keeper.log.size() == 3
    assert verify(url, Outside(log_keys(LOG.public))).faults == []


def test_without_a_key_the_log_is_kept_and_nothing_is_signed(store: Store, clock: Clock) -> None:
    keeper = LogKeeper(store, None, [], clock)
    over(store, "c1", "warning")
    keeper.keep()
    assert keeper.log.size() == 1
    assert keeper.log.last_checkpoint() is None


def test_a_mailbox_gets_a_checkpoint_once_a_day(store: Store, clock: Clock, tmp_path: Path) -> None:
    file = tmp_path / "mail.txt"
    keeper = LogKeeper(store, LOG, [Mailbox(f"tee -a {file}", 24)], clock)
    for hours in (0, 2, 23):
        clock.later(hours=hours)
        over(store, f"c{hours}")
        keeper.keep()
        assert do_jobs(store, keeper, clock) == []
    assert file.read_text().count("\n\n") == 2
    assert keeper.pending() == []


def test_a_mailbox_that_fails_is_tried_again(store: Store, clock: Clock) -> None:
    over(store, "c1")
    keeper = LogKeeper(store, LOG, [Mailbox("false", 24)], clock)
    keeper.keep()
    assert do_jobs(store, keeper, clock) == ["the command of the mailbox ended with exit code 1"]
    assert keeper.pending() == ["mailbox"]
    with responses.RequestsMock() as mocked:
        mocked.post("https://mail.example/hook", status=204)
        keeper = LogKeeper(store, LOG, [Mailbox("https://mail.example/hook", 24)], clock)
        assert do_jobs(store, keeper, clock) == []
        assert mocked.calls[0].request.body.startswith(b"callflow.example/log\n1\n")
    assert keeper.pending() == []


def test_another_owner_s_node_cosigns_a_log_that_grows(store: Store, clock: Clock, tmp_path: Path, url: str) -> None:
    council = Witnessing(COUNCIL, log_keys(LOG.public), tmp_path / "witness", lambda: int(clock().timestamp()))
    keeper = LogKeeper(store, LOG, [Cosigner(WITNESS_URL, COUNCIL.public)], clock)
    with responses.RequestsMock() as mocked:
        mocked.add_callback("POST", f"{WITNESS_URL}/add-checkpoint", lambda asked: answered(council, asked))
        for number in range(5):
            clock.later(hours=1)
            over(store, f"c{number}")
            keeper.keep()
            assert do_jobs(store, keeper, clock) == []
        assert len(mocked.calls) == 5
        store.close()
        again = open_store(url, SECRETS)
        keeper.log._store = again
        assert [one.witness for one in keeper.log.seen(5)] == ["council.example"]
    known = Outside(log_keys(LOG.public), {COUNCIL.public: verifier(COUNCIL.public)})
    report = verify(url, known)
    assert (report.faults, report.witnessed, report.unwitnessed) == ([], 5, 0)
    again.close()
    with editor(url, 1) as (hand, *_):
        hand.run("UPDATE witnessed SET proof = replace(proof, 'A', 'B') WHERE checkpoint = 3")
    assert [(one.table, one.row, one.field) for one in verify(url, known).faults] == [("witnessed", 3, "proof")]


def answered(council: Witnessing, asked: object) -> tuple[int, dict[str, str], str]:
    answer = council.answer(asked.body.decode())  # type: ignore[attr-defined]
    return answer.status, {"Content-Type": answer.kind}, answer.text


def test_a_witness_that_has_seen_another_log_does_not_sign(store: Store, clock: Clock, tmp_path: Path) -> None:
    """A database that was restored from before is noticed by the witness, not by itself."""
    council = Witnessing(COUNCIL, log_keys(LOG.public), tmp_path / "witness", lambda: int(clock().timestamp()))
    before = open_store(f"sqlite:///{tmp_path}/before.db", SECRETS)
    for number in range(3):
        over(before, f"b{number}")
    witness: list[Witness] = [Cosigner(WITNESS_URL, COUNCIL.public)]
    with responses.RequestsMock() as mocked:
        mocked.add_callback("POST", f"{WITNESS_URL}/add-checkpoint", lambda asked: answered(council, asked))
        keeper = LogKeeper(before, LOG, witness, clock)
        keeper.keep()
        assert do_jobs(before, keeper, clock) == []
        over(store, "c1")
        keeper = LogKeeper(store, LOG, witness, clock)
        keeper.keep()
        assert do_jobs(store, keeper, clock) == ["council.example has seen a log of 3 leaves, this one has 1"]
        for number in range(4):
            over(store, f"d{number}")
        clock.later(hours=1)
        keeper.keep()
        assert do_jobs(store, keeper, clock)[-1] == "council.example does not sign: status 422"
    assert keeper.pending() == ["council.example"]
    before.close()


def test_a_time_stamp_that_cannot_be_got_is_pending(store: Store, clock: Clock) -> None:
    if find_spec("rfc3161_client") is None:
        skip_or_fail("needs the extra stamps")
    over(store, "c1")
    keeper = LogKeeper(store, LOG, [StampAuthority("https://tsa.example/tsr")], clock)
    keeper.keep()
    with responses.RequestsMock() as mocked:
        mocked.post("https://tsa.example/tsr", status=500)
        assert do_jobs(store, keeper, clock) == ["the authority for time stamps answered with status 500"]
        mocked.replace("POST", "https://tsa.example/tsr", body=b"no stamp")
        assert do_jobs(store, keeper, clock) == ["the authority for time stamps answered what is no time stamp"]
    assert keeper.pending() == ["stamp"]


AUTHORITY = """[tsa]
default_tsa = it
[it]
serial = {folder}/serial
default_policy = 1.2.3.4
digests = sha256, sha512
signer_digest = sha256
"""


def test_an_authority_stamps_a_checkpoint(store: Store, clock: Clock, tmp_path: Path) -> None:
    if shutil.which("openssl") is None or find_spec("rfc3161_client") is None:
        skip_or_fail("needs openssl and the extra stamps")
    (tmp_path / "serial").write_text("01")
    (tmp_path / "tsa.conf").write_text(AUTHORITY.format(folder=tmp_path))
    request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=tsa -keyout key -out cert"
    openssl(tmp_path, *request.split(), "-addext", "extendedKeyUsage=critical,timeStamping")

    def stamped(asked: object) -> tuple[int, dict[str, str], bytes]:
        (tmp_path / "query").write_bytes(asked.body)  # type: ignore[attr-defined]
        reply = "ts -reply -config tsa.conf -queryfile query -signer cert -inkey key -out reply"
        openssl(tmp_path, *reply.split())
        return 200, {}, (tmp_path / "reply").read_bytes()

    over(store, "c1")
    keeper = LogKeeper(store, LOG, [StampAuthority("https://tsa.example/tsr")], clock)
    keeper.keep()
    with responses.RequestsMock() as mocked:
        mocked.add_callback("POST", "https://tsa.example/tsr", stamped)
        assert do_jobs(store, keeper, clock) == []
    (seen,) = keeper.log.seen(1)
    (tmp_path / "token").write_bytes(b64decode(seen.proof))
    last = keeper.log.last_checkpoint()
    assert last is not None
    (tmp_path / "note").write_text(last.note, encoding="utf-8")
    openssl(tmp_path, "ts", "-verify", "-data", "note", "-in", "token", "-CAfile", "cert")


def openssl(folder: Path, *words: str) -> None:
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def test_what_is_set_wrongly_is_said_at_once() -> None:
    problems: dict[str, str] = {}
    wrong = {
        "CALLFLOW_LOG_MAILBOX": "http://mail.example",
        "CALLFLOW_LOG_MAILBOX_HOURS": "soon",
        "CALLFLOW_LOG_WITNESSES": f"{LOG.public.text()} https://w.example",
        "CALLFLOW_LOG_STAMP": "tsa",
    }
    read(wrong, problems)
    assert sorted(problems) == ["CALLFLOW_LOG_KEY", "CALLFLOW_LOG_MAILBOX", "CALLFLOW_LOG_MAILBOX_HOURS",
                                "CALLFLOW_LOG_STAMP", "CALLFLOW_LOG_WITNESSES"]  # fmt: skip
    problems.clear()
    key = new_key("callflow.example/log", lambda count: bytes([1]) * count)
    witnesses = f"{COUNCIL.public.text()} {WITNESS_URL}, "
    found = read({"CALLFLOW_LOG_KEY": key, "CALLFLOW_LOG_WITNESSES": witnesses}, problems)
    assert problems == {}
    assert found.witnesses == ((COUNCIL.public, WITNESS_URL),)
    assert "PRIVATE" not in repr(found)
    read({"CALLFLOW_LOG_KEY": key[:-9]}, problems)
    assert "PRIVATE" not in problems["CALLFLOW_LOG_KEY"]
