"""The recognisers, each behind one function: WAV in, words out, with the name and version of who wrote them.

Most go through SpeechRecognition. vosk does not, because SpeechRecognition takes its model only from its own folder,
nor pocketsphinx, because it cannot be told there that it hears a telephone (``models.TELEPHONE``); whisper.cpp is not
in it. No function returns how sure an engine is, because nothing may depend on it (rule 9).
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from itertools import chain, islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from callflow.audio.wav import measure
from callflow.core.languages import primary
from callflow.core.transcription import Engine
from callflow.extras import how
from callflow.service.jobs import JobFailure
from callflow.speech.models import TELEPHONE, checked
from callflow.speech.sound import copies, pcm, samples

if TYPE_CHECKING:
    from speech_recognition import AudioData

WHISPERS_WINDOW: Final = 30
"""Seconds of sound that whisper hears at once."""


@dataclass(frozen=True, slots=True)
class Heard:
    """``version``: of the package, and the beginning of the model's hash. ``text`` is "" if nothing was understood."""

    text: str
    engine: str
    version: str


@dataclass(frozen=True, slots=True)
class Adapter:
    """``package`` is what must be installed, with ``extra`` of Callflow ("" for hosted ones)."""

    package: str
    extra: str
    recognise: Callable[[bytes, Engine, str], str]


def _sphinx(wav: bytes, engine: Engine, language: str) -> str:
    if primary(language) != "en":
        raise JobFailure("pocketsphinx knows only English: choose an engine with a model for this language")
    from pocketsphinx import Decoder

    decoder = Decoder(loglevel="FATAL", mllr=str(TELEPHONE))
    decoder.start_utt()
    decoder.process_raw(pcm(wav), full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return str(found.hypstr) if found else ""


def _faster_whisper(wav: bytes, engine: Engine, language: str) -> str:
    """Without timestamps it hears short answers better (docs/speech.md), and needs them only to find its way through
    sound that is longer than its window. Nothing is guessed by chance (``temperature``)."""
    return _through("recognize_faster_whisper", samples(wav), model=checked(engine.model_path, engine.sha256),
                    language=primary(language), init_options={"device": "cpu", "compute_type": "int8"},
                    without_timestamps=measure(wav).seconds <= WHISPERS_WINDOW, temperature=0)  # fmt: skip


def _vosk(wav: bytes, engine: Engine, language: str) -> str:
    from vosk import KaldiRecognizer, Model

    recogniser = KaldiRecognizer(Model(checked(engine.model_path, engine.sha256)), 16000)
    recogniser.AcceptWaveform(pcm(wav))
    return str(json.loads(recogniser.FinalResult())["text"])


def _whisper_cpp(wav: bytes, engine: Engine, language: str) -> str:
    import numpy
    from pywhispercpp.model import Model

    model = Model(checked(engine.model_path, engine.sha256), language=primary(language), print_progress=False)
    sound = numpy.frombuffer(pcm(wav), dtype="<i2").astype(numpy.float32) / 32768
    return " ".join(part.text.strip() for part in model.transcribe(sound))


def _google_cloud(wav: bytes, engine: Engine, language: str) -> str:
    return _through("recognize_google_cloud", samples(wav), language_code=language)


def _openai(wav: bytes, engine: Engine, language: str) -> str:
    return _through("recognize_openai", samples(wav), language=primary(language))


def _groq(wav: bytes, engine: Engine, language: str) -> str:
    return _through("recognize_groq", samples(wav), language=primary(language))


ADAPTERS: Mapping[str, Adapter] = MappingProxyType({
    "pocketsphinx": Adapter("pocketsphinx", "speech", _sphinx),
    "faster_whisper": Adapter("faster-whisper", "whisper", _faster_whisper),
    "vosk": Adapter("vosk", "vosk", _vosk),
    "whisper_cpp": Adapter("pywhispercpp", "whisper-cpp", _whisper_cpp),
    "google_cloud": Adapter("google-cloud-speech", "", _google_cloud),
    "openai": Adapter("openai", "", _openai),
    "groq": Adapter("groq", "", _groq),
})  # fmt: skip


def recognise(wav: bytes, engine: Engine, language: str) -> Heard:
    """What is said in a WAV file. ``language``: a tag like en-US. Raises NotWav, or JobFailure, which quotes nobody."""
    adapter = ADAPTERS[engine.name]
    package = installed(adapter)
    text = adapter.recognise(wav, engine, language)
    mark = f" {engine.sha256[:12]}" if engine.sha256 else ""
    return Heard(" ".join(text.split()), engine.name, f"{package}{mark}")


def readings(wav: bytes, engine: Engine, language: str, count: int) -> Heard:
    """``text`` has ``count`` lines: what is said in the recording, and in copies that are slower and faster.

    What was said is heard again in a copy; what the engine only guessed rarely is. Raises like ``recognise``.
    """
    sounds = islice(chain([wav], copies(wav)), count)
    heard = [recognise(one, engine, language) for one in sounds]
    return Heard("\n".join(one.text for one in heard), heard[0].engine, heard[0].version)


def installed(adapter: Adapter) -> str:
    """The version of its package. Raises JobFailure, which says what to install."""
    try:
        return version(adapter.package)
    except PackageNotFoundError:
        own = f"uv pip install --python .venv/bin/python {adapter.package}"
        install = how(adapter.extra) if adapter.extra else own
        raise JobFailure(f"{adapter.package} is not installed: {install}") from None


def _through(function: str, sound: "AudioData", **options: Any) -> str:
    import speech_recognition

    recogniser = speech_recognition.Recognizer()
    try:
        return str(getattr(recogniser, function)(sound, **options))
    except speech_recognition.UnknownValueError:
        return ""
    except (speech_recognition.RequestError, speech_recognition.exceptions.SetupError) as error:
        # Its message may have the URL or the answer of a hosted service in it.
        raise JobFailure(f"{function} failed: {type(error).__name__}") from None
