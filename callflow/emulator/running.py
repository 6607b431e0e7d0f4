"""Running documents: fetch, check, run verb by verb, follow an action, use the fallback, speak the error message.

The same code runs a leg's own document and the documents that are played *to* it (waitUrl, holdUrl, announceUrl, the
whisper of a Dial, the wait of an Enqueue). Those may use fewer verbs, as their `Mode` says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import urljoin

from callflow.emulator.calls import answer
from callflow.emulator.delivery import Reply
from callflow.emulator.document import MAX_BYTES, Document, DocumentError, Verb, parse
from callflow.emulator.exchange import Exchange
from callflow.emulator.immutable import immutable
from callflow.emulator.legs import Leg
from callflow.emulator.program import Body, Fetch
from callflow.emulator.webhook import Target, Webhook

_TWIML_TYPES = frozenset({"text/xml", "application/xml", "text/html"})
METHODS = frozenset({"GET", "POST"})


@immutable
class Mode:
    """What a document may use. `verbs` None = all; a forbidden verb raises error `forbidden_code` and is skipped."""

    name: str
    verbs: frozenset[str] | None = None
    forbidden_code: int = 12200


MAIN = Mode("main")
WAITING = Mode("wait", frozenset({"Say", "Play", "Pause", "Redirect"}), 13238)
WHISPER = Mode("whisper", frozenset({"Say", "Play", "Pause", "Gather", "Hangup", "Redirect"}), 13201)
IN_QUEUE = Mode("queue", frozenset({"Say", "Play", "Pause", "Hangup", "Redirect", "Leave", "Gather"}), 12200)


@immutable
class Goto:
    """Continue with another document; `extra` are its parameters beyond the standard ones."""

    target: Target
    extra: dict[str, str] = field(default_factory=dict)


@immutable
class Stop:
    """The end of the program. `why`: end (no verbs left), hangup, failed, leave, or the status of a Reject.

    `code` is Twilio's error code of a failure, for the fallback URL."""

    why: str
    code: int = 0


Outcome = Goto | Stop | None
END = Stop("end")
FAILED = Stop("failed", 12400)


@dataclass(eq=False)
class Run:
    """One running document of one leg. `listeners` are the legs that hear what it plays; `base` is the URL of the
    current document, None for inline TwiML; `extra` parameters are sent with every request."""

    exchange: Exchange
    leg: Leg
    mode: Mode
    listeners: Callable[[], list[Leg]]
    extra: dict[str, str] = field(default_factory=dict)
    base: Target | None = None
    kind: str = "document"

    def target(self, url: str, method: str = "") -> Target | None:
        """`url` resolved against the current document; None (and error 11100) if inline TwiML has nothing to resolve
        against. An empty `url` is the current document. `method` defaults to POST."""
        chosen = method.upper() if method.upper() in METHODS else "POST"
        if url.partition("://")[1] and not url.startswith("/"):
            return Target(url, chosen)
        if self.base is None:
            self.exchange.complain(11100, f"Relative URL {url!r} in inline TwiML", self.leg)
            return None
        address = self.base.url.partition("#")[0]
        return Target(_joined(address, url) if url else self.base.url, chosen)

    def show(self, doing: str) -> None:
        """Set the leg's `where`, unless this document only fills a wait."""
        if self.mode is MAIN or self.mode is WHISPER:
            self.leg.doing = doing

    def goto(self, verb: Verb, attribute: str = "action", extra: dict[str, str] | None = None) -> Outcome:
        """The request for a verb's `action`; without one, for the current document again."""
        target = self.target(verb.get(attribute), verb.get("method"))
        return Goto(target, extra or {}) if target else FAILED

    def webhook(self, target: Target, extra: dict[str, str], kind: str = "") -> Webhook:
        form = self.leg.parameters()
        form.update(self.extra)
        form.update(extra)
        return Webhook(kind or self.kind, target, form, self.leg, self._signed())

    def _signed(self) -> bool:
        return self.mode is not WAITING or self.exchange.switches.sign_wait_requests


_joined = lru_cache(maxsize=4096)(urljoin)
Executor = Callable[[Run, Verb], Body[Outcome]]
VERBS: dict[str, Executor] = {}


def verb(name: str) -> Callable[[Executor], Executor]:
    """Register the function that runs a verb."""

    def register(executor: Executor) -> Executor:
        VERBS[name] = executor
        return executor

    return register


