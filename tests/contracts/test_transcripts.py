"""What a machine wrote down of recordings, the same in every store."""

from dataclasses import replace

from callflow.core.stages import Stage
from callflow.core.transcription import Purpose
from callflow.service.ports import Store
from callflow.service.transcripts import Transcript, TranscriptState
from tests.contracts.sample import NOW, a_call, after, save

FAILED = Transcript(recording="c1-3", call="c1", purpose=Purpose.VOICEMAIL, state=TranscriptState.FAILED, at=NOW,
                    engine="pocketsphinx")  # fmt: skip
MADE = replace(FAILED, state=TranscriptState.MADE, at=after(9), version="5.1.1", text="please ring me")
TALK = replace(MADE, recording="c1-4", purpose=Purpose.TALK_OVER, engine="webrtcvad", text="", seconds=3.2)


def test_a_failed_attempt_is_marked_until_one_succeeds(store: Store) -> None:
    save(store, a_call())
    store.keep_transcript(FAILED)
    assert store.transcripts("c1") == [FAILED]
    store.keep_transcript(TALK)
    store.keep_transcript(MADE)
    assert store.transcripts("c1") == [MADE, TALK]
    assert store.transcripts("c2") == []


def test_an_erased_call_keeps_no_words_and_gets_none(store: Store) -> None:
    save(store, a_call())
    store.keep_transcript(MADE)
    save(store, a_call(stage=Stage.ENDED), store.read("c1"))
    assert store.erase("c1")
    assert [one.text for one in store.transcripts("c1")] == [""]
    store.keep_transcript(replace(MADE, recording="c1-5", text="too late"))
    assert "too late" not in str(store.transcripts("c1"))
