"""What a child process of the worker does with a line that was recorded by telephone: measure, normalise, verify."""

import json
from base64 import b64decode, b64encode
from importlib.util import find_spec

from callflow.audio.normalising import Unfit, normalise
from callflow.audio.wav import NotWav
from callflow.core.languages import primary
from callflow.service.jobs import Args, JobFailure
from callflow.service.prompt_recordings import PromptState

REASONS = {
    "is silent": PromptState.SILENT,
    "is too quiet": PromptState.QUIET,
    "is clipped": PromptState.CLIPPED,
    "lasts": PromptState.LONG,
}
"""How the message of ``Unfit`` begins -> what becomes of the recording."""


def work(args: Args) -> str:
    """``args``: audio (base64 of a WAV file), words, language (BCP 47). JSON: state, audio, verified, doubts."""
    try:
        made = normalise(b64decode(args["audio"]))
    except NotWav as error:
        raise JobFailure(f"the recording {error}") from None
    except Unfit as error:
        return _told(next(state for begins, state in REASONS.items() if str(error).startswith(begins)))
    verdict, doubts = _verified(made.content, args["words"], args["language"])
    if verdict == "red" and len(args["words"].split()) > 1:  # one short word is often misheard (docs/staff-line.md)
        return _told(PromptState.WORDS, verified=True, doubts=doubts)
    state = PromptState.IN_DOUBT if verdict in ("red", "yellow") else PromptState.IN_FORCE
    return _told(state, made.content, verified=bool(verdict), doubts=doubts)


def _told(state: PromptState, sound: bytes = b"", *, verified: bool = False, doubts: tuple[str, ...] = ()) -> str:
    return json.dumps({"state": state, "audio": b64encode(sound).decode(), "verified": verified, "doubts": doubts})


def _verified(wav: bytes, words: str, language: str) -> tuple[str, tuple[str, ...]]:
    """The verdict, "" if nothing here can tell, and the words in doubt."""
    if primary(language) != "en" or not find_spec("pocketsphinx"):
        return "", ()
    from callflow.speech.alignment import Aligner

    verified = Aligner().verify(wav, words)
    return verified.verdict.value, verified.doubts
