"""Signed notes: what is signed is read back, and nothing else passes."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from callflow.evidence.checkpoint import (
    Checkpoint,
    NotACheckpoint,
    PublicKey,
    Verify,
    cosigned,
    opened,
    public_key,
    signed,
)

LOG, WITNESS = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
LOG_KEY = PublicKey("callflow.example/log", LOG.public_key().public_bytes_raw())
WITNESS_KEY = PublicKey("council.example", WITNESS.public_key().public_bytes_raw())
POINT = Checkpoint("callflow.example/log", 42, bytes(range(32)))


def by(key: PublicKey) -> Verify:
    def verify(signature: bytes, text: bytes) -> bool:
        try:
            Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, text)
        except InvalidSignature:
            return False
        return True

    return verify


KNOWN = {key: by(key) for key in (LOG_KEY, WITNESS_KEY)}


def test_a_checkpoint_is_three_lines_that_a_person_can_compare() -> None:
    assert signed(POINT, LOG_KEY, LOG.sign).splitlines()[:4] == [
        "callflow.example/log", "42", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "",
    ]  # fmt: skip


def test_a_log_and_a_witness_sign_the_same_text() -> None:
    note = cosigned(signed(POINT, LOG_KEY, LOG.sign), WITNESS_KEY, WITNESS.sign)
    assert opened(note, KNOWN) == (POINT, {LOG_KEY, WITNESS_KEY})
    assert opened(note, {WITNESS_KEY: KNOWN[WITNESS_KEY]}) == (POINT, {WITNESS_KEY})
    assert opened(note, {}) == (POINT, frozenset())


def test_the_key_of_the_format_s_own_example_is_read() -> None:
    """From the documentation of golang.org/x/mod/sumdb/note."""
    key = public_key("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    note = (
        "If you think cryptography is the answer to your problem,\n"
        "then you don't know what your problem is.\n\n"
        "\u2014 PeterNeumann "
        "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
    )
    assert key.text() == "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    with pytest.raises(NotACheckpoint, match="no checkpoint"):  # the signature is right, the text is no checkpoint
        opened(note, {key: by(key)})


@pytest.mark.parametrize(("change", "why"), [
    (lambda note: note.replace("\n42\n", "\n43\n"), "does not fit"),
    (lambda note: note.replace("AAECAw", "AAECBB"), "does not fit"),
    (lambda note: note.replace("callflow.example/log\n42", "other\n42"), "does not fit"),
    (lambda note: note.replace("\n\n", "\n"), "no signed note"),
    (lambda note: note.rstrip("\n"), "no signed note"),
    (lambda note: note.replace("\u2014", "-"), "that is none"),
    (lambda note: note[:-8] + "\n", "that is none|does not fit"),
])  # fmt: skip
def test_a_changed_note_is_refused(change: object, why: str) -> None:
    note = change(signed(POINT, LOG_KEY, LOG.sign))  # type: ignore[operator]
    with pytest.raises(NotACheckpoint, match=why):
        opened(note, KNOWN)


@pytest.mark.parametrize(
    "text", ["", "name", "log+00000000+AQ==", LOG_KEY.text()[:-4], LOG_KEY.text().replace("log", "lag")]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NotACheckpoint):
        public_key(text)
