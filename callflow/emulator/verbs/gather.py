"""Gather (twilio.md 3.4): keys and speech, with a prompt that the first key or sound interrupts."""

from __future__ import annotations

from dataclasses import dataclass, field

from callflow.emulator.document import Verb
from callflow.emulator.events import GatherStarted
from callflow.emulator.immutable import immutable
from callflow.emulator.program import Body, Key, Signal, Speech, SpeechBegan, Wait
from callflow.emulator.running import Outcome, Run, Stop, verb
from callflow.emulator.sending import send_callback
from callflow.emulator.verbs.playing import Hears, fetch_ahead, pause_for, play_aloud, say_aloud

AUTO_SPEECH_TIMEOUT_SECONDS = 1.0
MOST_SPEECH_SECONDS = 60.0


@immutable
class Rules:
    """The attributes of one Gather. `finish_key` '' = none; `most_digits` 0 = unlimited; times are in seconds."""

    keys: bool
    speech: bool
    timeout: float
    speech_timeout: float
    most_digits: int
    finish_key: str
    on_empty: bool
    language: str
    barge_in: bool

    @property
    def hears(self) -> Hears:
        return (*((Key,) if self.keys else ()), *((SpeechBegan, Speech) if self.speech else ()))


@dataclass(slots=True)
class Collected:
    """The input. `ended_by`: the finishOnKey that was pressed, or ''."""

    digits: str = ""
    ended_by: str = ""
    done: bool = False
    speaking: bool = False
    sentences: list[Speech] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not self.digits and not self.sentences


@verb("Gather")
def gather(run: Run, each: Verb) -> Body[Outcome]:
    run.show("gather")
    run.exchange.emit(GatherStarted(run.exchange.clock.now(), run.leg.sid))
    rules, collected = read_rules(run, each), Collected()
    for key in run.leg.early_digits:
        _take_key(rules, collected, key)
    run.leg.early_digits.clear()
    failure = yield from _prompt(run, each, rules, collected)
    if failure is not None:
        return failure
    run.show("gather")
    yield from _collect(run, each, rules, collected)
    asked = collected.ended_by and run.exchange.switches.finish_key_alone_requests
    if collected.empty and not rules.on_empty and not asked:
        return None
    return run.goto(each, extra=_parameters(run, rules, collected))


def read_rules(run: Run, each: Verb) -> Rules:
    """Reads the attributes. Reports error 13335 for speechTimeout=auto with an explicit model."""
    inputs = each.get("input", "dtmf").split()
    timeout = float(each.whole("timeout", 5))
    speech_timeout = float(each.whole("speechTimeout", int(timeout)))
    if each.get("speechTimeout") == "auto":
        speech_timeout = AUTO_SPEECH_TIMEOUT_SECONDS
        if each.get("speechModel") not in {"", "default"}:
            run.exchange.complain(13335, "Gather: speechTimeout auto cannot be used with a speechModel", run.leg)
    finish_key = each.get("finishOnKey", "#")
    return Rules(
        keys="dtmf" in inputs,
        speech="speech" in inputs,
        timeout=timeout,
        speech_timeout=speech_timeout,
        most_digits=each.whole("numDigits", 0),
        finish_key=finish_key[:1],
        on_empty=each.flag("actionOnEmptyResult", False),
        language=each.get("language", "en-US"),
        barge_in=each.flag("bargeIn", True),
    )


def _prompt(run: Run, each: Verb, rules: Rules, collected: Collected) -> Body[Stop | None]:
    """The nested verbs, until the first key or sound."""
    hears = rules.hears if rules.barge_in else tuple(kind for kind in rules.hears if kind is Key)
    missing = yield from fetch_ahead(run, each.children)
    if missing is not None:
        return missing
    for child in each.children:
        if not collected.empty or collected.done:
            return None
        signal: Signal | Stop | None
        if child.name == "Say":
            signal = yield from say_aloud(run, child, hears)
        elif child.name == "Play":
            signal = yield from play_aloud(run, child, hears)
        else:
            signal = yield from pause_for(run, child, hears)
        if isinstance(signal, Stop):
            return signal
        if signal is not None:
            _take(rules, collected, signal)
            return None
    return None


def _collect(run: Run, each: Verb, rules: Rules, collected: Collected) -> Body[None]:
    """Collect input until it is finished. The timeout starts at the end of the prompt, and again at each key."""
    clock = run.exchange.clock
    turn = run.leg.begin_turn(clock.monotonic())
    try:
        while not collected.done:
            if collected.speaking:
                seconds = MOST_SPEECH_SECONDS
            else:
                seconds = rules.speech_timeout if collected.sentences else rules.timeout
            signal: Signal | None = yield Wait(seconds, rules.hears)
            if signal is None:
                return
            _take(rules, collected, signal)
            if isinstance(signal, Speech):
                _send_partial(run, each, collected)
    finally:
        run.leg.end_turn(turn, clock.monotonic())


def _take(rules: Rules, collected: Collected, signal: Signal) -> None:
    if isinstance(signal, SpeechBegan):
        collected.speaking = not collected.digits
    elif isinstance(signal, Speech):
        if not collected.digits:  # the first kind detected decides
            collected.sentences.append(signal)
        collected.speaking = False
    elif isinstance(signal, Key) and not collected.sentences and not collected.speaking:
        _take_key(rules, collected, signal.key)


def _take_key(rules: Rules, collected: Collected, key: str) -> None:
    if key == rules.finish_key:
        collected.ended_by, collected.done = key, True
        return
    collected.digits += key
    collected.done = bool(rules.most_digits) and len(collected.digits) >= rules.most_digits


def _parameters(run: Run, rules: Rules, collected: Collected) -> dict[str, str]:
    """The parameters of the action (twilio.md 1.3 and fact 6)."""
    form: dict[str, str] = {}
    if collected.sentences:
        form["SpeechResult"] = " ".join(speech.text for speech in collected.sentences)
        form["Confidence"] = f"{min(speech.confidence for speech in collected.sentences):.6g}"
        form["Language"] = rules.language
        return form
    if not collected.empty or run.exchange.switches.empty_gather_sends_digits:
        form["Digits"] = collected.digits
    form["FinishedOnKey"] = collected.ended_by
    if run.exchange.switches.gather_sends_end_message:
        form["msg"] = "Gather End"
    if rules.speech:
        form["Language"] = rules.language
    return form


def _send_partial(run: Run, each: Verb, collected: Collected) -> None:
    url = each.get("partialResultCallback")
    target = run.target(url, each.get("partialResultCallbackMethod")) if url else None
    if target is None:
        return
    heard = " ".join(speech.text for speech in collected.sentences)
    extra = {
        "UnstableSpeechResult": "",
        "StableSpeechResult": heard,
        "Stability": "0.9",
        "SequenceNumber": str(len(collected.sentences) - 1),
    }
    send_callback(run.exchange, run.webhook(target, extra, "gather-partial"))
