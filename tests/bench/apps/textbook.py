"""The textbook: Flask, SQLAlchemy's ORM, twilio.twiml, RequestValidator. State of a call and a row for every webhook.

It does less than Callflow (one menu, no orders, no journal of decisions) and is less durable (synchronous=NORMAL).
"""

import json
import os
from datetime import UTC, datetime

from flask import Flask, Response, abort, request
from sqlalchemy import ForeignKey, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

BASE = os.environ["CALLFLOW_PUBLIC_URL"]
STATE = {"stage": "talking", "legs": [{"id": f"s{n}", "sid": "CA" + "0" * 32, "place": "room", "token": 4,
         "since": "2026-11-22T10:00:00Z", "lines": ["hold_start", "hold_return"]} for n in range(5)],
         "reason": "a bill", "team": "energy_desk", "holds": 1, "warnings": [], "deadlines": {}}  # fmt: skip
app = Flask("textbook")
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
engine = create_engine(os.environ["CALLFLOW_DATABASE_URL"])


class Table(DeclarativeBase): ...


class Call(Table):
    __tablename__ = "calls"
    id: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[str]
    updated_at: Mapped[datetime]
    events: Mapped[list["Event"]] = relationship(back_populates="call", lazy="write_only")


class Event(Table):
    __tablename__ = "events"
    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[str] = mapped_column(ForeignKey("calls.id"), index=True)
    at: Mapped[datetime]
    form: Mapped[str]
    call: Mapped[Call] = relationship(back_populates="events")


@event.listens_for(engine, "connect")
def settings(connection, _record) -> None:  # type: ignore[no-untyped-def]
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA busy_timeout=20000")


Table.metadata.create_all(engine)


@app.post("/voice/<path:rest>")
def voice(rest: str) -> Response:
    if not validator.validate(BASE + request.path, request.form, request.headers.get("X-Twilio-Signature", "")):
        abort(403)
    with Session(engine) as session:
        id = request.form.get("CallSid") or request.form.get("ConferenceSid", "")
        call = session.get(Call, id)
        if call is None:
            call = Call(id=id, state=json.dumps(STATE), updated_at=datetime.now(UTC))
            session.add(call)
        state = json.loads(call.state)
        state["holds"] += 1
        call.state, call.updated_at = json.dumps(state), datetime.now(UTC)
        session.add(Event(call=call, at=call.updated_at, form=json.dumps(request.form)))
        session.commit()
    return Response(str(document()), mimetype="text/xml")


def document() -> VoiceResponse:
    response = VoiceResponse()
    gather = Gather(num_digits=1, action=f"{BASE}/voice/answer", timeout=8)
    gather.say("Press 1 to hold, or press 2 to keep talking.")
    response.append(gather)
    dial = Dial(action=f"{BASE}/voice/room")
    dial.conference("call-1", start_conference_on_enter=True, end_conference_on_exit=False)
    response.append(dial)
    return response
