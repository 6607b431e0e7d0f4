"""Say, Play, Pause (twilio.md 3.1-3.3): sounds with a duration, and what the listeners heard of them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from urllib.parse import urlsplit

from callflow.emulator.delivery import Reply
from callflow.emulator.document import SAY_MOST_CHARACTERS, Verb
from callflow.emulator.events import PlayEnded, PlayStarted, SayEnded, SayStarted
from callflow.emulator.legs import API_VERSION, Leg
from callflow.emulator.phones import speech_seconds
from callflow.emulator.program import Body, Fetch, Signal, Wait
from callflow.emulator.running import Outcome, Run, Stop, verb
from callflow.emulator.wav import wav_seconds
from callflow.emulator.webhook import Webhook

UNKNOWN_AUDIO_SECONDS = 3.0
MOST_LOOPS = 1000
TONE_SECONDS = 0.2
PAUSES = {"w": 0.5, "W": 1.0}
SHORTEST_SOUND_SECONDS = 0.05
_PLAYABLE = frozenset(
    {"audio/mpeg", "audio/wav", "audio/wave", "audio/x-wav", "audio/aiff", "audio/x-aifc", "audio/x-aiff",
     "audio/x-gsm", "audio/gsm", "audio/ulaw", "audio/basic"}
)  # fmt: skip
Hears = tuple[type[Signal], ...]


@verb("Say")
def say(run: Run, each: Verb) -> Body[Outcome]:
    yield from say_aloud(run, each, ())
    return None


@verb("Play")
def play(run: Run, each: Verb) -> Body[Outcome]:
    signal = yield from play_aloud(run, each, ())
    return signal if isinstance(signal, Stop) else None


@verb("Pause")
def pause(run: Run, each: Verb) -> Body[Outcome]:
    yield from pause_for(run, each, ())
    return None


def say_aloud(run: Run, each: Verb, hears: Hears) -> Body[Signal | None]:
    """Speak. Returns the signal that interrupted it, or None."""
    text = each.text
    if not text:
        run.exchange.complain(13520, "Say: Invalid text", run.leg)
        return None
    if len(text) > SAY_MOST_CHARACTERS:
        run.exchange.complain(13521, f"Say: text is over {SAY_MOST_CHARACTERS} characters", run.leg)
        return None
    seconds = speech_seconds(text, run.exchange.switches.pace) + each.break_seconds
    return (yield from _repeat(run, each, ("say", text, "say"), seconds, hears))


def _press_at_the_other_end(run: Run, keys: str) -> None:
    """Keys that are played on a line between two numbers of the account arrive there (`wires`)."""
    other, at = run.leg.peer, 0.0
    if other is None or other.phone is None:
        return
    for key in keys:
        if key not in PAUSES:
            run.exchange.clock.after(at, partial(other.phone.press_on, other, key))
        at += PAUSES.get(key, TONE_SECONDS)


def play_aloud(run: Run, each: Verb, hears: Hears) -> Body[Signal | Stop | None]:
    """Play a file or keys. Returns the signal that interrupted it, None, or a Stop if the file cannot be played."""
    if each.get("digits"):
        keys = sum(PAUSES.get(key, TONE_SECONDS) for key in each.get("digits"))
        _press_at_the_other_end(run, each.get("digits"))
        return (yield from sound(run, "tone", each.get("digits"), "play digits", keys, hears))
    target = run.target(each.text)
    if target is None or not each.text:
        refused = _failure(run, 11100, f"Play: Invalid URL {each.text!r}")
        return refused if isinstance(refused, Stop) else None
    length = yield from _media_seconds(run, target.url)
    if isinstance(length, Stop):
        return length
    name = urlsplit(target.url).path.rpartition("/")[2] or target.url
    return (yield from _repeat(run, each, ("play", target.url, f"play {name}"), length, hears))


def fetch_ahead(run: Run, children: Sequence[Verb]) -> Body[Stop | None]:
    """In a Gather all files are fetched before the first one plays (twilio.md 3.2). A Stop if one cannot be fetched."""
    for child in children:
        target = run.target(child.text, "GET") if child.name == "Play" and child.text else None
        if target is not None and target.url not in run.exchange.media_seconds:
            length = yield from _media_seconds(run, target.url)
            if isinstance(length, Stop):
                return length
    return None


def pause_for(run: Run, each: Verb, hears: Hears) -> Body[Signal | None]:
    seconds = max(1, each.whole("length", 1))
    return (yield from sound(run, "pause", f"{seconds} s", "pause", float(seconds), hears))


def _repeat(run: Run, each: Verb, named: tuple[str, str, str], seconds: float, hears: Hears) -> Body[Signal | None]:
    for _ in range(each.whole("loop", 1) or MOST_LOOPS):
        signal = yield from sound(run, *named, seconds, hears)
        if signal is not None:
            return signal
    return None


def sound(run: Run, kind: str, text_or_url: str, doing: str, seconds: float, hears: Hears = ()) -> Body[Signal | None]:
    """All listeners of `run` hear a sound for `seconds`, or until a signal in `hears`, which is returned."""
    run.show(doing)
    playing = [(leg, _begin(run, leg, kind, text_or_url)) for leg in run.listeners()]
    complete = False
    try:
        signal: Signal | None = yield Wait(max(SHORTEST_SOUND_SECONDS, seconds), hears)
        complete = signal is None
    finally:
        present = run.listeners() if complete else []
        for leg, index in playing:
            _end(run, leg, index, leg in present and leg.live)
    return signal


def _begin(run: Run, leg: Leg, kind: str, text_or_url: str) -> int:
    index = run.exchange.begin_sound(leg, kind, text_or_url)
    if kind == "say":
        run.exchange.emit(SayStarted(leg.heard[index].at, leg.sid, text_or_url))
    elif kind == "play":
        run.exchange.emit(PlayStarted(leg.heard[index].at, leg.sid, text_or_url))
    return index


def _end(run: Run, leg: Leg, index: int, complete: bool) -> None:
    run.exchange.end_sound(leg, index, complete)
    heard = leg.heard[index]
    if heard.kind == "say":
        run.exchange.emit(SayEnded(run.exchange.clock.now(), leg.sid, heard.text_or_url, complete))
    elif heard.kind == "play":
        run.exchange.emit(PlayEnded(run.exchange.clock.now(), leg.sid, heard.text_or_url, complete))


def _media_seconds(run: Run, url: str) -> Body[float | Stop]:
    """The length in seconds of the file at `url`, fetched unless it is cached. A Stop if it cannot be played."""
    exchange = run.exchange
    known = exchange.media_seconds.get(url)
    own = f"{exchange.api_base}/{API_VERSION}/Accounts/{exchange.account_sid}/Recordings/"
    if url.startswith(own):
        recording = exchange.recordings.get(url[len(own) :].partition(".")[0])
        return recording.seconds if recording and recording.seconds else UNKNOWN_AUDIO_SECONDS
    if exchange.faults.happens(exchange.faults.chaos.play_fails):
        return _failure(run, 11200, f"Play: could not fetch {url} (chaos)")
    if known is not None:
        return known
    target = run.target(url, "GET")
    if target is None:
        return _failure(run, 11100, f"Play: Invalid URL {url!r}")
    run.show("fetching")
    reply: Reply = yield Fetch(Webhook("media", target, {}, run.leg, exchange.switches.sign_media_requests))
    return _judged(run, url, reply)


def _judged(run: Run, url: str, reply: Reply) -> float | Stop:
    if not reply.ok:
        return _failure(run, reply.code or 11200, f"Play: {url}: {reply.text or reply.status}")
    if reply.content_type not in _PLAYABLE:
        return _failure(run, 13420 if reply.content_type else 12300, f"Play: {url} is {reply.content_type}")
    seconds = wav_seconds(reply.body)
    if seconds is None and "wav" in (reply.content_type or ""):
        return _failure(run, 11200, f"Play: {url} is not a WAV file")
    if run.exchange.sounds is not None and seconds is not None:
        run.exchange.sounds.keep(url, reply.body)
    seconds = UNKNOWN_AUDIO_SECONDS if seconds is None else seconds
    if "max-age" in (reply.headers or {}).get("cache-control", ""):
        run.exchange.media_seconds[url] = seconds
    return seconds


def _failure(run: Run, code: int, text: str) -> float | Stop:
    run.exchange.complain(code, text, run.leg)
    if run.exchange.switches.play_failure_ends_call:
        return Stop("failed", code)
    return SHORTEST_SOUND_SECONDS
