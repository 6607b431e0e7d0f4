"""A witness cosigns a log that has only grown, and nothing else. The answers are those of C2SP's tlog-witness."""

from pathlib import Path

import pytest

from callflow.evidence import merkle, witness
from callflow.evidence.checkpoint import TIMED, Checkpoint, opened, signed
from callflow.evidence.keys import log_keys, new_key, signing_key, verifier
from callflow.log_keeping.witness_server import Answer, Witnessing

LOG = signing_key(new_key("callflow.example/log", lambda count: bytes([1]) * count))
OTHER = signing_key(new_key("callflow.example/log", lambda count: bytes([3]) * count))
COUNCIL = signing_key(new_key("council.example", lambda count: bytes([2]) * count, TIMED))
LEAVES = [merkle.leaf_hash(bytes([n])) for n in range(20)]
AT = 1_795_430_000


class Log:
    """A log in memory."""

    def __init__(self, leaves: list[bytes]) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        for size, leaf in enumerate(leaves):
            for level, number, hash in merkle.new_nodes(size, leaf, lambda *at: self.nodes[at]):
                self.nodes[level, number] = hash

    def request(self, before: int, size: int, key: object = LOG, proof_of: int | None = None) -> str:
        point = Checkpoint("callflow.example/log", size, merkle.root(size, lambda *at: self.nodes[at]))
        start = before if proof_of is None else proof_of
        proof = merkle.consistency(start, size, lambda *at: self.nodes[at]) if start else []
        return witness.request(before, proof, signed(point, key.public, key.sign, AT))  # type: ignore[attr-defined]


@pytest.fixture
def council(tmp_path: Path) -> Witnessing:
    return Witnessing(COUNCIL, log_keys(LOG.public), tmp_path / "witness", lambda: AT + 5)


HONEST = Log(LEAVES)


def test_a_log_that_grows_is_cosigned_with_the_time(council: Witnessing) -> None:
    for before, size in ((0, 3), (3, 3), (3, 8), (8, 20)):
        asked = HONEST.request(before, size)
        answer = council.answer(asked)
        assert answer.status == 200, answer
        note = asked.partition("\n\n")[2] + answer.text
        keys = {**log_keys(LOG.public), COUNCIL.public: verifier(COUNCIL.public)}
        point, signers = opened(note, keys)
        assert (point.size, signers[COUNCIL.public], len(signers)) == (size, AT + 5, 3)


def test_a_log_that_was_rewritten_is_not_cosigned(council: Witnessing) -> None:
    assert council.answer(HONEST.request(0, 8)).status == 200
    forged = Log([*LEAVES[:5], merkle.leaf_hash(b"forged"), *LEAVES[6:]])
    assert council.answer(forged.request(8, 20)).status == 422
    assert council.answer(forged.request(8, 8)).status == 409
    assert council.answer(HONEST.request(8, 20, proof_of=7)).status == 422
    assert council.answer(HONEST.request(8, 20)).status == 200


def test_a_log_says_what_it_believes_the_witness_has_seen(council: Witnessing) -> None:
    council.answer(HONEST.request(0, 8))
    assert council.answer(HONEST.request(3, 9)) == Answer(409, "8\n", "text/x.tlog.size")
    assert council.answer(HONEST.request(0, 9)) == Answer(409, "8\n", "text/x.tlog.size")


@pytest.mark.parametrize(("body", "status"), [
    (HONEST.request(0, 5, OTHER), 403), (HONEST.request(0, 5).replace("callflow.example", "else.example"), 404),
    (HONEST.request(9, 9).replace("old 9", "old 10"), 400), ("", 400), ("old x\n\nnote", 400), ("old 01\n\nnote", 400),
    (HONEST.request(0, 5).replace("old 0", "old 0\n!!"), 400), ("old 0\n" + "AAAA\n" * 70 + "\nnote\n", 400),
    (HONEST.request(0, 5).replace("\u2014", "-"), 403),
])  # fmt: skip
def test_other_requests_are_refused(council: Witnessing, body: str, status: int) -> None:
    assert council.answer(body).status == status
    assert council.known("callflow.example/log") is None
