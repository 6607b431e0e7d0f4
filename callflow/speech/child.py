"""What a child process of the worker does with one recording (``service.transcripts`` gives the order)."""

import json
from base64 import b64decode

from callflow.core.transcription import Engine
from callflow.service.jobs import Args, JobFailure


def work(args: Args) -> str:
    """``args``: audio (base64), engine, language, readings; or begins and ends, for voice activity. JSON of what was
    found: ``text`` has a line for each reading."""
    from callflow.audio.wav import NotWav

    try:
        found = _found(b64decode(args["audio"]), args)
    except NotWav as error:
        raise JobFailure(f"the recording {error}") from None
    return json.dumps(found)


def _found(wav: bytes, args: Args) -> dict[str, object]:
    engine = Engine(**args["engine"])
    if engine.name == "webrtcvad":
        return _activity(wav, args)
    from callflow.speech.engines import readings

    heard = readings(wav, engine, args["language"], args.get("readings", 1))
    return {"text": heard.text, "engine": heard.engine, "version": heard.version}


def _activity(wav: bytes, args: Args) -> dict[str, object]:
    from callflow.speech.activity import spoken_seconds
    from callflow.speech.engines import Adapter, installed

    version = installed(Adapter("webrtcvad-wheels", "speech", lambda *_: ""))
    seconds = spoken_seconds(wav, args.get("begins", 0.0), args.get("ends"))
    return {"text": "", "engine": "webrtcvad", "version": version, "seconds": seconds}
