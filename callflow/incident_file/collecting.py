"""Reads everything that is known of one call as it was at a checkpoint: what happened later is left out, so that the
file can be made again."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from callflow.core.call import Call
from callflow.core.configuration import Audio, Configuration
from callflow.core.follow_ups import FollowUp, FollowUpKind
from callflow.core.records import record
from callflow.core.stages import Stage
from callflow.evidence.chain import head_of
from callflow.evidence.leaves import read as leaf_fields
from callflow.service.ports import Entry
from callflow.service.recordings import Recording, RecordingState
from callflow.service.transcripts import Transcript, TranscriptState
from callflow.store.call_evidence import ChainedEntry, Leaf, Proof, evidence_of, proof_of
from callflow.store.log import CallLog

OVER: Final = Stage.ENDED


class CannotExport(Exception):
    """The message says why, and what to do."""


@record
class Sources:
    """``audio``: the folder of prompts. ``recording``: the WAV file of a recording by its id, None if it is gone.

    ``loaded``: the configuration from the text of its files by path; None if they cannot be loaded any more.
    """

    store: Any
    audio: Path
    recording: Callable[[str], bytes | None]
    loaded: Callable[[Mapping[str, str]], Configuration | None]


@record
class Collected:
    """``leaf``, ``proof``: of the journal as it was, None before the log has it, or before a checkpoint.

    ``texts`` and ``configuration``: what was in force, empty and None if it is not known. ``recordings`` have their
    sound.
    """

    call: Call
    origin: str
    head: str
    chain: Sequence[ChainedEntry]
    entries: Sequence[Entry]
    leaf: Leaf
    proof: Proof | None
    texts: Mapping[str, str]
    configuration: Configuration | None
    recordings: Sequence[tuple[Recording, bytes]]
    transcripts: Sequence[Transcript]
    incident: FollowUp | None

    @property
    def until(self) -> datetime:
        """What was added later is not in the file."""
        return self.proof.checkpoint.at if self.proof else self.call.at


def collect(sources: Sources, call: Call, checkpoint: int | None = None) -> Collected:
    """Everything of a call at this checkpoint, or at the latest one that has it. Raises CannotExport."""
    if call.stage is not OVER:
        raise CannotExport(f"call {call.reference} is not over: an incident file is made afterwards")
    evidence = evidence_of(sources.store, call.id)
    if evidence is None or not evidence.leaves:
        raise CannotExport(f"call {call.reference} is not in the log of finished calls yet: try again in a minute")
    leaf, proof = _leaf(CallLog(sources.store), evidence.leaves, checkpoint)
    head = str((leaf_fields(leaf.body) or {}).get("head"))
    known = head_of(head)
    if known is None or known.entries > len(evidence.entries):
        raise CannotExport("the log does not fit the journal: run `callflow verify`")
    entries = sources.store.journal(call.id)[: known.entries]
    texts = sources.store.configuration(call.digest) or {}
    until = proof.checkpoint.at if proof else call.at
    incident = next(iter(sources.store.follow_ups(FollowUpKind.INCIDENT, call=call.id, closed=True)), None)
    return Collected(
        call=call, origin=evidence.origin, head=head, chain=evidence.entries[: known.entries], entries=entries,
        leaf=leaf, proof=proof, texts=texts, configuration=sources.loaded(texts) if texts else None,
        recordings=_recordings(sources, call.id, until), incident=incident,
        transcripts=[one for one in sources.store.transcripts(call.id)
                     if one.at <= until and one.state is TranscriptState.MADE],
    )  # fmt: skip


def _leaf(log: CallLog, leaves: Sequence[Leaf], checkpoint: int | None) -> tuple[Leaf, Proof | None]:
    """The leaf that was new in a checkpoint, or the latest one of which there is a checkpoint."""
    found = [(leaf, proof_of(log, leaf.number)) for leaf in reversed(leaves)]
    if checkpoint is None:
        return next(((leaf, proof) for leaf, proof in found if proof), found[0])
    for leaf, proof in found:
        if proof and proof.checkpoint.number == checkpoint:
            return leaf, proof
    numbers = ", ".join(sorted({str(proof.checkpoint.number) for _, proof in found if proof}))
    raise CannotExport(f"nothing of this call was new in checkpoint {checkpoint}; there is {numbers or 'none'}")


def _recordings(sources: Sources, call: str, until: datetime) -> list[tuple[Recording, bytes]]:
    every = sorted(sources.store.recordings(call), key=lambda one: (one.at, one.id))
    there = [one for one in every if one.at <= until and one.state is RecordingState.FETCHED]
    return [(one, sound) for one in there if (sound := sources.recording(one.id))]


def prompt_file(folder: Path, audio: Audio) -> bytes | None:
    """A prompt as it was played; None if the file is gone, or another one by now."""
    try:
        content = (folder / audio.path).read_bytes()
    except OSError:
        return None
    return content if hashlib.sha256(content).hexdigest() == audio.digest else None
