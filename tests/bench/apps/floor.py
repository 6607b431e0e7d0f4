"""The floor: bare Flask, the provider's own RequestValidator, one constant document. No state, nothing decided."""

import os

from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator

app = Flask("floor")
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
BASE = os.environ["CALLFLOW_PUBLIC_URL"]
DOCUMENT = '<?xml version="1.0" encoding="UTF-8"?><Response><Say>Hello.</Say><Dial>+15550100111</Dial></Response>'


@app.post("/voice/<path:rest>")
def voice(rest: str) -> Response:
    if not validator.validate(BASE + request.path, request.form, request.headers.get("X-Twilio-Signature", "")):
        abort(403)
    return Response(DOCUMENT, mimetype="text/xml")
