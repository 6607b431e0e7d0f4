"""Signed notes: what is signed is read back, and nothing else passes."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from callflow.evidence.checkpoint import (
    TIMED,
    Checkpoint,
    NotACheckpoint,
    PublicKey,
    cosignature,
    opened,
    public_key,
    signed,
)
from callflow.evidence.keys import log_keys, new_key, signing_key, verifier

LOG, WITNESS = (Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in (1, 2))
LOG_KEY = PublicKey("callflow.example/log", LOG.public_key().public_bytes_raw())
WITNESS_KEY = PublicKey("council.example", WITNESS.public_key().public_bytes_raw(), TIMED)
POINT = Checkpoint("callflow.example/log", 42, bytes(range(32)))


KNOWN = {**log_keys(LOG_KEY), WITNESS_KEY: verifier(WITNESS_KEY)}
AT = 1_795_430_000


def note() -> str:
    return signed(POINT, LOG_KEY, LOG.sign, AT)


def test_a_checkpoint_is_three_lines_that_a_person_can_compare() -> None:
    assert note().splitlines()[:4] == [
        "callflow.example/log", "42", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "",
    ]  # fmt: skip


def test_a_log_and_a_witness_sign_the_same_text_and_say_when() -> None:
    seen = note() + cosignature(note(), WITNESS_KEY, WITNESS.sign, AT + 60)
    timed = PublicKey(LOG_KEY.name, LOG_KEY.raw, TIMED)
    assert opened(seen, KNOWN) == (POINT, {LOG_KEY: 0, timed: AT, WITNESS_KEY: AT + 60})
    assert opened(seen, {WITNESS_KEY: KNOWN[WITNESS_KEY]}) == (POINT, {WITNESS_KEY: AT + 60})
    assert opened(seen, {}) == (POINT, {})


def test_a_key_is_made_kept_as_text_and_signs() -> None:
    key = signing_key(new_key("callflow.example/log", lambda count: bytes([1]) * count))
    assert key.public == LOG_KEY
    assert public_key(key.public.text()) == LOG_KEY
    for text in ("", "PRIVATE+KEY+log+00000000+AQ==", LOG_KEY.text()):
        with pytest.raises(NotACheckpoint, match="is no secret key"):
            signing_key(text)


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
        opened(note, {key: verifier(key)})


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
    forged = change(signed(POINT, LOG_KEY, LOG.sign, AT))  # type: ignore[operator]
    with pytest.raises(NotACheckpoint, match=why):
        opened(forged, KNOWN)


@pytest.mark.parametrize(
    "text", ["", "name", "log+00000000+AQ==", LOG_KEY.text()[:-4], LOG_KEY.text().replace("log", "lag")]
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(NotACheckpoint):
        public_key(text)
