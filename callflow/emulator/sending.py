"""Sending webhooks: documents and media that a leg waits for, and asynchronous callbacks with simulated faults."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from callflow.emulator.delivery import Delivery, Reply, deliver
from callflow.emulator.events import DocumentFetched, WebhookSent
from callflow.emulator.exchange import Exchange
from callflow.emulator.transport import AppClient
from callflow.emulator.webhook import Webhook

DOCUMENTS = frozenset({"document", "fallback", "hangup-action", "wait-document"})
_QUIET_TYPES = frozenset({None, "text/xml", "application/xml", "text/html", "text/plain", "application/json"})


def fetch(exchange: Exchange, webhook: Webhook, done: Callable[[Reply], None]) -> None:
    """Send `webhook` now, and call `done(reply)` with the answer. The call's cookies are sent and stored."""
    delivery = _delivery(exchange, webhook)
    twice = webhook.kind != "media" and exchange.faults.happens(exchange.faults.chaos.duplicate)
    exchange.clock.fetch(
        partial(_perform, delivery, exchange.app_client, twice), partial(_arrived, exchange, webhook, done, False)
    )


def send_callback(exchange: Exchange, webhook: Webhook) -> None:
    """Send `webhook` asynchronously. As `Chaos` says, it may be late, reordered, sent twice or lost."""
    faults = exchange.faults
    if faults.happens(faults.chaos.drop_callbacks):
        exchange.emit(
            WebhookSent(exchange.clock.now(), webhook.leg.sid if webhook.leg else None, webhook.kind, "dropped", None)
        )
        return
    copies = 2 if faults.happens(faults.chaos.duplicate) else 1
    for _ in range(copies):
        seconds = faults.callback_seconds()
        if seconds > 0:
            exchange.clock.after(seconds, partial(_callback, exchange, webhook))
        else:
            _callback(exchange, webhook)


def _callback(exchange: Exchange, webhook: Webhook) -> None:
    delivery = _delivery(exchange, webhook)
    exchange.clock.fetch(
        partial(_perform, delivery, exchange.app_client, False), partial(_arrived, exchange, webhook, _ignore, True)
    )


def _ignore(_reply: Reply) -> None:
    """The answer of a callback is not used."""


def _perform(delivery: Delivery, app_client: AppClient, twice: bool) -> Reply:
    reply = deliver(delivery, app_client)
    if twice:
        deliver(delivery, app_client)
    return reply


def _delivery(exchange: Exchange, webhook: Webhook) -> Delivery:
    switches = exchange.switches
    leg = webhook.leg
    document = webhook.kind in DOCUMENTS
    return Delivery(
        method=webhook.target.method,
        url=webhook.target.url,
        parameters=webhook.parameters,
        token=exchange.auth_token if webhook.signed else None,
        cookies=tuple(leg.cookies.items()) if leg is not None and leg.cookies and document else (),
        attempt_id=None if switches.idempotency_token == "none" else exchange.sids.new("ID"),
        token_on_retries=switches.idempotency_token == "retries",
        retry_on_5xx=webhook.kind == "call-status" and switches.retry_status_callbacks_on_5xx,
    )


def _arrived(exchange: Exchange, webhook: Webhook, done: Callable[[Reply], None], callback: bool, reply: Reply) -> None:
    leg = webhook.leg
    if leg is not None and reply.cookies:
        leg.cookies.update(reply.cookies)
    sid = leg.sid if leg else None
    if sid is not None and webhook.kind in DOCUMENTS:
        exchange.emit(DocumentFetched(exchange.clock.now(), sid, webhook.target.url, reply.status))
    else:
        exchange.emit(WebhookSent(exchange.clock.now(), sid, webhook.kind, webhook.target.url, reply.status))
    if callback:
        _judge(exchange, webhook, reply)
        return
    exchange.clock.after(reply.seconds + exchange.clock.reply_seconds, partial(done, reply))


def _judge(exchange: Exchange, webhook: Webhook, reply: Reply) -> None:
    """A callback's answer only shows in the Debugger (twilio.md 1.1, 1.5)."""
    code = 16011 if webhook.kind == "conference-status" else 11200
    if reply.code is not None or not reply.ok:
        text = f"{webhook.kind} callback to {webhook.target.url} failed: {reply.text or reply.status}"
        exchange.complain(reply.code or code, text, webhook.leg)
    elif reply.body and reply.content_type not in _QUIET_TYPES:
        exchange.complain(12300, f"{webhook.kind} callback answered with {reply.content_type}", webhook.leg)
