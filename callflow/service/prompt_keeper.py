"""Puts recorded lines in force: what the server does around the child process that examines them."""

import hashlib
import json
import logging
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from callflow.service.configurations import Configurations
from callflow.service.jobs import Args, JobFailure
from callflow.service.ports import GatewayFailure, Store
from callflow.service.prompt_recordings import IN_FORCE, OPEN, PromptFolder, PromptRecording, PromptState
from callflow.service.recordings import RecordingSource

GONE_AFTER: Final = timedelta(minutes=5)
"""When a recording that the provider does not have is given up: until then it may not be ready."""
log = logging.getLogger(__name__)


class PromptKeeper:
    """``jobs.AroundWork`` of the job ``prompt_recordings.KEEP``. Shared by threads."""

    def __init__(self, store: Store, folder: PromptFolder, source: RecordingSource, configurations: Configurations,
                 clock: Callable[[], datetime]) -> None:  # fmt: skip
        self._store, self._folder, self.source = store, folder, source
        self._configurations, self._clock = configurations, clock
        self._there: set[str] = set()
        self._unwritable: set[str] = set()

    # -- the job

    def order(self, args: Args) -> Args | None:
        """The sound and its words. None if it was examined; then only the provider may have it still."""
        found = self._found(args)
        if found is None:
            return None
        if found.state not in OPEN:
            self._delete(found)
            return None
        try:
            self._folder.writable(found.path)
            sound = self.source.fetch(found.provider_id, found.account)
        except GatewayFailure as failure:
            if failure.gone and self._clock() >= found.at + GONE_AFTER:
                self._end(replace(found, state=PromptState.FAILED, provider_id=""), "the provider has lost it")
                return None
            raise JobFailure(str(failure)) from None
        except OSError as error:
            raise JobFailure(f"the audio folder cannot be written: {error.strerror}") from None
        speaks = self._configurations.current.languages.get(found.language)
        tag = speaks.tag if speaks else found.language
        return {"audio": b64encode(sound).decode(), "words": found.words, "language": tag}

    def done(self, args: Args, answer: str) -> None:
        """Store what the child found, then have the provider delete it. Raises JobFailure if that fails."""
        told: dict[str, Any] = json.loads(answer)
        found = self._found(args)
        if found is None:
            return
        if found.state in OPEN:
            state, sound = PromptState(told["state"]), b64decode(told["audio"])
            before = self._folder.hash_of(found.path)
            found = replace(found, state=state, verified=told["verified"], doubts=tuple(told["doubts"]),
                            replaces=before, hash=hashlib.sha256(sound).hexdigest() if sound else "")  # fmt: skip
            self._end(found, "", sound)
        self._delete(found)

    def failed(self, args: Args) -> None:
        found = self._found(args)
        if found and found.state is PromptState.WAITING:
            self._store.keep_prompt(replace(found, state=PromptState.FAILED))

    def drop(self, args: Args) -> None:
        """The job ``DROP``. A repeated request may ask for it although the recording was kept."""
        recording = args["recording"]
        if not any(one.provider_id == recording for one in self._store.prompt_recordings()):
            self._at_provider(recording, args["account"])

    def _found(self, args: Args) -> PromptRecording | None:
        return next((one for one in self._store.prompt_recordings() if one.id == args["prompt"]), None)

    def _end(self, one: PromptRecording, why: str, sound: bytes = b"") -> None:
        self._store.keep_prompt(one, sound)
        if one.state in IN_FORCE:
            for earlier in self._store.prompt_recordings():
                if earlier.path == one.path and earlier.id != one.id and earlier.at <= one.at:
                    self._store.keep_prompt(earlier, b"")
        log.info("the line %s in %s, recorded by %s: %s", one.line, one.language, one.person, why or one.state)

    def _delete(self, one: PromptRecording) -> None:
        if one.provider_id:
            self._at_provider(one.provider_id, one.account)
            self._store.keep_prompt(replace(one, provider_id=""))

    def _at_provider(self, recording: str, account: str) -> None:
        try:
            self.source.delete(recording, account)
        except GatewayFailure as failure:
            raise JobFailure(str(failure)) from None

    # -- every few seconds

    def take_up(self) -> str:
        """Write what this server lacks into its audio folder. Returns who recorded the last of it, "" for nothing.

        A file that is neither an earlier recording nor what that replaced was put there by ops, and stays.
        """
        latest: dict[str, PromptRecording] = {}
        before: dict[str, set[str]] = {}
        for one in self._store.prompt_recordings():
            if one.state in IN_FORCE:
                known = before.setdefault(one.path, {""})
                known |= {one.replaces, *([latest[one.path].hash] if one.path in latest else [])}
                latest[one.path] = one
        written = ""
        for path, one in latest.items():
            if one.id not in self._there and self._written(path, one, before[path]):
                written = one.person
        return written

    def _written(self, path: str, one: PromptRecording, before: set[str]) -> bool:
        try:
            present = self._folder.hash_of(path)
            sound = self._store.prompt_sound(one.id) if present in before - {one.hash} else b""
            if sound:
                self._folder.keep(path, sound, one.words, one.person)
        except OSError as error:
            if one.id not in self._unwritable:
                self._unwritable.add(one.id)
                log.error("the line %s is not as it was recorded on the staff line, because %s cannot be written: %s",
                          one.line, path, error.strerror)  # fmt: skip
            return False
        self._there.add(one.id)
        return bool(sound)
