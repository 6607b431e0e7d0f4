"""The REST API (twilio.md 5) as a WSGI callable with a hand-written router: one module per resource."""
