"""How warm transfers are usually written: a row in the database, and the agent is rung from inside the webhook."""

import os

from flask import Flask, Response, request, url_for
from sqlalchemy import create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from twilio.twiml.voice_response import VoiceResponse

app = Flask("transfer")
engine = create_engine(os.environ["CALLFLOW_DATABASE_URL"], connect_args={"timeout": 20})


class Table(DeclarativeBase): ...


class ActiveCall(Table):
    __tablename__ = "active_calls"
    agent: Mapped[str] = mapped_column(primary_key=True)
    conference: Mapped[str]


Table.metadata.create_all(engine)


class Elsewhere(TwilioHttpClient):
    """Twilio's own, but for the host."""

    def request(self, method, uri, *others, **more):  # type: ignore[no-untyped-def]
        found = uri.replace("https://api.twilio.com", os.environ["TWILIO_API_BASE_URL"])
        return super().request(method, found, *others, **more)


def client() -> Client:
    """A new one for each request, as the tutorials do."""
    return Client(os.environ["TWILIO_ACCOUNT_SID"], os.environ["TWILIO_AUTH_TOKEN"], http_client=Elsewhere())


@app.post("/voice/<path:rest>")
def voice(rest: str) -> Response:
    conference = request.form.get("CallSid", "")
    wait = url_for("voice", rest=f"{conference}/agent/1/enter", _external=True)
    client().calls.create(to="+15550100111", from_="+15550100100", url=wait)
    with Session(engine) as session:
        found = session.scalars(select(ActiveCall).where(ActiveCall.agent == "agent1")).first()
        if found is None:
            session.add(ActiveCall(agent="agent1", conference=conference))
        else:
            found.conference = conference
        session.commit()
    response = VoiceResponse()
    dial = response.dial()
    dial.conference(conference, start_conference_on_enter=True, end_conference_on_exit=True, wait_url=wait)
    return Response(str(response), mimetype="text/xml")