def run_documents(run: Run, first: Goto | Document) -> Body[Stop]:
    """Run `first` and what follows it. Mistakes of the app are reported as errors, never raised."""
    step: Goto | Document = first
    while True:
        document = step if isinstance(step, Document) else (yield from _load(run, step))
        if document is None:
            return (yield from _apologise(run))
        outcome = yield from _execute(run, document)
        if isinstance(outcome, Stop) and outcome.why == "failed":
            document = yield from _fall_back(run, outcome.code, run.base)
            if document is None:
                return (yield from _apologise(run))
            outcome = yield from _execute(run, document)
        if isinstance(outcome, Goto):
            step = outcome
            continue
        return outcome or END


def _execute(run: Run, document: Document) -> Body[Outcome]:
    for code, text in document.warnings:
        run.exchange.complain(code, text, run.leg)
    for each in document.verbs:
        if run.mode.verbs is not None and each.name not in run.mode.verbs:
            text = f"<{each.name}> is not allowed in a {run.mode.name} document"
            run.exchange.complain(run.mode.forbidden_code, text, run.leg)
            continue
        if run.mode is MAIN and run.leg.status == "ringing" and _answers(run, each):
            answer(run.exchange, run.leg)
        outcome = yield from VERBS[each.name](run, each)
        if outcome is not None:
            return outcome
    return END


def _answers(run: Run, each: Verb) -> bool:
    """Whether this verb answers an inbound call. Reject, a leading Pause (twilio.md, fact 30) and a Dial that answers
    on bridge do not."""
    if each.name in {"Reject", "Pause"}:
        return False
    if each.name == "Redirect":
        return run.exchange.switches.redirect_answers
    return not (each.name == "Dial" and each.flag("answerOnBridge", False))


def _load(run: Run, step: Goto) -> Body[Document | None]:
    """Fetch the document of `step`, or its fallback. None if both fail."""
    leg = run.leg
    if run.mode is MAIN:
        leg.doing = leg.doing or "fetching"
        leg.documents += 1
    first = leg.documents == 1
    reply: Reply = yield Fetch(run.webhook(step.target, step.extra))
    run.base = Target(reply.url, step.target.method)
    try:
        return read_document(reply)
    except DocumentError as error:
        run.exchange.complain(error.code, f"{step.target.url}: {error.text}", leg)
        if not first and not run.exchange.switches.fallback_covers_later_documents:
            return None
        return (yield from _fall_back(run, error.code, step.target))


def _fall_back(run: Run, code: int, failed: Target | None) -> Body[Document | None]:
    fallback = run.leg.fallback
    if fallback is None or run.mode is not MAIN or (failed and failed.url == fallback.url):
        return None
    extra = {"ErrorCode": str(code), "ErrorUrl": failed.url.partition("#")[0] if failed else ""}
    reply: Reply = yield Fetch(run.webhook(fallback, extra, "fallback"))
    run.base = Target(reply.url, fallback.method)
    try:
        return read_document(reply)
    except DocumentError as error:
        run.exchange.complain(error.code, f"{fallback.url}: {error.text}", run.leg)
        return None


def _apologise(run: Run) -> Body[Stop]:
    """Speak the error message if document and fallback fail (twilio.md 1.4). Wait documents fail silently."""
    if run.mode is MAIN:
        if run.leg.status == "ringing":
            answer(run.exchange, run.leg)
        yield from VERBS["Say"](run, Verb("Say", text=run.exchange.switches.error_speech))
    return FAILED


def read_document(reply: Reply) -> Document:
    """The TwiML document in an answer. Raises DocumentError."""
    if reply.code is not None:
        raise DocumentError(reply.code, reply.text)
    if not reply.ok:
        raise DocumentError(11200, f"Got HTTP {reply.status} response")
    kind = reply.content_type
    if kind is not None and kind.startswith("audio/"):
        return Document((Verb("Play", text=reply.url),))
    if kind in _TWIML_TYPES:
        return parse(reply.body)
    if kind == "text/plain":
        return _plain(reply.body)
    raise DocumentError(12300, f"Invalid Content-Type: {kind}")


def _plain(body: bytes) -> Document:
    """text/plain is TwiML if it parses, otherwise it is spoken (twilio.md 1.1)."""
    if len(body) > MAX_BYTES:
        raise DocumentError(11750, "TwiML response body too large")
    try:
        return parse(body)
    except DocumentError:
        return Document((Verb("Say", text=body.decode("utf-8", "replace")),))
