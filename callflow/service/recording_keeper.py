"""Keeps recordings: fetches them, hands them on to be transcribed, opens them for people, deletes them."""

import hashlib
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime

from callflow.core.events import RecordingOpened
from callflow.core.recordings import RecordingKind, number_of
from callflow.core.stages import Stage
from callflow.core.transcription import Purpose
from callflow.service import talk_over
from callflow.service.configurations import Configurations
from callflow.service.jobs import Args, JobFailure, NewJob
from callflow.service.ports import GatewayFailure, Store, StoreUnavailable, Transaction
from callflow.service.recordings import (
    DROP_UNUSED,
    TRANSCRIBE,
    AudioFiles,
    AudioMissing,
    AudioUnavailable,
    Recording,
    RecordingSource,
    RecordingState,
)
from callflow.service.unit_of_work import apply

OVER = (Stage.AFTERCARE, Stage.ENDED)
UNUSED_AFTER_SECONDS = 120
"""By then the call has been told of a recording that it keeps, whichever request came first."""


@dataclass(slots=True, repr=False, eq=False)
class RecordingKeeper:
    """Keeps recordings. ``kinds`` are the kinds of jobs that some server of this version runs."""

    store: Store
    files: AudioFiles
    source: RecordingSource
    configurations: Configurations
    clock: Callable[[], datetime]
    kinds: Collection[str] = ()

    def run(self, args: Args) -> None:
        """Fetch a recording: the handler of the job ``FETCH``. Running it again only does what is left to do."""
        found = self.store.recording(args["recording"])
        if found is None or not found.provider_id:
            return  # the call was erased meanwhile
        if found.state is not RecordingState.FETCHED:
            found = self._fetched(found)
            self._transcribe(found)
        if found.at_provider and self.configurations.current.recording.delete_at_provider:
            self.source.delete(found.provider_id, self._account(found))
            self.store.keep_recording(replace(found, at_provider=False))

    def fetched(self, found: Recording) -> Recording:
        """The recording as it is stored now, fetched if it was not. Raises JobFailure."""
        return found if found.state is RecordingState.FETCHED else self._fetched(found)

    def _fetched(self, found: Recording) -> Recording:
        try:
            audio = self.source.fetch(found.provider_id, self._account(found))
            self.files.put(found.id, self.store.seal_audio(found, audio))
        except (GatewayFailure, AudioUnavailable) as failure:
            self.store.keep_recording(replace(found, state=RecordingState.FAILED))
            if (now := self.store.recording(found.id)) and now.state is RecordingState.FETCHED:
                return now  # somebody else has fetched it meanwhile
            raise JobFailure(str(failure)) from None
        digest = hashlib.sha256(audio).hexdigest()
        kept = replace(found, state=RecordingState.FETCHED, hash=digest, length=len(audio))
        self.store.keep_recording(kept)
        now = self.store.recording(found.id)
        if now is None or now.state is RecordingState.DELETED:  # meanwhile
            self.files.delete(found.id)
            raise JobFailure("the recording was deleted while it was fetched")
        return kept

    def _account(self, found: Recording) -> str:
        call = self.store.read(found.call)
        return call.account if call else ""

    def _transcribe(self, found: Recording) -> None:
        if TRANSCRIBE in self.kinds:
            args = {"call": found.call, "recording": found.id, "purpose": found.kind.value}
            job = NewJob(kind=TRANSCRIBE, at=self.clock(), args=args)
            self.store.transact(lambda tx: tx.defer(job))
        self._measure(found)

    def _measure(self, found: Recording) -> None:
        if found.kind is not RecordingKind.CALL or talk_over.MEASURE not in self.kinds:
            return
        if Purpose.TALK_OVER in self.configurations.current.engines:
            for one in talk_over.jobs(self.store, found, self.clock()):
                self.store.transact(lambda tx, one=one: tx.defer(one))  # type: ignore[misc]

    def reported(self, call: str, provider_id: str) -> None:
        """The provider has a few words that somebody recorded in this call. It deletes them if the call has no use for
        them: whoever spoke was cut off, or pressed a key instead."""
        args = {"call": call, "recording": provider_id}
        job = NewJob(kind=DROP_UNUSED, at=self.clock(), args=args, wait_seconds=UNUSED_AFTER_SECONDS)
        self.store.transact(lambda tx: tx.defer(job) if tx.load(call) else None)

    def drop_unused(self, args: Args) -> None:
        """The handler of the job ``DROP_UNUSED``."""
        call, recording = self.store.read(args["call"]), args["recording"]
        if call and not any(one.provider_id == recording for one in self.store.recordings(call.id)):
            try:
                self.source.delete(recording, call.account)
            except GatewayFailure as failure:
                raise JobFailure(str(failure)) from None

    def audio(self, id: str) -> bytes:
        """The WAV file of a recording, for the software itself: a transcript, or a prompt. Raises AudioUnavailable.

        For a person use ``opened``, which says so in the journal.
        """
        found = self.store.recording(id)
        audio = self.store.open_audio(found, self.files.read(id)) if found else b""
        if not found or not audio:
            raise AudioMissing(f"there is no recording {id}, or it was erased")
        if hashlib.sha256(audio).hexdigest() != found.hash:
            raise AudioUnavailable(f"the audio of {id} is not what was fetched")
        return audio

    def briefing(self, id: str) -> bytes | None:
        """A briefing for whoever is to accept the call, fetched now if it was not; None if it cannot be had.

        Only while the call goes on: its URL is of no use afterwards.
        """
        try:
            found = self.store.recording(id)
            call = self.store.read(found.call) if found else None
            if not found or found.kind is not RecordingKind.BRIEFING or not call or call.stage in OVER:
                return None
            if found.state is not RecordingState.FETCHED:
                self._transcribe(self._fetched(found))
            return self.audio(id)
        except (JobFailure, AudioUnavailable, StoreUnavailable):
            return None

    def opened(self, id: str, person: str, how: str, reason: str) -> bytes:
        """The WAV file for a person who listens to it or takes a copy (``how``), after the journal says so.

        Raises AudioUnavailable; then nobody has heard anything, and the journal says nothing.
        """
        audio, found = self.audio(id), self.store.recording(id)
        assert found
        at = self.clock()
        event = RecordingOpened(at=at, recording=number_of(id), person=person, how=how, purpose=reason)

        def noted(tx: Transaction) -> None:
            if call := tx.load(found.call):
                apply(tx, self.configurations.of(call.digest), call, lambda _: [event], at)

        self.store.transact(noted)
        return audio

    def remove(self, id: str) -> None:
        """Delete the audio here and at the provider. The row stays. Raises AudioUnavailable or GatewayFailure."""
        found = self.store.recording(id)
        if found is None:
            return
        if found.at_provider and found.provider_id:
            self.source.delete(found.provider_id, self._account(found))
        self.files.delete(id)
        self.store.keep_recording(replace(found, state=RecordingState.DELETED, at_provider=False))
